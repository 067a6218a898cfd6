"""One normal form of text for search and sorting, the same on every base.

NFKC, casefold, yo as ye, blanks collapsed, invisible characters dropped. The binary order of such
keys is the alphabet, so that no base has to know anything about languages.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SORT_KEY_LENGTH = 64
KNOWN_TEXTS = 8_192  # writing a record asks for the same text three times
_YO, _YE = "ё", "е"
_NUMBER_SIGN = "№"  # NFKC would glue "no" to the number: then the number alone is not found
_LEADING_QUOTES = "\"'`«»„“”‘’‚‹› "
_WORD = re.compile(r"[^\W_]+")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_LIKE_SPECIAL = re.compile(r"([\\%_])")
# Characters that NFKC leaves alone and whose casefold is their lower case.
_PLAIN = re.compile(r"[\x01-\x7f\xa0А-яЁё«»–—“”„№]*")
_INVISIBLE_CLASS = r"\x00\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_INVISIBLE = re.compile(f"[{_INVISIBLE_CLASS}\ud800-\udfff]")
_JOINER = "\u034f"  # the one of them that counts as printable
_UNWANTED_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Legal forms as `norm` writes them; the Latin look-alikes are typed by mistake all the time.
LEGAL_FORMS = frozenset(
    """
    ооо зао оао ао пао нао ип нко ано гуп муп фгуп гбу мбу гку мку фгбу фгау гау мау нп тсж тсн снт
    гск жск кфх тоо чп чуп оду руп одо уп ooo oao zao pao
    llc ltd limited llp plc inc corp corporation gmbh ag kg kgaa ohg ug eood ood ead sia ou oü uab
    oy oyj aps bv nv sarl srl spa sro dba pte pty
    """.split()
)


@lru_cache(maxsize=KNOWN_TEXTS)
def norm(text: str) -> str:
    """The text as search compares it; applying it twice changes nothing."""
    if text.isascii():
        folded = text.lower()
        if "\0" in folded:
            folded = folded.replace("\0", "")
    elif _PLAIN.fullmatch(text):
        folded = text.lower().replace(_YO, _YE).replace(_NUMBER_SIGN, " ")
    else:
        folded = _fold_any(text)
    return " ".join(folded.split())


def _fold_any(text: str) -> str:
    """The slow way, for texts with anything but Latin and Cyrillic letters.

    Casefold may undo NFKC and the other way round, and a bare ye may catch the next diaeresis, so
    it is repeated until nothing changes; two rounds are the rule.
    """
    folded = text.replace(_NUMBER_SIGN, " ")
    while True:
        step = unicodedata.normalize("NFKC", _INVISIBLE.sub("", folded)).casefold()
        step = step.replace(_YO, _YE)
        if step == folded:
            return folded
        folded = step


def sort_key(text: str, length: int = SORT_KEY_LENGTH) -> str:
    """What a list sorts by: `norm` without leading quotes, cut to `length` letters."""
    key = norm(text)
    if len(key) <= length and key[:1] not in _LEADING_QUOTES:
        return key
    return key.lstrip(_LEADING_QUOTES)[:length].rstrip()


def words(text: str) -> list[str]:
    """Runs of letters and digits of any script, normalised, in the order of the text."""
    return _WORD.findall(norm(text))


def content_words(text: str) -> list[str]:
    """`words` without legal forms; a text of legal forms only keeps them."""
    found = words(text)
    if LEGAL_FORMS.isdisjoint(found):
        return found
    return [word for word in found if word not in LEGAL_FORMS] or found


def digits(text: str) -> str:
    """Only the digits, those of other scripts as 0-9."""
    if text.isascii():
        return _NOT_DIGIT.sub("", text)
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def like_escape(text: str) -> str:
    r"""The text for LIKE ... ESCAPE '\', where percent and underscore stand for themselves."""
    return _LIKE_SPECIAL.sub(r"\\\1", text)


def tidy(text: str, *, lines: bool = False) -> str:
    """What is kept of a typed or pasted text: composed letters, no invisible rubbish, no ends.

    Blanks are collapsed; with `lines` (long texts) only the ends of lines are trimmed.
    """
    if not text.isascii():
        clean = text.isprintable() and _JOINER not in text
        text = unicodedata.normalize("NFC", text if clean else _INVISIBLE.sub("", text))
    if not lines and text.isprintable():
        return " ".join(text.split())
    if not lines:
        return " ".join(_UNWANTED_CONTROL.sub(" ", text).split())
    text = _UNWANTED_CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
