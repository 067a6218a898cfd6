"""Names in a form in which different spellings of one name are the same text.

Cyrillic and Latin letters become one Latin spelling without what people write in different ways
(kh and h, y and i, ks and x, doubled letters), so that "ООО Ромашка", "Ромашка, ООО" and "Romashka
LLC" are equal. The result is for comparing only, never for the eye.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from crm_desktop.models.text.firms import legal_form
from crm_desktop.models.text.first_names import ENGLISH, RUSSIAN
from crm_desktop.models.text.normalise import LEGAL_FORMS, norm, words
from crm_desktop.models.text.persons import is_patronymic

KNOWN_WORDS = 200_000
MOST_WORDS = 8
SHORTEST_TYPO = 5  # letters of a word in which one wrong letter is forgiven
LONG_WORD = 9  # letters of a word in which two are

_LATIN = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "i", "є": "e",
    "ґ": "g", "ў": "u", "ß": "ss", "ä": "a", "ö": "o", "ü": "u", "é": "e", "è": "e", "ø": "o",
})  # fmt: skip
_SAME = {
    "shch": "S", "sch": "S", "sh": "S", "tsch": "C", "tch": "C", "ch": "C", "kh": "h", "ts": "c",
    "tz": "c",
    "dzh": "j", "zh": "j", "ph": "f", "ck": "k", "qu": "kv", "yo": "e", "jo": "e", "yu": "u",
    "ju": "u", "iu": "u", "ya": "a", "ja": "a", "ia": "a", "ye": "e", "je": "e", "ie": "e",
    "x": "ks", "w": "v", "y": "i", "q": "k", "th": "t", "gh": "g",
}  # fmt: skip
_SPELLINGS = re.compile("|".join(sorted(_SAME, key=len, reverse=True)) + r"|c(?![eiy])")
# One sound is one letter (S, C), so that two neighbours swapped are two letters swapped.
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]")
_ODD_FORM = re.compile(
    r"\b(?:[оo]\.\s?[оo]\.\s?[оo]|l\.l\.c|s\.r\.o|s\.p\.a|b\.v|n\.v|s\.a)\b"
    r"|общество|предприниматель|товарищество|предприятие|хозяйство|организация|liability|sole tr"
)
_MORE_FORMS = {"jsc", "ojsc", "cjsc", "pjsc", "oooo", "co", "ип", "ip", "чп"}
_FORM_KINDS = {
    **dict.fromkeys(("ооо", "ooo", "llc", "ltd", "limited", "тоо", "gmbh", "sarl", "srl", "sro",
                     "s.r.o.", "bv", "oü", "ou", "sia", "uab", "oy", "aps", "ood", "pte"), "l"),
    **dict.fromkeys(("ао", "зао", "оао", "пао", "нао", "oao", "zao", "pao", "jsc", "ojsc",
                     "cjsc", "pjsc", "plc", "ag", "inc", "corp", "corporation", "s.a.", "spa",
                     "oyj", "ead"), "j"),
    **dict.fromkeys(("ип", "ip", "чп", "кфх", "sole trader"), "p"),
}  # fmt: skip
# Words that say what a firm is and not which: one spelling has them, another leaves them out.
_GENERAL = frozenset(
    """
    тд торговый торговая дом компания компании фирма группа предприятие холдинг корпорация
    производственная коммерческая company group trading trade house holding firm the and
    """.split()
)


class Name(NamedTuple):
    """A name for comparing: its words in order without its legal form, the kind of that form
    ('' if there is none), whether it looks like a person's, how many words are general ones
    (these stand at the end of `words`)."""

    words: tuple[str, ...]
    form: str
    person: bool
    general: int = 0


@lru_cache(maxsize=KNOWN_WORDS)
def fold_word(word: str) -> str:
    """One normalised word (`normalise.words`) in the common Latin spelling."""
    latin = word if word.isascii() else word.translate(_LATIN)
    if latin.isdigit():
        return latin.lstrip("0") or "0"
    folded = _SPELLINGS.sub(lambda found: _SAME.get(found[0], "k"), latin)
    return _DOUBLED.sub(r"\1", folded) or latin


def fold_name(text: str) -> Name:
    """The name in a form in which its spellings are equal."""
    form, rest = "", norm(text)
    if _ODD_FORM.search(rest):
        found, bare = legal_form(text)
        if found:
            form, rest = _FORM_KINDS.get(norm(found), norm(found).replace(" ", "")), bare
    found_words = words(rest)
    plain = []
    for word in found_words:
        if word in LEGAL_FORMS or word in _MORE_FORMS:
            form = form or _FORM_KINDS.get(word, word)
        else:
            plain.append(word)
    plain = plain or found_words
    telling = [word for word in plain if word not in _GENERAL] or plain
    general = len(plain) - len(telling)
    if general:
        telling += [word for word in plain if word in _GENERAL]
    person = form in ("", "p") and not general and _is_person(plain)
    return Name(tuple(map(fold_word, telling[:MOST_WORDS])), form, person, general)


@lru_cache(maxsize=1)
def _first_names() -> frozenset[str]:
    return frozenset(map(fold_word, RUSSIAN | ENGLISH))


def _is_person(plain: list[str]) -> bool:
    if not 2 <= len(plain) <= 4 or any(word.isdigit() for word in plain):
        return False
    first_names = _first_names()
    known = any(fold_word(word) in first_names for word in plain)
    initials = any(len(word) == 1 for word in plain) and len(plain[0]) > 1
    return known or initials or any(is_patronymic(word) for word in plain)


@lru_cache(maxsize=KNOWN_WORDS)
def is_given(word: str) -> bool:
    """Whether a folded word is a common first name or ends as a patronymic."""
    return word in _first_names() or word.endswith(("oviC", "eviC", "ovna", "evna", "iCna"))


@lru_cache(maxsize=KNOWN_WORDS)
def consonants(word: str) -> str:
    """A folded word without its vowels but for a first one: how it sounds, roughly."""
    return _DOUBLED.sub(r"\1", word[:1] + _VOWELS.sub("", word[1:]))


def one_letter_less(word: str, prefix: int = 8) -> list[str]:
    """The beginning of a folded word and that beginning without each of its letters.

    Two words that differ by one letter missing, added, changed or swapped with its neighbour
    share one of these (SymSpell, W. Garbe 2012).
    """
    start = word[:prefix]
    return [start, *dict.fromkeys(start[:at] + start[at + 1 :] for at in range(len(start)))]


_CYRILLIC_OF = {
    "shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю",
    "ju": "ю", "iu": "ю", "ya": "я", "ja": "я", "ia": "я", "yo": "ё", "ye": "е", "ph": "ф",
    "ck": "к", "x": "кс", "iy": "ий", "yy": "ый", "ey": "ей", "oy": "ой", "ay": "ай",
    **dict(zip("abcdefghijklmnopqrstuvwyz", "абкдефгхийклмнопкрстуввиз", strict=True)),
}  # fmt: skip
_SOUNDS = re.compile("|".join(sorted(_CYRILLIC_OF, key=len, reverse=True)))


def other_script(text: str) -> str:
    """The words as the other alphabet would have them, roughly: for asking an index."""
    low = norm(text)
    if any("а" <= sign <= "я" for sign in low):
        return low.translate(_LATIN)
    return _SOUNDS.sub(lambda found: _CYRILLIC_OF[found[0]], low)
