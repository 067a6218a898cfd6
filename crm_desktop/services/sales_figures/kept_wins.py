"""Deals won, by who was responsible at that moment, kept in memory between questions."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.services.funnel.objects import WON, SalesObjects
from crm_desktop.services.funnel.touched import touched_deals
from crm_desktop.services.reader import parts_of
from crm_desktop.services.sales_figures.asking import Sums, code_of, own_currency
from crm_desktop.services.stale_records import StaleRecords
from crm_desktop.services.workspace import Workspace


class _Win(NamedTuple):
    """When and for whom a deal was won that is still won; `amount` in hundredths."""

    who: int
    since: int
    currency: str | None
    amount: int


class KeptWins:
    """The won deals of one open base; asked from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._objects = SalesObjects.of(workspace.catalogue)
        self._stale = StaleRecords(workspace, self._objects.deal.key, self._objects.log.key)
        self._lock = threading.Lock()
        self._wins: dict[int, list[_Win]] | None = None

    def forget(self) -> None:
        """Everything is read anew when it is asked for next."""
        self._stale.forget()

    @property
    def is_ready(self) -> bool:
        """Whether the next question is answered from memory."""
        return self._wins is not None

    def prepare(self) -> None:
        """Reads what is to be kept, if it is not."""
        if not self.is_ready:
            with self._lock:
                self._renewed()

    def answer(self, first: float, end: float) -> tuple[dict[int, int], dict[int, Sums]]:
        """By colleague (0: nobody), how many deals were won from one moment on until before
        another one (seconds since 1970), and their sums; each deal once a person."""
        with self._lock:
            rows = self._renewed()
            hidden = self._workspace.privacy.outside(self._objects.deal.key, rows)
            won = {
                (win.who, deal): win for deal, wins in rows.items() if deal not in hidden
                for win in wins if first <= win.since < end
            }  # fmt: skip
        counts, units = defaultdict[int, int](int), defaultdict[tuple[int, str | None], int](int)
        for (who, _deal), win in won.items():
            counts[who] += 1
            units[who, win.currency] += win.amount
        sums, own = defaultdict[int, Sums](dict), own_currency(self._workspace)
        for (who, currency), amount in units.items():
            if amount:
                code = code_of(currency, own)
                sums[who][code] = sums[who].get(code, Decimal(0)) + Decimal(amount).scaleb(-2)
        return dict(counts), dict(sums)

    def _renewed(self) -> dict[int, list[_Win]]:
        """As the base is now."""
        touched, wins = self._stale.take(), self._wins
        self._wins = None  # should reading fail
        deals = touched_deals(self._workspace, self._objects, touched)
        if wins is None or deals is None:
            wins = self._read()
        elif deals:
            for deal in deals:
                wins.pop(deal, None)
            for part in parts_of(deals):
                wins |= self._read(part)
        self._wins = wins
        return wins

    def _read(self, ids: Sequence[int] | None = None) -> dict[int, list[_Win]]:
        objects, tables = self._objects, self._workspace.tables
        names, stays = objects.names, objects.stays
        deal = tables.main[objects.deal.key]
        owner, who, since, direction = (
            objects.column(tables, objects.log, name)
            for name in (stays.owner, stays.who, stays.since, stays.direction)
        )
        currency, amount, state = (
            objects.column(tables, objects.deal, name)
            for name in (names.currency, names.amount, names.state)
        )
        units = sa.type_coerce(amount, sa.BigInteger())
        same = deal.c.id == owner
        if ids is None and not self._workspace.backend.covering:
            same = deal.c.id + 0 == owner + 0  # a server reads both sooner than one by the other
        joined = tables.main[objects.log.key].join(deal, same)
        wanted = sa.select(owner, who, since, currency, units).select_from(joined)
        wanted = wanted.where(direction == WON, state == WON)
        if ids is not None:
            wanted = wanted.where(owner.in_(ids))
        with self._workspace.backend.read() as connection:
            found: list[Sequence[Any]] = self._workspace.backend.columns(connection, wanted)
        wins = defaultdict[int, list[_Win]](list)
        for id_, person, moment, code, sum_ in zip(*found, strict=True):
            if moment is not None:
                wins[id_].append(_Win(person or 0, moment, code, sum_ or 0))
        return dict(wins)
