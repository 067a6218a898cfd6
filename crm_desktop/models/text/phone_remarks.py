"""What people write beside a telephone: `8 383 222-33-44 ext. 12, ask for Ann`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from crm_desktop.models.text.normalise import digits
from crm_desktop.models.text.phones import LONGEST_CELL, numbers_in_text

_WORD = re.compile(r"[^\W\d_]{3}")
_APART = re.compile(r"[;\n\r|]+")
_KINDS = frozenset(
    ("тел", "телефон", "телефоны", "моб", "мобильный", "сот", "сотовый", "раб", "рабочий", "дом",
     "домашний", "гор", "городской", "доб", "добавочный", "внутр", "внутренний", "или", "phone",
     "tel", "telephone", "mobile", "mob", "cell", "work", "office", "home", "ext", "extension",
     "and", "номер", "number")
)  # fmt: skip
_EDGES = " ,.:;-–—+*#№\"'«»"
_MARKS = str.maketrans("()[]/", "     ")
_BEHIND = re.compile(r"[^\d\s()+.\-\u2010-\u2015]")  # where an extension begins
_TAIL = 6  # digits by which a number is known again, however it was written
_LONGEST = 200


class Remarked(str):
    """A number with what was written beside it; equal to the number alone."""

    remark: str = ""

    @classmethod
    def of(cls, number: str, remark: str) -> Remarked:
        """The number with these words."""
        made = cls(number)
        made.remark = remark
        return made


def remarks_in(text: str) -> dict[str, str]:
    """The words beside the numbers of a cell, by the last digits of the number they stand with.

    Words that only say what kind of telephone it is are none.
    """
    if not _WORD.search(text):
        return {}
    return dict(_remarks(text[:LONGEST_CELL]))


def remark_of(number: str, remarks: Mapping[str, str]) -> str:
    """What `remarks_in` found of the number in its stored form; empty for nothing."""
    return remarks.get(_tail(number.partition(";")[0]), "")


def _remarks(text: str) -> Iterator[tuple[str, str]]:
    """Words stand behind their number, but for a text that begins with some."""
    for part in _APART.split(text):
        numbers = numbers_in_text(part)
        edges = [0, *(edge for one in numbers for edge in one.span()), len(part)]
        gaps = [_words(part[edges[at] : edges[at + 1]]) for at in range(0, len(edges), 2)]
        if gaps[0] and not gaps[-1]:
            gaps.pop()
        else:
            gaps[:2] = [" ".join(filter(None, gaps[:2]))]
        for number, words in zip(numbers, gaps, strict=False):
            if words:
                yield _tail(_BEHIND.split(number[0], maxsplit=1)[0]), words[:_LONGEST]


def _words(text: str) -> str:
    """The text without marks at its ends and without words for a kind of telephone."""
    words = [
        word for word in text.translate(_MARKS).split() if word.strip(".,:").lower() not in _KINDS
    ]
    said = " ".join(words).strip(_EDGES)
    return said if _WORD.search(said) else ""


def _tail(number: str) -> str:
    return digits(number)[-_TAIL:]
