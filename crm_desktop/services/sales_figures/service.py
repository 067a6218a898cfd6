"""Funnels of one open base, answered whole; whoever asks stands in a worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.funnel.answer import (
    FunnelFigure,
    GroupLine,
    LossLine,
    Outline,
    StageLine,
)
from crm_desktop.services.funnel.asked import AskedDeals
from crm_desktop.services.funnel.counting import Counting, Counts
from crm_desktop.services.funnel.kept import KeptDeals
from crm_desktop.services.funnel.kept_past import KeptPast, Lost
from crm_desktop.services.funnel.objects import SalesObjects, Way, read_way
from crm_desktop.services.funnel.office_days import other_zone
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import (
    EVERYBODY,
    MANAGER,
    SEGMENT,
    SOURCE,
    Conditions,
    FunnelQuestion,
)
from crm_desktop.services.funnel.rule import funnel_rule
from crm_desktop.services.funnel.shares import median, percent, percentile
from crm_desktop.services.sales_figures.asking import added, code_of, own_currency
from crm_desktop.services.sales_figures.kept_acts import KeptActs
from crm_desktop.services.sales_figures.kept_wins import KeptWins
from crm_desktop.services.tally import fold_tallies

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_MOST_LISTED = 2500
"""Ids that a condition can name; more returns than that from one stage open no rows."""
_LONG = 90
_SHORT = 100
"""Days of a period whose whole funnel the base finds sooner than all deals are read."""


class Funnels:
    """Counts funnels; every number with the query of its rows."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._objects = SalesObjects.of(workspace.catalogue)
        self.kept, self.past = KeptDeals(workspace), KeptPast(workspace)
        self.acts, self.wins = KeptActs(workspace), KeptWins(workspace)
        self._begun = False

    def forget(self) -> None:
        """Everything is read anew when it is asked for next."""
        for kept in (self.kept, self.past, self.acts, self.wins):
            kept.forget()

    @property
    def is_ready(self) -> bool:
        """Whether the next funnel and table of managers are answered from memory."""
        every = (self.kept, self.past, self.acts, self.wins)
        return all(kept.is_ready for kept in every)

    def prepare(self) -> None:
        """Reads what funnels and the table of managers count, if it is not kept; in the
        background."""
        self.acts.prepare()
        self.wins.prepare()
        self.kept.prepare()
        self.past.prepare()
        fold_tallies(self._workspace)

    @property
    def pipeline_object(self) -> str:
        """The key of the object of pipelines."""
        return self._objects.pipeline_ref(0).entity

    def counts(self, question: FunnelQuestion) -> Counts:
        """Only how many deals came how far, for all and for each group: the quick part."""
        with self._workspace.backend.read() as connection:
            counting = self._counting(connection, question, rows=question.by == SEGMENT)
            return counting.counts(question)

    def figure(self, question: FunnelQuestion) -> FunnelFigure:
        """The whole funnel; NotFound for a pipeline that is not there."""
        name = self._name_of_pipeline(question.pipeline)
        with self._workspace.backend.read() as connection:
            counting = self._counting(connection, question, rows=True)
            way, counts = counting.way, counting.counts(question)
            lines = self._lines(way, question, counts, counting)
            losses = counting.lost(question)
            beside = [
                (period, counting.counts(question.at(period)))
                for period in (question.period.before(), question.period.year_before())
            ]
        conditions = Conditions(self._objects, way, question)
        returned = conditions.query(conditions.group(question.only), conditions.returned())
        return FunnelFigure(
            question, name, tuple(lines), _total([line.count for line in lines]),
            self._workspace.lists.count(returned), returned,
            tuple(self._groups(way, question, counts)),
            tuple(self._losses(way, question, losses)),
            self._outline(way, question, *beside[0]), self._outline(way, question, *beside[1]),
            funnel_rule(question),
        )  # fmt: skip

    def _counting(
        self, connection: sa.Connection, question: FunnelQuestion, *, rows: bool
    ) -> Counting:
        """`rows`: more than the numbers is asked for. Before all deals were read a first question
        is answered by the base; who asks again has them read."""
        begun, self._begun = self._begun, True
        is_private = self._workspace.privacy.concerns(self._objects.deal.key)
        asks = not (begun or self.kept.is_ready or is_private)
        asks = asks and (not rows or question.period.days <= _SHORT)
        deals, past = (AskedDeals(self._workspace), None) if asks else (self.kept, self.past)
        way = read_way(connection, self._workspace.tables, self._objects, question.pipeline)
        guests = rows and deals.has_guests(question.pipeline)
        way = replace(way, guests=guests, zone=other_zone(self._workspace))
        return Counting(self._workspace, connection, way, deals, past)

    def _name_of_pipeline(self, id_: int) -> str:
        ref = self._objects.pipeline_ref(id_)
        found = self._workspace.titles.of([ref])
        if ref not in found:
            raise NotFound(_("There is no pipeline with the number {id}").format(id=id_))
        return found[ref].text

    def pipelines(self) -> list[tuple[int, str]]:
        """The pipelines that are offered, in their order: number and name."""
        entity = self._workspace.catalogue[self.pipeline_object]
        query = Query(
            entity.key, (entity.title_field,), Condition("retired", "ne", True),
            (Sort("position"), Sort("id")),
        )  # fmt: skip
        ids = list(self._workspace.lists.open(query).ids())
        titles = self._workspace.titles.of([Ref(entity.key, id_) for id_ in ids])
        return [(id_, titles[Ref(entity.key, id_)].text) for id_ in ids]

    # --- parts of the answer ----------------------------------------------------------------------

    def _lines(
        self, way: Way, question: FunnelQuestion, counts: Counts, counting: Counting
    ) -> Iterable[StageLine]:
        conditions = Conditions(self._objects, way, question)
        returned, minutes = counting.returned(question), counting.minutes(question)
        own, before = counts.get(question.only, [0] * len(way.steps)), None
        found = []
        for step in way.shown():
            count, back = own[step.place], sorted(returned.get(step.id, ()))
            times = minutes.get(step.id, [])
            listed = conditions.query(conditions.returned(step.place, back))
            stayed = conditions.query(conditions.group(question.only), conditions.stayed(step.id))
            found.append(StageLine(
                step, count, None if before is None else percent(count, before),
                conditions.at_step(step.place, question.only),
                len(back), listed if 0 < len(back) <= _MOST_LISTED else None,
                median(times), percentile(times, _LONG), stayed if times else None,
            ))  # fmt: skip
            before = count
        return found

    def _groups(self, way: Way, question: FunnelQuestion, counts: Counts) -> Iterable[GroupLine]:
        if not question.by:
            return []
        shown = [step.place for step in way.shown()]
        groups = [group for group in counts if group != EVERYBODY]
        names = self._names(question.by, groups)
        conditions = Conditions(self._objects, way, question)
        groups.sort(key=lambda group: (-counts[group][0], names[group]))
        return [
            GroupLine(
                group, names[group], tuple(counts[group][place] for place in shown),
                tuple(conditions.at_step(place, group) for place in shown),
                _total([counts[group][place] for place in shown]),
            )
            for group in groups
        ]  # fmt: skip

    def _names(self, by: str, groups: Sequence[int]) -> Mapping[int, str]:
        catalogue = self._workspace.catalogue
        target = catalogue.staff().key if by == MANAGER else catalogue.books().key
        refs = {group: Ref(target, group) for group in groups if group}
        titles = self._workspace.titles.of(list(refs.values()))
        none = _without(by)
        return {
            group: titles[refs[group]].text if refs.get(group) in titles else none
            for group in groups
        }

    def _losses(
        self, way: Way, question: FunnelQuestion, rows: Sequence[Lost]
    ) -> Iterable[LossLine]:
        conditions = Conditions(self._objects, way, question)
        reasons = list(dict.fromkeys(row[0] for row in rows))
        refs = {one: Ref(self._workspace.catalogue.books().key, one) for one in reasons if one}
        titles = self._workspace.titles.of(list(refs.values()))
        found, base = [], own_currency(self._workspace)
        for one in reasons:
            own = [row for row in rows if row[0] == one]
            known = titles.get(refs[one]) if one else None
            query = conditions.query(conditions.group(question.only), conditions.lost(one))
            found.append(LossLine(
                one, known.text if known else _("No reason given"), sum(row[2] for row in own),
                _by_currency(own, base), query,
            ))  # fmt: skip
        return sorted(found, key=lambda line: (-line.count, line.name))

    def _outline(
        self, way: Way, question: FunnelQuestion, period: Period, counts: Counts
    ) -> Outline:
        conditions = Conditions(self._objects, way, question.at(period))
        own = counts.get(question.only, [0] * len(way.steps))
        shown = [step.place for step in way.shown()]
        return Outline(
            period, tuple(own[place] for place in shown),
            tuple(conditions.at_step(place, question.only) for place in shown),
        )  # fmt: skip


def _by_currency(rows: Sequence[Lost], own: str) -> Mapping[str, Decimal]:
    """The sums; those without a currency are in that of the base."""
    return added([{code_of(row[1], own): row[3]} for row in rows if row[3]])


def _total(counts: Sequence[int]) -> Decimal | None:
    return percent(counts[-1], counts[0]) if counts else None


def _without(by: str) -> str:
    if by == MANAGER:
        return _("Nobody responsible")
    return _("No source given") if by == SOURCE else _("No category")
