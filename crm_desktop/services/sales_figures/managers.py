"""Table of managers, from what happened: leads, answers, calls, meetings, deals won.

Events of deals belong to whoever was responsible at that moment, as the history of stages says.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.models.query import Condition, Query, Where, both
from crm_desktop.services.funnel.objects import WON, SalesObjects
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.shares import median
from crm_desktop.services.sales_figures.asking import (
    Asking,
    Sums,
    code_of,
    is_one,
    own_currency,
)
from crm_desktop.services.workspace import Workspace

CALLS, MEETINGS = ("call",), ("meeting", "visit")
_DONE, _AUTHOR = "done", "author"
_SHORT = 100
"""Days of a period that few of all activities lie in."""


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
        _("Counted from what happened in the period, not from reports. Leads: taken into work."),
        _("First response: the median in working time. Calls, meetings and visits: done."),
        _("Overdue: due in the period and still not done. Won: for who was responsible at that"
          " moment, if the deal is still won."),
    )  # fmt: skip


class _Managers:
    def __init__(self, workspace: Workspace, connection: sa.Connection, period: Period) -> None:
        self._workspace, self._connection = workspace, connection
        self._asking, self._period = Asking(workspace, connection), period
        self._objects = SalesObjects.of(workspace.catalogue)
        self._lead, _trait = workspace.catalogue.with_trait(Leads)
        self._days = (period.since.isoformat(), period.until.isoformat())
        self._now = workspace.clock.now().isoformat()

    def lines(self) -> list[ManagerLine]:
        ask, who = self._asking, self._objects.names.who
        leads = ask.counts(self._leads(), who)
        answered = ask.sorted_values(self._answered(), who, "response")
        done = self._done()
        overdue = ask.counts(self._open_acts(), _AUTHOR, self._late())
        won, sums = self._won()
        ids = list(dict.fromkeys((*leads, *answered, *done, *overdue, *won)))
        staff = self._workspace.catalogue.staff().key
        titles = self._workspace.titles.of([Ref(staff, id_) for id_ in ids if id_])
        found = []
        for id_ in ids:
            known, own, by = titles.get(Ref(staff, id_)), is_one(who, id_), is_one(_AUTHOR, id_)
            kinds = done.get(id_, {})
            calls, meetings = (sum(kinds.get(k, 0) for k in of) for of in (CALLS, MEETINGS))
            found.append(ManagerLine(
                id_, known.text if known else _("Nobody responsible"),
                Number(leads.get(id_, 0), self._leads().narrowed(own)),
                median(answered.get(id_, ())), self._answered().narrowed(own),
                Number(calls, self._acts(CALLS).narrowed(by)),
                Number(meetings, self._acts(MEETINGS).narrowed(by)),
                Number(overdue.get(id_, 0), self._overdue().narrowed(by)),
                Number(won.get(id_, 0), self._deals_won(id_)), sums.get(id_, {}),
            ))  # fmt: skip
        return found

    # --- questions --------------------------------------------------------------------------------

    def _leads(self) -> Query:
        return Query(self._lead.key, where=Condition("taken", "between", self._days))

    def _answered(self) -> Query:
        where = both(Condition("responded", "between", self._days), Condition("response", "filled"))
        return Query(self._lead.key, where=where)

    def _acts(self, kinds: tuple[str, ...]) -> Query:
        return Query(ACTIVITY.key, where=both(
            Condition("kind", "in", kinds), Condition("state", "eq", _DONE),
            Condition("moment", "between", self._days),
        ))  # fmt: skip

    def _open_acts(self) -> Query:
        return Query(ACTIVITY.key, where=Condition("state", "in", OPEN_STATES))

    def _late(self) -> Where | None:
        return both(Condition("due", "between", self._days), Condition("due", "lt", self._now))

    def _overdue(self) -> Query:
        return self._open_acts().narrowed(self._late())

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

    # --- answers ----------------------------------------------------------------------------------

    def _done(self) -> dict[int, dict[str, int]]:
        """Calls, meetings and visits by colleague and kind."""
        author, kind = (self._asking.column(ACTIVITY, name) for name in (_AUTHOR, "kind"))
        kinds = Condition("kind", "in", CALLS + MEETINGS)
        done = Condition("state", "eq", _DONE)
        when = Condition("moment", "between", self._days)
        leading: Where | None
        if self._period.days <= _SHORT:  # few have their moment in it
            leading, quiet = when, both(kinds, done)
        elif self._workspace.backend.covering:  # the index of who did what, in its order
            leading, quiet = None, both(kinds, done, when)
        else:
            leading, quiet = kinds, both(done, when)
        wanted = self._asking.select(
            Query(ACTIVITY.key, where=leading), author, kind, sa.func.count(), quiet=quiet
        )
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for row in self._connection.execute(wanted.group_by(author, kind)):
            found[row[0] or 0][row[1]] = row[2]
        return found

    def _won(self) -> tuple[dict[int, int], dict[int, Sums]]:
        """Deals won and their sums, for who was responsible then; each deal once a person."""
        deal, log = self._objects.names, self._objects.log
        stays, tables = self._objects.stays, self._workspace.tables
        owner, who = (self._asking.column(log, n) for n in (stays.owner, stays.who))
        events = Query(log.key, where=both(
            Condition(stays.direction, "eq", WON), Condition(stays.since, "between", self._days)
        ))  # fmt: skip
        amount, currency, state = (
            self._asking.column(self._objects.deal, n)
            for n in (deal.amount, deal.currency, deal.state)
        )
        scope, elements = self._asking.scoped(events)
        table = tables.main[self._objects.deal.key]
        joined = scope.source().join(table, table.c.id == owner)
        each = (
            sa.select(who.label("w"), table.c.id.label("i"), currency.label("c"), amount.label("a"))
            .select_from(joined).where(*elements, state == WON).distinct().subquery("each_won")
        )  # fmt: skip
        wanted = sa.select(each.c.w, each.c.c, sa.func.count(), sa.func.sum(each.c.a))
        counts: dict[int, int] = defaultdict(int)
        sums: dict[int, Sums] = defaultdict(dict)
        own = own_currency(self._workspace)
        for row in self._connection.execute(wanted.group_by(each.c.w, each.c.c)):
            counts[row[0] or 0] += row[2]
            if row[3]:
                money = sums[row[0] or 0]
                code = code_of(row[1], own)
                money[code] = money.get(code, Decimal(0)) + row[3]
        return counts, sums
