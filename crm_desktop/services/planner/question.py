"""The questions of the planner: everything between two moments for some people and resources.

The index of the starts is walked from the first day to the last one. What began earlier and still
goes on is asked for by its number alone: both back ends answer that from the indexes of starts and
ends, and there are few of them. Conditions on people are kept from their own indexes on purpose
(`+ 0`): a person's whole past is many times as large as three weeks of everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import repeat
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.schema import column_names
from crm_desktop.services.planner.bars import HALF_HOUR, Bar, Undated, many
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.privacy import BUSY, CLOSED, Privacy
from crm_desktop.services.reader import parts_of

MOST_ROWS = IN_LIST
MOST_UNDATED = 300
_NOBODY = Ref("", 0)


class Question:
    """Asks one base; `privacy` says what is told of private matters."""

    def __init__(self, backend: Backend, schedule: Schedule, privacy: Privacy) -> None:
        self._backend, self._schedule = backend, schedule
        scheduled, event = schedule.scheduled, schedule.event
        table = schedule.tables.main[event.key]
        about = [table.c[name] for name in column_names(event.field(scheduled.about))]
        self._id = table.c.id
        self._starts, self._ends = (
            schedule.column(scheduled.starts),
            schedule.column(scheduled.ends),
        )
        self._who = schedule.column(scheduled.who)
        self._state = schedule.column(scheduled.state)
        due = schedule.column(scheduled.due)
        has_due = sa.case((due.is_(None), 0), else_=1)
        other = sa.func.nullif(due, self._starts, type_=due.type)  # most are due when they begin
        self._columns = [
            table.c.id, self._starts, self._ends, schedule.column(scheduled.kind),
            self._state,
            schedule.tables.column(event, event.title), *about, table.c.version, self._who,
            schedule.column(scheduled.all_day), has_due, other,
            privacy.level_seen(table.c.id, lambda f: table.c[f.name]),
        ]  # fmt: skip
        self._rule = schedule.column(scheduled.rule)
        self._staff, self._resource = schedule.staff.key, schedule.resource.key

    # --- bars -------------------------------------------------------------------------------------

    def bars(
        self, connection: sa.Connection, rows: Sequence[Ref], since: datetime, until: datetime
    ) -> list[Bar]:
        """The bars of the rows in no order; series are left to `services/planner/repeated`."""
        with ThreadPoolExecutor(1, thread_name_prefix="lasting") as beside:
            lasting = beside.submit(self._lasting, since)  # meanwhile, on another connection
            found = self._bars_of(connection, rows, self._on_days(since, until))
            for some in parts_of(lasting.result()):
                found += self.by_ids(connection, rows, some)
        return found

    def by_ids(
        self, connection: sa.Connection, rows: Sequence[Ref], ids: Sequence[int]
    ) -> list[Bar]:
        """The bars of these records, of a series those of its first date."""
        return self._bars_of(connection, rows, self._id.in_(ids))

    def _on_days(self, since: datetime, until: datetime) -> sa.ColumnElement[bool]:
        """What begins on the days."""
        starts, ends = self._starts, self._ends
        over = sa.or_(ends.is_(None), ends > since)
        return sa.and_(starts >= since, starts < until, over, self._counts())

    def _lasting(self, since: datetime) -> list[int]:
        """What began before the days and still goes on."""
        ids = sa.select(self._id).where(self._starts < since, self._ends > since, self._counts())
        with self._backend.read() as connection:
            return list(connection.execute(ids).scalars())

    def _counts(self) -> sa.ColumnElement[bool]:
        closed = self._schedule.scheduled.closed
        open_ = sa.or_(self._state.is_(None), self._state.not_in(closed))
        return sa.and_(open_, self._rule.is_(None))

    def _select(self, rows: Sequence[Ref]) -> sa.Select[Any]:
        """Every record once, and once more for everybody who takes part in it."""
        schedule, names = self._schedule, self._schedule.takes_part
        staff = [r.id for r in rows if r.entity == schedule.staff.key][:MOST_ROWS]
        things = [r.id for r in rows if r.entity == schedule.resource.key][:MOST_ROWS]
        part = schedule.tables.main[schedule.part.key]
        person, thing = schedule.part_column(names.staff), schedule.part_column(names.resource)
        source = schedule.tables.main[schedule.event.key].outerjoin(
            part, schedule.part_column(names.event) == self._id
        )
        pairs = ((self._who, staff), (person, staff), (thing, things))
        among = [(column + 0).in_(ids) for column, ids in pairs if ids]
        wanted = sa.select(*self._columns, part.c.id, person, thing).select_from(source)
        return wanted.where(sa.or_(*among, sa.false()))

    def _bars_of(
        self, connection: sa.Connection, rows: Sequence[Ref], when: sa.ColumnElement[bool]
    ) -> list[Bar]:
        found = self._backend.columns(connection, self._select(rows).where(when))
        parts, people, things = found[14:]
        bars = self._made(found, {ref.id: ref for ref in rows if ref.entity == self._staff})
        if not any(parts):
            return [bar for bar in bars if bar is not None and bar.row is not _NOBODY]
        return self._spread(bars, list(zip(parts, people, things, strict=True)), set(rows))

    def _made(self, found: Sequence[Sequence[Any]], owners: Mapping[int, Ref]) -> list[Bar | None]:
        """A bar for each row of the base, in the row of who is responsible, `_NOBODY` where that is
        not shown; None where its time is nobody else's business. By columns, for the speed."""
        ids, begins, ends, kinds, states, subjects, abouts, entities, versions, whos = found[:10]
        all_days, levels = found[10], found[13]
        bars = many(
            Bar,
            zip(
                ids, [owners.get(who, _NOBODY) for who in whos], begins,
                _ends(begins, ends),
                _texts(kinds), _texts(states), _texts(subjects), self._about(abouts, entities),
                versions, [who or 0 for who in whos], repeat(0), map(bool, all_days),
                _dues(begins, found), repeat(False), repeat(False), repeat(0), repeat(""),
            ),
        )  # fmt: skip
        if not any(levels):
            return [*bars]
        return [_as_told(bar, level) for bar, level in zip(bars, levels, strict=True)]

    def _about(self, ids: Sequence[Any], entities: Sequence[Any]) -> Sequence[Ref | None]:
        if not any(entities):
            return [None] * len(ids)
        numbered = self._schedule.tables.catalogue.numbered
        names = {number: numbered(number).key for number in set(entities) if number is not None}
        return [
            None if id_ is None else Ref(names[number], id_)
            for id_, number in zip(ids, entities, strict=True)
        ]

    def _spread(
        self, bars: Sequence[Bar | None], parts: Sequence[tuple[Any, Any, Any]], wanted: set[Ref]
    ) -> list[Bar]:
        """The bars of who is responsible and of who takes part: a record comes once for each."""
        found: list[Bar] = []
        seen = set[int]()
        for bar, (part, person, thing) in zip(bars, parts, strict=True):
            if bar is None:
                continue
            if bar.row is not _NOBODY and bar.id not in seen:
                found.append(bar)
            seen.add(bar.id)
            if part is None or (thing is None and person == bar.who):
                continue
            ref = Ref(self._staff, person) if thing is None else Ref(self._resource, thing)
            if ref in wanted:
                found.append(bar._replace(row=ref, part=part))
        return found

    # --- what has no time yet ---------------------------------------------------------------------

    def undated(self, connection: sa.Connection, staff: Sequence[int]) -> list[Undated]:
        """What is planned and has no start, by its deadline; of these people and of nobody."""
        scheduled, schedule = self._schedule.scheduled, self._schedule
        due = schedule.column(scheduled.due)
        mine = sa.or_(self._who.in_(staff[:MOST_ROWS]), self._who.is_(None))
        wanted = sa.select(*self._columns).where(
            self._state == scheduled.planned, self._starts.is_(None), mine
        )
        last = sa.case((due.is_(None), 1), else_=0)
        few = self._backend.limit(wanted.order_by(last, due, self._id), MOST_UNDATED)
        found = self._backend.columns(connection, few)
        about = self._about(found[6], found[7])
        told = zip(*(found[n] for n in (0, 8, 5, 3, 9, 12, 13)), about, strict=True)
        return [
            Undated(id_, version, subject or "", kind or "", whom, who or 0, due or 0, 30)
            for id_, version, subject, kind, who, due, level, whom in told
            if level is None
        ]


def _ends(begins: Sequence[int], ends: Sequence[int | None]) -> list[int]:
    """Half an hour where no end is known, and never less than a minute."""
    return [
        begin + HALF_HOUR if end is None else end if end > begin + 60 else begin + 60
        for begin, end in zip(begins, ends, strict=True)
    ]


def _dues(begins: Sequence[int], found: Sequence[Sequence[Any]]) -> list[int]:
    """The deadlines, 0 for none."""
    has_due, others = found[11:13]
    return [
        other or (begin if there else 0)
        for begin, there, other in zip(begins, has_due, others, strict=True)
    ]


def _texts(column: Sequence[str | None]) -> Sequence[str]:
    return [text or "" for text in column]


def _as_told(bar: Bar, level: str | None) -> Bar | None:
    """The bar as somebody else may see it."""
    if level is None:
        return bar
    if level == CLOSED:
        return None
    hidden = level == BUSY
    return bar._replace(about=None, hidden=hidden, subject="" if hidden else bar.subject)
