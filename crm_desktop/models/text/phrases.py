"""A line such as “Call Anna on Friday at 15:30 for an hour”: what, when, how long.

Days, times and lengths are read by `dates`, the reader of every field; here they are found among
other words, in Russian and English. A doubtful word stays in the subject: a bare number, a name
that could be a month. Nothing typed here is ever refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crm_desktop.models.text.calendar_words import DAYS_FROM_TODAY, MONTHS, WEEKDAYS
from crm_desktop.models.text.dates import add_months, parse_date, parse_duration, parse_time
from crm_desktop.models.text.due import end_of_work, parse_due
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.problems import Unreadable

if TYPE_CHECKING:
    from crm_desktop.models.worktime.calendar import WorkCalendar

LONGEST = 1000
MOST_WORDS = 60
MOST_MINUTES = 60 * 24 * 31
_LONGEST_RUN = 6
_LEADING = frozenset(
    """в во через на следующий следующую следующее следующей next this in on at tomorrow today
    noon midnight полдень полночь by до к ко day""".split()
)
_CLOSING = frozenset("today tomorrow noon midnight полдень полночь day".split())
"""Words that begin a moment and may end one: “tomorrow at noon”."""
_UNTIL = frozenset("by до к ко".split())
"""Words before a deadline: they go with it."""
_NAMES_TOO = frozenset("tom tod may mar sun sat вос суб вто чет пон сре сб".split())
"""Short forms that are names or words of their own and mean no day when they stand alone."""
_ALONE = (set(DAYS_FROM_TODAY) | set(WEEKDAYS)) - _NAMES_TOO
_ALONE_FIGURES = re.compile(
    r"\d{1,2}:\d{2}|\d{1,2}\.\d{2}(?:\.\d{2,4})?|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}", re.ASCII
)
_MEANT = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "ten": "10", "a": "1", "an": "1", "два": "2", "две": "2", "три": "3", "четыре": "4",
    "пять": "5", "шесть": "6", "семь": "7", "десять": "10", "пару": "2", "eight": "8",
    "nine": "9", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40",
    "восемь": "8", "девять": "9", "пятнадцать": "15", "двадцать": "20", "тридцать": "30",
    "сорок": "40", "tonight": "19:00",
    "понедельнику": "пн", "вторнику": "вт", "среде": "ср", "четвергу": "чт", "пятнице": "пт",
    "субботе": "сб", "воскресенью": "вс",
    "утром": "09:00", "днем": "14:00", "вечером": "19:00",
    "morning": "09:00", "afternoon": "14:00", "evening": "19:00",
}  # fmt: skip
_NEXT_WEEK = re.compile(r"\b(?:на следующей неделе|next week)\b", re.IGNORECASE)
_WEEK_WORDS = r"(?:на следующей неделе|через неделю|next week)"
_DAY_WORDS = rf"(?:(?:во?|on)\s+)?(?P<day>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})"
_DAYS_OF_NEXT_WEEK = (
    re.compile(rf"\b{_WEEK_WORDS},?\s+{_DAY_WORDS}\b", re.IGNORECASE),
    re.compile(rf"\b{_DAY_WORDS}\s+{_WEEK_WORDS}\b", re.IGNORECASE),
)
_HALF_HOUR = re.compile(r"\b(?:in half an hour|через полчаса)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,2}[./-]\d{1,2}", re.ASCII)
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\b", re.ASCII)
_YEAR_SAID = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}|\b\d{4}\b", re.ASCII)
_ALL_DAY = re.compile(r"\b(?:на весь день|весь день|all day)\b", re.IGNORECASE)
_CLOCK = r"(\d{1,2}(?::\d{2})?)"
_RANGES = (
    re.compile(rf"\b(?:с|from)\s+{_CLOCK}\s+(?:до|to|till|until)\s+{_CLOCK}(?![\d:])", re.I),
    re.compile(r"\b(\d{1,2}:\d{2})\s?[-–—]\s?(\d{1,2}:\d{2})(?![\d:])"),
)


@dataclass(frozen=True)
class Phrase:
    """What was read. `moment`: aware; `timed`: a time of day was said, else it is the end of work
    on that day; `minutes`: how long it takes, None if nothing was said."""

    subject: str
    moment: datetime | None = None
    timed: bool = False
    minutes: int | None = None
    all_day: bool = False


def read_phrase(
    text: str, *, now: datetime, order: str = "dmy", work: WorkCalendar | None = None
) -> Phrase:
    """The parts of a typed line; never raises. `work` says when the work of a day ends."""
    line, minutes = _without_range(" ".join(text[:LONGEST].split()))
    line, whole = _ALL_DAY.subn(" ", line)
    line = _HALF_HOUR.sub("in 30 minutes", line)
    line = _NEXT_WEEK.sub("next monday", _with_days_of_next_week(line, now))
    words = line.split()
    if len(words) > MOST_WORDS:
        return Phrase(line)
    words, length = _without_length(words)
    words, moment, timed = _without_moment(words, now, order, work)
    return Phrase(
        " ".join(words).strip(" ,;-–—"), moment, timed and not whole,
        minutes if minutes is not None else length, bool(whole),
    )  # fmt: skip


def read_moment(
    text: str, *, now: datetime, order: str = "dmy", work: WorkCalendar | None = None
) -> Phrase | None:
    """A text that is a moment and nothing else: “in two days”, “Thursday at 3 pm”; else None."""
    found = read_phrase(text, now=now, order=order, work=work)
    alone = found.moment is not None and not found.subject and found.minutes is None
    return found if alone else None


def _without_range(line: str) -> tuple[str, int | None]:
    """`from 10 to 12`: the beginning stays as a time, the length is known."""
    for pattern in _RANGES:
        match = pattern.search(line)
        if match is None:
            continue
        try:
            first, last = parse_time(match[1]), parse_time(match[2])
        except Unreadable:
            continue
        minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
        if minutes > 0:
            return f"{line[: match.start()]} at {first:%H:%M} {line[match.end() :]}", minutes
    return line, None


def _with_days_of_next_week(line: str, now: datetime) -> str:
    """“Wednesday next week”, «через неделю в среду»: the day itself instead."""

    def day(match: re.Match[str]) -> str:
        ahead = 7 - now.weekday() + WEEKDAYS[norm(match["day"])]
        try:
            return f"{now.date() + timedelta(days=ahead):%Y-%m-%d}"
        except OverflowError:
            return match[0]

    for pattern in _DAYS_OF_NEXT_WEEK:
        line = pattern.sub(day, line, count=1)
    return line


def _runs(words: list[str], longest: int) -> Iterator[tuple[int, int]]:
    """Places of neighbouring words, the most words first, the last of a line before the first."""
    for size in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            yield start, start + size


def _without_length(words: list[str]) -> tuple[list[str], int | None]:
    """`for an hour`, `на 30 минут`: a number needs its unit."""
    for start, end in _runs(words, 4):
        run = words[start:end]
        if norm(run[0]) not in ("на", "for") or norm(run[-1]).strip(".,").isdigit():
            continue
        minutes = _minutes(run[1:])
        if 0 < minutes <= MOST_MINUTES:
            return words[:start] + words[end:], minutes
    return words, None


def _minutes(words: list[str]) -> int:
    """The length in words: as they stand, else with figures for numbers; 0 for none."""
    for said in (" ".join(words), " ".join(map(_meant, words))):
        try:
            return parse_duration(said) // 60
        except Unreadable:
            continue
    return 0


def _meant(word: str) -> str:
    bare = norm(word)
    return _MEANT.get(bare.strip(" ,."), bare)


def _without_moment(
    words: list[str], now: datetime, order: str, work: WorkCalendar | None
) -> tuple[list[str], datetime | None, bool]:
    for start, end in _runs(words, _LONGEST_RUN):
        run = words[start:end]
        if not _may_be_moment(run):
            continue
        before = len(run) > 1 and norm(run[0]) in _UNTIL
        said = " ".join(_meant(word) for word in run[before:]).strip(" ,.")
        moment = _moment(said, now, order)
        if moment is not None:
            moment, timed = _to_come(moment, said, now), _timed(said, now)
            if not timed:
                at = end_of_work(moment.date(), work)
                moment = moment.replace(hour=at.hour, minute=at.minute)
            return words[:start] + words[end:], moment, timed
    return words, None, False


def _moment(said: str, now: datetime, order: str) -> datetime | None:
    """In the order of the language, but for what cannot be meant so: 05.12 has its day first
    wherever it is written with a point, 25/12 has no month 25."""
    for way in ("dmy",) if _DOTTED.search(said) else (order, "dmy", "mdy"):
        try:
            return parse_due(said, now=now, order=way)
        except (Unreadable, ValueError, OverflowError):
            continue
    return None


def _may_be_moment(run: list[str]) -> bool:
    bare = [norm(word).strip(" ,.") for word in run]
    first, last = bare[0], bare[-1]
    if len(run) == 1:
        return first in _ALONE or first == "tonight" or _is_alone(first)
    if last in _LEADING - _CLOSING:
        return False
    if first in MONTHS:
        return run[1][:1].isdigit()
    starts_right = first in _LEADING or first in _ALONE or first in WEEKDAYS
    return starts_right or (first[:1].isdigit() and not bare[1].isdigit())


def _is_alone(figures: str) -> bool:
    """A time or a date without another word; 12.50 may be a price."""
    if not _ALONE_FIGURES.fullmatch(figures):
        return False
    return not _DOTTED.match(figures) or 1 <= int(figures.split(".")[1]) <= 12


def _timed(said: str, now: datetime) -> bool:
    try:
        parse_date(said, today=now.date())
    except Unreadable:
        return True
    return False


def _to_come(moment: datetime, said: str, now: datetime) -> datetime:
    """What is past is meant to come: a time tomorrow, a day of the week in the next one, a day
    without its year next year. Whoever says the year, or today, means it."""
    words = [word.strip(" ,.") for word in said.split()]
    if moment.astimezone(UTC) >= now.astimezone(UTC):
        return moment
    if any(word in WEEKDAYS for word in words):
        return moment + timedelta(days=7)
    if moment.date() == now.date():
        return moment if {"today", "сегодня"} & set(words) else moment + timedelta(days=1)
    without_year = _NUMBERS.match(said) or any(word in MONTHS for word in words)
    if without_year and not _YEAR_SAID.search(said):
        return _years_on(moment, 1)
    return moment


def _years_on(moment: datetime, years: int) -> datetime:
    """The same day and hour of another year; 28 February where it has no 29th."""
    return datetime.combine(add_months(moment.date(), 12 * years), moment.time(), moment.tzinfo)
