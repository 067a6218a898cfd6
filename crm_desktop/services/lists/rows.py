"""The rows of a list: which columns one narrow SELECT reads, and what is looked up in batches.

Links are named through `Titles` and paths followed through `Reader`, so that a page needs no join
however many links it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    LinkField,
    LongTextField,
    MoneyField,
    RecordField,
)
from crm_desktop.models.schema import Tables, decode, read_columns
from crm_desktop.services.lists.children import ChildColumns, ChildPath, column_path
from crm_desktop.services.paths import Path, Scope, find_path
from crm_desktop.services.reader import Reader, parts_of
from crm_desktop.services.titles import Linked, Titles

EXCERPT = 120
"""Letters of a long text that a list shows."""

_OWN = 2  # id and version stand before the columns


class ListRow(NamedTuple):
    """A record in a list. `cells`: a value a column, as fields hold them; links as `Linked`."""

    id: int
    version: int
    cells: tuple[Any, ...]


class ColumnShape(NamedTuple):
    """One column of a list: its path, and where its parts stand in the row that is read."""

    path: Path
    places: tuple[int, ...]

    @property
    def first(self) -> Field:
        """The field of the list's own object that is read."""
        return self.path.links[0][1] if self.path.links else self.path.field


class RowShape:
    """The columns of a list over one object."""

    def __init__(
        self, tables: Tables, entity: EntityDef, columns: Sequence[str], reader: Reader,
        children: ChildColumns | None = None, plain: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """`plain`: columns after the others whose links nobody names."""
        self._catalogue = tables.catalogue
        self._reader = reader
        self._children = children
        self.entity = entity
        self.scope = Scope(tables, entity)
        self.selected: list[sa.ColumnElement[Any]] = [
            self.scope.id,
            self.scope.main.c.version,
        ]
        known: dict[str, tuple[int, ...]] = {}
        self.columns: list[ColumnShape] = []
        self._named = len(columns)
        for text in (*columns, *plain):
            path = column_path(self._catalogue, entity, text)
            if isinstance(path, ChildPath):
                self.columns.append(ColumnShape(path, ()))
                continue
            first = path.links[0][1] if path.links else path.field
            if first.key not in known:
                known[first.key] = self._select(first)
            self.columns.append(ColumnShape(path, known[first.key]))
        self._units = {
            f.key: self._unit(f, known)
            for f in (column.path.field for column in self.columns if not column.path.links)
            if f.currency_field and self.entity.has(f.key)
        }

    def _unit(self, f: Field, known: dict[str, tuple[int, ...]]) -> ColumnShape:
        """The currency of an amount of the object itself; of linked ones the reader knows it."""
        path = find_path(self._catalogue, self.entity, f.currency_field)
        first = path.links[0][1] if path.links else path.field
        if first.key not in known:
            known[first.key] = self._select(first)
        return ColumnShape(path, known[first.key])

    @cached_property
    def _by_ids(self) -> sa.Select[Any]:
        """The rows of known records; a list along an index asks for none of them at first."""
        select = sa.select(*self.selected).select_from(self.scope.source())
        return select.where(
            self._reader.backend.among(self.scope.id, alone=not self.scope.side_used)
        )

    def _select(self, f: Field) -> tuple[int, ...]:
        places = range(len(self.selected), len(self.selected) + len(read_columns(f)))
        for name in read_columns(f):
            column = self.scope.named(f, name)
            self.selected.append(_beginning(column) if isinstance(f, LongTextField) else column)
        return tuple(places)

    def by_ids(
        self, connection: sa.Connection, ids: Sequence[int], titles: Titles
    ) -> list[ListRow]:
        """The rows in the order of `ids`; records that are gone are left out."""
        found: dict[int, Sequence[Any]] = {}
        for part in parts_of(ids):
            found.update((r[0], r) for r in connection.execute(self._by_ids, {"ids": part}).all())
        present = [found[id_] for id_ in ids if id_ in found]
        return self.finish(connection, present, titles)

    def finish(
        self, connection: sa.Connection, rows: Sequence[Sequence[Any]], titles: Titles
    ) -> list[ListRow]:
        """Rows that were read with `selected` first, as a list shows them."""
        if not rows:
            return []
        columns = [self._values(connection, column, rows) for column in self.columns]
        if self._units:
            self._name_currencies(connection, columns, rows)
        columns[self._named :] = [(values, False) for values, _linked in columns[self._named :]]
        wanted = {v for values, linked in columns if linked for v in values if v is not None}
        names = titles.of(wanted, connection=connection) if wanted else {}
        shown = {
            ref: Linked(ref, *names[ref]) if ref in names else Linked(ref, f"#{ref.id}")
            for ref in wanted
        }  # many rows of a page point to the same few records
        cells = [[shown.get(v) for v in values] if linked else values for values, linked in columns]
        turned: Iterable[tuple[Any, ...]] = zip(*cells, strict=True) if cells else [()] * len(rows)
        return [ListRow(row[0], row[1], cell) for row, cell in zip(rows, turned, strict=True)]

    def _values(
        self, connection: sa.Connection, column: ColumnShape, rows: Sequence[Sequence[Any]]
    ) -> tuple[list[Any], bool]:
        """The values of one column, and whether they are links to be named."""
        if isinstance(column.path, ChildPath):
            return self._of_children(connection, column.path, rows)
        places, first = column.places, column.first
        if len(places) == 1 and first.storage != "multi":
            values = [row[places[0]] for row in rows]
        else:
            values = [
                decode(self._catalogue, first, [row[place] for place in places]) for row in rows
            ]
        f = first
        steps = [link for _entity, link in column.path.links[1:]] + [column.path.field]
        for step in steps if column.path.links else ():
            assert isinstance(f, LinkField)
            values = self._follow(connection, f, step, values)
            f = step
        return _refs(f)(values), isinstance(f, LinkField | RecordField)

    def _name_currencies(
        self, connection: sa.Connection, columns: list[tuple[list[Any], bool]],
        rows: Sequence[Sequence[Any]],
    ) -> None:  # fmt: skip
        """Makes `Amount`s of amounts whose records name a currency."""
        read = {u.path.text: u for u in self._units.values()}
        named = {text: self._values(connection, u, rows)[0] for text, u in read.items()}
        for place, column in enumerate(self.columns):
            f = column.path.field
            if isinstance(f, MoneyField) and not column.path.links and f.key in self._units:
                pairs = zip(columns[place][0], named[f.currency_field], strict=True)
                columns[place] = ([f.in_currency(*pair) for pair in pairs], False)

    def _of_children(
        self, connection: sa.Connection, path: ChildPath, rows: Sequence[Sequence[Any]]
    ) -> tuple[list[Any], bool]:
        """One grouped query for the page."""
        assert self._children is not None
        found = self._children.values(connection, path, [row[0] for row in rows])
        values = [found.get(row[0]) for row in rows]
        if isinstance(path.of, LongTextField):
            values = [text and text[:EXCERPT] for text in values]
        return _refs(path.field)(values), isinstance(path.of, LinkField | RecordField)

    def _follow(
        self, connection: sa.Connection, link: LinkField, step: Field, values: list[Any]
    ) -> list[Any]:
        """The field `step` of the records that the links point to."""
        ids = {value for value in values if value is not None}
        read = self._reader.many(link.target, ids, [step.key], connection=connection)
        found = {id_: row[step.key] for id_, row in read.items()}
        if isinstance(step, LongTextField):
            found = {id_: text and text[:EXCERPT] for id_, text in found.items()}
        return [found.get(value) for value in values]


def _refs(f: Field) -> Callable[[list[Any]], list[Any]]:
    if not isinstance(f, LinkField):
        return list
    target = f.target
    return lambda ids: [None if id_ is None else Ref(target, id_) for id_ in ids]


def _beginning(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Declared as short as it is: a server sends rows in their declared width."""
    first: sa.ColumnElement[int] = sa.literal_column("1")
    count: sa.ColumnElement[int] = sa.literal_column(str(EXCERPT))
    return sa.cast(sa.func.substring(column, first, count), sa.String(EXCERPT))
