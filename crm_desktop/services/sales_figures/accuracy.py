"""How true the forecasts of the last months were: what they said at the beginning, what was won."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.query import Condition, Query, both
from crm_desktop.services.conditions.values import MOST_VALUES
from crm_desktop.services.funnel.objects import WON, SalesObjects
from crm_desktop.services.funnel.office_days import begin_of, bounds
from crm_desktop.services.funnel.periods import Period, month_after
from crm_desktop.services.funnel.shares import percent
from crm_desktop.services.office.zone import office_today
from crm_desktop.services.reader import parts_of
from crm_desktop.services.sales_figures.asking import Asking, Sums, code_of, own_currency
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import UPDATED

_CENT, _DAY = Decimal("0.01"), timedelta(days=1)


@dataclass(frozen=True)
class Accuracy:
    """One month that is over. `said`: the forecast of its first moment; `won`: sums of the deals
    won in it; `shares`: won in percent of said, by currency; `open`: how many deals said it.
    `said_query` opens these as they are today; None without any and for more than can be named."""

    month: date
    said: Sums
    won: Sums
    shares: Mapping[str, Decimal]
    open: int
    won_query: Query
    said_query: Query | None = None


def read_accuracy(
    workspace: Workspace, connection: sa.Connection, objects: SalesObjects, months: int
) -> list[Accuracy]:
    """The last whole months, the oldest first."""
    this = office_today(workspace).replace(day=1)
    wanted = [month_after(this, -back) for back in range(months, 0, -1)]
    return _Past(workspace, connection, objects).months(wanted) if wanted else []


class _Past:
    """Deals as they were, walked back through the change log."""

    def __init__(
        self, workspace: Workspace, connection: sa.Connection, objects: SalesObjects
    ) -> None:
        self._workspace, self._connection, self._objects = workspace, connection, objects
        self._asking = Asking(workspace, connection)
        self._own = own_currency(workspace)

    def months(self, months: Sequence[date]) -> list[Accuracy]:
        """The accuracy of each month."""
        zone = self._workspace.worktime.office_zone()
        begins = [begin_of(month, zone) for month in months]
        deals = self._open_since(begins[0], begins[-1])
        changes = self._changes([row["id"] for row in deals], begins[0])
        stays = self._stays([row["id"] for row in deals], begins[0])
        return [
            self._month(month, begin, deals, changes, stays)
            for month, begin in zip(months, begins, strict=True)
        ]

    def _month(
        self, month: date, begin: datetime, deals: Sequence[Mapping[str, Any]],
        changes: Mapping[int, list[Any]], stays: Mapping[int, list[Any]],
    ) -> Accuracy:  # fmt: skip
        names = self._objects.names
        said: Sums = defaultdict(Decimal)
        promised: list[int] = []
        for deal in deals:
            if deal["opened"] >= begin or (deal["closed"] and deal["closed"] < begin):
                continue
            then = self._then(deal, begin, changes.get(deal["id"], ()))
            if deal["made"] > begin:
                then["chance"] = _chance_at(stays.get(deal["id"], ()), begin)
            if then["expected"] and then["expected"].replace(day=1) == month:
                promised.append(deal["id"])
                units = (then["amount"] or Decimal(0)) * (then["chance"] or 0) / 100
                said[code_of(deal["currency"], self._own)] += units
        rounded = {c: s.quantize(_CENT, ROUND_HALF_UP) for c, s in said.items() if s}
        span = Period(month, month_after(month, 1) - _DAY)
        query = Query(self._objects.deal.key, where=both(
            Condition(names.state, "eq", WON),
            Condition(names.closed, "between", bounds(self._workspace, span)),
        ))  # fmt: skip
        won = self._won(query)
        shares = {c: percent(won.get(c, Decimal(0)), s) for c, s in rounded.items()}
        known = {c: s for c, s in shares.items() if s is not None}
        asked = self._named(promised)
        return Accuracy(month, rounded, won, known, len(promised), query, asked)

    def _named(self, ids: Sequence[int]) -> Query | None:
        if not 0 < len(ids) <= MOST_VALUES:
            return None
        return Query(self._objects.deal.key, where=Condition("id", "in", tuple(ids)))

    def _won(self, query: Query) -> Sums:
        names = self._objects.names
        sums = self._asking.sums(query, names.pipeline, names.amount, names.currency)
        found: Sums = defaultdict(Decimal)
        for one in sums.values():
            for currency, amount in one.items():
                found[currency] += amount
        return dict(found)

    # --- deals as they were -----------------------------------------------------------------------

    def _open_since(self, first: datetime, last: datetime) -> list[Mapping[str, Any]]:
        """The deals that were open at the beginning of one of the months."""
        names, deal = self._objects.names, self._objects.deal
        table = self._workspace.tables.main[deal.key]
        column = {
            "opened": names.opened, "closed": names.closed, "expected": names.expected,
            "amount": names.amount, "chance": names.probability, "currency": names.currency,
        }  # fmt: skip
        columns = [self._asking.column(deal, n).label(key) for key, n in column.items()]
        opened, closed = columns[0].element, columns[1].element
        wanted = self._asking.select(
            Query(deal.key), table.c.id.label("id"), table.c.created_at.label("made"), *columns
        ).where(opened < last, sa.or_(closed.is_(None), closed >= first))
        found = self._connection.execute(wanted).mappings()
        return [{str(key): value for key, value in row.items()} for row in found]

    def _changes(self, ids: Sequence[int], since: datetime) -> dict[int, list[Any]]:
        """(moment, former values) of later changes, the newest first."""
        rows = self._workspace.tables.system("change_row")
        among = self._workspace.backend.among(rows.c.rid, alone=True)
        wanted = sa.select(
            rows.c.seq, rows.c.rid, rows.c.made_at, rows.c.delta, rows.c.overflow
        ).where(among, rows.c.kind == UPDATED, rows.c.ent == self._objects.deal.number)
        found: dict[int, list[Any]] = defaultdict(list)
        for part in parts_of(ids):
            for row in self._connection.execute(wanted, {"ids": part}):
                if row.made_at > since:
                    found[row.rid].append((row.seq, row.made_at, row.overflow or row.delta))
        for log in found.values():
            log.sort(key=lambda row: -int(row[0]))
        return found

    def _then(
        self, deal: Mapping[str, Any], moment: datetime, log: Sequence[Any]
    ) -> dict[str, Any]:
        """Amount, expected day and probability at a moment, or the first ones after it."""
        names = self._objects.names
        keys = {"amount": names.amount, "expected": names.expected, "chance": names.probability}
        found = {key: deal[key] for key in keys}
        for _seq, made_at, delta in log:
            if made_at <= moment:
                break
            former = json.loads(delta)
            for key, name in keys.items():
                if name in former:
                    plain = former[name][0]
                    field = self._objects.deal.field(name)
                    found[key] = None if plain is None else field.unplain(plain)
        return found

    def _stays(self, ids: Sequence[int], _since: datetime) -> dict[int, list[tuple[datetime, int]]]:
        """(entered, probability of the stage) of each deal, in order."""
        stays, log, stage = self._objects.stays, self._objects.log, self._objects.stage
        owner, since = (self._asking.column(log, n) for n in (stays.owner, stays.since))
        table = self._workspace.tables.main[stage.key]
        chance = self._asking.column(stage, self._objects.names.probability)
        rows = self._connection.execute(sa.select(table.c.id, chance))
        chances = {row[0]: row[1] for row in rows}
        wanted = sa.select(owner, since, self._asking.column(log, stays.stage))
        wanted = wanted.where(self._workspace.backend.among(owner, alone=True))
        found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for part in parts_of(ids):
            for row in self._connection.execute(wanted, {"ids": part}):
                if row[1] is not None:
                    found[row[0]].append((row[1], chances.get(row[2]) or 0))
        for way in found.values():
            way.sort()
        return found


def _chance_at(way: Sequence[tuple[datetime, int]], moment: datetime) -> int:
    at = bisect_right([entered for entered, _chance in way], moment)
    return way[at - 1][1] if at else 0
