"""Who is away when the office works next: leave that lasts then, or no working day of one's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.models.recurrence.occurrences import occurrences
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.reader import parts_of
from crm_desktop.services.worktime.reading import Calendars, read_calendars
from crm_desktop.services.writing.batch import Batch


class Leave(NamedTuple):
    """An absence as it stands in the base; `rule` and `zone` where it recurs."""

    id: int
    who: int
    starts: datetime
    ends: datetime
    rule: str | None
    zone: str | None


def absent(batch: Batch, staff: Collection[int]) -> set[int]:
    """Those of the colleagues who are not there when the office works next."""
    if not staff:
        return set()
    calendars = read_calendars(batch.reader, batch.connection)
    office = WorkTime(calendars.of(None))
    try:
        moment = office.next_moment(batch.now)
    except InvalidInput:  # a calendar without any working time: nobody is ever there by it
        return _on_leave(batch, staff, batch.now, calendars)
    idle = {id_ for id_ in staff if not _works(calendars, id_, moment)}
    return idle | _on_leave(batch, staff, moment, calendars)


def _works(calendars: Calendars, staff: int, moment: datetime) -> bool:
    own = WorkTime(calendars.of(staff))
    return own.is_workday(own.day_of(moment))


def _on_leave(
    batch: Batch, staff: Collection[int], moment: datetime, calendars: Calendars
) -> set[int]:
    return {
        one.who for one in _leaves(batch, staff, moment, calendars.office)
        if (one.starts <= moment < one.ends if not one.rule else _recurs(batch, one, moment,
                                                                        calendars))
    }  # fmt: skip


def _leaves(
    batch: Batch, staff: Collection[int], moment: datetime, zone: tzinfo
) -> Iterator[Leave]:
    """What began by the moment and was not called off."""
    entity, times = batch.catalogue.with_trait(Scheduled)
    recurring = entity.trait(Recurring)
    assert recurring is not None
    tables = batch.reader.tables
    who, kind, state, starts, ends, rule, in_zone = (
        tables.column(entity, entity.field(key))
        for key in (times.who, times.kind, times.state, times.starts, times.ends, recurring.rule,
                    recurring.zone)
    )  # fmt: skip
    asked = sa.select(tables.main[entity.key].c.id, who, starts, ends, rule, in_zone).where(
        batch.backend.among(who, alone=True), kind.in_(times.lasting),
        state.not_in(times.closed), starts <= moment,
    )  # fmt: skip
    for part in parts_of(staff):
        for id_, person, since, until, recurs, named in batch.connection.execute(
            asked, {"ids": part}
        ):
            yield Leave(id_, person, since, until or _midnight(since, zone), recurs, named)


def _midnight(moment: datetime, zone: tzinfo) -> datetime:
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, zone)


def _recurs(batch: Batch, leave: Leave, moment: datetime, calendars: Calendars) -> bool:
    """Whether a date of recurring leave lasts at the moment; those that were changed are records
    of their own."""
    length = leave.ends - leave.starts
    office = calendars.of(None)

    def is_workday(day: Any) -> bool:
        return bool(office.plan(day).hours)

    try:
        dates = occurrences(
            str(leave.rule), leave.starts, zone_named(leave.zone) or calendars.office,
            after=moment - length, before=moment + timedelta(milliseconds=1),
            is_workday=is_workday,
        )  # fmt: skip
    except InvalidInput:  # written by another program
        return leave.starts <= moment < leave.ends
    entity = batch.catalogue.with_trait(Scheduled)[0]
    trait = entity.trait(Recurring)
    assert trait is not None
    rows = batch.reader.linked(entity.key, trait.series, [leave.id], batch.connection)
    replaced = {row.values.get(trait.occurrence) for row in rows.values()}
    return any(one <= moment < one + length for one in dates if one not in replaced)
