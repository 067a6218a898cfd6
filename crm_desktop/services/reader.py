"""Reader: whole records by id, as plain values; for cards, the writer and whoever follows links.

Statements are built once for an object and a choice of fields. Every call takes `connection=` to
read inside a transaction that is under way; without it the call opens a short one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import SYSTEM_COLUMNS, EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField, LongTextField
from crm_desktop.models.schema import Tables, column_names, decode, encode, read_columns
from crm_desktop.services.money.currencies import give_currencies, units_of

K = TypeVar("K")
MOST_SHAPES = 500
_SYSTEM = len(SYSTEM_COLUMNS)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A record as it stands in the base: every field by key, moments in UTC."""

    values: dict[str, Any]
    version: int
    created_at: datetime
    created_by: int | None
    updated_at: datetime
    updated_by: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its name: the object's key and the id."""

    entity: str
    id: int
    version: int
    created_at: datetime
    created_by: int | None
    updated_at: datetime
    updated_by: int | None
    values: dict[str, Any]


def parts_of(ids: Iterable[int], size: int = IN_LIST) -> Iterator[list[int]]:
    """The ids without repetitions, in parts that fit one IN list."""
    unique = list(dict.fromkeys(ids))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]


def evened(part: Sequence[K]) -> list[K]:
    """The values of an IN list, one at least, and the last one again and again, up to one of a few
    lengths: a list of each length is another statement, of which a base keeps many ready."""
    length = min(1 << (len(part) - 1).bit_length(), IN_LIST)
    return [*part, *[part[-1]] * (length - len(part))]


class _Shape:
    """The statements that read some fields of an object, and how a row becomes values."""

    def __init__(
        self, backend: Backend, tables: Tables, entity: EntityDef, keys: Sequence[str]
    ) -> None:
        self._catalogue = tables.catalogue
        self._among = backend.among
        self.main = tables.main[entity.key]
        self.fields = [entity.field(key) for key in keys if key not in SYSTEM_COLUMNS]
        self.units = units_of(entity, keys)
        known = {f.key for f in self.fields}
        self.lacking = tuple({u.own.key: u.own for u in self.units if u.own.key not in known})
        """What is read for the sake of currencies alone."""
        self.fields += [entity.field(key) for key in self.lacking]
        self.keys = [f.key for f in self.fields]
        self.system = [(key, SYSTEM_COLUMNS.index(key)) for key in keys if key in SYSTEM_COLUMNS]
        self.long = [f for f in self.fields if isinstance(f, LongTextField)]
        self._places: list[tuple[Field, list[int]]] = []
        columns = self._columns(tables, entity)
        source: sa.FromClause = self.main
        self.alone = not any(f.extra for f in self.fields)
        if any(f.extra for f in self.fields):
            side = tables.side[entity.key]
            source = self.main.outerjoin(side, side.c.id == self.main.c.id)
        self._select = sa.select(*columns).select_from(source)
        self.one = self._select.where(self.main.c.id == sa.bindparam("id"))
        self.all = self._select
        self.several = self.linked_by(self.main.c.id)
        self.locking = backend.locking(self.one)

    def _columns(self, tables: Tables, entity: EntityDef) -> list[sa.Column[Any]]:
        """System columns, the first column of each field, then the further ones."""
        first = [tables.table_of(entity, f).c[column_names(f)[0]] for f in self.fields]
        further: list[sa.Column[Any]] = []
        for place, f in enumerate(self.fields):
            if f.storage not in ("record", "multi"):
                continue
            table, places = tables.table_of(entity, f), [_SYSTEM + place]
            for name in read_columns(f)[1:]:
                places.append(_SYSTEM + len(first) + len(further))
                further.append(table.c[name])
            self._places.append((f, places))
        return [*(self.main.c[name] for name in SYSTEM_COLUMNS), *first, *further]

    def linked_by(self, column: sa.Column[Any]) -> sa.Select[Any]:
        """The rows whose `column` is one of the bound ids."""
        return self._select.where(self._among(column, alone=self.alone))

    def found_by(self, column: sa.Column[Any]) -> sa.Select[Any]:
        """The rows whose `column` holds the bound value, the oldest first."""
        return self._select.where(column == sa.bindparam("value")).order_by(self.main.c.id)

    def stored(self, row: Sequence[Any]) -> StoredRow:
        """A row as the record that it holds."""
        return StoredRow(self.values(row), row[1], row[2], row[3], row[4], row[5])

    def values(self, row: Sequence[Any]) -> dict[str, Any]:
        """The fields of a row by key."""
        found: dict[str, Any] = dict(zip(self.keys, row[_SYSTEM:], strict=False))
        for f, places in self._places:
            found[f.key] = decode(self._catalogue, f, [row[place] for place in places])
        for key, place in self.system:
            found[key] = row[place]
        return found


