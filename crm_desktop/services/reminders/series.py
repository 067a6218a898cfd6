"""Reminders of what recurs: which occurrence has come up last, and when the next one does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from dateutil.tz import tzlocal

from crm_desktop.errors import UserError
from crm_desktop.models.recurrence.occurrences import IsWorkday, next_occurrence, occurrences
from crm_desktop.services.reminders.moments import DayZones, base_moment, due_moment, zone_of
from crm_desktop.services.reminders.question import Found

REACH = timedelta(days=62)
"""Occurrences that are missed for longer are not told of."""
_BEFORE_AND_AFTER = timedelta(days=1)
_TRIES = 50


class Turn(NamedTuple):
    """One occurrence of a series: when it is, and when its reminder comes up."""

    starts: datetime
    due: datetime


@dataclass
class SeriesTurns:
    """Remembers when each series comes up next, so that a look in between costs nothing."""

    is_workday: IsWorkday
    zones: Callable[[int | None], DayZones]
    """Of what goes on all day, for somebody who is told of it."""
    office: tzinfo | None = None
    _next: dict[int, tuple[Found, datetime | None]] = field(default_factory=dict)

    def last(self, found: Found, now: datetime, without: Collection[datetime]) -> Turn | None:
        """The latest occurrence whose reminder came up since it was made or answered."""
        handled = max(found.made, found.said_about or found.made)
        known = self._next.get(found.id)
        if known is not None and _same(known[0], found) and _later(known[1], now):
            return None
        since = max(handled, now - REACH) - _BEFORE_AND_AFTER
        shift = timedelta(minutes=found.offset)
        turns = self._turns(found, since + shift, now + shift + _BEFORE_AND_AFTER, without)
        turns = [turn for turn in turns if handled < turn.due]
        come = [turn for turn in turns if turn.due <= now]
        if not come:
            self._next[found.id] = found, self._first_after(found, now, without)
        return come[-1] if come else None

    def next(self, now: datetime) -> datetime | None:
        """The nearest moment at which a series that was looked at comes up."""
        moments = [moment for _found, moment in self._next.values() if moment and moment > now]
        return min(moments, default=None)

    def _turns(
        self, found: Found, after: datetime, before: datetime, without: Collection[datetime]
    ) -> list[Turn]:
        first = base_moment({"starts": found.starts, "due": found.deadline})
        zone = zone_of(found.zone, self.office)
        if first is None:
            return []
        try:
            moments = occurrences(
                found.rule, first, _zone(zone), after=after, before=before,
                is_workday=self.is_workday,
            )  # fmt: skip
        except UserError:  # a rule that another program wrote and nobody can read
            return []
        return [self._turn(found, moment) for moment in moments if moment not in without]

    def _first_after(
        self, found: Found, now: datetime, without: Collection[datetime]
    ) -> datetime | None:
        first = base_moment({"starts": found.starts, "due": found.deadline})
        zone = zone_of(found.zone, self.office)
        moment = now + timedelta(minutes=found.offset) - _BEFORE_AND_AFTER
        for _try in range(_TRIES):
            try:
                coming = first and next_occurrence(
                    found.rule, first, _zone(zone), moment, is_workday=self.is_workday
                )
            except UserError:
                return None
            if coming is None:
                return None
            turn = self._turn(found, coming)
            if turn.due > now and coming not in without:
                return turn.due
            moment = coming
        return now + _BEFORE_AND_AFTER

    def _turn(self, found: Found, moment: datetime) -> Turn:
        return Turn(moment, due_moment(moment, found.offset, self._day(found)))

    def _day(self, found: Found) -> DayZones | None:
        return self.zones(found.whom).with_own(zone_of(found.zone)) if found.all_day else None

    def starts_of(self, found: Found, due: datetime) -> datetime:
        """The occurrence of which a reminder came up at `due`."""
        day, before = self._day(found), timedelta(minutes=found.offset)
        first = base_moment({"starts": found.starts, "due": found.deadline})
        if day is None or first is None:
            return due + before
        wall = due.astimezone(day.person).replace(tzinfo=None) + before
        hour = first.astimezone(day.office).time()
        return datetime.combine(wall.date(), hour, day.office).astimezone(UTC)


def _same(one: Found, other: Found) -> bool:
    keys = ("offset", "starts", "deadline", "all_day", "zone", "rule", "said_about")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def _later(moment: datetime | None, now: datetime) -> bool:
    return moment is None or moment > now


def _zone(zone: tzinfo | None) -> tzinfo:
    return zone or tzlocal()
