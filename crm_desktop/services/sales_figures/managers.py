"""Table of managers, from what happened: leads, answers, calls, meetings, deals won.

Events of deals belong to whoever was responsible at that moment, as the history of stages says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.models.query import Condition, Query, both
from crm_desktop.services.conditions.values import PASSED
from crm_desktop.services.funnel.objects import WON, SalesObjects
from crm_desktop.services.funnel.office_days import bounds, span_of
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.shares import median
from crm_desktop.services.sales_figures.acts_asked import AUTHOR, CALLS, DONE, MEETINGS, Done
from crm_desktop.services.sales_figures.asking import Asking, Sums, is_one, is_one_of
from crm_desktop.services.serial_executor import SerialExecutor
from crm_desktop.services.workspace import Workspace

TAKEN_BY, ANSWERED_BY = "taken_by", "responded_by"
"""Who was responsible then; empty with leads that were taken on before this was kept."""


@dataclass(frozen=True)
class Number:
    """A count and the query of its rows."""

    count: int
    query: Query


@dataclass(frozen=True)
class ManagerLine:
    """One colleague; `id` 0: nobody. `response`: median of the first responses in working
    minutes, None without any."""

    id: int
    name: str
    leads: Number
    response: int | None
    response_query: Query
    calls: Number
    meetings: Number
    overdue: Number
    won: Number
    sums: Sums


def manager_table(workspace: Workspace, period: Period) -> list[ManagerLine]:
    """Everybody who did something in the period, by deals won."""
    with workspace.backend.read() as connection:
        found = _Managers(workspace, connection, period).lines()
    return sorted(found, key=lambda line: (-line.won.count, -line.leads.count, line.name))


def managers_rule() -> tuple[str, ...]:
    """How the table is counted, in sentences."""
    return (
        _("Counted from what happened in the period, not from reports. Leads: taken into work, for"
          " who was responsible then."),
        _("First response: the median in working time, for who was responsible then. Calls,"
          " meetings and visits: done."),
        _("Overdue: due in the period and still not done. Won: for who was responsible at that"
          " moment, if the deal is still won."),
    )  # fmt: skip


class _Managers:
    def __init__(self, workspace: Workspace, connection: sa.Connection, period: Period) -> None:
        self._workspace, self._connection = workspace, connection
        self._asking, self._period = Asking(workspace, connection), period
        self._objects = SalesObjects.of(workspace.catalogue)
        self._lead, _trait = workspace.catalogue.with_trait(Leads)
        self._days = bounds(workspace, period)

    def lines(self) -> list[ManagerLine]:
        ask, who = self._asking, self._objects.names.who
        leads = ask.counts(self._leads(), TAKEN_BY, instead=who)
        answered = ask.sorted_values(self._answered(), ANSWERED_BY, "response", instead=who)
        (done, overdue), (won, sums) = self._kept()
        ids = list(dict.fromkeys((*leads, *answered, *done, *overdue, *won)))
        staff = self._workspace.catalogue.staff().key
        titles = self._workspace.titles.of([Ref(staff, id_) for id_ in ids if id_])
        found = []
        for id_ in ids:
            known, by = titles.get(Ref(staff, id_)), is_one(AUTHOR, id_)
            took, replied = (is_one_of(key, who, id_) for key in (TAKEN_BY, ANSWERED_BY))
            kinds = done.get(id_, {})
            calls, meetings = (sum(kinds.get(k, 0) for k in of) for of in (CALLS, MEETINGS))
            found.append(ManagerLine(
                id_, known.text if known else _("Nobody responsible"),
                Number(leads.get(id_, 0), self._leads().narrowed(took)),
                median(answered.get(id_, ())), self._answered().narrowed(replied),
                Number(calls, self._acts(CALLS).narrowed(by)),
                Number(meetings, self._acts(MEETINGS).narrowed(by)),
                Number(overdue.get(id_, 0), self._overdue().narrowed(by)),
                Number(won.get(id_, 0), self._deals_won(id_)), sums.get(id_, {}),
            ))  # fmt: skip
        return found

    def _kept(self) -> tuple[tuple[Done, dict[int, int]], tuple[dict[int, int], dict[int, Sums]]]:
        """What was done and is overdue, and what was won; a server that has to count both does it
        at once."""
        funnels = self._workspace.funnels
        span = span_of(self._workspace, self._period)
        acts = partial(funnels.acts.answer, self._period)
        wins = partial(funnels.wins.answer, span.start.timestamp(), span.end.timestamp())
        if funnels.acts.is_ready or self._workspace.backend.exclusive:
            return acts(), wins()
        found: list[tuple[Done, dict[int, int]]] = []
        with SerialExecutor() as executor:
            executor.run(lambda: found.append(acts()))
            won = wins()
        return found[0], won

    # --- questions --------------------------------------------------------------------------------

    def _leads(self) -> Query:
        return Query(self._lead.key, where=Condition("taken", "between", self._days))

    def _answered(self) -> Query:
        where = both(Condition("responded", "between", self._days), Condition("response", "filled"))
        return Query(self._lead.key, where=where)

    def _acts(self, kinds: tuple[str, ...]) -> Query:
        return Query(ACTIVITY.key, where=both(
            Condition("kind", "in", kinds), Condition("state", "eq", DONE),
            Condition("moment", "between", self._days),
        ))  # fmt: skip

    def _overdue(self) -> Query:
        return Query(ACTIVITY.key, where=both(
            Condition("state", "in", OPEN_STATES), Condition("due", "between", self._days),
            Condition("due", "period", PASSED),
        ))  # fmt: skip

    def _deals_won(self, who: int) -> Query:
        stays = self._objects.stays
        event = both(
            Condition(stays.direction, "eq", WON), Condition(stays.since, "between", self._days),
            is_one(stays.who, who),
        )  # fmt: skip
        return Query(self._objects.deal.key, where=both(
            Condition(self._objects.names.state, "eq", WON),
            Condition(self._objects.log.key, "any", event),
        ))  # fmt: skip
