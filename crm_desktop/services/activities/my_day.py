"""What one colleague has to look after today, and an agenda of any days.

What is unfinished stays until somebody ends it or puts it off: an overdue activity is asked for
every day anew. Days are those of the person at the computer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.whole_days import end_of_day, midnight_in
from crm_desktop.services.activities.kinds import habits
from crm_desktop.services.activities.service import KEY, PART
from crm_desktop.services.private.service import CLOSED
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.services.workspace import Workspace

MOST = 300
"""Of one group, unless more is asked for; the rest stands in the list of activities."""
OVERDUE, TODAY, LATER, WAITING, UNDATED = "overdue", "today", "later", "waiting", "undated"
GROUPS = (OVERDUE, TODAY, WAITING, UNDATED)
READ = ("subject", "kind", "state", "author", "about", "starts", "ends", "due",
         "all_day", "priority", "attempt", "reason", "place", "rule", "moment")  # fmt: skip
"""What is known of an activity here."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """An activity in a group of the day. `when`: its start, else its deadline."""

    ref: Ref
    group: str
    values: Mapping[str, Any]
    rolled: bool = False
    """It was not done on its day and went over to this one, as its kind does."""

    @property
    def when(self) -> datetime | None:
        """The start, else the deadline."""
        found: datetime | None = self.values.get("starts") or self.values.get("due")
        return found

    def is_late(self, now: datetime, office: tzinfo | None = None) -> bool:
        """Whether its moment is past, or the last of the days that it goes on; `now` on the
        person's clock, `office`: its zone, if that is known."""
        when = self.when
        if when is None or self.rolled:
            return False
        starts, ends = self.values.get("starts"), self.values.get("ends")
        lasts = max(ends - starts, _DAY) if starts and ends else _DAY
        if self.values.get("all_day"):
            return end_of_day(when + lasts - _DAY, now.tzinfo or UTC, office) < now
        return (when + lasts if lasts > _DAY else when) < now


class Day(dict[str, list[Task]]):
    """The groups of a day, each in its order. `counts`: how many there are of each, also where
    only the first ones were asked for."""

    counts: Mapping[str, int]


def my_day(workspace: Workspace, who: int | None, most: int = MOST) -> Day:
    """A colleague's day, or everybody's with None: the first `most` of each group."""
    table = workspace.tables.main[KEY]
    begins, ends = day_bounds(workspace, workspace.clock.today())
    first, after = _of_whole_days(workspace, table, begins, ends)
    # Of a series the date that is due: it began long ago.
    at = sa.case(
        (table.c.recurrence.is_not(None), sa.func.coalesce(table.c.due, table.c.starts)),
        else_=sa.func.coalesce(table.c.starts, table.c.due),
    )
    # What goes on for several days is overdue when they are over.
    over = sa.case((table.c.recurrence.is_not(None), at), else_=sa.func.coalesce(table.c.ends, at))
    mine = [] if who is None else [table.c.author == who]
    active = [*mine, table.c.state.in_(("planned", "working")), table.c.kind != "leave"]
    open_ = table.c.state.in_(OPEN_STATES)
    rolls = sa.and_(table.c.kind.in_(_rolling(workspace)), table.c.recurrence.is_(None))
    wanted: dict[str, Sequence[sa.ColumnElement[bool]]] = {
        OVERDUE: [*active, at < first, over <= first, sa.not_(rolls)],
        TODAY: [*active, at < after, sa.or_(at >= first, over > first, rolls)],
        WAITING: [open_, _waits(workspace, table, who)],
        UNDATED: [*active, table.c.starts.is_(None), table.c.due.is_(None)],
    }
    found, counts = dict[str, list[int]](), dict[str, int]()
    for group, where in wanted.items():
        asked = sa.select(table.c.id).where(*where).order_by(at, table.c.id)
        with workspace.backend.read() as connection:
            ids = list(connection.execute(asked).scalars())
        ids = _told(workspace, ids)
        found[group], counts[group] = ids[:most], len(ids)
    day = Day(_tasks(workspace, found, begins))
    day.counts = counts
    return day


def _of_whole_days(
    workspace: Workspace, table: sa.Table, begins: datetime, ends: datetime
) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """The two moments to compare with; what goes on all day is kept by midnights of the office."""
    office, kind = workspace.worktime.usual_zone(), table.c.due.type
    whole = [midnight_in(moment.date(), office) for moment in (begins, ends)]
    all_day = table.c.all_day == sa.literal(True, table.c.all_day.type)
    first, after = (
        sa.case((all_day, sa.literal(there, kind)), else_=sa.literal(here, kind))
        for there, here in zip(whole, (begins, ends), strict=True)
    )
    return first, after


def _rolling(workspace: Workspace) -> list[str]:
    """The kinds of what goes over to the next day until it is done."""
    return [kind for kind, known in habits(workspace).items() if known.rolls]


def _waits(
    workspace: Workspace, table: sa.Table, who: int | None
) -> sa.ColumnElement[bool]:  # fmt: skip
    """Waiting for somebody outside, or handed to a colleague by the one who checks it."""
    if who is None:
        return table.c.state == "waiting"
    part = workspace.tables.main[PART]
    handed = sa.select(part.c.activity).where(part.c.staff == who, part.c.role == "auditor")
    return sa.or_(
        sa.and_(table.c.state == "waiting", table.c.author == who),
        sa.and_(table.c.id.in_(handed), table.c.author != who),
    )


