"""Whole rows of an object: values by field key to physical columns, for writing in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.schema import Tables, column_names, encode

Encoder = Callable[[Any], tuple[Any, ...]]


class RowCodec:
    """How the records of one object are laid out in its tables."""

    def __init__(self, tables: Tables, entity: EntityDef) -> None:
        self.entity = entity
        self.main: sa.Table = tables.main[entity.key]
        self.side: sa.Table | None = tables.side.get(entity.key)
        self._tables = tables
        self._encoders = {f.key: self._encoder(f) for f in entity.fields}
        self.own = tuple(f for f in entity.fields if not f.extra)
        self.extra = tuple(f for f in entity.fields if f.extra)
        self.long = tuple(f for f in entity.fields if isinstance(f, LongTextField))

    def _encoder(self, f: Field) -> Encoder:
        catalogue = self._tables.catalogue
        empty = encode(catalogue, f, None)
        return lambda value: empty if value is None else encode(catalogue, f, value)

    def columns(self, fields: Iterable[Field]) -> tuple[str, ...]:
        """The physical columns of several fields, in order."""
        return tuple(name for f in fields for name in column_names(f))

    def row(self, fields: Iterable[Field], values: Mapping[str, Any]) -> list[Any]:
        """The values of `columns(fields)`."""
        found: list[Any] = []
        for f in fields:
            found.extend(self._encoders[f.key](values.get(f.key)))
        return found
