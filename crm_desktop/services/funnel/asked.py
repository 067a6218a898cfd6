"""The deals of one question, asked of the base: the first question of a program.

Reading all deals into memory (`kept`) pays from the second question on. Until then whole months are
taken from what the base counts by itself (`tally`), the days before and after them are counted, and
only deals that changed hands or pipelines are read one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.types import UtcDateTime
from crm_desktop.services.funnel.kept import MOVED, Way
from crm_desktop.services.funnel.objects import WON, SalesObjects
from crm_desktop.services.funnel.objects import Way as StageWay
from crm_desktop.services.paths import quietened
from crm_desktop.services.serial_executor import SerialExecutor
from crm_desktop.services.tally import cut, month_counts, sees_tallies
from crm_desktop.services.workspace import Workspace

Told = list[tuple[tuple[Any, ...], Way]]
"""Deals as `KeptDeals` holds them, without their moments, and who had them in which stage."""
_HAD = """
SELECT who, place, NULL, NULL, COUNT(*) FROM (
 SELECT rid, who, MAX({place}) AS place FROM {table} WHERE {here} GROUP BY rid, who) h
GROUP BY who, place
UNION ALL
SELECT owner, -1, reached, state, COUNT(*) FROM (
 SELECT DISTINCT rid, owner, reached, state FROM {table} WHERE {here}) n
GROUP BY owner, reached, state"""
"""Written out, since the first question of a program would spend a tenth of its time putting it
together. A place of -1 stands for those that are somebody's now."""
_SHORT_S = 100 * 86_400
"""A period in which few of all deals lie."""


