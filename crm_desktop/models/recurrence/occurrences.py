"""The dates of a rule between two moments, by python-dateutil, with bounded work.

A rule is unfolded on the wall clock of the zone it was planned in, so that "Mondays at 10" stays at
10 when the clocks are changed. A time that the clocks skip is read with the offset before the
change, one that comes twice is its first (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from dateutil.rrule import rrulestr

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.recurrence.rule import (
    WORKING_WEEK,
    Recurrence,
    parse_recurrence,
    until_of,
)
from crm_desktop.models.recurrence.zones import zone_named

IsWorkday = Callable[[date], bool]
MOST_FOUND = 5_000
MOST_STEPS = {"YEARLY": 500, "MONTHLY": 3_000, "WEEKLY": 15_000}
"""Steps by its interval that one question takes in a rule; what comes later is not found."""
MOST_STEPS_ELSE = 40_000
MOST_PASSED = 60_000
"""Dates that one question walks over, those before the first one it asks for among them."""

_MARGIN = timedelta(hours=3)
"""By so much the clocks of a zone are changed at the most."""
_STEP = {
    "SECONDLY": timedelta(seconds=1), "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1),
}  # fmt: skip
_SEARCH = timedelta(days=366 * 41)


def occurrences(
    rule: str | Recurrence,
    starts: datetime,
    zone: tzinfo | str,
    *,
    after: datetime,
    before: datetime,
    is_workday: IsWorkday | None = None,
) -> list[datetime]:
    """The moments (UTC, sorted) with `after` <= moment < `before` at which the rule recurs.

    `starts` is the first one; all moments are aware. At most `MOST_FOUND` are given, and the work
    is bounded whatever the rule says. `is_workday` is asked by rules over working days.
    """
    place = _zone(zone)
    known = rule if isinstance(rule, Recurrence) else parse_recurrence(rule, place)
    taken = frozenset(known.exdates)
    found = {one for one in known.rdates if after <= one < before and one not in taken}
    if not known.rule and after <= starts < before and starts not in taken:
        found.add(starts.astimezone(UTC))
    for moment in _unfolded(known, starts, place, (after, before), is_workday):
        if len(found) >= MOST_FOUND:
            break
        if moment >= after and moment not in taken:
            found.add(moment)
    return sorted(found)


def next_occurrence(
    rule: str | Recurrence,
    starts: datetime,
    zone: tzinfo | str,
    moment: datetime,
    *,
    is_workday: IsWorkday | None = None,
) -> datetime | None:
    """The first date of the rule after `moment`; None if there is none within 41 years."""
    place = _zone(zone)
    known = rule if isinstance(rule, Recurrence) else parse_recurrence(rule, place)
    taken, after = frozenset(known.exdates), moment + timedelta(seconds=1)
    end = max(after, starts) + _SEARCH
    dates = _unfolded(known, starts, place, (after, end), is_workday)
    first = next((one for one in dates if one >= after and one not in taken), None)
    single = [*known.rdates, *(() if known.rule else (starts.astimezone(UTC),))]
    return min(
        (one for one in (first, *single) if one and one >= after and one not in taken),
        default=None,
    )


def check_rule(text: str, starts: datetime, zone: tzinfo | str) -> Recurrence:
    """The parsed rule; `InvalidInput` also when it never comes to a date at all."""
    known = parse_recurrence(text, _zone(zone))
    if next_occurrence(known, starts, zone, starts - timedelta(seconds=1)) is None:
        raise InvalidInput(_("No date fits this rule of recurrence"))
    return known


def _zone(zone: tzinfo | str) -> tzinfo:
    if not isinstance(zone, str):
        return zone
    found = zone_named(zone)
    if found is None:
        raise InvalidInput(_("There is no time zone “{name}”").format(name=zone[:60]))
    return found


# --- on the wall clock ----------------------------------------------------------------------------


def _unfolded(
    known: Recurrence,
    starts: datetime,
    zone: tzinfo,
    between: tuple[datetime, datetime],
    is_workday: IsWorkday | None,
) -> Iterator[datetime]:
    """The dates of the RRULE from about `after` on, rising, none twice."""
    if not known.rule:
        return
    wall = starts.astimezone(zone).replace(tzinfo=None, fold=0)
    first = between[0].astimezone(zone).replace(tzinfo=None) - _MARGIN
    last = between[1].astimezone(zone).replace(tzinfo=None) + _MARGIN
    parts = known.parts()
    end = min(last, until_of(parts, zone) or last)
    if end < wall:
        return
    by_calendar = known.workdays and is_workday is not None and _over_workdays(parts)
    dates = (
        _workday_dates(parts, wall, end, is_workday)
        if by_calendar and is_workday is not None
        else _plain_dates(parts, wall, first, end)
    )
    former = None
    for one in dates:
        moment = one.replace(tzinfo=zone).astimezone(UTC)
        if moment >= between[1]:
            return
        if former is None or moment > former:
            yield moment
        former = moment


class _TooFarError(Exception):
    """The steps of one question are used up."""


class _CountedStep(int):
    """An interval that counts how often dateutil adds it: its own end is looked at only when a
    date is found, so that a rule without any date would run to the year 9999."""

    left = MOST_STEPS_ELSE

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooFarError

    def __radd__(self, other: int) -> int:
        self._count()
        return other + int(self)

    def __mul__(self, other: int) -> int:
        self._count()
        return int(self) * other


def _plain_dates(
    parts: dict[str, str], wall: datetime, first: datetime, end: datetime
) -> Iterator[datetime]:
    """The dates by dateutil, begun near `first` where nothing is counted from the start."""
    left = int(parts["COUNT"]) if "COUNT" in parts else None
    begin = wall if left is not None else _nearer(parts, wall, first)
    # UNTIL and COUNT are held here: dateutil wants the zone of the start for one of them.
    given = ";".join(f"{k}={v}" for k, v in parts.items() if k not in ("UNTIL", "COUNT"))
    step = _CountedStep(parts.get("INTERVAL", "1"))
    step.left = MOST_STEPS.get(parts["FREQ"], MOST_STEPS_ELSE)
    try:
        made = rrulestr(given, dtstart=begin).replace(interval=step)
        for number, one in enumerate(made):
            if one > end or number == left or number > MOST_PASSED:
                return
            yield one
    except (ValueError, _TooFarError):  # parts that never hold together are found on the way
        return


def _nearer(parts: dict[str, str], wall: datetime, first: datetime) -> datetime:
    """A start near `first` that keeps the step of the rule: years of days need not be walked."""
    step = _STEP.get(parts["FREQ"])
    if step is None or first <= wall:
        return wall
    stride = step * int(parts.get("INTERVAL", "1"))
    return wall + max(0, (first - wall) // stride - 1) * stride


# --- working days of the calendar -----------------------------------------------------------------


def _over_workdays(parts: dict[str, str]) -> bool:
    plain = frozenset(parts.get("BYDAY", "").split(",")) == WORKING_WEEK
    return parts["FREQ"] == "MONTHLY" and plain and "BYSETPOS" in parts


def _workday_dates(
    parts: dict[str, str], wall: datetime, end: datetime, is_workday: IsWorkday
) -> Iterator[datetime]:
    """The n-th working days of months, such as the last one, by a calendar with holidays."""
    places = sorted({int(one) for one in parts["BYSETPOS"].split(",")})
    months = {int(one) for one in parts.get("BYMONTH", "").split(",") if one}
    left = int(parts.get("COUNT", "0")) or None
    month, step = wall.year * 12 + wall.month - 1, int(parts.get("INTERVAL", "1"))
    while month <= end.year * 12 + end.month - 1:
        fitting = not months or month % 12 + 1 in months
        for day in _placed(month, places, is_workday) if fitting else ():
            one = datetime.combine(day, wall.time())
            if one > end or left == 0:
                return
            if one >= wall:
                left = left if left is None else left - 1
                yield one
        month += step


def _placed(month: int, places: list[int], is_workday: IsWorkday) -> list[date]:
    """The days at these places among the working days of a month (months since the year 0)."""
    day = date(month // 12, month % 12 + 1, 1)
    days: list[date] = []
    while day.month == month % 12 + 1:
        if is_workday(day):
            days.append(day)
        day += timedelta(days=1)
    chosen = {days[p - 1 if p > 0 else p] for p in places if abs(p) <= len(days)}
    return sorted(chosen)


def contains(moments: list[datetime], moment: datetime) -> bool:
    """Whether a sorted list holds the moment."""
    place = bisect_left(moments, moment)
    return place < len(moments) and moments[place] == moment
