"""Whole rows of an object: values by field key to physical columns, for writing in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.schema import Tables, column_names, encode, is_yearly
from crm_desktop.models.text.normalise import sort_key

PLAIN = frozenset(("integer", "decimal", "date", "datetime", "choice", "link", "yearly"))


class RowCodec:
    """How the records of one object are laid out in its tables."""

    def __init__(self, tables: Tables, entity: EntityDef) -> None:
        self.entity = entity
        self.main: sa.Table = tables.main[entity.key]
        self.side: sa.Table | None = tables.side.get(entity.key)
        self._catalogue = tables.catalogue
        self._empty = {f.key: encode(self._catalogue, f, None) for f in entity.fields}
        self.own = tuple(f for f in entity.fields if not f.extra)
        self.extra = tuple(f for f in entity.fields if f.extra)
        self.long = tuple(f for f in entity.fields if isinstance(f, LongTextField))

    def columns(self, fields: Iterable[Field]) -> tuple[str, ...]:
        """The physical columns of several fields, in order."""
        return tuple(name for f in fields for name in column_names(f))

    def rows(
        self,
        fields: Iterable[Field],
        heads: Iterable[list[Any]],
        values: Iterable[Mapping[str, Any]],
    ) -> Iterator[list[Any]]:
        """Each head with the values of `columns(fields)` behind it; for speed all in one go: an
        import asks for a million."""
        steps = [(f, f.key, "" if is_yearly(f) else f.storage, self._empty[f.key]) for f in fields]
        for found, record in zip(heads, values, strict=True):
            for f, key, storage, empty in steps:
                value = record.get(key)
                if value is None:
                    found += empty
                elif storage == "text":
                    found += (value, sort_key(value))
                elif storage in PLAIN:
                    found.append(value)
                else:
                    found += encode(self._catalogue, f, value)
            yield found
