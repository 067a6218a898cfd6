"""Sums under a list: of the selected rows or of everything that the query finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.amounts import code_of, gathered
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import MoneyField
from crm_desktop.services.money.currencies import currency_column
from crm_desktop.services.paths import any_field
from crm_desktop.services.reader import parts_of

if TYPE_CHECKING:
    from crm_desktop.services.lists.plan import ListPlan


class Measure(NamedTuple):
    """A field of the list's object and one of its `aggregates`: count, sum, average, min, max."""

    field: str
    function: str


def read_totals(
    connection: sa.Connection,
    plan: ListPlan,
    ids: Sequence[int] | None,
    measures: Sequence[Measure],
) -> dict[Measure, Any]:
    """Every measure; None where no row has a value. InvalidInput names what cannot be summed."""
    fields = {measure: _field(plan, measure) for measure in measures}
    found: dict[Measure, Any] = {}
    paths = dict.fromkeys(f.currency_field for f in fields.values())
    for path in paths:
        among = {m: f for m, f in fields.items() if f.currency_field == path}
        found |= _in_currencies(connection, plan, ids, among)
    return {measure: found[measure] for measure in measures}


def _in_currencies(
    connection: sa.Connection,
    plan: ListPlan,
    ids: Sequence[int] | None,
    fields: Mapping[Measure, Field],
) -> dict[Measure, Any]:
    """The measures of fields whose currency stands in the same place, if they have one."""
    parts: dict[str, list[Sequence[Any]]] = {}
    for named, *row in _rows(connection, plan, ids, fields):
        parts.setdefault(code_of(named) if named else "", []).append(row)
    found: dict[Measure, Any] = {}
    place = 0
    for measure, f in fields.items():
        width = 2 if measure.function == "average" else 1
        cells = {code: [row[place : place + width] for row in rows] for code, rows in parts.items()}
        found[measure] = _total(f, measure.function, cells)
        place += width
    return found


def _rows(
    connection: sa.Connection,
    plan: ListPlan,
    ids: Sequence[int] | None,
    fields: Mapping[Measure, Field],
) -> Iterator[Sequence[Any]]:
    """The currency and the parts of each measure, a row each currency and part of the ids."""
    scope = plan.scope
    columns = [part for m, f in fields.items() for part in _parts(scope.column(f), m.function)]
    unit = currency_column(scope, next(iter(fields.values())))
    source = plan.source() if ids is None else scope.source()
    if unit is None:
        nothing: sa.ColumnElement[Any] = sa.literal_column("''")
        select = sa.select(nothing, *columns).select_from(source)
    else:
        select = sa.select(unit.column, *columns).select_from(unit.joined(source))
        select = select.group_by(unit.column)
    if ids is None:
        yield from connection.execute(select.where(*plan.conditions)).all()
        return
    wanted = select.where(plan.among() if unit is None else plan.among(alone=unit.join is None))
    for part in parts_of(ids):
        yield from connection.execute(wanted, {"ids": part}).all()


def _total(f: Field, function: str, cells: Mapping[str, Sequence[Sequence[Any]]]) -> Any:
    """One value of a measure; of amounts in several currencies one each."""
    if not isinstance(f, MoneyField) or function == "count":
        return _merged(function, [cell for rows in cells.values() for cell in rows])
    own: dict[str, list[Sequence[Any]]] = {}
    for code, rows in cells.items():
        own.setdefault(code or f.currency, []).extend(rows)
    found = {code: _merged(function, rows) for code, rows in own.items()}
    there = {code: value for code, value in found.items() if value is not None}
    return gathered(there, f.currency, added=function == "sum")


def _field(plan: ListPlan, measure: Measure) -> Field:
    f = any_field(plan.tables.catalogue, plan.entity, measure.field)
    if measure.function not in f.aggregates:
        raise InvalidInput(
            _("“{field}” has no total of the kind “{name}”. Possible: {known}").format(
                field=_(f.label), name=measure.function, known=", ".join(f.aggregates)
            ),
            field=f.key,
        )
    return f


def _parts(column: sa.ColumnElement[Any], function: str) -> list[sa.ColumnElement[Any]]:
    count, total = sa.func.count(column), sa.func.sum(column)
    known: dict[str, list[sa.ColumnElement[Any]]] = {
        "count": [count],
        "sum": [total],
        "average": [total, count],
        "min": [sa.func.min(column)],
        "max": [sa.func.max(column)],
    }
    return known[function]


def _merged(function: str, rows: Sequence[Sequence[Any]]) -> Any:
    """One value from those of several parts."""
    first = [row[0] for row in rows if row[0] is not None]
    if function == "count":
        return sum(first)
    if not first:
        return None
    if function == "average":
        return Decimal(sum(first)) / sum(row[1] for row in rows)
    if function == "sum":
        return sum(first)
    return min(first) if function == "min" else max(first)
