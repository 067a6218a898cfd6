"""Days of figures are those of the office, whoever asks from wherever.

Conditions on moments mean the days of the person at the computer. Where these are others than the
office's, a period is said by its moments, so that the rows of a number are those it counts.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from crm_desktop.services.conditions.values import Span
from crm_desktop.services.funnel.periods import Period

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_DAY, _INSTANT = timedelta(days=1), timedelta(milliseconds=1)
_SEASONS = (0, 91, 182, 274)
"""Days from now at which two zones are compared: summers may differ."""


def span_of(workspace: Workspace, period: Period) -> Span:
    """From the first moment of a period to the first one after it, in the office."""
    zone = workspace.worktime.office_zone()
    return Span(begin_of(period.since, zone), begin_of(period.until + _DAY, zone))


def begin_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), zone)


def bounds(workspace: Workspace, period: Period) -> tuple[str, str]:
    """The two ends of a "between" on moments; see `bounds_in`."""
    return bounds_in(other_zone(workspace), period)


def bounds_in(zone: tzinfo | None, period: Period) -> tuple[str, str]:
    """Days where `zone` is None: the person's are those of the office; else moments of the zone."""
    if zone is None:
        return period.since.isoformat(), period.until.isoformat()
    begin, end = begin_of(period.since, zone), begin_of(period.until + _DAY, zone)
    return begin.isoformat(), (end - _INSTANT).isoformat()


def other_zone(workspace: Workspace) -> tzinfo | None:
    """The zone of the office, if the clock of whoever asks shows another time."""
    office, here = workspace.worktime.office_zone(), workspace.clock.zone()
    now = workspace.clock.now()
    moments = [now + timedelta(days=days) for days in _SEASONS]
    same = all(one.astimezone(office).utcoffset() == one.astimezone(here).utcoffset()
               for one in moments)  # fmt: skip
    return None if same else office
