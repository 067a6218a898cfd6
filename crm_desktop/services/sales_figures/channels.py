"""Table of channels: what each source brought and what it cost.

The cost of a channel is spread evenly over the days it was paid for; pieces of neighbouring periods
add up to the whole sum to the kopeck.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.campaign import CHANNEL_COST
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.models.query import Condition, Group, Query, both
from crm_desktop.services.funnel.objects import WON, SalesObjects
from crm_desktop.services.funnel.office_days import bounds
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.shares import percent
from crm_desktop.services.sales_figures.asking import Asking, Sums, is_one, own_currency
from crm_desktop.services.workspace import Workspace

_CENT = Decimal("0.01")
_SOURCE, _RECEIVED = "source", "received"


@dataclass(frozen=True)
class ChannelLine:
    """One source; `id` 0: none is given. `cost` in the currency of the base; `cost_each`: per won
    deal, None without any; `gain`: (sum - cost) in percent of the cost, None without a cost or
    where something was won in another currency than it was paid in."""

    id: int
    name: str
    leads: int
    leads_query: Query
    won: int
    won_query: Query
    sums: Sums
    cost: Decimal
    cost_query: Query
    cost_each: Decimal | None
    gain: Decimal | None
    other_currencies: tuple[str, ...] = ()
    """In which deals were won that no cost in the currency of the base can be held against."""


def channel_table(workspace: Workspace, period: Period) -> list[ChannelLine]:
    """The sources that brought or cost something in the period, by their sums."""
    with workspace.backend.read() as connection:
        found = _Channels(workspace, connection, period).lines()
    return sorted(found, key=lambda line: (-line.won, -line.leads, line.name))


def channels_rule() -> tuple[str, ...]:
    """How the table is counted, in sentences."""
    return (
        _("Leads received in the period; deals won and closed in it, with their sums."),
        _("A cost is spread evenly over its days; only the days of the period count."),
        _("Return: what the sum is above the cost, in percent of the cost. A dash: no cost or no"
          " won deal to divide by, or something was won in another currency than the cost."),
    )  # fmt: skip


class _Channels:
    def __init__(self, workspace: Workspace, connection: sa.Connection, period: Period) -> None:
        self._workspace, self._period = workspace, period
        self._connection = connection
        self._asking = Asking(workspace, connection)
        self._names = SalesObjects.of(workspace.catalogue)
        self._lead, _leads = workspace.catalogue.with_trait(Leads)
        self._days = bounds(workspace, period)

    def lines(self) -> list[ChannelLine]:
        deal = self._names.names
        leads = self._asking.counts(self._leads(), _SOURCE)
        won = self._asking.counts(self._won(), deal.source)
        sums = self._asking.sums(self._won(), deal.source, deal.amount, deal.currency)
        costs = self._costs()
        ids = list(dict.fromkeys((*leads, *won, *costs)))
        books = self._workspace.catalogue.books().key
        titles = self._workspace.titles.of([Ref(books, id_) for id_ in ids if id_])
        own = own_currency(self._workspace)
        found = []
        for id_ in ids:
            known = titles.get(Ref(books, id_))
            cost, sold = costs.get(id_, Decimal(0)), sums.get(id_, {})
            source, others = is_one(_SOURCE, id_), tuple(sorted(sold.keys() - {own}))
            counts = bool(cost) and not others
            found.append(ChannelLine(
                id_, known.text if known else _("No source given"),
                leads.get(id_, 0), self._leads().narrowed(source),
                won.get(id_, 0), self._won().narrowed(is_one(deal.source, id_)), sold,
                cost, self._paid().narrowed(source),
                _each(cost, won.get(id_, 0)),
                percent(sold.get(own, Decimal(0)) - cost, cost) if counts else None, others,
            ))  # fmt: skip
        return found

    def _leads(self) -> Query:
        return Query(self._lead.key, where=Condition(_RECEIVED, "between", self._days))

    def _won(self) -> Query:
        deal = self._names.names
        where = both(
            Condition(deal.state, "eq", WON), Condition(deal.closed, "between", self._days)
        )
        return Query(self._names.deal.key, where=where)

    def _paid(self) -> Query:
        """The costs of which a day at least lies in the period."""
        first, last = self._period.since.isoformat(), self._period.until.isoformat()  # whole days
        one_day = both(Condition("until", "empty"), Condition("since", "ge", first))
        assert one_day is not None
        ends = Group("or", (Condition("until", "ge", first), one_day))
        return Query(CHANNEL_COST.key, where=both(Condition("since", "le", last), ends))

    def _costs(self) -> dict[int, Decimal]:
        names = (_SOURCE, "since", "until", "amount")
        columns = [self._asking.column(CHANNEL_COST, name) for name in names]
        found: dict[int, Decimal] = {}
        for row in self._connection.execute(self._asking.select(self._paid(), *columns)):
            piece = cost_within(row[3] or Decimal(0), row[1], row[2], self._period)
            found[row[0] or 0] = found.get(row[0] or 0, Decimal(0)) + piece
        return found


def cost_within(amount: Decimal, since: date, until: date | None, period: Period) -> Decimal:
    """The part of a cost that falls on the days of a period."""
    last = max(until or since, since)
    days = (last - since).days + 1
    begin, end = max(since, period.since), min(last, period.until)
    if end < begin:
        return Decimal(0)
    upto = [_part(amount, count, days) for count in _days_before(since, begin, end)]
    return upto[1] - upto[0]


def _days_before(since: date, begin: date, end: date) -> Iterable[int]:
    return ((begin - since).days, (end - since).days + 1)


def _part(amount: Decimal, days: int, whole: int) -> Decimal:
    return (amount * days / whole).quantize(_CENT, ROUND_HALF_UP)


def _each(cost: Decimal, count: Any) -> Decimal | None:
    return (cost / count).quantize(_CENT, ROUND_HALF_UP) if count and cost else None
