"""The statements that make the tables and indexes of a base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.tally_triggers import dropped_triggers, trigger_statements
from crm_desktop.models.schema import IndexPlan, Tables
from crm_desktop.models.tallies import hands_plan, plans

FINISHED = "finished"
"""The fact about a base that names the version to which everything in it was brought."""

BY_NUMBER = ("operation_log", "chain", "departed")
"""Fixed tables that are read from their newest row on."""


def index_statements(backend: Backend, tables: Tables, plan: IndexPlan) -> list[str]:
    """The statements that make one planned index; none where it would be of no use."""
    table = tables.metadata.tables[plan.table]
    if plan.covering and not backend.covering:
        return []
    if plan.both_ways:
        return backend.index_pair(table, plan.columns, name=plan.name)
    return backend.create_index(table, plan.columns, name=plan.name)


def index_plans(tables: Tables) -> Iterator[IndexPlan]:
    """Every index of a base but those that its fixed tables declare themselves."""
    for entity in tables.catalogue:
        yield from tables.indexes(entity)
    for name in BY_NUMBER:
        yield IndexPlan(f"ix_{name}_id", name, ("id",), both_ways=True)


def create_statements(backend: Backend, tables: Tables, *, tables_too: bool = True) -> list[Any]:
    """Everything that a new base of this catalogue needs; or (not `tables_too`) its indexes."""
    statements: list[Any] = []
    if tables_too:
        for table in tables.metadata.sorted_tables:
            statements += backend.create_table(table)
    for plan in index_plans(tables):
        statements += index_statements(backend, tables, plan)
    return [*statements, *backend.triggers(), *counting_statements(backend, tables)]


def counting_statements(backend: Backend, tables: Tables) -> list[str]:
    """What keeps the tallies; behind the indexes, for rows that are moved bring their tallies."""
    return trigger_statements(backend, plans(tables.catalogue), hands_plan(tables.catalogue))


def uncounted_statements(backend: Backend, tables: Tables) -> list[str]:
    """After them nothing keeps the tallies: for who brings them with the rows."""
    return dropped_triggers(backend, plans(tables.catalogue), hands_plan(tables.catalogue))
