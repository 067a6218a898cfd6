"""When the next step is due, as people type it: a day, a day with a time, a length of time."""

from __future__ import annotations

from datetime import datetime, time

from crm_desktop.models.text.dates import parse_date, parse_datetime
from crm_desktop.models.text.problems import Unreadable

END_OF_WORK = time(18)


def parse_due(text: str, *, now: datetime, order: str = "dmy") -> datetime:
    """The moment, aware; a day without a time means the end of its work, 18:00.

    Raises Unreadable: empty, not_a_date, no_such_day.
    """
    try:
        day = parse_date(text, today=now.date(), order=order)
    except Unreadable:
        return parse_datetime(text, now=now, order=order, zone=now.tzinfo)
    return datetime.combine(day, END_OF_WORK, now.tzinfo)
