"""Counts, sums and medians of records by one of their fields, by the conditions of their rows."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import Condition, Group, Query, Where, both
from crm_desktop.services.conditions.sql import Compiler
from crm_desktop.services.paths import Scope
from crm_desktop.services.workspace import Workspace

CURRENCY = "currency"
"""The fact of the base that names its own currency: that of sums without one."""


def own_currency(workspace: Workspace) -> str:
    """The currency of the base (ISO 4217)."""
    return (workspace.info(CURRENCY) or "RUB").upper()


class Asking:
    """Asks one base, within one connection."""

    def __init__(self, workspace: Workspace, connection: sa.Connection) -> None:
        self._workspace, self._connection = workspace, connection
        self._tables, self._backend = workspace.tables, workspace.backend
        self._context = workspace.lists.context()

    @property
    def covering(self) -> bool:
        """Whether an index can answer without its table."""
        return self._backend.covering

    def column(self, entity: EntityDef, name: str) -> sa.Column[Any]:
        """The physical column of a field."""
        return self._tables.column(entity, entity.field(name))

    def scoped(
        self, query: Query, *, private: bool = False
    ) -> tuple[Scope, list[sa.ColumnElement[bool]]]:
        """The rows of a query inside a statement; `private`: others' private ones as well."""
        compiler = Compiler(self._tables, self._context)
        scope = Scope(self._tables, self._workspace.catalogue[query.entity])
        seen = () if private else compiler.seen(scope)
        return scope, [*seen, *compiler.compile(scope, query.where)]

    def select(
        self, query: Query, *columns: Any, quiet: Where | None = None, private: bool = False
    ) -> sa.Select[Any]:  # fmt: skip
        """A select of columns of the rows of a query. `quiet`: a further condition that no index
        shall lead by, because most records fulfil it; `private`: as with `scoped`."""
        scope, elements = self.scoped(query, private=private)
        if quiet is not None:
            further = Scope(self._tables, scope.entity, quiet=True)
            elements += Compiler(self._tables, self._context).compile(further, quiet)
        return sa.select(*columns).select_from(scope.source()).where(*elements)

    def counts(
        self, query: Query, by: str, quiet: Where | None = None, *, instead: str = ""
    ) -> dict[int, int]:
        """How many rows each value of a link has; 0 stands for none. `instead`: the link that
        counts where the first one is empty."""
        group = self._group(self._workspace.catalogue[query.entity], by, instead)
        wanted = self.select(query, group, sa.func.count(), quiet=quiet)
        rows = self._connection.execute(wanted.group_by(group))
        return {row[0] or 0: row[1] for row in rows}

    def sums(self, query: Query, by: str, amount: str, currency: str) -> dict[int, Sums]:
        """The sums of an amount by currency, for each value of a link."""
        entity = self._workspace.catalogue[query.entity]
        group, money = self.column(entity, by), self.column(entity, currency)
        wanted = self.select(query, group, money, sa.func.sum(self.column(entity, amount)))
        own = own_currency(self._workspace)
        found: dict[int, Sums] = defaultdict(dict)
        for row in self._connection.execute(wanted.group_by(group, money)):
            if row[2]:
                key = code_of(row[1], own)
                found[row[0] or 0][key] = found[row[0] or 0].get(key, Decimal(0)) + row[2]
        return dict(found)

    def _group(self, entity: EntityDef, by: str, instead: str) -> sa.ColumnElement[Any]:
        column = self.column(entity, by)
        return sa.func.coalesce(column, self.column(entity, instead)) if instead else column

    def sorted_values(
        self, query: Query, by: str, name: str, *, instead: str = ""
    ) -> dict[int, list[int]]:
        """The whole numbers of a field, sorted, for each value of a link (see `counts`)."""
        entity = self._workspace.catalogue[query.entity]
        wanted = self.select(query, self._group(entity, by, instead), self.column(entity, name))
        found: dict[int, list[int]] = defaultdict(list)
        columns = self._backend.columns(self._connection, wanted)
        for group, value in zip(*columns, strict=True):
            if value is not None:
                found[group or 0].append(value)
        for values in found.values():
            values.sort()
        return found


Sums = dict[str, Decimal]


def code_of(currency: str | None, own: str) -> str:
    """The code (ISO 4217) of what a record keeps as its currency; nothing means the base's own."""
    return (currency or own).upper()


def is_one(path: str, id_: int) -> Condition:
    """The link leads to that record; 0: to none."""
    return Condition(path, "eq", id_) if id_ else Condition(path, "empty")


def is_one_of(path: str, instead: str, id_: int) -> Where:
    """The same of a link or, where that is empty, of the other one."""
    other = both(Condition(path, "empty"), is_one(instead, id_))
    assert other is not None
    return Group("or", (is_one(path, id_), other)) if id_ else other


def added(sums: list[Sums]) -> Sums:
    """Sums put together, each currency by itself."""
    found: Sums = {}
    for one in sums:
        for currency, amount in one.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found
