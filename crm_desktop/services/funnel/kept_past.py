"""What deals left behind: working minutes in stages, reasons of loss; kept in memory.

The whole of a funnel over years asks for both of every deal, which takes a server seconds. They are
read when a page is asked for first, and again of what was touched since.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.services.funnel.objects import LOST, SalesObjects
from crm_desktop.services.funnel.touched import touched_deals
from crm_desktop.services.reader import parts_of
from crm_desktop.services.stale_records import StaleRecords
from crm_desktop.services.workspace import Workspace

Lost = tuple[int, str | None, int, Decimal]
"""Reason (0: none), currency as it is kept, how many, their sum."""
Times = dict[int, list[int]]
"""By stage: working minutes, sorted."""


class _Past(NamedTuple):
    """By deal: stage and minutes of its finished stays in turn; reason, currency and amount in
    hundredths of a loss."""

    times: dict[int, tuple[int, ...]]
    losses: dict[int, tuple[int, str | None, int]]

    def replace(self, ids: Iterable[int], found: _Past) -> None:
        """Of the deals `ids` nothing but what is found."""
        for id_ in ids:
            self.times.pop(id_, None)
            self.losses.pop(id_, None)
        self.times.update(found.times)
        self.losses.update(found.losses)


class KeptPast:
    """The past of the deals of one open base; asked from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._objects = SalesObjects.of(workspace.catalogue)
        self._stale = StaleRecords(workspace, self._objects.deal.key, self._objects.log.key)
        self._lock = threading.Lock()
        self._past: _Past | None = None

    def forget(self) -> None:
        """Everything is read anew when it is asked for next."""
        self._stale.forget()

    @property
    def is_ready(self) -> bool:
        """Whether the next question is answered from memory."""
        return self._past is not None

    def prepare(self) -> None:
        """Reads what is to be kept, if it is not."""
        if not self.is_ready:
            with self._lock:
                self._fresh()

    def minutes(self, deals: Iterable[int]) -> Times:
        """The finished stays of these deals."""
        with self._lock:
            times = self._fresh().times
            ways = [times[deal] for deal in deals if deal in times]
        found: Times = defaultdict(list)
        for way in ways:
            for at in range(0, len(way), 2):
                found[way[at]].append(way[at + 1])
        for taken in found.values():
            taken.sort()
        return found

    def lost(self, deals: Iterable[int]) -> list[Lost]:
        """The lost ones of these deals, counted by reason and currency."""
        with self._lock:
            losses = self._fresh().losses
            rows = [losses[deal] for deal in deals if deal in losses]
        counts, units = defaultdict[Any, int](int), defaultdict[Any, int](int)
        for reason, currency, amount in rows:
            counts[reason, currency] += 1
            units[reason, currency] += amount
        return [(*key, count, Decimal(units[key]).scaleb(-2)) for key, count in counts.items()]

    # --- reading ----------------------------------------------------------------------------------

    def _fresh(self) -> _Past:
        """As the base is now."""
        touched, past = self._stale.take(), self._past
        self._past = None  # should reading fail
        deals = touched_deals(self._workspace, self._objects, touched)
        if past is None or deals is None:
            past = self._read()
        else:
            for part in parts_of(deals):
                past.replace(part, self._read(part))
        self._past = past
        return past

    def _read(self, ids: Sequence[int] | None = None) -> _Past:
        with self._workspace.backend.read() as connection:
            return _Past(self._read_times(connection, ids), self._read_losses(connection, ids))

    def _read_times(
        self, connection: sa.Connection, ids: Sequence[int] | None
    ) -> dict[int, tuple[int, ...]]:
        stays = self._objects.stays
        owner, stage, minutes, until = (
            self._column(name, of_stay=True)
            for name in (stays.owner, stays.stage, stays.minutes, stays.until)
        )
        wanted = sa.select(owner, stage, minutes)
        wanted = wanted.where(minutes.is_not(None), until.is_not(None))
        found: dict[int, tuple[int, ...]] = {}
        same: dict[int, int] = {}  # one number for all stays in a stage
        for deal, step, taken in zip(*self._rows(connection, wanted, owner, ids), strict=True):
            found[deal] = (*found.get(deal, ()), same.setdefault(step, step), taken)
        return found

    def _read_losses(
        self, connection: sa.Connection, ids: Sequence[int] | None
    ) -> dict[int, tuple[int, str | None, int]]:
        names, table = self._objects.names, self._workspace.tables.main[self._objects.deal.key]
        amount = sa.type_coerce(self._column(names.amount), sa.BigInteger())
        wanted = sa.select(
            table.c.id, self._column(names.reason), self._column(names.currency), amount
        )
        wanted = wanted.where(self._column(names.state) == LOST)
        rows = zip(*self._rows(connection, wanted, table.c.id, ids), strict=True)
        return {id_: (reason or 0, currency, units or 0) for id_, reason, currency, units in rows}

    def _rows(
        self, connection: sa.Connection, wanted: sa.Select[Any], deal: sa.ColumnElement[int],
        ids: Sequence[int] | None,
    ) -> list[Sequence[Any]]:  # fmt: skip
        if ids is not None:
            wanted = wanted.where(deal.in_(ids))
        return self._workspace.backend.columns(connection, wanted)

    def _column(self, name: str, *, of_stay: bool = False) -> sa.Column[Any]:
        entity = self._objects.log if of_stay else self._objects.deal
        return self._objects.column(self._workspace.tables, entity, name)
