"""When the next step is due, as people type it: a day, a day with a time, a length of time."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from crm_desktop.models.text.dates import parse_date, parse_datetime
from crm_desktop.models.text.problems import Unreadable

if TYPE_CHECKING:
    from crm_desktop.models.worktime.calendar import WorkCalendar

END_OF_WORK = time(18)
"""Where no working calendar says it."""


def end_of_work(day: date, work: WorkCalendar | None = None) -> time:
    """The time of day at which the work of a day ends by a calendar; of a day off that of a usual
    day."""
    ends = work.ends_at(day) if work is not None else None
    return ends or END_OF_WORK


def parse_due(
    text: str, *, now: datetime, order: str = "dmy", work: WorkCalendar | None = None
) -> datetime:
    """The moment, aware; a day without a time means the end of its work.

    Raises Unreadable: empty, not_a_date, no_such_day.
    """
    try:
        day = parse_date(text, today=now.date(), order=order)
    except Unreadable:
        return parse_datetime(text, now=now, order=order, zone=now.tzinfo)
    return datetime.combine(day, end_of_work(day, work), now.tzinfo)
