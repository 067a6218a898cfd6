"""Saved views: named lists a person returns to, their own or shared with everybody."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound, UserError
from crm_desktop.i18n import _, language
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.query import Query
from crm_desktop.models.schema import Tables
from crm_desktop.services.lists.children import column_path

_LOG = logging.getLogger(__name__)
NO_STEP = ("No next step", "Без следующего шага")
LATE = ("Overdue", "Просрочено")
SILENT = ("No contact for 30 days", "Нет контакта 30 дней")
"""The views that every new base has: their names in English and in Russian."""
LONGEST_NAME = 100
HANDED = "handed"
"""The part of a layout that says by which hand-over the view came."""


def said_name(name: str) -> str:
    """The name of a view as its reader calls it: those that every base has are told in the language
    in use, whichever the base was made in."""
    for names in (NO_STEP, LATE, SILENT):
        if name in names:
            return names[language() == "ru"]
    return name


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
    place: int = 0

    @property
    def title(self) -> str:
        """Its name as the reader calls it."""
        return said_name(self.name)

    @property
    def pinned(self) -> bool:
        """Whether it has a line of its own in the navigation."""
        return bool(self.layout.get("pinned"))


class Views:
    """Keeps the saved views of a base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._catalogue = tables.catalogue
        self._table = tables.system("saved_view")

    def of(self, entity: str, user: int | None = None) -> list[SavedView]:
        """The shared views of an object and the person's own, in their order."""
        table = self._table
        mine = sa.or_(
            table.c.shared == sa.literal(True, table.c.shared.type), table.c.author == user
        )
        wanted = sa.select(table).where(table.c.entity == entity, mine)
        with self._backend.read() as connection:
            rows = connection.execute(wanted.order_by(table.c.place, table.c.id)).all()
        found = [self._view(row) for row in rows]
        return [view for view in found if view is not None]

    def all(self, user: int | None = None) -> list[SavedView]:
        """The views of every object."""
        return [view for entity in self._catalogue for view in self.of(entity.key, user)]

    def named(self, entity: str, name: str, user: int | None = None) -> SavedView:
        """The view of this name in any case, one's own first; `NotFound` names those there are."""
        views, wanted = self.of(entity, user), said_name(name.strip()).casefold()
        for view in sorted(views, key=lambda one: one.shared):
            if view.title.casefold() == wanted:
                return view
        known = ", ".join(view.title for view in views) or "—"
        raise NotFound(
            _("There is no view “{name}”. Saved views: {known}").format(name=name, known=known)
        )

    def save(
        self, name: str, query: Query, *, author: int | None = None, shared: bool = True,
        layout: dict[str, Any] | None = None, id_: int | None = None,
    ) -> SavedView:  # fmt: skip
        """Keeps a new view, or the new state of the view `id_`.

        `InvalidInput`: its author sees another view of this name already.
        """
        view = self.view(name, query, author=author, shared=shared, layout=layout, id_=id_)
        with self._backend.write() as connection:
            return self.put(connection, view)

    @staticmethod
    def view(
        name: str, query: Query, *, author: int | None = None, shared: bool = True,
        layout: dict[str, Any] | None = None, id_: int | None = None,
    ) -> SavedView:  # fmt: skip
        """A view that is not kept yet; `InvalidInput` for a name that is none."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise InvalidInput(
                _("A view needs a name of at most {most} letters").format(most=LONGEST_NAME)
            )
        return SavedView(id_ or 0, query.entity, name, query, author, shared, layout or {}, 0)

    def put(self, connection: sa.Connection, view: SavedView) -> SavedView:
        """Keeps the view in a transaction of somebody else's; with its number and place."""
        number = view.id or self._backend.ids(connection, 1)[0]
        view = dataclasses.replace(view, id=number, place=self._place(connection, number))
        self._refuse_taken(connection, view)
        self._put(connection, view)
        return view

    def _refuse_taken(self, connection: sa.Connection, view: SavedView) -> None:
        """A view that keeps its name and its public may keep both, whoever else has them."""
        table = self._table
        asked = sa.select(table.c.id, table.c.name, table.c.shared, table.c.author)
        taken, name = False, said_name(view.name).casefold()
        for row in connection.execute(asked.where(table.c.entity == view.entity)):
            same = said_name(row.name).casefold() == name
            if row.id == view.id and same and bool(row.shared) == view.shared:
                return
            seen = bool(row.shared) or row.author == view.author
            taken = taken or (same and seen and row.id != view.id)
        if taken:
            said = _("There is a view “{name}” already: choose another name")
            raise InvalidInput(said.format(name=view.name), field="name")

    def _put(self, connection: sa.Connection, view: SavedView) -> None:
        kept = {"query": view.query.to_json(), "layout": view.layout}
        text = json.dumps(kept, ensure_ascii=False)
        self._backend.delete_many(connection, self._table, [view.id])
        self._backend.insert_many(
            connection, self._table,
            ("id", "entity", "name", "author", "shared", "place", "definition"),
            [(view.id, view.entity, view.name, view.author, view.shared, view.place, text)],
        )  # fmt: skip

    def arrange(self, ids: Sequence[int]) -> None:
        """Brings these views into this order; every other view keeps its place."""
        table = self._table
        with self._backend.write() as connection:
            found = connection.execute(sa.select(table.c.id, table.c.place)).all()
            known = {row.id: row.place for row in found}
            wanted = [id_ for id_ in dict.fromkeys(ids) if id_ in known]
            places = self._apart(sorted(known[id_] for id_ in wanted))
            rows = [row for row in zip(wanted, places, strict=True) if known[row[0]] != row[1]]
            self._backend.update_many(connection, table, ("place",), rows)

    @staticmethod
    def _apart(places: Sequence[int]) -> list[int]:
        """The same places, none of them twice."""
        apart: list[int] = []
        for place in places:
            apart.append(place if not apart else max(place, apart[-1] + 1))
        return apart

    def copy(self, view: SavedView, *, author: int | None = None) -> SavedView:
        """A view like this one, the person's own, called “... (2)”."""
        own = {key: value for key, value in view.layout.items() if key != HANDED}
        name, layout = self._free(view, author), {**own, "pinned": False}
        return self.save(name, view.query, author=author, shared=False, layout=layout)

    def _free(self, view: SavedView, author: int | None) -> str:
        taken = {v.name.casefold() for v in self.of(view.entity, author)}
        number = 2
        while (name := f"{view.name[: LONGEST_NAME - 6]} ({number})").casefold() in taken:
            number += 1
        return name

    def restore(self, view: SavedView) -> SavedView:
        """Takes back that the view was removed; it stands where it stood.

        If its name was given to another view meanwhile, it comes back as “... (2)”.
        """
        others = {v.name.casefold(): v.id for v in self.of(view.entity, view.author)}
        if others.get(view.name.casefold(), view.id) != view.id:
            view = dataclasses.replace(view, name=self._free(view, view.author))
        with self._backend.write() as connection:
            self._put(connection, view)
        return view

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

    def _view(self, row: Any) -> SavedView | None:
        """None for what a newer program has kept in a way that cannot be read here."""
        try:
            kept = json.loads(row.definition)
            query = self._sound(Query.from_json(kept["query"]))
        except (UserError, LookupError, TypeError, ValueError) as error:
            _LOG.warning("saved view %s cannot be read: %s", row.id, error)
            return None
        layout = kept.get("layout")
        return SavedView(
            row.id, row.entity, row.name, query, row.author, bool(row.shared),
            layout if isinstance(layout, dict) else {}, row.place,
        )  # fmt: skip

    def _sound(self, query: Query) -> Query:
        """Without columns, keys of the order and groups whose fields are gone; its conditions stay,
        for without them it would be another list."""
        if not self._catalogue.has(query.entity):
            return query
        entity = self._catalogue[query.entity]

        def there(path: str) -> bool:
            try:
                column_path(self._catalogue, entity, path)
            except UserError:
                return False
            return True

        return query.replace(
            columns=tuple(path for path in query.columns if there(path)),
            sort=tuple(key for key in query.sort if there(key.path)),
            groups=tuple(group for group in query.groups if there(group.partition(":")[0])),
        )
