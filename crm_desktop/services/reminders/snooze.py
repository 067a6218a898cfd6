"""Until when a reminder may be put off: 5, 10, 30 minutes, an hour, tomorrow at nine, a moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

MORNING = time(9)


def in_minutes(now: datetime, minutes: int) -> datetime:
    """So many minutes from now."""
    return now + timedelta(minutes=minutes)


def tomorrow(now: datetime, zone: tzinfo, at: time = MORNING) -> datetime:
    """The next day at that time on the clock of the zone, whatever the clocks do at night."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, at, zone).astimezone(UTC)
