"""The few columns of all deals that funnels are counted from, kept in memory between questions.

Reading fifty thousand rows takes a base ten times as long as counting them. What is written
meanwhile is read anew record by record.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.services.funnel.objects import SalesObjects
from crm_desktop.services.funnel.touched import touched_deals
from crm_desktop.services.reader import parts_of
from crm_desktop.services.stale_records import StaleRecords
from crm_desktop.services.workspace import Workspace

_NEVER = -(10**15)

Way = tuple[tuple[int | None, int], ...]
"""(responsible, stage) of each stay of a deal that changed hands."""
MOVED = "moved"
"""The state in which a deal counts for a pipeline that it has left for another one."""


class _Order(NamedTuple):
    """The deals of a pipeline in the order of a moment: the moments, their ids, a number for each
    deal, and what the numbers mean: (furthest stage, state, responsible, source). Small numbers
    are counted four times as fast as what they stand for."""

    moments: list[int]
    ids: list[int]
    codes: list[int]
    kinds: list[tuple[Any, ...]]

    def places(self, span: tuple[int, int]) -> slice:
        """Where those of a span of moments stand."""
        return slice(*(bisect_left(self.moments, moment) for moment in span))


class KeptDeals:
    """Deals of one open base as tuples by id: pipeline, opened, closed, furthest stage, state,
    responsible, source; moments in seconds since 1970."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.objects = SalesObjects.of(workspace.catalogue)
        self._stale = StaleRecords(workspace, self.objects.deal.key, self.objects.log.key)
        self._lock = threading.Lock()
        self._rows: dict[int, tuple[Any, ...]] | None = None
        self._ways: dict[int, Way] = {}
        self._guests: dict[int, dict[int, Way]] = {}
        """By pipeline: the stays in it of deals that have left it for another one."""
        self._homes: dict[int, int] = {}
        """The pipeline of each stage."""
        self._orders: dict[tuple[int, int], _Order] = {}

    def forget(self) -> None:
        """Everything is read anew when it is asked for next."""
        self._stale.forget()

    @property
    def is_ready(self) -> bool:
        """Whether the next question is answered from memory."""
        return self._rows is not None

    def prepare(self) -> None:
        """Reads what is to be kept, if it is not."""
        if not self.is_ready:
            with self._lock:
                self._fresh()

    # --- counting ---------------------------------------------------------------------------------

    def tops(
        self, pipeline: int, span: tuple[int, int], *, closing: bool, group: int | None
    ) -> tuple[Counter[tuple[Any, ...]], list[tuple[tuple[Any, ...], Way]]]:  # fmt: skip
        """How many deals of a pipeline that were opened or closed from the first moment of `span`
        up to the other one have the same (furthest stage, state, value at `group`); and the tuples
        and ways of those that changed hands."""
        with self._lock:
            rows = self._fresh()
            at = _place_of(closing)
            order = self._in_order(rows, pipeline, at)
            counted: Counter[tuple[Any, ...]] = Counter()
            for code, count in Counter(order.codes[order.places(span)]).items():
                counted[_counted_by(order.kinds[code], group)] += count
            hidden = self._workspace.privacy.outside(self.objects.deal.key, rows)
            for deal in hidden:
                if self._within(deal, pipeline, at, span):
                    counted[_counted_by(rows[deal][3:], group)] -= 1
            guests = [] if closing else self._guests_of(rows, pipeline, span)
            guests = [one for one in guests if one[0] not in hidden]
            counted.update(_counted_by(row[3:], group) for _deal, row, _way in guests)
            if group is None:
                return counted, []
            return counted, [
                *((row, way) for _deal, row, way in guests),
                *((rows[deal], way) for deal, way in self._ways.items()
                  if deal not in hidden and self._within(deal, pipeline, at, span)),
            ]  # fmt: skip

    def has_guests(self, pipeline: int) -> bool:
        """Whether deals were moved from a pipeline to another one."""
        with self._lock:
            self._fresh()
            return bool(self._guests.get(pipeline))

    def guests(self, pipeline: int, span: tuple[int, int]) -> dict[int, tuple[int, ...]]:
        """The deals opened in a span of moments that have left a pipeline for another one, with
        the stages in which they stood."""
        with self._lock:
            found = self._guests_of(self._fresh(), pipeline, span)
            hidden = self._workspace.privacy.outside(
                self.objects.deal.key, [one[0] for one in found]
            )
        return {deal: row[3] for deal, row, _way in found if deal not in hidden}

    def _guests_of(
        self, rows: dict[int, tuple[Any, ...]], pipeline: int, span: tuple[int, int]
    ) -> list[tuple[int, tuple[Any, ...], Way]]:
        """Each with a tuple like those of others, of which the furthest stage is all it was in."""
        return [
            (deal, (*rows[deal][:3], tuple(stage for _who, stage in way), MOVED, *rows[deal][5:]),
             way)
            for deal, way in self._guests.get(pipeline, {}).items()
            if deal in rows and span[0] <= rows[deal][1] < span[1]
        ]  # fmt: skip

    def within(self, pipeline: int, span: tuple[int, int], *, closing: bool) -> list[int]:
        """The deals that are in a pipeline and were opened or closed in a span of moments."""
        with self._lock:
            rows = self._fresh()
            order = self._in_order(rows, pipeline, _place_of(closing))
            found = order.ids[order.places(span)]
            hidden = self._workspace.privacy.outside(self.objects.deal.key, found)
        return [deal for deal in found if deal not in hidden] if hidden else found

    def _in_order(self, rows: dict[int, tuple[Any, ...]], pipeline: int, at: int) -> _Order:
        """The deals of a pipeline in the order of the moment at `at`."""
        if (pipeline, at) not in self._orders:
            own = [(r[at], id_) for id_, r in rows.items() if r[0] == pipeline]
            own.sort()
            known: dict[tuple[Any, ...], int] = {}
            codes = [known.setdefault(rows[id_][3:], len(known)) for _moment, id_ in own]
            moments, ids = [moment for moment, _id in own], [id_ for _moment, id_ in own]
            self._orders[pipeline, at] = _Order(moments, ids, codes, list(known))
        return self._orders[pipeline, at]

    def _within(self, deal: int, pipeline: int, at: int, span: tuple[int, int]) -> bool:
        row = (self._rows or {}).get(deal)
        return row is not None and row[0] == pipeline and span[0] <= row[at] < span[1]

    # --- reading ----------------------------------------------------------------------------------

    def _fresh(self) -> dict[int, tuple[Any, ...]]:
        """The rows as they are now."""
        touched, rows = self._stale.take(), self._rows
        self._rows = None  # should reading fail
        deals = touched_deals(self._workspace, self.objects, touched)
        if rows is None or deals is None:
            self._orders = {}
            with self._workspace.backend.read() as connection:
                rows = self._read(connection)
                self._guests, self._homes = {}, self._read_homes(connection)
                self._ways = self._read_ways(connection, rows)
        elif deals:
            self._orders = {}
            with self._workspace.backend.read() as connection:
                for part in parts_of(deals):
                    self._renew(connection, rows, part)
        self._rows = rows
        return rows

    def _renew(
        self, connection: sa.Connection, rows: dict[int, tuple[Any, ...]], ids: Sequence[int]
    ) -> None:
        for id_ in ids:
            rows.pop(id_, None)
            self._ways.pop(id_, None)
            for deals in self._guests.values():
                deals.pop(id_, None)
        self._homes = self._read_homes(connection)
        rows |= self._read(connection, ids)
        self._ways |= self._read_ways(connection, rows, ids)

    def _column(self, name: str, *, of_stay: bool = False) -> sa.Column[Any]:
        entity = self.objects.log if of_stay else self.objects.deal
        return self.objects.column(self._workspace.tables, entity, name)

    def _read(
        self, connection: sa.Connection, ids: Sequence[int] | None = None
    ) -> dict[int, tuple[Any, ...]]:  # fmt: skip
        names, table = self.objects.names, self._workspace.tables.main[self.objects.deal.key]
        wanted = sa.select(table.c.id, *(self._column(name) for name in (
            names.pipeline, names.opened, names.closed, names.reached, names.state, names.who,
            names.source,
        )))  # fmt: skip
        if ids is not None:
            wanted = wanted.where(table.c.id.in_(ids))
        found = self._workspace.backend.columns(connection, wanted)
        for place in (2, 3):
            found[place] = [_NEVER if moment is None else moment for moment in found[place]]
        return dict(zip(found[0], zip(*found[1:], strict=True), strict=True))

    def _read_ways(
        self, connection: sa.Connection, rows: dict[int, tuple[Any, ...]],
        ids: Sequence[int] | None = None,
    ) -> dict[int, Way]:  # fmt: skip
        """The stays of deals of which one at least was not the present responsible's."""
        stays = self.objects.stays
        columns = [self._column(n, of_stay=True) for n in (stays.owner, stays.who, stays.stage)]
        wanted = sa.select(*columns)
        if ids is not None:
            wanted = wanted.where(columns[0].in_(ids))
        owners, people, stages = self._workspace.backend.columns(connection, wanted)
        self._note_guests(rows, (owners, people, stages))
        present = {id_: row[5] for id_, row in rows.items()}
        lost = object()
        handed = {o for o, w in zip(owners, people, strict=True) if present.get(o, lost) != w}
        handed &= rows.keys()
        found: dict[int, list[tuple[int | None, int]]] = {deal: [] for deal in handed}
        for owner, who, stage in zip(owners, people, stages, strict=True):
            if owner in found:
                found[owner].append((who, stage))
        return {deal: tuple(way) for deal, way in found.items()}

    def _note_guests(
        self, rows: dict[int, tuple[Any, ...]], columns: tuple[Sequence[Any], ...]
    ) -> None:
        """Finds the stays in stages of other pipelines than that of their deal."""
        owners, _people, stages = columns
        homes, here = self._homes, {id_: row[0] for id_, row in rows.items()}
        away = [
            at for at, (deal, stage) in enumerate(zip(owners, stages, strict=True))
            if homes.get(stage, here.get(deal)) != here.get(deal)
        ]  # fmt: skip
        for owner, who, stage in (tuple(column[at] for column in columns) for at in away):
            deals = self._guests.setdefault(homes[stage], {})
            deals[owner] = (*deals.get(owner, ()), (who, stage))

    def _read_homes(self, connection: sa.Connection) -> dict[int, int]:
        objects, table = self.objects, self._workspace.tables.main[self.objects.stage.key]
        column = objects.column(self._workspace.tables, objects.stage, objects.steps.pipeline)
        return {row[0]: row[1] for row in connection.execute(sa.select(table.c.id, column))}


def _place_of(closing: bool) -> int:
    """Where a tuple holds the moment that a question is about."""
    return 2 if closing else 1


def _counted_by(kind: tuple[Any, ...], group: int | None) -> tuple[Any, ...]:
    """Furthest stage, state, and the value that is grouped by."""
    return kind[:2] if group is None else (*kind[:2], kind[group - 3])
