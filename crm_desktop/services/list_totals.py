"""Sums under a list: of the selected rows or of everything that the query finds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.services.paths import any_field
from crm_desktop.services.reader import parts_of

if TYPE_CHECKING:
    from crm_desktop.services.list_plan import ListPlan


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
    fields = [_field(plan, measure) for measure in measures]
    columns: list[sa.ColumnElement[Any]] = []
    for f, measure in zip(fields, measures, strict=True):
        columns.extend(_parts(plan.scope.column(f), measure.function))
    select = sa.select(*columns).select_from(plan.scope.source())
    if ids is None:
        rows = [connection.execute(select.where(*plan.conditions)).one()]
    else:
        wanted = select.where(plan.among())
        rows = [connection.execute(wanted, {"ids": part}).one() for part in parts_of(ids)]
    found: dict[Measure, Any] = {}
    place = 0
    for measure in measures:
        width = 2 if measure.function == "average" else 1
        found[measure] = _merged(measure.function, [row[place : place + width] for row in rows])
        place += width
    return found


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
