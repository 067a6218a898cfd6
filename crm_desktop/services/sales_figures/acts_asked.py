"""Calls, meetings and visits of everybody, counted by the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.query import Condition, Query, Where, both
from crm_desktop.services.conditions.values import PASSED
from crm_desktop.services.funnel.office_days import bounds, span_of
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.sales_figures.asking import Asking
from crm_desktop.services.tally import Cut, cut, month_counts, sees_tallies
from crm_desktop.services.workspace import Workspace

CALLS, MEETINGS = ("call",), ("meeting", "visit")
DONE, AUTHOR = "done", "author"
_KINDS, _DONE = Condition("kind", "in", CALLS + MEETINGS), Condition("state", "eq", DONE)
LEFT = Condition("state", "in", OPEN_STATES)
Done = dict[int, dict[str, int]]
"""By colleague (0: nobody) and kind."""
_KINDS_MOST = 8
_SHORT = 100
"""Days of a period that few of all activities lie in."""


def ask_acts(workspace: Workspace, period: Period) -> tuple[Done, dict[int, int]]:
    """What was done on the days of a period, and by colleague how much is open and overdue."""
    span = bounds(workspace, period)
    late = both(
        Condition("due", "between", span),
        Condition("due", "period", PASSED),
    )
    with workspace.backend.read() as connection:
        asking = Asking(workspace, connection)
        parts = _parts(workspace, period)
        done = _tallied(workspace, connection, parts) if parts else _counted(
            asking, connection, Condition("moment", "between", span), period.days <= _SHORT
        )  # fmt: skip
        return done, asking.counts(Query(ACTIVITY.key, where=LEFT), AUTHOR, late)


def _parts(workspace: Workspace, period: Period) -> Cut | None:
    """The months that the base has counted, if whoever asks may see all of them."""
    if not sees_tallies(workspace, ACTIVITY):
        return None
    span = span_of(workspace, period)
    return cut((int(span.start.timestamp()), int(span.end.timestamp())))


def _tallied(workspace: Workspace, connection: sa.Connection, parts: Cut) -> Done:
    """What was done, from the counts of whole months and the rows of the days around them."""
    done: Done = defaultdict(dict)
    counts = month_counts(workspace, ACTIVITY, "moment", parts.months, (AUTHOR, "kind", "state"))
    for (who, kind, state), times in counts.items():
        if state == DONE and kind in CALLS + MEETINGS:
            done[who or 0][kind] = times
    for since, until in parts.rest:
        ends = (datetime.fromtimestamp(one, UTC) for one in (since, until))
        first, end = (one.isoformat() for one in ends)
        when = both(Condition("moment", "ge", first), Condition("moment", "lt", end))
        rest = _counted(Asking(workspace, connection), connection, when, short=True)
        for who, kinds in rest.items():
            for kind, times in kinds.items():
                done[who][kind] = done[who].get(kind, 0) + times
    return dict(done)


def _counted(asking: Asking, connection: sa.Connection, when: Where | None, short: bool) -> Done:
    """`short`: few have their moment then."""
    covering = asking.covering
    leading, quiet = finished(covering)
    leading, quiet = (when, both(_KINDS, _DONE)) if short else (leading, both(quiet, when))
    done: Done = defaultdict(dict)
    count = _in_order if covering else _by_number
    for who, kind, times in count(asking, connection, Query(ACTIVITY.key, where=leading), quiet):
        done[who or 0][kind] = times
    return dict(done)


def _in_order(
    asking: Asking, connection: sa.Connection, query: Query, quiet: Where | None
) -> Iterable[Sequence[Any]]:
    """Colleague, kind and count; an index holds them in this order."""
    author, kind = (asking.column(ACTIVITY, name) for name in (AUTHOR, "kind"))
    wanted = asking.select(query, author, kind, sa.func.count(), quiet=quiet)
    return connection.execute(wanted.group_by(author, kind))


def _by_number(
    asking: Asking, connection: sa.Connection, query: Query, quiet: Where | None
) -> Iterable[Sequence[Any]]:
    """The same where the rows have to be sorted: by one number, which takes a server half the
    time of a number and a text."""
    author, kind = (asking.column(ACTIVITY, name) for name in (AUTHOR, "kind"))
    counted = CALLS + MEETINGS
    places: list[Any] = [
        (kind == one, sa.literal_column(str(at))) for at, one in enumerate(counted)
    ]
    number = sa.func.coalesce(author, sa.literal_column("0")) * sa.literal_column(str(_KINDS_MOST))
    wanted = asking.select(query, number + sa.case(*places), sa.func.count(), quiet=quiet)
    for found, times in connection.execute(wanted.group_by(sa.literal_column("1"))):
        who, at = divmod(found, _KINDS_MOST)
        yield who, counted[at], times


def finished(covering: bool) -> tuple[Where | None, Where | None]:
    """Finished calls, meetings and visits: what leads to them, and what no index shall lead by.

    `covering`: an index that holds all columns answers without the table; it is walked in its
    order.
    """
    if covering:
        return None, both(_KINDS, _DONE)
    return both(_KINDS, _DONE), None  # putting both indexes together spares comparing each text
