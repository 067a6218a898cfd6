"""Mappings that people have used, offered again for files of the same columns."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import Tables
from crm_desktop.services.importing.mapping import Mapping, signature

MOST_KEPT = 200


class LearnedMappings:
    """The kept mappings of one base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._table = tables.system("import_mapping")

    def find(self, entity: str, names: Sequence[str]) -> Mapping | None:
        """The mapping last used for a file of these columns into the object."""
        table = self._table
        wanted = (
            sa.select(table.c.definition)
            .where(table.c.entity == entity, table.c.signature == signature(names))
            .order_by(table.c.id.desc())
        )
        with self._backend.read() as connection:
            text = connection.execute(self._backend.limit(wanted, 1)).scalar()
        try:
            return Mapping.from_json(json.loads(text)) if text else None
        except (ValueError, InvalidInput):  # kept by a program that knew more than this one
            return None

    def keep(self, entity: str, names: Sequence[str], mapping: Mapping) -> None:
        """Remembers the mapping for files of these columns; the oldest are forgotten."""
        table, key = self._table, signature(names)
        definition = json.dumps(mapping.to_json(), ensure_ascii=False)
        columns = ("id", "entity", "signature", "definition")
        with self._backend.write() as connection:
            known = connection.execute(
                sa.select(table.c.id, table.c.signature)
                .where(table.c.entity == entity)
                .order_by(table.c.id.desc())
            ).all()
            old = [row.id for row in known if row.signature == key]
            old += [row.id for row in known[MOST_KEPT:] if row.id not in old]
            self._backend.delete_many(connection, table, old)
            (id_,) = self._backend.ids(connection, 1)
            self._backend.insert_many(connection, table, columns, [(id_, entity, key, definition)])
