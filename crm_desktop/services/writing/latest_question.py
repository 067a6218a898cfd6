"""Asks the base which child of a record is the latest (trait `Latest`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.models.catalogue.traits import Latest
from crm_desktop.models.schema import column_names
from crm_desktop.services.reader import Reader, parts_of

ONE_BY_ONE = 20  # owners; of each only the first children are read, in the order of an index


class Standing(NamedTuple):
    """A child in the race: its date or moment, its id, what would be copied from it."""

    by: Any
    id: int
    copies: tuple[Any, ...]


class LatestQuestion:
    """One trait's question to the base."""

    def __init__(self, reader: Reader, entity: EntityDef, trait: Latest) -> None:
        self._backend = reader.backend
        tables, child = reader.tables, reader.tables.catalogue[trait.child]
        link = child.field(trait.owner)
        self._table = tables.main[child.key]
        self.owner = tables.column(child, link)
        self._by = tables.column(child, child.field(trait.by))
        self._earliest = trait.earliest
        copies = [tables.column(child, child.field(key)) for _own, key in trait.copies]
        self._select = sa.select(self.owner, self._by, self._table.c.id, *copies)
        self._counts: list[sa.ColumnElement[bool]] = [self._by.is_not(None)]
        if isinstance(link, RecordField):
            self._counts.append(self._table.c[column_names(link)[1]] == entity.number)
        for key, values in trait.where:
            column = tables.column(child, child.field(key))
            counts = column.in_([value for value in values if value])
            self._counts.append(sa.or_(counts, column.is_(None)) if "" in values else counts)

    def ask(
        self, connection: sa.Connection, owners: Sequence[int], without: Collection[int]
    ) -> Iterator[tuple[int, Standing]]:
        """Children of the owners that count, at least the one in front of each; those whose id
        is in `without` are left out."""
        if len(owners) <= ONE_BY_ONE:
            for owner in owners:
                wanted = self._select.where(self.owner == owner, *self._counts)
                few = self._backend.limit(wanted.order_by(*self._order()), len(without) + 1)
                yield from self._read(connection.execute(few), without)
            return
        among = self._backend.among(self.owner, alone=True)
        for part in parts_of(owners):
            rows = connection.execute(self._select.where(among, *self._counts), {"ids": part})
            yield from self._read(rows, without)

    def _order(self) -> list[sa.ColumnElement[Any]]:
        """As an index that begins with the owner has it, so that it is walked, not sorted."""
        columns: list[sa.ColumnElement[Any]] = [self.owner, self._by, self._table.c.id]
        return columns if self._earliest else [column.desc() for column in columns]

    def owners(self, connection: sa.Connection) -> list[int]:
        """Every record that has a child that counts."""
        wanted = sa.select(self.owner).where(self.owner.is_not(None), *self._counts).distinct()
        return list(connection.execute(wanted).scalars())

    @staticmethod
    def _read(rows: Any, without: Collection[int]) -> Iterator[tuple[int, Standing]]:
        for row in rows.all():
            if row[2] not in without:
                yield row[0], Standing(row[1], row[2], tuple(row[3:]))
