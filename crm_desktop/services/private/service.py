"""Whose business a scheduled record is: the one place that decides what others see of it.

The field that `Scheduled.private` names holds the level. Who is responsible, who made the record
and who takes part see all of it and may change it. For everybody else: `open` can be seen and
changed, `view` only seen; of `title` the planner tells time and subject, of `busy` only the time,
and of `closed` nothing. Lists, search, cards, timelines and files leave the last three out, and
with them what belongs to such a record: its participants, reminders, small steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import Private
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.models.schema import Tables
from crm_desktop.services.paths import system_field
from crm_desktop.services.private.mark import BUSY, CLOSED, HIDDEN, KEPT, TITLE, PrivateMark
from crm_desktop.services.reader import parts_of

__all__ = ["BUSY", "CLOSED", "HIDDEN", "KEPT", "TITLE", "Privacy", "others_business"]
Row = Mapping[str, Any]
Column = Callable[[Field], sa.ColumnElement[Any]]


def others_business() -> Private:
    """What is said to whoever may not see a record."""
    return Private(_("This is somebody's private matter: only who takes part sees it"))


class Privacy:
    """What the person who works here may see; safe from several threads."""

    def __init__(
        self, backend: Backend, tables: Tables, mark: PrivateMark, who: Callable[[], int | None]
    ) -> None:
        self._backend, self._tables, self.mark, self._who = backend, tables, mark, who
        catalogue = tables.catalogue
        self._made_by = system_field(catalogue, "created_by")
        self.entity: EntityDef | None = None
        self.owners: dict[str, list[Field]] = {}
        """By object, the links by which its records belong to what may be private."""
        if any(e.trait(Scheduled) for e in catalogue) and any(
            e.trait(TakesPart) for e in catalogue
        ):
            self.entity, self.scheduled = catalogue.with_trait(Scheduled)
            self._part, self._takes = catalogue.with_trait(TakesPart)
            for link in catalogue.children(self.entity):
                if link.entity.key != self.entity.key:
                    self.owners.setdefault(link.entity.key, []).append(link.field)

    @property
    def me(self) -> int | None:
        """Who works here."""
        return self._who()

    def concerns(self, entity: str) -> bool:
        """Whether records of the object may be others' private business, or belong to such."""
        own = self.entity is not None and entity == self.entity.key
        return (own or entity in self.owners) and self.mark.seen()

    # --- conditions -------------------------------------------------------------------------------

    def narrowing(self, entity: EntityDef, id_: sa.ColumnElement[Any], column: Column) -> Any:
        """The condition that keeps others' private records out; None where there are none.

        `column` gives the column of a field as the statement names it.
        """
        if not self.concerns(entity.key):
            return None
        return sa.not_(self._others(entity, id_, column, HIDDEN))

    def level_seen(self, id_: sa.ColumnElement[Any], column: Column) -> sa.ColumnElement[Any]:
        """The level of a record as it is for the person: NULL for what may be seen, `TITLE` and
        `BUSY` for what is partly told, `CLOSED` for what is not. Read with the row."""
        assert self.entity is not None
        level = column(self.entity.field(self.scheduled.private))
        return sa.case((self._others(self.entity, id_, column, HIDDEN), level), else_=sa.null())

    def _others(
        self,
        entity: EntityDef,
        id_: sa.ColumnElement[Any],
        column: Column,
        levels: Collection[str],
    ) -> sa.ColumnElement[bool]:
        """Whether the record is others' business at one of these levels; never unknown."""
        assert self.entity is not None
        if entity.key == self.entity.key:
            none = sa.literal("", sa.String(1))  # without a length a server takes it for a blob
            level = sa.func.coalesce(column(entity.field(self.scheduled.private)), none)
            return sa.and_(level.in_(tuple(levels)), sa.not_(sa.or_(*self._inside(id_, column))))
        return sa.or_(
            *(self._owned(column(f), levels) for f in self.owners[entity.key]), sa.false()
        )

    def _owned(
        self, owner: sa.ColumnElement[Any], levels: Collection[str]
    ) -> sa.ColumnElement[bool]:
        assert self.entity is not None
        event = self._tables.main[self.entity.key].alias()
        hidden = self._others(self.entity, event.c.id, lambda f: event.c[f.name], levels)
        found = sa.select(sa.literal(1)).where(event.c.id == owner, hidden)
        return sa.exists(found.correlate_except(event))

    def _inside(
        self, id_: sa.ColumnElement[Any], column: Column
    ) -> Iterable[sa.ColumnElement[bool]]:
        assert self.entity is not None and self._made_by is not None
        me, who = self._who(), column(self.entity.field(self.scheduled.who))
        if me is None:  # nobody in particular: what is nobody's
            return [who.is_(None)]
        part = self._tables.main[self._part.key].alias()
        names = {key: self._part.field(key).name for key in (self._takes.event, self._takes.staff)}
        mine = sa.select(sa.literal(1)).where(
            part.c[names[self._takes.event]] == id_, part.c[names[self._takes.staff]] == me
        )
        own = [sa.func.coalesce(one, 0) == me for one in (who, column(self._made_by))]
        return [*own, sa.exists(mine.correlate_except(part))]

    # --- records ----------------------------------------------------------------------------------

    def outside(
        self, entity: str, ids: Iterable[int], levels: Collection[str] = HIDDEN
    ) -> set[int]:
        """Those of the records that are others' private business, or belong to such."""
        if not self.concerns(entity):
            return set()
        own, main = self._tables.catalogue[entity], self._tables.main[entity]
        others = self._others(own, main.c.id, lambda f: self._tables.column(own, f), levels)
        side = self._tables.side.get(entity)
        rows = main if side is None else main.outerjoin(side, side.c.id == main.c.id)
        wanted, found = sa.select(main.c.id).select_from(rows).where(others), set[int]()
        with self._backend.read() as connection:
            for some in parts_of(ids):
                found.update(connection.execute(wanted.where(main.c.id.in_(some))).scalars())
        return found

    def unnamed(self, entity: str, ids: Iterable[int]) -> set[int]:
        """Those of the records that are not even called by their names where others point to
        them: of a subject that may be known only its own record tells."""
        own = self.entity is not None and entity == self.entity.key
        return self.outside(entity, ids, (BUSY, CLOSED) if own else HIDDEN)

    def check(self, ref: Ref) -> None:
        """`Private` if the person may not see the record."""
        if self.outside(ref.entity, [ref.id]):
            raise others_business()

    def told(self, entity: str, rows: Mapping[int, Row]) -> dict[int, dict[str, Any]]:
        """The values of records as the planner tells them: without what is closed, only the times
        of what is busy, and with the subject where that may be known."""
        found = {id_: dict(row) for id_, row in rows.items()}
        if self.entity is None or not self.outside(entity, rows):
            return found
        closed, busy = (self.outside(entity, rows, (level,)) for level in (CLOSED, BUSY))
        titled = self.outside(entity, rows, (TITLE,))
        s, title = self.scheduled, self.entity.title_field
        times = (s.starts, s.ends, s.due, s.all_day, s.who, s.kind, s.state, s.rule, "moment")
        for id_ in closed:
            del found[id_]
        for id_ in busy | titled:
            row = found[id_]
            kept = {key: row[key] if key in times else None for key in row}
            shown = row.get(title) if id_ in titled else _("Busy")
            found[id_] = kept | ({title: shown} if title in row else {})
        return found
