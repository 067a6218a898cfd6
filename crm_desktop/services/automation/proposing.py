"""When somebody is free next, for a visit that a rule plans at a time that is taken.

Asked inside the transaction that writes, so that what the same save plans is busy, too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.automation.standing import dates_between, theirs
from crm_desktop.services.automation.values import zone
from crm_desktop.services.worktime.reading import Calendars, read_calendars
from crm_desktop.services.writing.batch import Batch

AHEAD = 28
"""Days that are searched."""
QUARTER = 15 * 60


def next_free(
    batch: Batch, who: int, span: tuple[datetime, datetime], *, but: int | None = None
) -> datetime | None:
    """The first quarter of an hour from the wanted time on, never in the past, at which somebody
    is at work and free for as long; None if there is none within four weeks."""
    from crm_desktop.services.planner.load import free_slot

    begin, end = max(span[0], batch.now), max(span[0], batch.now) + timedelta(days=AHEAD)
    length = max(int((span[1] - span[0]).total_seconds()), QUARTER)
    busy: list[tuple[int, int]] = []
    for id_, values in theirs(batch, who, (begin, end)):
        for at, lasts in dates_between(batch, values, begin, end) if id_ != but else ():
            busy.append((int(at.timestamp()), _up(int((at + lasts).timestamp()))))
    start = free_slot(busy, _worked(batch, who, begin), length, _up(int(begin.timestamp())))
    return None if start is None else datetime.fromtimestamp(start, UTC)


def _up(seconds: int) -> int:
    """The next full quarter of an hour."""
    return -(-seconds // QUARTER) * QUARTER


def _worked(batch: Batch, who: int, begin: datetime) -> list[tuple[int, int]]:
    """Working time; leave stands among what is planned."""
    times = WorkTime(calendars(batch).of(who))
    first = begin.astimezone(zone(batch)).date()
    return [
        (int(since.timestamp()), int(until.timestamp()))
        for day in range(AHEAD)
        for since, until in times.ranges(first + timedelta(days=day))
    ]


def calendars(batch: Batch) -> Calendars:
    """All calendars, read once in a batch."""
    known = batch.asked.get("calendars")
    if not isinstance(known, Calendars):
        known = batch.asked["calendars"] = read_calendars(batch.reader, batch.connection)
    return known
