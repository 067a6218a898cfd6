"""The bars of records that others have changed, read by their numbers alone: a colleague's save is
no reason to read everybody's weeks once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.catalogue.traits import Recurring, WorkDays, WorkHours
from crm_desktop.models.schema import link_target
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.planner.question import Question
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.planner.service import Planner

MOST = 60
"""Records that are read by themselves; of more, everything is read as quickly."""
Touched = Mapping[str, Collection[int]]


class Came(NamedTuple):
    """The records that stand no more as they did, and the bars that they have now."""

    ids: frozenset[int]
    bars: list[Bar]


@dataclass(frozen=True)
class Shown:
    """What is shown: whose rows, between which moments."""

    rows: Sequence[Ref]
    since: datetime
    until: datetime


def moves_rows(schedule: Schedule) -> frozenset[str]:
    """The objects that decide about rows and hours: after a change of these all is read anew."""
    catalogue = schedule.tables.catalogue
    found = {schedule.staff.key, schedule.resource.key}
    for entity in catalogue:
        rows = entity.trait(PlannerRows)
        if rows is not None:
            found |= {entity.key, link_target(entity.field(rows.group))}
        if entity.trait(WorkHours) is not None or entity.trait(WorkDays) is not None:
            found.add(entity.key)
    return frozenset(found)


def read_touched(
    planner: Planner, touched: Touched, bars: Iterable[Bar], shown: Shown
) -> Came | None:
    """What became of the touched records among the bars that are shown; None if more hangs on them
    than their own bars: all has to be read then."""
    schedule = planner.schedule
    if not moves_rows(schedule).isdisjoint(touched):
        return None
    ids, parts = (set(touched.get(one.key, ())) for one in (schedule.event, schedule.part))
    if not ids and not parts:
        return Came(frozenset(), [])
    if len(ids) + len(parts) > MOST:
        return None
    ids |= {bar.id for bar in bars if bar.part in parts} if parts else set()
    lasting = schedule.scheduled.lasting
    if any(bar.id in ids and (bar.series or bar.kind in lasting) for bar in bars):
        return None
    with planner.base.backend.reading(), planner.base.backend.read() as connection:
        ids |= _events_of(connection, schedule, parts)
        if len(ids) > IN_LIST or not _stand_alone(connection, schedule, ids):
            return None
        question = Question(planner.base.backend, schedule, planner.base.privacy)
        found = question.between(connection, shown.rows, ids, (shown.since, shown.until))
    return Came(frozenset(ids), found)


def _events_of(connection: sa.Connection, schedule: Schedule, parts: set[int]) -> set[int]:
    """In what these participations take part; those that are gone tell nothing."""
    if not parts:
        return set()
    event = schedule.part_column(schedule.takes_part.event)
    number = schedule.tables.main[schedule.part.key].c.id
    found = connection.execute(sa.select(event).where(number.in_(sorted(parts)))).scalars()
    return {id_ for id_ in found if id_ is not None}


def _stand_alone(connection: sa.Connection, schedule: Schedule, ids: set[int]) -> bool:
    """Whether all of them are there, and none is part of a series or keeps somebody from work: a
    series has other dates then, a row other hours."""
    event, scheduled = schedule.event, schedule.scheduled
    recurring = event.trait(Recurring)
    keys = (scheduled.kind, scheduled.rule, recurring.series if recurring else scheduled.rule)
    number = schedule.tables.main[event.key].c.id
    columns = [schedule.column(key) for key in keys]
    select = sa.select(*columns).where(number.in_(sorted(ids)))
    rows = connection.execute(select).all()
    return len(rows) == len(ids) and not any(
        kind in scheduled.lasting or rule or series for kind, rule, series in rows
    )
