"""Days as people type them; `today` comes from the caller's clock."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from crm_desktop.models.text.calendar_words import (
    DAYS_FROM_TODAY,
    MONTHS,
    UNITS_OF_DAYS,
    WEEKDAYS,
)
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.problems import Unreadable

ORDERS = ("dmy", "mdy", "ymd")
LONGEST_DATE = 60
YEARS_AHEAD = 20  # 46 is 2046 in the year 2026, 47 is 1947

_MIDNIGHT = re.compile(r"(?<=\d)[\st]+0?0:00(?::00)?(?:[.,]0+)?(?:z|\+00:00)?$")
_YEAR_WORD = re.compile(r"(?<=\d)\s*(?:г\.?|год|года|year)$")
_LEADING_WEEKDAY = re.compile(rf"(?:{'|'.join(WEEKDAYS)})[.,]*\s+(?=\d)")


class _Frame(NamedTuple):
    """What a short date is completed from."""

    today: date
    order: str


_Match = re.Match[str]


def parse_date(text: str, *, today: date, order: str = "dmy") -> date:
    """The day in the text; raises Unreadable: empty, not_a_date, no_such_day.

    `order` (dmy, mdy, ymd) is the order of day, month and year in numbers such as 11/12/26. `20` is
    the 20th of this month, `+3` three days from today, a day of the week the nearest one, today
    included; `next fri` is never today.
    """
    bare = _bare(text)
    if bare in DAYS_FROM_TODAY:
        return _shifted(today, days=DAYS_FROM_TODAY[bare])
    for pattern, read in _FORMS:
        match = pattern.fullmatch(bare)
        found = read(match, _Frame(today, order)) if match else None
        if found:
            return found
    raise Unreadable("not_a_date")


def _bare(text: str) -> str:
    if len(text) > LONGEST_DATE:
        raise Unreadable("not_a_date")
    bare = _MIDNIGHT.sub("", norm(text).strip(" ,"))
    bare = _LEADING_WEEKDAY.sub("", _YEAR_WORD.sub("", bare), count=1)
    if not bare:
        raise Unreadable("empty")
    return bare


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise Unreadable("no_such_day") from None


def _shifted(start: date, *, days: int = 0, months: int = 0) -> date:
    try:
        return add_months(start, months) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise Unreadable("no_such_day") from None


def add_months(start: date, months: int) -> date:
    """The same day of another month, or the last one when that month is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return start.replace(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of its month; of every month there is, December 9999 too."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _full_year(digits: str, frame: _Frame) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    year += frame.today.year // 100 * 100
    return year - 100 if year > frame.today.year + YEARS_AHEAD else year


def _read_year_first(match: _Match, _frame: _Frame) -> date | None:
    return _day(int(match[1]), int(match[3]), int(match[4]))


def _read_three(match: _Match, frame: _Frame) -> date | None:
    order = frame.order if len(match[4]) < 3 else _year_last(frame)
    return _by_order(order, match.group(1, 3, 4), frame)


def _by_order(order: str, numbers: tuple[str, ...], frame: _Frame) -> date:
    parts = dict(zip(order, numbers, strict=True))
    return _day(_full_year(parts["y"], frame), int(parts["m"]), int(parts["d"]))


def _year_last(frame: _Frame) -> str:
    return "mdy" if frame.order == "mdy" else "dmy"


def _read_two(match: _Match, frame: _Frame) -> date | None:
    first, second = int(match[1]), int(match[2])
    day, month = (first, second) if frame.order == "dmy" else (second, first)
    return _day(frame.today.year, month, day)


def _read_one(match: _Match, frame: _Frame) -> date | None:
    return _day(frame.today.year, frame.today.month, int(match[1]))


def _read_eight(match: _Match, frame: _Frame) -> date | None:
    """Eight digits without signs: by the order if the year is likely, or else year first."""
    run = match[0]
    if frame.order != "ymd" and 1900 <= int(run[4:]) < 2200:
        first, second, year = int(run[:2]), int(run[2:4]), int(run[4:])
        return _day(year, first, second) if frame.order == "mdy" else _day(year, second, first)
    return _day(int(run[:4]), int(run[4:6]), int(run[6:]))


def _read_six(match: _Match, frame: _Frame) -> date | None:
    return _by_order(frame.order, (match[0][:2], match[0][2:4], match[0][4:]), frame)


def _read_shift(match: _Match, frame: _Frame) -> date | None:
    sign = -1 if match[1] == "-" else 1
    return _by_units(frame, sign * int(match[2]), match[3] or "d")


def _read_ahead(match: _Match, frame: _Frame) -> date | None:
    return _by_units(frame, int(match[1] or 1), match[2])


def _read_ago(match: _Match, frame: _Frame) -> date | None:
    return _by_units(frame, -int(match[1] or 1), match[2])


def _by_units(frame: _Frame, count: int, unit: str) -> date | None:
    if unit not in UNITS_OF_DAYS:
        return None
    days, months = UNITS_OF_DAYS[unit]
    return _shifted(frame.today, days=days * count, months=months * count)


def _read_weekday(match: _Match, frame: _Frame) -> date | None:
    if match[2] not in WEEKDAYS:
        return None
    ahead = (WEEKDAYS[match[2]] - frame.today.weekday()) % 7
    if match[1] and match[1].startswith(("прош", "last")):
        return _shifted(frame.today, days=ahead - 7)
    return _shifted(frame.today, days=ahead or 7 if match[1] else ahead)


def _read_day_month(match: _Match, frame: _Frame) -> date | None:
    return _named_month(match[2], match[1], match[3], frame)


def _read_month_day(match: _Match, frame: _Frame) -> date | None:
    return _named_month(match[1], match[2], match[3], frame)


def _named_month(name: str, day: str, year: str | None, frame: _Frame) -> date | None:
    if name not in MONTHS:
        return None
    full_year = _full_year(year, frame) if year else frame.today.year
    return _day(full_year, MONTHS[name], int(day))


_N = "[0-9]"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[_Match, _Frame], date | None]], ...] = (
    (re.compile(rf"({_N}{{4}})([-./])({_N}{{1,2}})\2({_N}{{1,2}})"), _read_year_first),
    (re.compile(rf"({_N}{{1,2}})([-./ ])({_N}{{1,2}})\2({_N}{{4}}|{_N}{{2}})"), _read_three),
    (re.compile(rf"({_N}{{1,2}})[-./]({_N}{{1,2}})\.?"), _read_two),
    (re.compile(rf"({_N}{{1,2}})(?:st|nd|rd|th|-?го|-?е|\s+число|\s+числа)?"), _read_one),
    (re.compile(rf"{_N}{{8}}"), _read_eight),
    (re.compile(rf"{_N}{{6}}"), _read_six),
    (re.compile(rf"([+-])\s*({_N}{{1,5}})\s*([a-zа-я]+)?\.?"), _read_shift),
    (re.compile(rf"(?:через|in)\s+(?:({_N}{{1,5}})\s*|a\s+|an\s+)?([a-zа-я]+)\.?"), _read_ahead),
    (re.compile(rf"(?:({_N}{{1,5}})\s*|a\s+)?([a-zа-я]+)\.?\s+(?:назад|ago)"), _read_ago),
    (
        re.compile(r"(?:во?\s+|on\s+)?(?:(след[а-я]*|next|прош[а-я]*|last)\.?\s+)?([a-zа-я]+)\.?"),
        _read_weekday,
    ),
    (
        re.compile(
            rf"({_N}{{1,2}})(?:st|nd|rd|th|-?го|-?е)?[\s.-]*(?:of\s+)?([a-zа-я]+)"
            rf"[\s.,-]*({_N}{{4}}|{_N}{{2}})?"
        ),
        _read_day_month,
    ),
    (
        re.compile(rf"([a-zа-я]+)[\s.-]*({_N}{{1,2}})(?:st|nd|rd|th)?(?:[\s,.-]+({_N}{{4}}))?"),
        _read_month_day,
    ),
)


def excel_date(serial: float, *, zone: tzinfo, since_1904: bool = False) -> datetime:
    """The moment of a spreadsheet's serial number, whose cells mean the clock of `zone`.

    Raises Unreadable: no_such_day. Excel counts the 29th of February 1900, which never was, as day
    60 (ECMA-376, part 1, 18.17.4.1).
    """
    if not serial >= 0 or (60 <= serial < 61 and not since_1904):
        raise Unreadable("no_such_day")
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 if serial >= 61 else 31)
    start = datetime.combine(first, time(), zone)
    try:
        return start + timedelta(seconds=round(serial * 86400))
    except (OverflowError, ValueError):
        raise Unreadable("no_such_day") from None
