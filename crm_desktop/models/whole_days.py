"""Whole days seen from other zones: a day is a date and lies nowhere (RFC 5545, 3.3.4).

What goes on all day is kept from midnight to midnight in the office's zone. Its noon lies on the
same date in every zone less than twelve hours away, so that whoever sits elsewhere reads the date
off the noon and needs not know where the office is; where that is known, any zone will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

_TO_NOON = timedelta(hours=12)
_DAY = timedelta(days=1)
_MOST_AHEAD = 3
"""Dates that go on somewhere while another place begins the last of them: clocks are up to 26 hours
apart."""


def date_of(midnight: datetime, zone: tzinfo, office: tzinfo | None = None) -> date:
    """The date that begins at `midnight` of the office, as it is called in `zone`; wherever that
    is, if the zone of the `office` is known."""
    if office is not None and is_midnight(midnight, office):
        return midnight.astimezone(office).date()
    return (midnight + _TO_NOON).astimezone(zone).date()


def midnight_in(day: date, zone: tzinfo) -> datetime:
    """The moment at which the day begins there."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def is_midnight(moment: datetime, zone: tzinfo) -> bool:
    """Whether a day begins there at that moment."""
    return midnight_in(moment.astimezone(zone).date(), zone) == moment


def shown_in(moment: datetime, here: tzinfo, office: tzinfo) -> datetime:
    """What is due at a midnight of the office is due on a day: the midnight with which that day
    begins `here`. What has an hour stays."""
    if not is_midnight(moment, office):
        return moment
    return midnight_in(date_of(moment, here, office), here)


def overdue_after(due: datetime, here: tzinfo, office: tzinfo) -> datetime:
    """The moment after which what is due at `due` is overdue for somebody in `here`: `due` itself,
    but the end of its day where that begins at a midnight of the office, for then it is due all
    day."""
    return end_of_day(due, here, office) if is_midnight(due, office) else due


def end_of_day(midnight: datetime, here: tzinfo, office: tzinfo | None = None) -> datetime:
    """When the date that begins at `midnight` of the office is over in `here`."""
    return midnight_in(date_of(midnight, here, office) + _DAY, here)


def days_begun(now: datetime, here: tzinfo, office: tzinfo) -> tuple[datetime, ...]:
    """The midnights of the office that are past while their days are not over in `here`: what is
    due at one of them is not overdue yet."""
    today = now.astimezone(here).date()
    days = (midnight_in(today + n * _DAY, office) for n in range(_MOST_AHEAD))
    return tuple(midnight for midnight in days if midnight < now)


def seen_from(
    zone: tzinfo, values: Mapping[str, Any], keys: Iterable[str], office: tzinfo | None = None
) -> dict[str, Any]:
    """The values of a record that goes on all day as they are shown in `zone`: the moments under
    `keys` at the midnights with which their dates begin there. Other moments stay: what has a time
    of day was done at it."""
    found, starts = dict(values), values.get(next(iter(keys), ""))
    for key in keys:
        moment = values.get(key)
        if isinstance(moment, datetime) and isinstance(starts, datetime):
            days = (moment - starts) / timedelta(days=1)
            if abs(days - round(days)) < 1 / 20:  # a day has 23 to 25 hours
                found[key] = midnight_in(date_of(moment, zone, office), zone)
    return found
