"""Calls, meetings and visits of everybody, counted by the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.query import Condition, Query, Where, both
from crm_desktop.services.funnel.office_days import bounds
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.sales_figures.asking import Asking
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
    when = Condition("moment", "between", span)
    leading, quiet = finished(workspace)
    if period.days <= _SHORT:  # few have their moment in it
        leading, quiet = when, both(_KINDS, _DONE)
    else:
        quiet = both(quiet, when)
    late = both(
        Condition("due", "between", span),
        Condition("due", "lt", workspace.clock.now().isoformat()),
    )
    with workspace.backend.read() as connection:
        asking = Asking(workspace, connection)
        count = _in_order if workspace.backend.covering else _by_number
        done: Done = defaultdict(dict)
        for who, kind, times in count(
            asking, connection, Query(ACTIVITY.key, where=leading), quiet
        ):
            done[who or 0][kind] = times
        return dict(done), asking.counts(Query(ACTIVITY.key, where=LEFT), AUTHOR, late)


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


def finished(workspace: Workspace) -> tuple[Where | None, Where | None]:
    """Finished calls, meetings and visits: what leads to them, and what no index shall lead by.

    Where an index that holds all columns answers without the table it is walked in its order.
    """
    if workspace.backend.covering:
        return None, both(_KINDS, _DONE)
    return both(_KINDS, _DONE), None  # putting both indexes together spares comparing each text
