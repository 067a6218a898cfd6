"""A day of the year that is changed takes along the activity that is planned for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.text.annual import next_round
from crm_desktop.services.annual.made import planned_for
from crm_desktop.services.annual.times import annual_link, day_of, day_values, is_own_day
from crm_desktop.services.office.leap_days import leap_day_in
from crm_desktop.services.office.zone import zone_in
from crm_desktop.services.rules.reminder import remind_of_activity
from crm_desktop.services.writing.batch import Batch, Staged


def move_planned(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """The open activity goes to the day when the date comes round next."""
    values, before = staged.after or {}, staged.before
    if before is None or values.get("day") is None or before.get("day") == values.get("day"):
        return
    event, _trait = batch.catalogue.with_trait(Scheduled)
    _event, link = annual_link(event, staged.entity)
    planned = [one for one in batch.linked(event, link, staged.id)
               if (one.after or {}).get("state") in OPEN_STATES]  # fmt: skip
    _move_all(batch, planned, int(values["day"]))


def move_planned_of_field(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """The same for a day that stands in a field of any object, such as a birthday."""
    values = staged.after or {}
    if staged.before is None:
        return
    for key in given:
        f = staged.entity.field(key)
        if is_own_day(staged.entity, f) and values.get(key) is not None:
            rows = planned_for(batch, [(staged.ref, f, batch.now.year)]).get((staged.ref, key), [])
            still = [one for one in rows if (one.after or {}).get("state") in OPEN_STATES]
            _move_all(batch, still, values[key])


def _move_all(batch: Batch, planned: Sequence[Staged], value: date | int) -> None:
    if planned:
        leap = leap_day_in(batch.connection, batch.reader.tables)
        for one in planned:
            _move(batch, one, day_of(value)[:2], leap)


def _move(
    batch: Batch, planned: Staged, to: tuple[int, int], leap: tuple[int, int]
) -> None:  # fmt: skip
    """To that day of the year the activity is of, or of the next one if it is past there."""
    starts = (planned.after or {}).get("starts")
    anchor = (planned.after or {}).get("anchor")
    if not isinstance(starts, datetime) or not isinstance(anchor, date):
        return
    zone = zone_in(batch.reader.tables, batch.connection, None)
    first = max(date(anchor.year, 1, 1), batch.now.astimezone(zone).date())
    times = day_values(planned.entity, next_round(*to, first, leap), zone)
    for key, value in times.items():
        batch.put(planned, key, value)
    batch.put(planned, "moment", times["starts"])
    remind_of_activity(batch, planned, tuple(times))
