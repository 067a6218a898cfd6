"""Times of day and moments as people type them.

Moments are aware: the zone comes from the caller (`zoneinfo`; Windows has no zone data of its own,
so the package `tzdata` must be installed there). `now` comes from the caller's clock.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from crm_desktop.models.text.days import LONGEST_DATE, parse_date
from crm_desktop.models.text.durations import parse_duration
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.problems import Unreadable

_AM_PM = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*час(?:а|ов)?)?\s*(a\.?m\.?|p\.?m\.?|утра|дня|вечера|ночи)"
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.\- ](\d{2}))?(?::(\d{2})(?:[.,]\d{1,9})?)?")
_CLOCK_RUN = re.compile(r"(\d{1,2})(\d{2})")
_CLOCK_WORDS = re.compile(
    r"(\d{1,2})\s*(?:ч|час|часа|часов|h)\.?(?:\s*(\d{1,2})\s*(?:м|мин|m|min)?\.?)?"
)
_NAMED_TIMES = {
    "полдень": time(12), "noon": time(12), "полночь": time(0), "midnight": time(0),
}  # fmt: skip


def parse_time(text: str) -> time:
    """The time of day; raises Unreadable: empty, not_a_time, no_such_time."""
    bare = norm(text)
    if len(bare) > LONGEST_DATE or not bare.isprintable():
        raise Unreadable("not_a_time")
    bare = re.sub(r"^(?:в|во|at|@)\s+", "", bare)
    if not bare:
        raise Unreadable("empty")
    if bare in _NAMED_TIMES:
        return _NAMED_TIMES[bare]
    match = _AM_PM.fullmatch(bare)
    if match:
        return _time(_hour_of_half(int(match[1]), match[3]), match[2], None)
    for pattern in (_CLOCK, _CLOCK_RUN, _CLOCK_WORDS):
        match = pattern.fullmatch(bare)
        if match:
            return _time(int(match[1]), match[2], match[3] if pattern is _CLOCK else None)
    raise Unreadable("not_a_time")


def _hour_of_half(hour: int, half: str) -> int:
    """The hour of 24 from one of 12; 25 when there is none."""
    if not 1 <= hour <= 12:
        return 25
    late = half.startswith(("p", "дня", "вечера"))
    return hour % 12 + (12 if late else 0)


def _time(hour: int, minute: str | None, second: str | None) -> time:
    try:
        return time(hour, int(minute or 0), int(second or 0))
    except ValueError:
        raise Unreadable("no_such_time") from None


def parse_datetime(
    text: str, *, now: datetime, zone: tzinfo | None = None, order: str = "dmy"
) -> datetime:
    """The moment in the text, in `zone` (that of `now`); raises what the other readers raise.

    A day alone is its midnight, a time alone is today; `in 2 hours` counts from `now`.
    """
    local = now.astimezone(zone) if zone else now
    for read in (_read_iso, _read_day_only, _read_span, _read_day_and_time):
        found = read(text, local, order)
        if found:
            return found
    try:
        clock = parse_time(text)
    except Unreadable as problem:
        raise Unreadable(_moment_code(problem.code)) from None
    return datetime.combine(local.date(), clock, local.tzinfo)


def _moment_code(code: str) -> str:
    return "not_a_date" if code == "not_a_time" else code


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.{0,24}", re.ASCII)


def _read_iso(text: str, local: datetime, _order: str) -> datetime | None:
    if not _ISO.fullmatch(text.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        zone = local.tzinfo
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError):
        raise Unreadable("no_such_day") from None


def _read_day_only(text: str, local: datetime, order: str) -> datetime | None:
    day = _try_day(text, local, order)
    return datetime.combine(day, time(), local.tzinfo) if day else None


def _read_span(text: str, local: datetime, _order: str) -> datetime | None:
    match = re.fullmatch(r"(?:\+|через\s|in\s)\s*(\D.*|.*\D.*)", norm(text))
    if not match:
        return None
    try:
        later = local.astimezone(UTC) + timedelta(seconds=parse_duration(match[1]))
        return later.astimezone(local.tzinfo)
    except (Unreadable, OverflowError):
        return None


def _read_day_and_time(text: str, local: datetime, order: str) -> datetime | None:
    """A day and a time in either order, parted by a blank, a comma or the T of ISO."""
    pieces = re.sub(r"(?<=\d)[,T]|,\s", " ", text[:LONGEST_DATE]).split()
    for cut in range(1, len(pieces)):
        halves = " ".join(pieces[:cut]), " ".join(pieces[cut:])
        for day_text, time_text in (halves, halves[::-1]):
            day = _try_day(day_text, local, order)
            clock = _try_time(time_text) if day else None
            if day and clock is not None:
                return datetime.combine(day, clock, local.tzinfo)
    return None


def _try_day(text: str, local: datetime, order: str) -> date | None:
    try:
        return parse_date(text, today=local.date(), order=order)
    except Unreadable:
        return None


def _try_time(text: str) -> time | None:
    try:
        return parse_time(text)
    except Unreadable:
        return None