class AskedDeals:
    """Answers as `KeptDeals` does; for objects whose records are nobody's private business."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._backend, self._tables = workspace.backend, workspace.tables
        self.objects = SalesObjects.of(workspace.catalogue)
        self.tallied = sees_tallies(workspace, self.objects.deal)
        """Whether what the base counts by itself is of the deals that are asked about."""
        self._names, self._stays = self.objects.names, self.objects.stays
        self._table = self._tables.main[self.objects.deal.key]
        self._log = self._tables.main[self.objects.log.key]
        self._kind = [self._deal(name) for name in (
            self._names.reached, self._names.state, self._names.who, self._names.source,
        )]  # fmt: skip

    def tops(
        self, pipeline: int, span: tuple[int, int], *, closing: bool, group: int | None
    ) -> tuple[Counter[tuple[Any, ...]], Told]:
        """See `KeptDeals.tops`; if `tallied`, those that changed hands are told by `had`. A server
        counts and looks for them at once."""
        counted: Counter[tuple[Any, ...]] = Counter()
        handed: Told = []
        if group is None or self.tallied or self._backend.exclusive:
            counted.update(self._counted(pipeline, span, closing, group))
            if group is not None and not self.tallied:
                handed = self._handed(pipeline, span, closing)
        else:
            with SerialExecutor() as executor:
                executor.run(lambda: counted.update(self._counted(pipeline, span, closing, group)))
                handed = self._handed(pipeline, span, closing)
        guests = [] if closing else list(self._guests(pipeline, span).values())
        for row, _way in guests:
            counted[row[3], row[4], *(() if group is None else (row[group],))] += 1
        return counted, [] if group is None else [*guests, *handed]

    def has_guests(self, pipeline: int) -> bool:
        """See `KeptDeals.has_guests`."""
        wanted = self._backend.limit(self._guests_of(pipeline, self._deal_id()), 1)
        with self._backend.read() as connection:
            return connection.execute(wanted).first() is not None

    def guests(self, pipeline: int, span: tuple[int, int]) -> dict[int, tuple[int, ...]]:
        """See `KeptDeals.guests`."""
        return {deal: row[3] for deal, (row, _way) in self._guests(pipeline, span).items()}

    def within(self, pipeline: int, span: tuple[int, int], *, closing: bool) -> list[int]:
        """See `KeptDeals.within`; in no order."""
        wanted = sa.select(self._deal_id()).where(*self._here(pipeline, span, closing))
        with self._backend.read() as connection:
            return list(self._backend.columns(connection, wanted)[0])

    # --- statements -------------------------------------------------------------------------------

    def _counted(
        self, pipeline: int, span: tuple[int, int], closing: bool, group: int | None
    ) -> dict[tuple[Any, ...], int]:
        parts = cut(span)
        if parts is None or not self.tallied:
            return self._counted_rows(pipeline, span, closing, group)
        names = self._names
        keys = (names.reached, names.state, names.who, names.source)
        found = month_counts(
            self._workspace, self.objects.deal, names.closed if closing else names.opened,
            parts.months, [*keys[:2], *([] if group is None else [keys[group - 3]])],
            (names.pipeline, pipeline),
        )  # fmt: skip
        for rest in parts.rest:
            found.update(self._counted_rows(pipeline, rest, closing, group))
        return found

    def _counted_rows(
        self, pipeline: int, span: tuple[int, int], closing: bool, group: int | None
    ) -> dict[tuple[Any, ...], int]:
        columns = [*self._kind[:2], *([] if group is None else [self._kind[group - 3]])]
        wanted = sa.select(*columns, sa.func.count()).where(*self._here(pipeline, span, closing))
        with self._backend.read() as connection:
            rows = connection.execute(wanted.group_by(*columns)).all()
        return {tuple(row[:-1]): row[-1] for row in rows}

    def _handed(self, pipeline: int, span: tuple[int, int], closing: bool) -> Told:
        """The deals of which one stay at least was not the present responsible's."""
        own, owner = self._deal_id(), self._stay(self._stays.owner)
        who, then = self._deal(self._names.who), self._stay(self._stays.who)
        here, other = self._here(pipeline, span, closing), self._log.alias()
        stays = [other.c[then.name], other.c[self._stay(self._stays.stage).name]]
        wanted = sa.select(own, *self._kind, *stays)
        joined = self._table.join(other, other.c[owner.name] == own)
        if not _is_long(span):
            apart = sa.exists().where(owner == own, who.is_distinct_from(then))
            wanted = wanted.select_from(joined).where(*here, apart)
        else:  # a server reads both tables whole sooner than the stays of each deal
            same = own == owner if self._backend.covering else own + 0 == owner + 0
            both = self._table.join(self._log, same)
            some = sa.select(own).select_from(both).where(*here, who.is_distinct_from(then))
            found = some.distinct().subquery()
            wanted = wanted.select_from(joined.join(found, found.c.id == own))
        return list(self._told(wanted, pipeline).values())

    def had(
        self, pipeline: int, span: tuple[int, int], way: StageWay, *, closing: bool
    ) -> Counter[tuple[int, int]]:
        """By colleague (0: nobody) and place: of how many deals that changed hands it was the
        furthest place with that colleague, less those that are his now and came so far."""
        first, end = _moments(span)
        moment = "closed" if closing else "opened"
        asked = _HAD.format(
            table=self._tables.system("changed_hands").name, place=_place(way),
            here=f"way = :way AND {moment} >= :first AND {moment} < :end",
        )  # fmt: skip
        wanted = sa.text(asked).bindparams(
            sa.bindparam("way", pipeline, sa.BigInteger),
            sa.bindparam("first", first, UtcDateTime), sa.bindparam("end", end, UtcDateTime),
        )  # fmt: skip
        found: Counter[tuple[int, int]] = Counter()
        with self._backend.read() as connection:
            rows: Any = connection.execute(wanted).all()
        for who, top, reached, state, count in rows:
            if top is not None and top < 0:
                found[who or 0, way.came(reached, state)] -= count
            elif top is not None:
                found[who, top] += count
        return found

    def _guests(
        self, pipeline: int, span: tuple[int, int]
    ) -> dict[int, tuple[tuple[Any, ...], Way]]:
        """The deals opened in a span of moments that have left a pipeline for another one."""
        stays = (self._stay(name) for name in (self._stays.who, self._stays.stage))
        wanted = self._guests_of(pipeline, self._deal_id(), *self._kind, *stays)
        found = self._told(wanted.where(*self._between(self._names.opened, span)), pipeline)
        return {
            deal: ((*row[:3], tuple(stage for _who, stage in way), MOVED, *row[5:]), way)
            for deal, (row, way) in found.items()
        }

    def _guests_of(self, pipeline: int, *columns: Any) -> sa.Select[Any]:
        """Stays in stages of a pipeline, of deals that are in no or another one."""
        objects, home = self.objects, self._deal(self._names.pipeline)
        stages = self._tables.main[objects.stage.key]
        own = objects.column(self._tables, objects.stage, objects.steps.pipeline)
        with self._backend.read() as connection:
            homes = connection.execute(sa.select(stages.c.id, own)).all()
        others = {row[1] for row in homes if row[1] is not None} - {pipeline}
        here = [row[0] for row in homes if row[1] == pipeline]
        joined = self._table.join(self._log, self._deal_id() == self._stay(self._stays.owner))
        return sa.select(*columns).select_from(joined).where(
            sa.or_(home.in_(sorted(others)), home.is_(None)),
            self._stay(self._stays.stage).in_(here),
        )  # fmt: skip

    def _told(
        self, wanted: sa.Select[Any], pipeline: int
    ) -> dict[int, tuple[tuple[Any, ...], Way]]:
        """Of rows of id, kind, who and stage: each deal with its way."""
        with self._backend.read() as connection:
            rows = zip(*self._backend.columns(connection, wanted), strict=True)
            ways: dict[tuple[Any, ...], list[tuple[int | None, int]]] = defaultdict(list)
            for *deal, who, stage in rows:
                ways[tuple(deal)].append((who, stage))
        return {
            deal[0]: ((pipeline, None, None, *deal[1:]), tuple(way)) for deal, way in ways.items()
        }

    def _here(
        self, pipeline: int, span: tuple[int, int], closing: bool
    ) -> Sequence[sa.ColumnElement[bool]]:
        moment = self._names.closed if closing else self._names.opened
        return [self._deal(self._names.pipeline) == pipeline, *self._between(moment, span)]

    def _between(self, name: str, span: tuple[int, int]) -> Sequence[sa.ColumnElement[bool]]:
        """In a long period the index of the moments leads nowhere; one that holds all columns
        answers without the table."""
        first, end = _moments(span)
        moment: sa.ColumnElement[Any] = self._deal(name)
        if self._backend.covering or _is_long(span):
            moment = quietened(moment)
        return [moment >= first, moment < end]

    def _deal_id(self) -> sa.Column[Any]:
        return self._table.c.id

    def _deal(self, name: str) -> sa.Column[Any]:
        return self.objects.column(self._tables, self.objects.deal, name)

    def _stay(self, name: str) -> sa.Column[Any]:
        return self.objects.column(self._tables, self.objects.log, name)


def _moments(span: tuple[int, int]) -> tuple[datetime, datetime]:
    first, end = (datetime.fromtimestamp(moment, UTC) for moment in span)
    return first, end


def _is_long(span: tuple[int, int]) -> bool:
    return span[1] - span[0] > _SHORT_S


def _place(way: StageWay) -> str:
    """How far a stay counts, said in SQL (`StageWay.stood`)."""
    here = {
        won: " ".join(f"WHEN {step} THEN {way.stood(step, won=won)}" for step in way.places)
        for won in (True, False)
    }
    if not way.places:
        return "CAST(NULL AS INTEGER)"
    cases = {won: f"CASE step {whens} END" for won, whens in here.items()}
    return f"CASE WHEN state = '{WON}' THEN {cases[True]} ELSE {cases[False]} END"
