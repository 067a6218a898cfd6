"""What stands in the cells of foreign files where there is nothing to say."""

from __future__ import annotations

import re

from crm_desktop.models.text.normalise import norm

_NOTHING = frozenset(
    ("", "<>", "нет", "нету", "нет данных", "н/д", "не указан", "не указана", "не указано",
     "отсутствует", "неизвестно", "неизвестен", "n/a", "none", "null", "nan", "unknown", "not set",
     "not specified")
)  # fmt: skip
_NOT_SAID = re.compile(
    r"не (?:указан|задан|определен|закрыт|выбран|заполнен|установлен|назначен)\w*"
)
_LONGEST_NOTHING = 20
_DASHES = " .-\u2010\u2011\u2012\u2013\u2014\u2015"
_NO_DAY = re.compile(r"\s*0{1,4}([-./])0{1,2}\1(?:0{4}|0{1,2})\s*")  # what databases have for none
_CLOCK = re.compile(
    r"(?<=\d)(?:\s+|T)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]m|Z|[+-]\d\d:?\d\d)?\s*$",
    re.IGNORECASE,
)


def says_nothing(text: str) -> bool:
    """Whether people fill a cell with this when they have nothing to write into it."""
    if len(text) > _LONGEST_NOTHING:
        return False
    said = norm(text).strip(_DASHES)
    return said in _NOTHING or (said.startswith("не ") and bool(_NOT_SAID.fullmatch(said)))


def without_clock(text: str) -> str:
    """A day without the time of day that many programs write behind it."""
    return _CLOCK.sub("", text, count=1)


def is_no_day(text: str) -> bool:
    """Whether it is a day of zeros: `00.00.0000`, `0/0/00`."""
    return bool(_NO_DAY.fullmatch(text))
