"""Reads what the comparison needs of many records: only those columns, in blocks by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.services.duplicates.features import (
    Child,
    Features,
    IdentityFields,
    points_by_number,
)

BLOCK = 4000


class IdentityReader:
    """Reads the features of the records of one object."""

    def __init__(self, backend: Backend, tables: Tables, entity: EntityDef) -> None:
        self._backend = backend
        self._tables = tables
        self.entity = entity
        self.fields = IdentityFields(tables.catalogue, entity)
        self._own = [entity.field(key) for key in self.fields.keys]
        self._main = tables.main[entity.key]
        columns = [tables.column(entity, f) for f in self._own]
        source: sa.FromClause = self._main
        if any(f.extra for f in self._own):
            side = tables.side[entity.key]
            source = self._main.outerjoin(side, side.c.id == self._main.c.id)
        self._select = sa.select(self._main.c.id, *columns).select_from(source)
        self._contacts = [self._contacts_of(child) for child in self.fields.children]

    def count(self) -> int:
        """How many records there are."""
        with self._backend.read() as connection:
            wanted = sa.select(sa.func.count()).select_from(self._main)
            return int(connection.execute(wanted).scalar_one())

    def all(self, check: Callable[[], None]) -> Iterator[tuple[int, Features]]:
        """Every record, in short transactions; `check` before each may raise `Cancelled`."""
        last = 0
        while True:
            check()
            wanted = self._select.where(self._main.c.id > last).order_by(self._main.c.id)
            with self._backend.read() as connection:
                rows = connection.execute(self._backend.limit(wanted, BLOCK)).all()
                found = self._features(connection, rows)
            if not rows:
                return
            last = rows[-1][0]
            yield from found.items()

    def of(self, ids: Iterable[int]) -> dict[int, Features]:
        """The features of some records; those that are gone are left out."""
        wanted, found = list(dict.fromkeys(ids)), {}
        with self._backend.read() as connection:
            for start in range(0, len(wanted), IN_LIST):
                part = wanted[start : start + IN_LIST]
                rows = connection.execute(self._select.where(self._main.c.id.in_(part))).all()
                found.update(self._features(connection, rows))
        return found

    def _features(self, connection: sa.Connection, rows: Sequence[Any]) -> dict[int, Features]:
        contacts = self._read_contacts(connection, [row[0] for row in rows])
        keys, features = self.fields.keys, self.fields.features
        return {
            row[0]: features(dict(zip(keys, row[1:], strict=True)), contacts.get(row[0], ()))
            for row in rows
        }

    def _contacts_of(self, child: Child) -> sa.Select[Any]:
        table = self._tables.table_of(child.entity, child.owner)
        owner, value = table.c[column_names(child.owner)[0]], table.c[child.value.name]
        wanted = sa.select(owner, value)
        if points_by_number(child):
            wanted = wanted.where(table.c[column_names(child.owner)[1]] == self.entity.number)
        return wanted.where(self._backend.among(owner, alone=True))

    def _read_contacts(self, connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for statement in self._contacts:
            for start in range(0, len(ids), IN_LIST):
                given = {"ids": list(ids[start : start + IN_LIST])}
                for owner, value in connection.execute(statement, given):
                    if value:
                        found[owner].append(value)
        return found

    def owners(self, connection: sa.Connection, child: Child, keys: Sequence[str]) -> list[int]:
        """The records with one of these contacts, by the normal form of their value."""
        table = self._tables.table_of(child.entity, child.owner)
        owner = column_names(child.owner)
        wanted = sa.select(table.c[owner[0]]).where(table.c[child.value.name + "_key"].in_(keys))
        if points_by_number(child):
            wanted = wanted.where(table.c[owner[1]] == self.entity.number)
        return list(connection.execute(self._backend.limit(wanted, BLOCK)).scalars())
