"""Saved views: named lists a person returns to, their own or shared with everybody."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.query import Query
from crm_desktop.models.schema import Tables

LONGEST_NAME = 100


@dataclass(frozen=True)
class SavedView:
    """One saved list: its query and how it is laid out (column widths by path, density)."""

    id: int
    entity: str
    name: str
    query: Query
    author: int | None = None
    shared: bool = True
    layout: dict[str, Any] = field(default_factory=dict)


class Views:
    """Keeps the saved views of a base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._catalogue = tables.catalogue
        self._table = tables.system("saved_view")

    def of(self, entity: str, user: int | None = None) -> list[SavedView]:
        """The shared views of an object and the person's own, in their order."""
        table = self._table
        mine = sa.or_(table.c.shared == sa.true(), table.c.author == user)
        wanted = sa.select(table).where(table.c.entity == entity, mine)
        with self._backend.read() as connection:
            rows = connection.execute(wanted.order_by(table.c.place, table.c.id)).all()
        return [self._view(row) for row in rows]

    def all(self, user: int | None = None) -> list[SavedView]:
        """The views of every object."""
        return [view for entity in self._catalogue for view in self.of(entity.key, user)]

    def named(self, entity: str, name: str, user: int | None = None) -> SavedView:
        """The view of this name in any case; `NotFound` names the ones there are."""
        views = self.of(entity, user)
        for view in views:
            if view.name.casefold() == name.strip().casefold():
                return view
        known = ", ".join(view.name for view in views) or "—"
        raise NotFound(
            _("There is no view “{name}”. Saved views: {known}").format(name=name, known=known)
        )

    def save(
        self, name: str, query: Query, *, author: int | None = None, shared: bool = True,
        layout: dict[str, Any] | None = None, id_: int | None = None,
    ) -> SavedView:  # fmt: skip
        """Keeps a new view, or the new state of the view `id_`."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise InvalidInput(
                _("A view needs a name of at most {most} letters").format(most=LONGEST_NAME)
            )
        text = json.dumps({"query": query.to_json(), "layout": layout or {}}, ensure_ascii=False)
        with self._backend.write() as connection:
            number = id_ if id_ is not None else self._backend.ids(connection, 1)[0]
            place = self._place(connection, number)
            self._backend.delete_many(connection, self._table, [number])
            self._backend.insert_many(
                connection, self._table,
                ("id", "entity", "name", "author", "shared", "place", "definition"),
                [(number, query.entity, name, author, shared, place, text)],
            )  # fmt: skip
        return SavedView(number, query.entity, name, query, author, shared, layout or {})

    def _place(self, connection: sa.Connection, number: int) -> int:
        table = self._table
        own = connection.execute(sa.select(table.c.place).where(table.c.id == number)).scalar()
        if own is not None:
            return int(own)
        last = connection.execute(sa.select(sa.func.max(table.c.place))).scalar()
        return int(last or 0) + 1

    def remove(self, id_: int) -> None:
        """Forgets a view; the records stay."""
        with self._backend.write() as connection:
            self._backend.delete_many(connection, self._table, [id_])

    def _view(self, row: Any) -> SavedView:
        kept = json.loads(row.definition)
        query = Query.from_json(kept["query"])
        return SavedView(
            row.id, row.entity, row.name, query, row.author, bool(row.shared), kept["layout"]
        )
