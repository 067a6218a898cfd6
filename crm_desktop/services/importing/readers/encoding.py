"""Which encoding a text file is in: marks first, then UTF-8, then the letters it would give.

Frequencies decide between the one-byte encodings, because short Russian texts (a column of
surnames) are legal in all of them; charset-normalizer is asked when no alphabet of ours suits.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

from crm_desktop.i18n import language
from crm_desktop.services.importing.readers import alphabets

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings with the letters to expect and how much more often than others they are met (natural
# logarithm); what is left to chance by a text of two or three letters is decided by it.
_CANDIDATES = (
    ("cp1251", alphabets.CYRILLIC, 4.0),
    ("cp1252", alphabets.WESTERN, 3.0),
    ("cp866", alphabets.CYRILLIC, 1.5),
    ("koi8-r", alphabets.CYRILLIC, 1.5),
    ("koi8-u", alphabets.CYRILLIC, 0.5),
    ("cp1250", alphabets.CENTRAL, 0.5),
    ("iso8859-7", alphabets.GREEK, 0.0),
    ("cp1253", alphabets.GREEK, -0.1),
    ("mac-cyrillic", alphabets.CYRILLIC, -1.0),
    ("iso8859-5", alphabets.CYRILLIC, -1.0),
)
_GOOD_ENOUGH = -4.2  # mean of the logarithms; Russian text has about -1.4, its misreadings -5
_ENOUGH_TO_ASK = 8  # bytes beyond ASCII; with fewer charset-normalizer guesses wildly
_WORD = re.compile(r"[^\W\d_]+")
_ALONE = frozenset("авикосуяжбієаηοé")  # words of a single letter
_DAMAGED_SHARE = 0.02  # so many broken signs and it is still UTF-8
_SCORED_CHARACTERS = 20_000


class Encoding(NamedTuple):
    """`name` for Python's codecs; `damaged`: some bytes are none of it and become U+FFFD."""

    name: str
    damaged: bool = False


def marked(head: bytes) -> str | None:
    """The encoding that the first bytes of a file announce."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is the page of Latin (0) or Cyrillic (4) letters."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 4 or len(head) % 2:
        return None
    first, second = ((half.count(0) + half.count(4)) / len(half) for half in (even, odd))
    if max(first, second) < 0.9 or min(first, second) > 0.5:
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def detect(sample: bytes, *, whole: bool = True) -> Encoding:
    """The encoding of a text; pure ASCII counts as UTF-8. `whole`: the sample is not cut off."""
    named = marked(sample) or unmarked_utf16(sample[: len(sample) // 2 * 2])
    if named:
        return Encoding(named)
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample, whole)
    broken = text.count("\ufffd")
    if not broken:
        return Encoding("utf-8")
    beyond = len(text) - sum(map(str.isascii, text))
    if broken <= (beyond - broken) * _DAMAGED_SHARE:
        return Encoding("utf-8", damaged=True)
    return Encoding(_one_byte(sample))


def _one_byte(sample: bytes) -> str:
    by_language = "cp1251" if language() == "ru" else "cp1252"
    scores = {}
    for name, letters, prior in _CANDIDATES:
        total, count = _score(sample, name, letters)
        scores[name] = (total + prior + 1.5 * (name == by_language), total / max(count, 1))
    best = max(scores, key=lambda name: scores[name][0])
    if scores[best][1] < _GOOD_ENOUGH:
        return _asked(sample) or by_language
    return "iso8859-1" if best == "cp1252" and not _decodes(sample, "cp1252") else best


def _decodes(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeError:
        return False
    return True


def _asked(sample: bytes) -> str | None:
    """What charset-normalizer thinks, for scripts that we have no letters of."""
    if sum(byte > 0x7F for byte in sample[:1000]) < _ENOUGH_TO_ASK:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:_SCORED_CHARACTERS]).best()
    return None if best is None or best.encoding in ("ascii", "utf_8") else best.encoding


def _score(sample: bytes, name: str, letters: dict[str, float]) -> tuple[float, int]:
    """How likely the text is in a language of these letters: points and what they are for."""
    text = sample.decode(name, errors="replace")
    total, count = _signs(text)
    for word in _words(text):
        points, found = _word(word, letters)
        total += points
        count += found
        if count > _SCORED_CHARACTERS:
            break
    return total, count


def _words(text: str) -> Iterable[str]:
    return (match[0] for match in _WORD.finditer(text) if not match[0].isascii())


def _signs(text: str) -> tuple[float, int]:
    """Points and count of what is neither ASCII nor a letter."""
    others = [
        sign for sign in text[: _SCORED_CHARACTERS * 8] if sign > "\x7f" and not sign.isalpha()
    ]
    known = sum(sign in alphabets.SIGNS for sign in others)
    points = known * alphabets.SIGN + (len(others) - known) * alphabets.RUBBISH
    return points, len(others)


def _word(word: str, letters: dict[str, float]) -> tuple[float, int]:
    """Points and count of the letters of one word that are not ASCII."""
    beyond = [letter for letter in word if letter > "\x7f"]
    count = len(beyond)
    points = sum(letters.get(letter.lower(), alphabets.STRANGER) for letter in beyond)
    if count == 1 and len(word) == 1 and word.lower() not in _ALONE:
        points -= 4.0
    points -= count * _mixture(count, len(word), marks="é" in letters)
    return points - (0.0 if _cased(word) else 3.0 * count), count


def _mixture(beyond: int, length: int, *, marks: bool) -> float:
    """What a letter loses when its word mixes ASCII and other letters as nobody does.

    `marks`: the alphabet is Latin with marks, where a word of marked letters alone is the oddity.
    """
    if not marks:
        return 0.0 if beyond == length else 4.0
    if beyond == length:
        return 4.0
    return 1.0 if beyond > 2 and beyond > length / 2 else 0.0


def _cased(word: str) -> bool:
    """Written as people write: lower, Upper or UPPER."""
    return word.islower() or word.isupper() or word[1:].islower()
