"""Days that come round every year, with a year or without: birthdays, anniversaries.

A yearly day is kept as one number, MMDDYYYY with 0000 for no year, so that its order is the order
of the calendar and the days of a stretch are neighbours. Where a whole date is kept, its twin MMDD
does the same. 29 February comes round on 28 February in plain years, as most offices keep it, or
on 1 March where the office says so (`LEAP_DAYS`).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from crm_desktop.models.text.calendar_words import LONG_MONTHS
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.dates import parse_date

YEARS = 10_000  # the room of the year in the number
LEAP = 2000  # a year that has every day
_ISO = re.compile(r"--(\d\d)-?(\d\d)")  # ISO 8601:2000, as in vCard 4 (RFC 6350, 4.3.1)
_NUMBERS = re.compile(r"\d+")
_SEPARATOR = re.compile(r"\d\s*([./-])\s*\d")
LEAP_DAYS = ((2, 28), (3, 1))
"""Where 29 February may be in a plain year; the first is the usual one."""
USUAL_LEAP = LEAP_DAYS[0]


def yearly(month: int, day: int, year: int = 0) -> int:
    """The number of a yearly day; ValueError if there is no such day."""
    date(year or LEAP, month, day)
    return (month * 100 + day) * YEARS + year


def parts(number: int) -> tuple[int, int, int]:
    """(month, day, year or 0) of the number; ValueError if it is none."""
    whole, year = divmod(number, YEARS)
    month, day = divmod(whole, 100)
    date(year or LEAP, month, day)
    return month, day, year


def month_day(day: date) -> int:
    """MMDD: the twin that finds a whole date by its day of the year."""
    return day.month * 100 + day.day


def parse_yearly(text: str, *, today: date, order: str = "dmy") -> int:
    """`24.04`, `24 April`, `24.04.1988`, `--04-24`; ValueError if it is none."""
    typed = text.strip()
    iso = _ISO.fullmatch(typed)
    if iso:
        return yearly(int(iso[1]), int(iso[2]))
    numbers = _NUMBERS.findall(typed)
    words = any(letter.isalpha() for letter in typed)
    if not words and len(numbers) == 1 and len(typed) <= 4:  # "12": not the 12th of this month
        raise ValueError(typed)
    if len(numbers) == (1 if words else 2):
        between = _SEPARATOR.search(typed)
        bridge = between[1] if between else " "
        found = parse_date(f"{typed.rstrip('.')}{bridge}{LEAP}", today=today, order=order)
        return yearly(found.month, found.day)
    found = parse_date(typed, today=today, order=order)
    return yearly(found.month, found.day, found.year)


def format_yearly(number: int, language: str) -> str:
    """`24 April` or `24 April 1988`."""
    month, day, year = parts(number)
    if year:
        return format_date(date(year, month, day), language, style="long")
    months = LONG_MONTHS.get(language) or LONG_MONTHS["en"]
    return f"{day} {months[month - 1]}"


def next_round(
    month: int, day: int, today: date, leap: tuple[int, int] = USUAL_LEAP
) -> date:  # fmt: skip
    """When the day comes round next, today included. `leap`: 29 February in plain years."""
    for year in (today.year, today.year + 1):
        found = in_year(month, day, year, leap)
        if found >= today:
            return found
    return in_year(month, day, today.year + 2, leap)


def in_year(month: int, day: int, year: int, leap: tuple[int, int] = USUAL_LEAP) -> date:
    """The day of that year; 29 February of a plain one is `leap`."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, *leap)


def stretches(
    today: date, days: int, leap: tuple[int, int] = USUAL_LEAP
) -> list[tuple[int, int]]:  # fmt: skip
    """MMDD from and to of the days from today on, `days` of them ahead; two across New Year.

    29 February belongs to a stretch that ends on 28 February of a plain year, or to one that
    begins on 1 March of it, as `leap` says.
    """
    if days >= 365:
        return [(101, 1231)]
    last = today + timedelta(days=days)
    first, end = month_day(today), month_day(last)
    if leap == USUAL_LEAP and end == 228 and month_day(last + timedelta(days=1)) == 301:
        end = 229
    if leap != USUAL_LEAP and first == 301 and month_day(today - timedelta(days=1)) == 228:
        first = 229
    return [(first, end)] if last.year == today.year else [(first, 1231), (101, end)]
