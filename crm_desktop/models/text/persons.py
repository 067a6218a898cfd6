"""Names of people: their parts and their short form."""

from __future__ import annotations

import re
from typing import NamedTuple

from crm_desktop.models.text.first_names import ENGLISH, RUSSIAN
from crm_desktop.models.text.normalise import norm, tidy


class PersonName(NamedTuple):
    """The parts of a person's name as they were written; a missing part is empty."""

    last: str = ""
    first: str = ""
    middle: str = ""


_PATRONYMIC = re.compile(
    r".{2,}(?:ович|евич|овна|евна|инична)|(?:ил|фом|лук|кузьм|никит|савв)ич|никитична|саввична"
    r"|оглы|оглу|гызы|кызы|уулу|улы"
)
_TWO_WORDS = frozenset({"оглы", "оглу", "гызы", "кызы", "уулу", "улы"})
_FAMILY_LIKE_PATRONYMIC = frozenset({"абрамович", "рабинович", "хаимович", "якубович"})
_FAMILY = re.compile(
    r".+(?:[оеё]в|[иы]н|[оеё]ва|[иы]на|ск(?:ий|ая|ой)|цк(?:ий|ая|ой)|енко|чук|швили|дзе|ян|[иы]х|ко)"
)
_BETWEEN_PEOPLE = re.compile(r"[;|/\n]|\s\+\s")
_WORDS_OF_NAME = re.compile(r"[^\W\d_]+\.?")
_INITIAL = re.compile(r"[^\W\d_]\.?", re.UNICODE)
_GLUED_INITIALS = re.compile(r"([^\W\d_]\.)(?=[^\W\d_])")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_PARTICLES = frozenset("van von der den de di da del della la le bin ibn al el ter фон де".split())


def split_person(text: str) -> PersonName:
    """The parts of a full name in Russian or English order, told by endings and first names.

    `Last, First Middle` is read as that. Nothing is lost: words that fit nowhere join a part.
    """
    text = tidy(text)
    head, comma, tail = text.partition(",")
    if comma and head.strip() and tail.strip():
        first, *middle = _GLUED_INITIALS.sub(r"\1 ", tail).replace(",", " ").split() or [""]
        return PersonName(head.strip(), first, " ".join(middle))
    parts = _GLUED_INITIALS.sub(r"\1 ", text.replace(",", " ")).split()
    if not parts:
        return PersonName()
    if len(parts) == 1:
        return _one_word(parts[0])
    initials = _by_initials(parts)
    if initials:
        return initials
    return _russian(parts) if _CYRILLIC.search(text) else _english(parts)


def _one_word(word: str) -> PersonName:
    known = norm(word) in RUSSIAN or norm(word) in ENGLISH
    family = not known and _FAMILY.fullmatch(norm(word))
    return PersonName(last=word) if family else PersonName(first=word)


def _is_initial(word: str) -> bool:
    return bool(_INITIAL.fullmatch(word))


def _by_initials(parts: list[str]) -> PersonName | None:
    """`Last I. O.` and `I. O. Last`; None when there are no initials at an end."""
    if _is_initial(parts[-1]) and _is_initial(parts[1]) and not _is_initial(parts[0]):
        return PersonName(parts[0], parts[1], " ".join(parts[2:]))
    if _is_initial(parts[0]) and not _is_initial(parts[-1]):
        count = 2 if len(parts) > 2 and _is_initial(parts[1]) else 1
        return PersonName(" ".join(parts[count:]), parts[0], " ".join(parts[1:count]))
    return None


def _russian(parts: list[str]) -> PersonName:
    words = [norm(part) for part in parts]
    if words[-1] in _TWO_WORDS and len(parts) >= 4:
        return PersonName(" ".join(parts[:-3]), parts[-3], " ".join(parts[-2:]))
    if len(parts) == 2:
        return _russian_two(parts, words)
    if is_patronymic(words[1]) and (words[0] in RUSSIAN or not is_patronymic(words[2])):
        return PersonName(" ".join(parts[2:]), parts[0], parts[1])
    if words[0] in RUSSIAN and words[1] not in RUSSIAN and not is_patronymic(words[2]):
        return PersonName(parts[-1], parts[0], " ".join(parts[1:-1]))
    return PersonName(parts[0], parts[1], " ".join(parts[2:]))


def _russian_two(parts: list[str], words: list[str]) -> PersonName:
    if words[0] in RUSSIAN and words[1] not in RUSSIAN:
        if is_patronymic(words[1]) and words[1] not in _FAMILY_LIKE_PATRONYMIC:
            return PersonName("", parts[0], parts[1])
        return PersonName(parts[1], parts[0])
    return PersonName(parts[0], parts[1])


def is_patronymic(word: str) -> bool:
    """Does the word, in normal form, end as a patronymic? Some family names do too."""
    return bool(_PATRONYMIC.fullmatch(word))


def _english(parts: list[str]) -> PersonName:
    """First, middle, last; particles such as `van` belong to the last name."""
    start = len(parts) - 1
    while start > 1 and norm(parts[start - 1]) in _PARTICLES:
        start -= 1
    return PersonName(" ".join(parts[start:]), parts[0], " ".join(parts[1:start]))


def initials_name(name: PersonName) -> str:
    """`Last F. M.` in Cyrillic, `F. M. Last` in Latin letters; a missing part is left out."""
    if not name.last:
        return " ".join(part for part in (name.first, name.middle) if part)
    initials = " ".join(f"{part[0].upper()}." for part in (name.first, name.middle) if part)
    order = (name.last, initials) if _CYRILLIC.search(name.last) else (initials, name.last)
    return " ".join(part for part in order if part)


def full_name(name: PersonName) -> str:
    """Last, first, middle in Cyrillic; first, middle, last in Latin letters."""
    last_first = (name.last, name.first, name.middle)
    order = (
        last_first if _CYRILLIC.search(name.last or name.first) else (*last_first[1:], name.last)
    )
    return " ".join(part for part in order if part)


def several_people(text: str) -> list[str]:
    """The names of several people in one text. A comma parts them only where each has more than
    one word: `Doe, Jane` is one person."""
    parts = [" ".join(part.split()) for part in _BETWEEN_PEOPLE.split(text)]
    found: list[str] = []
    for part in filter(None, parts):
        names = [name.strip() for name in part.split(",") if name.strip()]
        whole = len(names) > 1 and all(len(_WORDS_OF_NAME.findall(name)) > 1 for name in names)
        found += names if whole else [part.strip(" ,")]
    return list(dict.fromkeys(filter(None, found)))
