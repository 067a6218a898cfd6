"""Forecast: open deals by the month they are expected in, and how true former forecasts were.

A former forecast is what the deals that were open at the beginning of a month said then: amount,
expected day and probability are walked back through the change log. What was entered only later
(an import of older deals) is taken as it was entered, its probability from the stage it stood in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.query import Condition, Query, both
from crm_desktop.models.text.days import month_end
from crm_desktop.services.funnel.objects import OPEN, SalesObjects
from crm_desktop.services.office.zone import office_today
from crm_desktop.services.sales_figures.accuracy import Accuracy, read_accuracy
from crm_desktop.services.sales_figures.asking import Asking, Sums, code_of, own_currency
from crm_desktop.services.workspace import Workspace

_CENT, _DAY = Decimal("0.01"), timedelta(days=1)
_LONG_AGO = date(1000, 1, 1)


@dataclass(frozen=True)
class ForecastLine:
    """One month of expected deals. `month`: its first day; `late`: everything expected before
    today, which is of no month any more; None: no day is given. `weighted`: sum x probability."""

    month: date | None
    late: bool
    count: int
    sums: Sums
    weighted: Sums
    query: Query


@dataclass(frozen=True)
class Forecast:
    """What is expected, and what became of the last months' forecasts."""

    lines: tuple[ForecastLine, ...]
    accuracy: tuple[Accuracy, ...]


def forecast_rule() -> tuple[str, ...]:
    """How the forecast is counted, in sentences."""
    return (
        _("Open deals by the month in which they are expected to close, those that should have been"
          " closed before today apart: amount times probability, each currency by itself."),
        _("Accuracy: what the deals open at the beginning of a month promised for it by the history"
          " of changes, against what was won in it."),
        _("Deals entered later than the month began count with their first values and the"
          " probability of the stage they stood in."),
    )  # fmt: skip


def forecast(workspace: Workspace, months: int = 6) -> Forecast:
    """The forecast from today on, and the accuracy of so many whole months before."""
    objects = SalesObjects.of(workspace.catalogue)
    with workspace.backend.read() as connection:
        lines = _Expected(workspace, connection, objects).lines()
        accuracy = read_accuracy(workspace, connection, objects, months)
    return Forecast(tuple(lines), tuple(accuracy))


class _Expected:
    def __init__(
        self, workspace: Workspace, connection: sa.Connection, objects: SalesObjects
    ) -> None:
        self._workspace, self._objects, self._connection = workspace, objects, connection
        self._asking = Asking(workspace, connection)
        self._today = office_today(workspace)

    def lines(self) -> list[ForecastLine]:
        names, deal = self._objects.names, self._objects.deal
        expected, currency, amount, chance = (
            self._asking.column(deal, n)
            for n in (names.expected, names.currency, names.amount, names.probability)
        )
        units = sa.type_coerce(amount, sa.BigInteger)
        open_deals = Query(deal.key, where=Condition(names.state, "eq", OPEN))
        wanted = self._asking.select(
            open_deals, expected, currency, sa.func.count(), sa.func.sum(units),
            sa.func.sum(units * chance),
        )  # fmt: skip
        own = own_currency(self._workspace)
        found: dict[date | None, list[Any]] = defaultdict(lambda: [0, {}, {}])
        for row in self._connection.execute(wanted.group_by(expected, currency)):
            line = found[self._month(row[0])]
            line[0] += row[2]
            for sums, units_of in ((line[1], row[3]), (line[2], row[4])):
                code = code_of(row[1], own)
                sums[code] = sums.get(code, 0) + int(units_of or 0)
        order = sorted(found, key=lambda month: (month is None, month))
        return [self._line(month, *found[month]) for month in order]

    def _month(self, day: date | None) -> date | None:
        if day is None:
            return None
        return day.replace(day=1) if day >= self._today else _LONG_AGO

    def _line(
        self, month: date | None, count: int, sums: dict[str, int], weighted: dict[str, int]
    ) -> ForecastLine:
        names = self._objects.names
        late = month == _LONG_AGO
        if month is None:
            when = Condition(names.expected, "empty")
        else:
            first = max(month, self._today) if not late else _LONG_AGO
            last = self._today - _DAY if late else month_end(month)
            days = (first.isoformat(), last.isoformat())
            when = Condition(names.expected, "between", days)
        where = both(Condition(names.state, "eq", OPEN), when)
        return ForecastLine(
            None if late else month, late, count,
            {c: Decimal(u) / 100 for c, u in sums.items() if u},
            {c: (Decimal(u) / 10_000).quantize(_CENT, ROUND_HALF_UP)
             for c, u in weighted.items() if u},
            Query(self._objects.deal.key, where=where),
        )  # fmt: skip
