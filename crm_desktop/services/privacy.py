"""Whose business a scheduled record is: the one place that decides what others see of it.

The field that `Scheduled.private` names holds the level. Who is responsible, who made the record
and who takes part see all of it and may change it. For everybody else: `open` can be seen and
changed, `view` only seen; of `title` the planner tells time and subject, of `busy` only the time,
and of `closed` nothing. Lists, search, cards, timelines and files leave the last three out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import Private
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.models.schema import Tables
from crm_desktop.services.changes import ChangeSet
from crm_desktop.services.clock import Clock
from crm_desktop.services.reader import parts_of

VIEW, TITLE, BUSY, CLOSED = "view", "title", "busy", "closed"
HIDDEN = (TITLE, BUSY, CLOSED)
"""Levels at which others find the record nowhere but in the planner."""
KEPT = (VIEW, *HIDDEN)
"""Levels at which others may not change it."""
_LOOKED_AGAIN = timedelta(minutes=5)
_MOST_TOUCHED = 500
Row = Mapping[str, Any]
Column = Callable[[Field], sa.ColumnElement[Any]]


class Privacy:
    """What the person who works here may see; safe from several threads."""

    def __init__(
        self, backend: Backend, tables: Tables, clock: Clock, who: Callable[[], int | None]
    ) -> None:
        self._backend, self._tables, self._clock, self._who = backend, tables, clock, who
        catalogue = tables.catalogue
        self.entity: EntityDef | None = None
        if any(e.trait(Scheduled) for e in catalogue) and any(
            e.trait(TakesPart) for e in catalogue
        ):
            self.entity, self._scheduled = catalogue.with_trait(Scheduled)
            self._part, self._takes = catalogue.with_trait(TakesPart)
        self._known: bool | None = None
        self._touched: frozenset[int] = frozenset()
        self._looked: datetime | None = None

    # --- conditions -------------------------------------------------------------------------------

    def narrowing(self, entity: EntityDef, id_: sa.ColumnElement[Any], column: Column) -> Any:
        """The condition that keeps others' private records out; None where there are none.

        `column` gives the column of a field as the statement names it.
        """
        if self.entity is None or entity.key != self.entity.key or not self._anything():
            return None
        level = column(entity.field(self._scheduled.private))
        return sa.or_(level.is_(None), level.not_in(HIDDEN), *self._inside(id_, column))

    def level_seen(self, id_: sa.ColumnElement[Any], column: Column) -> sa.ColumnElement[Any]:
        """The level of a record as it is for the person: NULL for what may be seen, `TITLE` and
        `BUSY` for what is partly told, `CLOSED` for what is not. Read with the row."""
        assert self.entity is not None
        level = column(self.entity.field(self._scheduled.private))
        own = sa.or_(*self._inside(id_, column))
        return sa.case((sa.and_(level.in_(HIDDEN), sa.not_(own)), level), else_=sa.null())

    def _inside(
        self, id_: sa.ColumnElement[Any], column: Column
    ) -> Iterable[sa.ColumnElement[bool]]:
        assert self.entity is not None
        me, main = self._who(), self._tables.main[self.entity.key]
        who = column(self.entity.field(self._scheduled.who))
        if me is None:  # nobody in particular: what is nobody's
            return [who.is_(None)]
        part = self._tables.main[self._part.key].alias()
        names = {key: self._part.field(key).name for key in (self._takes.event, self._takes.staff)}
        mine = sa.select(sa.literal(1)).where(
            part.c[names[self._takes.event]] == id_, part.c[names[self._takes.staff]] == me
        )
        return [who == me, main.c.created_by == me, sa.exists(mine.correlate_except(part))]

    # --- records ----------------------------------------------------------------------------------

    def outside(
        self, entity: str, ids: Iterable[int], levels: Collection[str] = HIDDEN
    ) -> set[int]:
        """Those of the records that are others' private business."""
        if self.entity is None or entity != self.entity.key or not self._anything():
            return set()
        main = self._tables.main[entity]

        def column(f: Field) -> sa.ColumnElement[Any]:
            return main.c[f.name]

        level = column(self.entity.field(self._scheduled.private))
        wanted = sa.select(main.c.id).where(
            level.in_(tuple(levels)), sa.not_(sa.or_(*self._inside(main.c.id, column)))
        )
        found: set[int] = set()
        with self._backend.read() as connection:
            for some in parts_of(ids):
                found.update(connection.execute(wanted.where(main.c.id.in_(some))).scalars())
        return found

    def check(self, ref: Ref) -> None:
        """`Private` if the person may not see the record."""
        if self.outside(ref.entity, [ref.id]):
            raise Private(_("This is somebody's private matter: only who takes part sees it"))

    def told(self, entity: str, rows: Mapping[int, Row]) -> dict[int, dict[str, Any]]:
        """The values of records as the planner tells them: without what is closed, only the times
        of what is busy, and with the subject where that may be known."""
        found = {id_: dict(row) for id_, row in rows.items()}
        if self.entity is None or not self.outside(entity, rows):
            return found
        closed, busy = (self.outside(entity, rows, (level,)) for level in (CLOSED, BUSY))
        titled = self.outside(entity, rows, (TITLE,))
        s, title = self._scheduled, self.entity.title_field
        times = (s.starts, s.ends, s.due, s.all_day, s.who, s.kind, s.state, s.rule, "moment")
        for id_ in closed:
            del found[id_]
        for id_ in busy | titled:
            row = found[id_]
            kept = {key: row[key] if key in times else None for key in row}
            shown = row.get(title) if id_ in titled else _("Busy")
            found[id_] = kept | ({title: shown} if title in row else {})
        return found

    # --- whether there is anything to hide --------------------------------------------------------

    def changed(self, changes: ChangeSet) -> None:
        """Something was written: perhaps the first private record of the base."""
        if self.entity is not None and not self._known:
            self._touched |= changes.touched.get(self.entity.key, frozenset())

    def _anything(self) -> bool:
        """Whether any record is private at all: most bases have none, and their lists stay as
        quick as ever. Looked up again when something was written."""
        now = self._clock.now()
        old = self._looked is None or not timedelta() <= now - self._looked < _LOOKED_AGAIN
        touched, self._touched = self._touched, frozenset()
        if self._known:
            return True
        if self._known is None or (old and not self._backend.exclusive):
            self._known, self._looked = self._look(), now
        elif touched:
            self._known = self._look(touched if len(touched) <= _MOST_TOUCHED else None)
        return self._known

    def _look(self, ids: Collection[int] | None = None) -> bool:
        """Among these records, or among all."""
        assert self.entity is not None
        table = self._tables.main[self.entity.key]
        level = table.c[self.entity.field(self._scheduled.private).name]
        private = sa.select(table.c.id).where(level.in_(KEPT))
        if ids is not None:
            private = private.where(table.c.id.in_(ids))
        wanted = self._backend.limit(private, 1)
        with self._backend.read() as connection:
            return connection.execute(wanted).first() is not None
