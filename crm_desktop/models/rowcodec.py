"""Whole rows of an object: values by field key to physical columns, for writing in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.schema import Tables, column_names, encode, is_yearly
from crm_desktop.models.text.normalise import sort_key

NO_KEYS: Mapping[str, str] = {}
PLAIN = frozenset(("integer", "decimal", "date", "datetime", "choice", "link", "yearly"))
WORTH_LEAVING_OUT = 200  # records; a save keeps to few statements


class RowCodec:
    """How the records of one object are laid out in its tables."""

    def __init__(self, tables: Tables, entity: EntityDef) -> None:
        self.entity = entity
        self.main: sa.Table = tables.main[entity.key]
        self.side: sa.Table | None = tables.side.get(entity.key)
        self._catalogue = tables.catalogue
        self.own = tuple(f for f in entity.fields if not f.extra)
        self.extra = tuple(f for f in entity.fields if f.extra)
        self.long = tuple(f for f in entity.fields if isinstance(f, LongTextField))

    def columns(self, fields: Iterable[Field]) -> tuple[str, ...]:
        """The physical columns of several fields, in order."""
        return tuple(name for f in fields for name in column_names(f))

    @staticmethod
    def filled(fields: Sequence[Field], values: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
        """The fields in which any of many new records has something; what the base writes by itself
        into the columns of the others is what `lists` would."""
        if len(values) < WORTH_LEAVING_OUT:
            return tuple(fields)
        given = set().union(*values)
        return tuple(f for f in fields if f.key in given)

    def lists(
        self,
        fields: Iterable[Field],
        records: Sequence[Mapping[str, Any]],
        keys: Mapping[str, str] = NO_KEYS,
    ) -> list[Sequence[Any]]:
        """For each of `columns(fields)` the values of all records, which is much quicker than one
        record after another. `keys`: sort keys of texts that are known already."""
        found: list[Sequence[Any]] = []
        for f in fields:
            key = f.key
            values = [record.get(key) for record in records]
            known = None
            if f.storage == "text" and keys:
                look = keys.get
                known = [look(v) or sort_key(v) if v else "" for v in values]
            found += self.spread(f, values, known)
        return found

    def spread(
        self, f: Field, values: Sequence[Any], keys: Sequence[str] | None = None
    ) -> list[Sequence[Any]]:
        """The columns of one field for the values of all records. `keys`: the sort keys of a text,
        where they are known."""
        if f.storage == "text":
            return [values, [sort_key(v) if v else "" for v in values] if keys is None else keys]
        if f.storage in PLAIN and not is_yearly(f):
            return [values]
        return [*self._encoded(f, values)]

    def _encoded(self, f: Field, values: Sequence[Any]) -> Iterable[Sequence[Any]]:
        if f.storage == "record":
            numbers = {entity.key: entity.number for entity in self._catalogue}
            return (
                [ref.id if ref else None for ref in values],
                [numbers[ref.entity] if ref else None for ref in values],
            )
        empty = encode(self._catalogue, f, None)
        rows = [empty if v is None else encode(self._catalogue, f, v) for v in values]
        return zip(*rows, strict=True) if rows else [()] * len(empty)
