"""The statements that make the tables and indexes of a base."""

from __future__ import annotations

from typing import Any

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import IndexPlan, Tables


def index_statements(backend: Backend, tables: Tables, plan: IndexPlan) -> list[str]:
    """The statements that make one planned index."""
    table = tables.metadata.tables[plan.table]
    if plan.both_ways:
        return backend.index_pair(table, plan.columns, name=plan.name)
    return backend.create_index(table, plan.columns, name=plan.name)


def create_statements(backend: Backend, tables: Tables, *, tables_too: bool = True) -> list[Any]:
    """Everything that a new base of this catalogue needs; or (not `tables_too`) its indexes."""
    statements: list[Any] = []
    if tables_too:
        for table in tables.metadata.sorted_tables:
            statements += backend.create_table(table)
    for entity in tables.catalogue:
        for plan in tables.indexes(entity):
            statements += index_statements(backend, tables, plan)
    for name in ("operation_log", "chain", "departed"):
        statements += backend.index_pair(tables.system(name), ["id"], name=f"ix_{name}_id")
    return statements
