"""Counts of one funnel, grouped by the base; what changed hands is added by its history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import Where, both
from crm_desktop.services.conditions.sql import Compiler
from crm_desktop.services.funnel.asked import AskedDeals
from crm_desktop.services.funnel.kept import MOVED, KeptDeals
from crm_desktop.services.funnel.kept import Way as Stays
from crm_desktop.services.funnel.kept_past import KeptPast, Lost, Times
from crm_desktop.services.funnel.objects import WON, Way
from crm_desktop.services.funnel.office_days import span_of
from crm_desktop.services.funnel.question import (
    CATEGORY,
    EVERYBODY,
    MANAGER,
    SEGMENT,
    SOURCE,
    Conditions,
    FunnelQuestion,
)
from crm_desktop.services.paths import Scope
from crm_desktop.services.workspace import Workspace

_PLACES = {MANAGER: 5, SOURCE: 6}
"""Where a tuple of `KeptDeals` holds what is grouped by."""
Counts = dict[int, list[int]]
"""By group (EVERYBODY for all): how many came to each place of the way."""


class Counting:
    """Asks the base for the counts of one question, within one connection; without `past` also
    for what deals left behind."""

    def __init__(
        self, workspace: Workspace, connection: sa.Connection, way: Way,
        kept: KeptDeals | AskedDeals, past: KeptPast | None,
    ) -> None:  # fmt: skip
        self._kept, self._past, self._workspace = kept, past, workspace
        self._backend, self._tables = workspace.backend, workspace.tables
        self._context = workspace.lists.context()
        self._connection = connection
        self._objects, self.way = kept.objects, way
        self._log = self._tables.main[self._objects.log.key]

    # --- how far deals came -----------------------------------------------------------------------

    def counts(self, question: FunnelQuestion) -> Counts:
        """How many came to each stage or a later one, for all and for each group."""
        if question.by == SEGMENT:
            scope, elements = self._scoped(self._conditions(question).scope())
            return self._summed(self._grouped(question, scope, elements))
        counted, ways = self._kept.tops(
            question.pipeline, self._span(question), closing=question.closing,
            group=_PLACES.get(question.by),
        )  # fmt: skip
        tops: Counter[tuple[int, int]] = Counter()
        for (reached, state, *own), count in counted.items():
            top = self._top(reached, state)
            tops[EVERYBODY, top] += count
            if own:
                tops[own[0] or 0, top] += count
        if question.by == MANAGER:
            self._by_history(ways, tops)
            if isinstance(self._kept, AskedDeals) and self._kept.tallied:
                tops.update(self._kept.had(
                    question.pipeline, self._span(question), self.way, closing=question.closing
                ))  # fmt: skip
        return self._summed(tops)

    def _grouped(
        self, question: FunnelQuestion, scope: Scope, elements: Sequence[sa.ColumnElement[bool]]
    ) -> Counter[tuple[int, int]]:
        """By category of the client, by the base; deals that have left the pipeline one by one."""
        names = self._objects.names
        reached, state = self._deal(names.reached), self._deal(names.state)
        link: Any = self._objects.deal.field(names.client)
        client = self._tables.catalogue[link.target]
        table = self._tables.main[client.key].alias()
        joined = scope.source().outerjoin(table, table.c.id == self._deal(names.client))
        category, home = table.c[client.field(CATEGORY).name], self._deal(names.pipeline)
        columns = (reached, state, category)
        wanted = sa.select(*columns, sa.func.count()).select_from(joined).where(*elements)
        wanted = wanted.where(home == question.pipeline).group_by(*columns)
        tops: Counter[tuple[int, int]] = Counter()
        for row in self._connection.execute(wanted):
            top = self._top(row[0], row[1])
            tops[EVERYBODY, top] += row[3]
            tops[row[2] or 0, top] += row[3]
        guests = self._guests(question)
        of_each = sa.select(scope.id, category).select_from(joined)
        for part in _parts(list(guests)):
            for deal, group in self._connection.execute(of_each.where(scope.id.in_(part))):
                top = self._top(guests[deal], MOVED)
                tops[EVERYBODY, top] += 1
                tops[group or 0, top] += 1
        return tops

    def _guests(self, question: FunnelQuestion) -> dict[int, tuple[int, ...]]:
        if question.closing or not self.way.guests:
            return {}
        return self._kept.guests(question.pipeline, self._span(question))

    def _summed(self, tops: Mapping[tuple[int, int], int]) -> Counts:
        """From "came no further than" to "came so far or further"."""
        size = len(self.way.steps)
        found: Counts = defaultdict(lambda: [0] * size)
        found[EVERYBODY] = [0] * size
        for (group, top), count in tops.items():
            for place in range(min(top + 1, size)):
                found[group][place] += count
        return {group: line for group, line in found.items() if group == EVERYBODY or any(line)}

    def _top(self, reached: Any, state: str | None) -> int:
        """`reached`: the furthest stage; of what has left the pipeline all it was in."""
        if state == MOVED:
            return max((self.way.stood(stage, won=False) or 0 for stage in reached), default=0)
        return self.way.came(reached, state)

    # --- deals that changed hands -----------------------------------------------------------------

    def _by_history(
        self, ways: Iterable[tuple[tuple[Any, ...], Stays]], tops: Counter[tuple[int, int]]
    ) -> None:
        """Deals that others had before count for them, as far as they came with them."""
        for row, way in ways:
            tops[row[5] or 0, self._top(row[3], row[4])] -= 1
            had: dict[int, int] = {}
            for who, stage in way:
                place = self.way.stood(stage, won=row[4] == WON)
                if place is not None:
                    had[who or 0] = max(place, had.get(who or 0, 0))
            for who, top in had.items():
                tops[who, top] += 1

    # --- returns, times, losses -------------------------------------------------------------------

    def returned(self, question: FunnelQuestion) -> dict[int, set[int]]:
        """By stage: the deals that went back from it."""
        stays = self._objects.stays
        owner = self._stay(stays.owner)
        found: dict[int, set[int]] = defaultdict(set)
        columns = [self._stay(n) for n in (stays.owner, stays.stage, stays.direction)]
        order = (self._stay(stays.since), self._log.c.id)
        for part in _parts(self._that_returned(question)):
            wanted = sa.select(*columns).where(self._backend.among(owner, alone=True))
            last: dict[int, int] = {}
            for deal, stage, way in self._connection.execute(
                wanted.order_by(*order), {"ids": part}
            ):
                if way == "back" and deal in last and stage in self.way.places:
                    found[last[deal]].add(deal)
                last[deal] = stage
        return found

    def _that_returned(self, question: FunnelQuestion) -> Sequence[int]:
        """The deals of a question that went back. Those of all periods are few: found by their
        stays, they save a join with every stay of two years."""
        stays = self._objects.stays
        owner, pipeline = self._stay(stays.owner), self._stay(stays.pipeline)
        back = sa.select(owner).where(self._stay(stays.direction) == "back").distinct()
        ever = self._connection.scalars(back.where(pipeline + 0 == question.pipeline)).all()
        if question.only == EVERYBODY and self._past is not None:
            asked = {*self._deals(question), *self._guests(question)}
            return sorted(asked.intersection(ever))
        conditions = self._conditions(question)
        scope, elements = self._scoped(both(conditions.scope(), conditions.group(question.only)))
        wanted = sa.select(scope.id).select_from(scope.source()).where(*elements)
        return [
            deal for part in _parts(ever)
            for deal in self._connection.scalars(wanted.where(scope.id.in_(part)))
        ]  # fmt: skip

    def minutes(self, question: FunnelQuestion) -> Times:
        """By stage: the working minutes of finished stays, sorted."""
        if question.only == EVERYBODY and self._past is not None:
            return self._past.minutes([*self._deals(question), *self._guests(question)])
        stays = self._objects.stays
        stage, minutes = self._stay(stays.stage), self._stay(stays.minutes)
        ended = self._stay(stays.until).is_not(None)
        wanted = self._stays_of(question, stage, minutes).where(ended, minutes.is_not(None))
        found: Times = defaultdict(list)
        for one, taken in zip(*self._backend.columns(self._connection, wanted), strict=True):
            found[one].append(taken)
        for times in found.values():
            times.sort()
        return found

    def lost(self, question: FunnelQuestion) -> list[Lost]:
        """The lost deals, counted and summed by reason and currency."""
        if question.only == EVERYBODY and self._past is not None:
            return self._past.lost(self._deals(question))
        names, conditions = self._objects.names, self._conditions(question)
        reason, currency = self._deal(names.reason), self._deal(names.currency)
        scope, elements = self._scoped(both(
            conditions.scope(), conditions.group(question.only), conditions.lost()
        ))  # fmt: skip
        wanted = sa.select(
            reason, currency, sa.func.count(), sa.func.sum(self._deal(names.amount))
        ).select_from(scope.source())
        rows = self._connection.execute(wanted.where(*elements).group_by(reason, currency))
        return [(row[0] or 0, row[1], row[2], row[3] or Decimal(0)) for row in rows]

    def _deals(self, question: FunnelQuestion) -> list[int]:
        """All deals of a question that are in its pipeline, whoever had them."""
        return self._kept.within(question.pipeline, self._span(question), closing=question.closing)

    def _span(self, question: FunnelQuestion) -> tuple[int, int]:
        """Its period in seconds since 1970."""
        span = span_of(self._workspace, question.period)
        return int(span.start.timestamp()), int(span.end.timestamp())

    def _stays_of(self, question: FunnelQuestion, *columns: Any) -> sa.Select[Any]:
        conditions = self._conditions(question)
        scope, elements = self._scoped(both(conditions.scope(), conditions.group(question.only)))
        joined = scope.source().join(self._log, self._stay(self._objects.stays.owner) == scope.id)
        return sa.select(*columns).select_from(joined).where(*elements)

    # --- parts of statements ----------------------------------------------------------------------

    def _conditions(self, question: FunnelQuestion) -> Conditions:
        return Conditions(self._objects, self.way, question)

    def _scoped(self, where: Where | None) -> tuple[Scope, list[sa.ColumnElement[bool]]]:
        compiler = Compiler(self._tables, self._context)
        scope = Scope(self._tables, self._objects.deal)
        return scope, [*compiler.seen(scope), *compiler.compile(scope, where)]

    def _deal(self, name: str) -> sa.Column[Any]:
        return self._column(self._objects.deal, name)

    def _stay(self, name: str) -> sa.Column[Any]:
        return self._column(self._objects.log, name)

    def _column(self, entity: EntityDef, name: str) -> sa.Column[Any]:
        return self._objects.column(self._tables, entity, name)


def _parts(ids: Sequence[int]) -> Iterable[list[int]]:
    return (list(ids[at : at + IN_LIST]) for at in range(0, len(ids), IN_LIST))
