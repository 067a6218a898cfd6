"""When a reminder comes up: pure arithmetic over an activity's times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_desktop.models.whole_days import date_of, is_midnight

OFFSETS = (0, 5, 10, 15, 30, 60, 120, 24 * 60, 7 * 24 * 60)
"""Minutes before that are offered."""
ALL_DAY = -9 * 60
"""What goes on all day begins at midnight: people are told at nine in the morning of that day."""
DAY = 24 * 60
ALL_DAY_OFFSETS = (ALL_DAY, ALL_DAY + 24 * 60, ALL_DAY + 7 * 24 * 60)
LATEST = timedelta(days=7)
"""A past moment that is older than this is no reason for a reminder of its own: whole plans of
former years are brought in from files."""


def zone_of(name: str | None, office: tzinfo | None = None) -> tzinfo | None:
    """The zone of this IANA name; the office's, or None for the computer's, if it has none."""
    if not name:
        return office
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return office


def base_moment(values: Mapping[str, Any]) -> datetime | None:
    """What reminders of an activity count from: its start, else the day it is due."""
    found = values.get("starts") or values.get("due")
    return found if isinstance(found, datetime) else None


class DayZones(NamedTuple):
    """Of what goes on all day: where whoever is told of it sits, and whose midnights begin it."""

    person: tzinfo
    office: tzinfo

    def with_own(self, own: tzinfo | None) -> DayZones:
        """Of what has a zone of its own; whoever sits elsewhere than the office keeps theirs."""
        if own is None:
            return self
        return DayZones(self.person if self.person != self.office else own, own)


def due_moment(moment: datetime, offset: int, day: DayZones | None = None) -> datetime:
    """The moment `offset` minutes before another.

    Before a day without a time (`day`) the clock on the wall of whoever is told counts, so that
    nine o'clock stays nine o'clock wherever that is, and when the clocks are changed; before a time
    of the day, minutes that pass.
    """
    if day is None:
        return moment - timedelta(minutes=offset)
    person, office = day
    whole = is_midnight(moment, office)
    date = date_of(moment, person, office) if whole else moment.astimezone(person).date()
    wall = datetime.combine(date, time()) - timedelta(minutes=offset)
    return wall.replace(tzinfo=person).astimezone(UTC)


def usual_reminders(
    values: Mapping[str, Any], usual: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    """The reminders of its kind, (minutes before, channel), as an activity gets them.

    Of what goes on all day people are told at nine, so many whole days before as it says.
    """
    if not values.get("all_day"):
        return list(usual)
    whole = [(ALL_DAY + minutes // DAY * DAY, channel) for minutes, channel in usual]
    return list(dict.fromkeys(whole))