@dataclass(frozen=True)
class Agenda:
    """A part of what is planned, in order of time; `total`: of how many."""

    tasks: Sequence[Task]
    total: int


def agenda(workspace: Workspace, who: int | None, first: date, last: date) -> list[Task]:
    """What a colleague, or everybody, has between two days, both included, in order of time."""
    return list(agenda_part(workspace, who, (first, last)).tasks)


def agenda_part(
    workspace: Workspace, who: int | None, days: tuple[date, date], *,
    offset: int = 0, limit: int | None = None,
) -> Agenda:  # fmt: skip
    """Of an agenda the `limit` entries after the first `offset` ones; all without a limit."""
    table = workspace.tables.main[KEY]
    begins, _end = day_bounds(workspace, days[0])
    _begin, ends = day_bounds(workspace, days[1])
    at = sa.func.coalesce(table.c.starts, table.c.due)
    lasts = sa.func.coalesce(table.c.ends, at)
    where: list[sa.ColumnElement[bool]] = [
        at < ends, sa.or_(at >= begins, lasts > begins), table.c.recurrence.is_(None),
        table.c.state.not_in(("declined", "cancelled")),
    ]  # fmt: skip
    theirs = [] if who is None else [_concerns(workspace, table, who)]
    wanted = sa.select(at, table.c.id).where(*where, *theirs)
    with workspace.backend.read() as connection:
        rows = connection.execute(wanted).all()
    dates = _dates(workspace, theirs, begins, ends)
    told = set(_told(workspace, [id_ for _when, id_ in rows]))
    every: list[tuple[datetime, int, Task | None]] = [
        (when, id_, None) for when, id_ in rows if id_ in told
    ]
    every += [(task.when or begins, task.ref.id, task) for task in dates]
    every.sort(key=lambda one: one[:2])
    part = every[offset : None if limit is None else offset + limit]
    ids = [id_ for _when, id_, task in part if task is None]
    known = {task.ref.id: task for task in _tasks(workspace, {LATER: ids})[LATER]}
    tasks = (task or known.get(id_) for _when, id_, task in part)
    return Agenda([task for task in tasks if task is not None], len(every))


def _told(workspace: Workspace, ids: Sequence[int]) -> list[int]:
    """Those of which others may know that they are there."""
    closed = workspace.privacy.outside(KEY, ids, (CLOSED,))
    return [id_ for id_ in ids if id_ not in closed]


def _concerns(workspace: Workspace, table: sa.Table, who: int) -> sa.ColumnElement[bool]:
    """What a colleague is responsible for or takes part in."""
    part = workspace.tables.main[PART]
    joined = sa.select(part.c.activity).where(
        part.c.staff == who, part.c.role != "auditor", part.c.answer != "declined"
    )
    return sa.or_(table.c.author == who, table.c.id.in_(joined))


def _dates(
    workspace: Workspace, theirs: Sequence[sa.ColumnElement[bool]], begins: datetime, ends: datetime
) -> list[Task]:
    """The dates of series between two moments; changed ones are activities like others."""
    dates = [
        one for one in SeriesDates(workspace).between(begins, ends) if one.record == one.series
    ]
    table = workspace.tables.main[KEY]
    series = {one.series for one in dates}
    if theirs and series:
        wanted = sa.select(table.c.id).where(table.c.recurrence.is_not(None), *theirs)
        with workspace.backend.read() as connection:
            series &= set(connection.execute(wanted).scalars())
    known = {task.ref.id: task for task in _tasks(workspace, {LATER: sorted(series)})[LATER]}
    return [
        replace(
            known[one.series],
            values={**known[one.series].values, "starts": one.starts, "ends": one.ends,
                    "due": one.starts, "moment": one.starts},
        )
        for one in dates
        if one.series in known
    ]  # fmt: skip


def _tasks(
    workspace: Workspace, found: Mapping[str, Sequence[int]], begins: datetime | None = None
) -> dict[str, list[Task]]:
    every = list(dict.fromkeys(id_ for ids in found.values() for id_ in ids))
    values = workspace.privacy.told(KEY, workspace.reader.many(KEY, every, READ))
    for id_, row in values.items():
        if row["rule"] and row["due"] and row["starts"]:
            length = row["ends"] - row["starts"] if row["ends"] is not None else None
            ends = row["due"] + length if length is not None else None
            values[id_] = {**row, "starts": row["due"], "ends": ends}

    def task(id_: int, group: str) -> Task:
        at = values[id_]["starts"] or values[id_]["due"]
        rolled = group == TODAY and begins is not None and at is not None and at < begins
        return Task(Ref(KEY, id_), group, values[id_], rolled)

    return {
        group: [task(id_, group) for id_ in ids if id_ in values] for group, ids in found.items()
    }


def day_bounds(workspace: Workspace, day: date) -> tuple[datetime, datetime]:
    """The midnights before and after a day, on the clock of the person at the computer."""
    zone = workspace.clock.zone()
    begins = datetime.combine(day, time(), zone)
    return begins, datetime.combine(day + timedelta(days=1), time(), zone)