class Reader:
    """Reads records of one open base; safe to use from several threads."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self.backend = backend
        self.tables = tables
        self._shapes: dict[tuple[str, tuple[str, ...] | None], _Shape] = {}
        self._linking: dict[tuple[str, str], sa.Select[Any]] = {}
        self._finding: dict[tuple[str, str], sa.Select[Any]] = {}
        self._pointing: dict[tuple[tuple[str, str], ...], sa.CompoundSelect[Any]] = {}
        long = tables.system("long_text")
        self._long = sa.select(long.c.rid, long.c.field, long.c.body).where(
            long.c.field.in_(sa.bindparam("fields", expanding=True)),
            backend.among(long.c.rid, alone=True),
        )

    # --- reading ----------------------------------------------------------------------------------

    def get(
        self, entity: str, id_: int, *, connection: sa.Connection | None = None
    ) -> Record | None:
        """One record with everything; None if it is not there."""
        shape = self._shape(entity)
        with self._reading(connection) as reading:
            row = reading.execute(shape.one, {"id": id_}).first()
            if row is None:
                return None
            values = shape.values(row)
            self._complete(reading, shape, {id_: values})
            self._name_currencies(reading, shape, {id_: values})
        return Record(entity, row[0], row[1], row[2], row[3], row[4], row[5], values)

    def load(
        self, entity: str, ids: Iterable[int], connection: sa.Connection | None = None
    ) -> dict[int, StoredRow]:
        """Whole records by id; those that are not there are left out."""
        shape = self._shape(entity)
        with self._reading(connection) as reading:
            return self._stored(reading, shape, shape.several, ids)

    def load_locked(
        self, entity: str, ids: Sequence[int], connection: sa.Connection
    ) -> dict[int, StoredRow]:
        """The same, kept from others' changes until the transaction ends; one in a single trip."""
        shape = self._shape(entity)
        if len(ids) > 1 or shape.locking is None:
            self.backend.lock_rows(connection, shape.main, ids)
            return self.load(entity, ids, connection)
        found = {}
        for id_ in ids:
            row = connection.execute(shape.locking, {"id": id_}).first()
            if row is not None:
                found[id_] = shape.stored(row)
        self._complete(connection, shape, {id_: row.values for id_, row in found.items()})
        return found

    def linked(
        self,
        entity: str,
        field: str,
        ids: Iterable[int],
        connection: sa.Connection | None = None,
    ) -> dict[int, StoredRow]:
        """The records of `entity` whose link `field` points to one of `ids`, by their own id."""
        shape = self._shape(entity)
        column = self._column(entity, field)
        statement = self._linking.get((entity, field))
        if statement is None:
            statement = self._linking[entity, field] = shape.linked_by(column)
        with self._reading(connection) as reading:
            return self._stored(reading, shape, statement, ids)

    def pointed_to(
        self, links: Sequence[Link], ids: Sequence[int], connection: sa.Connection | None = None
    ) -> set[int]:
        """The places of those links by which any record points to one of a few ids."""
        key = tuple((link.entity.key, link.field.key) for link in links)
        statement = self._pointing.get(key)
        if statement is None:
            counts: list[Any] = [
                sa.select(sa.literal_column(str(at), sa.Integer), sa.func.count())
                .select_from(column.table)
                .where(self.backend.among(column, alone=False))
                for at, column in enumerate(self._column(*names) for names in key)
            ]
            statement = self._pointing[key] = sa.union_all(*counts)
        with self._reading(connection) as reading:
            return {at for at, count in reading.execute(statement, {"ids": list(ids)}) if count}

    def found_by(
        self, entity: str, field: str, value: Any, connection: sa.Connection | None = None
    ) -> StoredRow | None:
        """The oldest record whose field holds the value, told apart by its sort key; for fields
        with an index."""
        shape, definition = self._shape(entity), self.tables.catalogue[entity]
        f = definition.field(field)
        statement = self._finding.get((entity, field))
        if statement is None:
            column = self.tables.order_column(definition, f)
            statement = self._finding[entity, field] = shape.found_by(column)
        key = encode(self.tables.catalogue, f, value)[-1]
        with self._reading(connection) as reading:
            row = reading.execute(statement, {"value": key}).first()
            if row is None:
                return None
            stored = shape.stored(row)
            self._complete(reading, shape, {row[0]: stored.values})
        return stored

    def many(
        self,
        entity: str,
        ids: Iterable[int],
        fields: Iterable[str] | None = None,
        *,
        connection: sa.Connection | None = None,
    ) -> dict[int, dict[str, Any]]:
        """Some fields (also system columns) of several records, by id; all fields for None."""
        shape = self._shape(entity, None if fields is None else tuple(fields))
        found: dict[int, dict[str, Any]] = {}
        with self._reading(connection) as reading:
            for part in parts_of(ids):
                for row in reading.execute(shape.several, {"ids": part}).all():
                    found[row[0]] = shape.values(row)
            self._complete(reading, shape, found)
            self._name_currencies(reading, shape, found)
        return found

    def everything(
        self, entity: str, connection: sa.Connection | None = None
    ) -> dict[int, dict[str, Any]]:
        """All fields of all records of an object of which there are few, by id, in one question."""
        shape = self._shape(entity)
        with self._reading(connection) as reading:
            found = {row[0]: shape.values(row) for row in reading.execute(shape.all)}
            self._complete(reading, shape, found)
            self._name_currencies(reading, shape, found)
        return found

    def exists(
        self, entity: str, ids: Iterable[int], *, connection: sa.Connection | None = None
    ) -> set[int]:
        """Those of `ids` that are records of `entity`."""
        return self._present(self.tables.main[entity], ids, connection)

    def side_rows(
        self, entity: str, ids: Iterable[int], *, connection: sa.Connection | None = None
    ) -> set[int]:
        """Those of `ids` that have a row in the side table of user-made fields."""
        side = self.tables.side.get(entity)
        return set() if side is None else self._present(side, ids, connection)

    def pointing(
        self,
        entity: str,
        field: str,
        ids: Iterable[int],
        connection: sa.Connection | None = None,
    ) -> dict[int, int]:
        """Which of `ids` the link `field` points to, by the id of the record that points there."""
        column = self._column(entity, field)
        wanted = sa.select(column.table.c.id, column).where(self.backend.among(column, alone=True))
        found: dict[int, int] = {}
        with self._reading(connection) as reading:
            for part in parts_of(ids):
                rows = reading.execute(wanted, {"ids": part}).all()
                found.update((row[0], row[1]) for row in rows)
        return found

    # --- how --------------------------------------------------------------------------------------

    def _reading(self, connection: sa.Connection | None) -> AbstractContextManager[sa.Connection]:
        return self.backend.read() if connection is None else nullcontext(connection)

    def _shape(self, entity: str, keys: tuple[str, ...] | None = None) -> _Shape:
        shape = self._shapes.get((entity, keys))
        if shape is None:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            definition = self.tables.catalogue[entity]
            wanted = [f.key for f in definition.fields] if keys is None else keys
            shape = self._shapes[entity, keys] = _Shape(
                self.backend, self.tables, definition, wanted
            )
        return shape

    def _column(self, entity: str, field: str) -> sa.Column[Any]:
        definition = self.tables.catalogue[entity]
        return self.tables.column(definition, definition.field(field))

    def _stored(
        self, reading: sa.Connection, shape: _Shape, statement: sa.Select[Any], ids: Iterable[int]
    ) -> dict[int, StoredRow]:
        found: dict[int, StoredRow] = {}
        for part in parts_of(ids):
            given = evened(part) if self.backend.exclusive else part  # a server takes them as one
            for row in reading.execute(statement, {"ids": given}).all():
                found[row[0]] = shape.stored(row)
        if shape.long:
            self._complete(reading, shape, {id_: row.values for id_, row in found.items()})
        return found

    def _complete(
        self, reading: sa.Connection, shape: _Shape, rows: Mapping[int, dict[str, Any]]
    ) -> None:
        """Fetches the whole of texts of which the column may hold only the beginning."""
        names = {f.name: f.key for f in shape.long}
        full = [
            id_
            for id_, values in rows.items()
            if any(len(values[key] or "") == LongTextField.HEAD for key in names.values())
        ]
        for part in parts_of(full):
            given = {"ids": part, "fields": list(names)}
            for id_, name, body in reading.execute(self._long, given):
                rows[id_][names[name]] = body

    def _name_currencies(
        self, reading: sa.Connection, shape: _Shape, rows: Mapping[int, dict[str, Any]]
    ) -> None:
        """Amounts say their currency, also when it stands with the record that they belong to."""
        if not shape.units or not rows:
            return

        def look(link: LinkField, key: str, ids: set[int]) -> dict[int, Any]:
            read = self.many(link.target, ids, [key], connection=reading)
            return {id_: values[key] for id_, values in read.items()}

        give_currencies(shape.units, rows.values(), look)
        for key in shape.lacking:
            for values in rows.values():
                del values[key]

    def _present(
        self, table: sa.Table, ids: Iterable[int], connection: sa.Connection | None
    ) -> set[int]:
        wanted = sa.select(table.c.id).where(self.backend.among(table.c.id, alone=True))
        found: set[int] = set()
        with self._reading(connection) as reading:
            for part in parts_of(ids):
                found.update(reading.execute(wanted, {"ids": part}).scalars().all())
        return found
