"""The questions of the planner: everything between two moments for some people and resources.

The index of the starts is walked from `REACH` before the first day. What began earlier and still
goes on is asked for by its number alone: both back ends answer that from the indexes of starts and
ends, and there are few of them. Conditions on people are kept from their own indexes on purpose
(`+ 0`): a person's whole past is many times as large as three weeks of everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.backend.types import seconds_of
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.schema import column_names
from crm_desktop.services.planner.bars import HALF_HOUR, Bar, Undated
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.privacy import BUSY, CLOSED, Privacy
from crm_desktop.services.reader import parts_of

REACH = timedelta(days=14)
"""What begins earlier before the days that are looked at is asked for by a question of its own."""
MOST_ROWS = IN_LIST
MOST_UNDATED = 300


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
        self._columns = [
            table.c.id, _raw(self._starts), _raw(self._ends), schedule.column(scheduled.kind),
            self._state,
            schedule.tables.column(event, event.title), *about, table.c.version, self._who,
            _raw(schedule.column(scheduled.all_day)), _raw(schedule.column(scheduled.due)),
            privacy.level_seen(table.c.id, lambda f: table.c[f.name]),
        ]  # fmt: skip
        self._rule = schedule.column(scheduled.rule)
        self._staff, self._resource = schedule.staff.key, schedule.resource.key

    # --- bars -------------------------------------------------------------------------------------

    def bars(
        self, connection: sa.Connection, rows: Sequence[Ref], since: datetime, until: datetime
    ) -> list[Bar]:
        """The bars of the rows in no order; series are left to `services/planner/repeated`."""
        wanted, seen = {ref: ref for ref in rows}, set[int]()
        found: list[Bar] = []
        for when in self._windows(connection, since, until):
            for row in connection.execute(self._select(rows).where(when)):
                found += self.spread(row, wanted, seen)
        return found

    def _windows(
        self, connection: sa.Connection, since: datetime, until: datetime
    ) -> Iterator[sa.ColumnElement[bool]]:
        """What begins within reach, and what has been going on for longer."""
        starts, ends, reach = self._starts, self._ends, since - REACH
        over = sa.or_(ends > since, sa.and_(ends.is_(None), starts >= since))
        yield sa.and_(starts >= reach, starts < until, over, self._counts())
        lasting = sa.select(self._id).where(starts < reach, ends > since, self._counts())
        for some in parts_of(connection.execute(lasting).scalars()):
            yield self._id.in_(some)

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

    def spread(self, row: Sequence[Any], wanted: Mapping[Ref, Ref], seen: set[int]) -> list[Bar]:
        """The bars of one row of the base: of who is responsible, and of who takes part. A record
        comes once for each of these; `seen` holds those whose own bar is there already."""
        part, person, thing = row[13:16]
        owner = wanted.get(Ref(self._staff, row[9] or 0))
        bar = self.bar(row, owner or Ref(self._staff, row[9] or 0))
        if bar is None:
            return []
        if part is None:
            return [bar] if owner is not None else []
        found = [bar] if owner is not None and bar.id not in seen else []
        seen.add(bar.id)
        if thing is None and person == row[9]:
            return found
        ref = Ref(self._staff, person) if thing is None else Ref(self._resource, thing)
        if ref in wanted:
            found.append(bar._replace(row=ref, part=part))
        return found

    def bar(self, row: Sequence[Any], ref: Ref) -> Bar | None:
        """A bar of a row of the base; None where its time is nobody else's business."""
        level = row[12]
        if level == CLOSED:
            return None
        hidden = level == BUSY
        starts, ends, about, due = row[1], row[2], row[6], row[11]
        begin = seconds_of(starts)
        end = seconds_of(ends) if ends is not None else begin + HALF_HOUR
        deadline = 0 if due is None else begin if due == starts else seconds_of(due)
        whom = None
        if about is not None and level is None:
            whom = Ref(self._schedule.tables.catalogue.numbered(row[7]).key, about)
        return Bar(
            row[0], ref, begin, max(end, begin + 60), row[3] or "", row[4] or "",
            "" if hidden else row[5] or "", whom, row[8], row[9] or 0, 0, bool(row[10]), deadline,
            hidden,
        )  # fmt: skip

    def by_ids(
        self, connection: sa.Connection, rows: Sequence[Ref], ids: Sequence[int]
    ) -> list[Any]:
        """The rows of the base of which `spread` makes bars."""
        return list(connection.execute(self._select(rows).where(self._id.in_(ids))).all())

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
        catalogue = schedule.tables.catalogue
        return [
            Undated(
                row[0], row[8], row[5] or "", row[3] or "",
                Ref(catalogue.numbered(row[7]).key, row[6]) if row[6] is not None else None,
                row[9] or 0, seconds_of(row[11]) if row[11] is not None else 0, 30,
            )
            for row in connection.execute(few).all()
            if row[12] is None
        ]  # fmt: skip


def _raw(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """As the driver gives it: `seconds_of` makes numbers of moments without detours."""
    return sa.type_coerce(column, sa.types.NullType())
