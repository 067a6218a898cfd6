"""How busy colleagues are today: their open deals and leads, and activities due by tonight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES as STILL_TO_DO
from crm_desktop.models.catalogue.builtin.lead import OPEN_STATES as UNDECIDED
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.sales_traits import Funnel, Leads
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.services.office.zone import office_zone
from crm_desktop.services.reader import parts_of
from crm_desktop.services.writing.batch import Batch

OPEN = ("open",)
Counted = tuple[EntityDef, str, str, tuple[str, ...], str]
"""An object, its fields of who and of the state, the states that count, its day or ''."""


def loads(batch: Batch, staff: Collection[int]) -> Counter[int]:
    """How much each of the colleagues has on the table, what this batch gives out among it."""
    found: Counter[int] = Counter()
    tonight = _tonight(batch)
    for counted in _counted(batch):
        for part in parts_of(staff):
            for who, count in batch.connection.execute(
                _asked(batch, counted, tonight), part_of(part)
            ):
                found[who] += count
        found.update(_in_hand(batch, counted, tonight, staff))
    return found


def part_of(ids: list[int]) -> dict[str, list[int]]:
    """The ids as a statement takes them."""
    return {"ids": ids}


def _counted(batch: Batch) -> Iterator[Counted]:
    for entity in batch.catalogue:
        funnel, times = entity.trait(Funnel), entity.trait(Scheduled)
        if funnel is not None:
            yield entity, funnel.who, funnel.state, OPEN, ""
        elif entity.trait(Leads) is not None:
            yield entity, "responsible", "state", UNDECIDED, ""
        elif times is not None:
            yield entity, times.who, times.state, STILL_TO_DO, times.due


def _asked(batch: Batch, counted: Counted, tonight: datetime) -> sa.Select[Any]:
    entity, who, state, open_states, due = counted
    tables = batch.reader.tables
    person = tables.column(entity, entity.field(who))
    column = tables.column(entity, entity.field(state))
    asked = sa.select(person, sa.func.count()).where(
        batch.backend.among(person, alone=True), column.in_(open_states)
    )
    if due:
        asked = asked.where(tables.column(entity, entity.field(due)) < tonight)
    return asked.group_by(person)


def _in_hand(
    batch: Batch, counted: Counted, tonight: datetime, staff: Collection[int]
) -> Iterator[int]:
    """Whose records are only being made in this batch."""
    entity, who, state, open_states, due = counted
    for staged in batch.rows.values():
        values = staged.after
        if staged.entity != entity or staged.before is not None or values is None:
            continue
        soon = not due or (values.get(due) is not None and values[due] < tonight)
        if soon and values.get(who) in staff and values.get(state) in open_states:
            yield values[who]


def _tonight(batch: Batch) -> datetime:
    """The end of today, as the office counts days."""
    zone = office_zone(batch.reader.tables, batch.connection)
    tomorrow = batch.now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone)
