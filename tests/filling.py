"""Tables filled directly, for tests of reading that need many rows and no history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.schema import Tables, column_names, encode

MADE = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def make_tables(backend: Backend, catalogue: Catalogue) -> Tables:
    """Every table and index of the catalogue, in an empty base."""
    tables = Tables(catalogue)
    backend.run_ddl([s for t in tables.metadata.tables.values() for s in backend.create_table(t)])
    statements: list[sa.DDLElement | str] = []
    for entity in catalogue:
        for plan in tables.indexes(entity):
            table = tables.metadata.tables[plan.table]
            make = backend.index_pair if plan.both_ways else backend.create_index
            statements.extend(make(table, plan.columns, name=plan.name))
    backend.run_ddl(statements)
    return tables


def fill(
    backend: Backend, tables: Tables, entity: str, rows: Iterable[Mapping[str, Any]]
) -> list[int]:
    """Adds records of field values by key (also `id` and system columns); returns their ids."""
    definition = tables.catalogue[entity]
    given = list(rows)
    with backend.write() as connection:
        ids = backend.ids(connection, len(given) or 1)
        made = [(row.get("id", number), row) for number, row in zip(ids, given, strict=False)]
        _insert(backend, connection, tables, definition, made)
        _insert_side(backend, connection, tables, definition, made)
        _insert_long(backend, connection, tables, definition, made)
    return [number for number, _row in made]


def _values(tables: Tables, definition: EntityDef, row: Mapping[str, Any], *, extra: bool) -> Any:
    for f in definition.fields:
        if f.extra is extra:
            yield from encode(tables.catalogue, f, row.get(f.key))


def _insert(
    backend: Backend,
    connection: sa.Connection,
    tables: Tables,
    definition: EntityDef,
    made: list[tuple[int, Mapping[str, Any]]],
) -> None:
    own = [name for f in definition.fields if not f.extra for name in column_names(f)]
    system = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")
    backend.insert_many(
        connection,
        tables.main[definition.key],
        [*system, *own],
        (
            [
                number,
                row.get("version", 1),
                row.get("created_at", MADE),
                row.get("created_by"),
                row.get("updated_at", MADE),
                row.get("updated_by"),
                *_values(tables, definition, row, extra=False),
            ]
            for number, row in made
        ),
    )


def _insert_side(
    backend: Backend,
    connection: sa.Connection,
    tables: Tables,
    definition: EntityDef,
    made: list[tuple[int, Mapping[str, Any]]],
) -> None:
    """Only for records that have a value there: older ones have no row."""
    side = tables.side.get(definition.key)
    if side is None:
        return
    extra = [f for f in definition.fields if f.extra]
    backend.insert_many(
        connection,
        side,
        ["id", *(name for f in extra for name in column_names(f))],
        (
            [number, *_values(tables, definition, row, extra=True)]
            for number, row in made
            if any(row.get(f.key) is not None for f in extra)
        ),
    )


def _insert_long(
    backend: Backend,
    connection: sa.Connection,
    tables: Tables,
    definition: EntityDef,
    made: list[tuple[int, Mapping[str, Any]]],
) -> None:
    long = [f for f in definition.fields if isinstance(f, LongTextField)]
    rows = [
        (number, f.name, row[f.key])
        for number, row in made
        for f in long
        if len(row.get(f.key) or "") > LongTextField.HEAD
    ]
    if rows:
        table = tables.system("long_text")
        backend.insert_many(connection, table, ("rid", "field", "body"), rows)
