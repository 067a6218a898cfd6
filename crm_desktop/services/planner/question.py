"""The questions of the planner: everything between two moments for some people and resources.

The index of the starts is walked from the first day to the last one. What began earlier and still
goes on is asked for by its number alone: both back ends answer that from the indexes of starts and
ends, and there are few of them. Conditions on people are kept from their own indexes on purpose
(`+ 0`): a person's whole past is many times as large as three weeks of everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.schema import column_names
from crm_desktop.services.planner.bars import HALF_HOUR, Bar, Undated, many
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.private.service import BUSY, CLOSED, Privacy
from crm_desktop.services.reader import parts_of

MOST_ROWS = IN_LIST
MOST_UNDATED = 300
_WHO, _DUE, _LEVEL, _COLUMNS = 9, 11, 12, 13
"""The places of some of the columns, and how many there are."""
_AS_BEGUN = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a deadline at the start."""
Columns = Sequence[Sequence[Any]]


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
        # Most are due when they begin: a constant costs less than the same moment once more.
        told_due = sa.case((due == self._starts, sa.literal(_AS_BEGUN, due.type)), else_=due)
        self._columns = [
            table.c.id, self._starts, self._ends, schedule.column(scheduled.kind),
            self._state,
            schedule.tables.column(event, event.title), *about, table.c.version, self._who,
            schedule.column(scheduled.all_day), told_due,
            privacy.level_seen(table.c.id, lambda f: table.c[f.name]),
        ]  # fmt: skip
        self._rule = schedule.column(scheduled.rule)
        self._staff, self._resource = schedule.staff.key, schedule.resource.key

    # --- bars -------------------------------------------------------------------------------------

    def bars(
        self, groups: Sequence[Sequence[Ref]], since: datetime, until: datetime,
        meanwhile: Callable[[], list[Bar]],
    ) -> Iterator[list[Bar]]:  # fmt: skip
        """The bars of each group of rows in no order, as soon as they are known: while one group is
        worked on, the base already answers for the next one. Series are left to `meanwhile`
        (`services/planner/repeated`)."""
        days, everybody = self._on_days(since, until), [row for rows in groups for row in rows]
        with ThreadPoolExecutor(1, "owned") as asked, ThreadPoolExecutor(1, "beside") as beside:
            others = beside.submit(self._others, everybody, since, until)
            found = [asked.submit(self._asked, self._owned(rows, days)) for rows in groups]
            more = meanwhile()
            for rows, columns in zip(groups, found, strict=True):
                bars, among = self._of_owners(rows, columns.result()), set(rows)
                yield [*bars, *(b for b in chain(others.result(), more) if b.row in among)]

    def _others(self, rows: Sequence[Ref], since: datetime, until: datetime) -> list[Bar]:
        """What somebody takes part in, and what began before the days and still goes on. By the
        indexes alone first: of most records nobody but the responsible takes part."""
        with self._backend.read() as connection:
            return self._beside(connection, rows, (since, until))

    def _beside(
        self, connection: sa.Connection, rows: Sequence[Ref], between: tuple[datetime, datetime]
    ) -> list[Bar]:
        found: list[Bar] = []
        lasting = list(connection.execute(self._lasting(between[0])).scalars())
        shared = connection.execute(self._shared(rows, *between)).scalars()
        for some in parts_of(lasting):
            found += self._owned_bars(connection, rows, self._counted(some))
        for some in parts_of({*lasting, *shared}):
            found += self._shared_bars(connection, rows, self._counted(some))
        return found

    def of_moments(
        self, connection: sa.Connection, rows: Sequence[Ref], between: tuple[datetime, datetime]
    ) -> list[Bar]:
        """The bars between two moments that lie near each other, one question after another: no
        thread of its own would be worth it. Without series."""
        own = self._owned_bars(connection, rows, self._on_days(*between))
        return own + self._beside(connection, rows, between)

    def by_ids(
        self, connection: sa.Connection, rows: Sequence[Ref], ids: Sequence[int]
    ) -> list[Bar]:
        """The bars of these records, of a series those of its first date."""
        when = self._id.in_(ids)
        shared = self._shared_bars(connection, rows, when)
        return self._owned_bars(connection, rows, when) + shared

    def between(
        self, connection: sa.Connection, rows: Sequence[Ref], ids: Iterable[int],
        moments: tuple[datetime, datetime],
    ) -> list[Bar]:  # fmt: skip
        """The bars of these records between two moments, as `bars` gives them. Without series."""
        since, until = moments
        begun = sa.and_(self._starts >= since, self._starts < until)
        lasts = sa.and_(self._starts < since, self._ends > since)
        when = sa.and_(self._counted(sorted(ids)), sa.or_(begun, lasts))
        own = self._owned_bars(connection, rows, when)
        return own + self._shared_bars(connection, rows, when)

    def _asked(self, select: sa.Select[Any]) -> Columns:
        with self._backend.read() as connection:
            return self._backend.columns(connection, select)

    def _on_days(self, since: datetime, until: datetime) -> sa.ColumnElement[bool]:
        """What begins on the days."""
        return sa.and_(self._starts >= since, self._starts < until, self._counts())

    def _lasting(self, since: datetime) -> sa.Select[Any]:
        """What began before the days and still goes on."""
        return sa.select(self._id).where(self._starts < since, self._ends > since, self._counts())

    def _counted(self, ids: Sequence[int]) -> sa.ColumnElement[bool]:
        return sa.and_(self._id.in_(ids), self._counts())

    def _counts(self) -> sa.ColumnElement[bool]:
        closed = self._schedule.scheduled.closed
        open_ = sa.or_(self._state.is_(None), self._state.not_in(closed))
        return sa.and_(open_, self._rule.is_(None))

    def _owned(self, rows: Sequence[Ref], when: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """What these people are responsible for."""
        whose = (self._who + 0).in_(_ids(rows, self._staff))
        return sa.select(*self._columns).where(when, whose)

    def _shared(self, rows: Sequence[Ref], since: datetime, until: datetime) -> sa.Select[Any]:
        """What begins on the days and has any of these among those who take part."""
        part = self._schedule.part_column(self._schedule.takes_part.event)
        days = sa.and_(self._starts >= since, self._starts < until)
        return sa.select(part).select_from(self._source()).where(days, self._among(rows))

    def _source(self) -> sa.Join:
        schedule = self._schedule
        part = schedule.part_column(schedule.takes_part.event)
        return schedule.tables.main[schedule.event.key].join(
            schedule.tables.main[schedule.part.key], part == self._id
        )

    def _among(self, rows: Sequence[Ref]) -> sa.ColumnElement[bool]:
        names, column = self._schedule.takes_part, self._schedule.part_column
        return sa.or_(
            (column(names.staff) + 0).in_(_ids(rows, self._staff)),
            (column(names.resource) + 0).in_(_ids(rows, self._resource)),
        )

    def _owned_bars(
        self, connection: sa.Connection, rows: Sequence[Ref], when: sa.ColumnElement[bool]
    ) -> list[Bar]:
        return self._of_owners(rows, self._backend.columns(connection, self._owned(rows, when)))

    def _of_owners(self, rows: Sequence[Ref], found: Columns) -> list[Bar]:
        owners = {ref.id: ref for ref in rows if ref.entity == self._staff}
        return self._made(found, [owners[who] for who in found[_WHO]], repeat(0))

    def _shared_bars(
        self, connection: sa.Connection, rows: Sequence[Ref], when: sa.ColumnElement[bool]
    ) -> list[Bar]:
        """Once for everybody and everything that takes part, but not for whoever is responsible:
        theirs is there already."""
        schedule, names = self._schedule, self._schedule.takes_part
        taking = (schedule.part_column(key) for key in (names.staff, names.resource))
        columns = (*self._columns, schedule.tables.main[schedule.part.key].c.id, *taking)
        select = sa.select(*columns).select_from(self._source()).where(when, self._among(rows))
        found = self._backend.columns(connection, select)
        wanted, (parts, people, things) = set(rows), found[_COLUMNS:]
        refs = [
            Ref(self._staff, person) if thing is None else Ref(self._resource, thing)
            for person, thing in zip(people, things, strict=True)
        ]
        bars = self._made(found, refs, parts)
        return [
            bar for bar in bars
            if bar.row in wanted and (bar.row.entity != self._staff or bar.row.id != bar.who)
        ]  # fmt: skip

    def _made(self, found: Columns, rows: Sequence[Ref], parts: Iterable[int]) -> list[Bar]:
        """A bar for each row of the base, but those whose time is nobody else's business. By
        columns, for the speed."""
        ids, begins, ends, kinds, states, subjects, abouts, entities, versions, whos = found[:10]
        all_days, levels = found[10], found[_LEVEL]
        bars = many(
            Bar,
            zip(
                ids, rows, begins,
                _ends(begins, ends),
                _texts(kinds), _texts(states), _texts(subjects), self._about(abouts, entities),
                versions, [who or 0 for who in whos], parts, map(bool, all_days),
                _dues(begins, found[_DUE]), repeat(False), repeat(False), repeat(0), repeat(""),
            ),
        )  # fmt: skip
        if not any(levels):
            return bars
        told = (_as_told(bar, level) for bar, level in zip(bars, levels, strict=True))
        return [bar for bar in told if bar is not None]

    def _about(self, ids: Sequence[Any], entities: Sequence[Any]) -> Sequence[Ref | None]:
        if not any(entities):
            return [None] * len(ids)
        numbered = self._schedule.tables.catalogue.numbered
        names = {number: numbered(number).key for number in set(entities) if number is not None}
        return [
            None if id_ is None else Ref(names[number], id_)
            for id_, number in zip(ids, entities, strict=True)
        ]

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
        told = zip(*(found[n] for n in (0, 8, 5, 3, _WHO, _DUE, _LEVEL)), about, strict=True)
        return [
            Undated(id_, version, subject or "", kind or "", whom, who or 0, due or 0, 30)
            for id_, version, subject, kind, who, due, level, whom in told
            if level is None
        ]


def _ids(rows: Sequence[Ref], entity: str) -> list[int]:
    return [row.id for row in rows if row.entity == entity][:MOST_ROWS]


def _ends(begins: Sequence[int], ends: Sequence[int | None]) -> list[int]:
    """Half an hour where no end is known, and never less than a minute."""
    return [
        begin + HALF_HOUR if end is None else end if end > begin + 60 else begin + 60
        for begin, end in zip(begins, ends, strict=True)
    ]


def _dues(begins: Sequence[int], dues: Sequence[int | None]) -> list[int]:
    """The deadlines, 0 for none; told as 0 are those at the start."""
    return [due or (0 if due is None else begin) for begin, due in zip(begins, dues, strict=True)]


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
