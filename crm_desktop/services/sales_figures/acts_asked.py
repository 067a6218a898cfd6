"""Calls, meetings and visits of everybody, counted by the base."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.query import Condition, Query, Where, both
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.sales_figures.asking import Asking
from crm_desktop.services.workspace import Workspace

CALLS, MEETINGS = ("call",), ("meeting", "visit")
DONE, AUTHOR = "done", "author"
_KINDS, _DONE = Condition("kind", "in", CALLS + MEETINGS), Condition("state", "eq", DONE)
LEFT = Condition("state", "in", OPEN_STATES)
Done = dict[int, dict[str, int]]
"""By colleague (0: nobody) and kind."""
_SHORT = 100
"""Days of a period that few of all activities lie in."""


def ask_acts(workspace: Workspace, period: Period) -> tuple[Done, dict[int, int]]:
    """What was done on the days of a period, and by colleague how much is open and overdue."""
    span = (period.since.isoformat(), period.until.isoformat())
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
        author, kind = (asking.column(ACTIVITY, name) for name in (AUTHOR, "kind"))
        wanted = asking.select(
            Query(ACTIVITY.key, where=leading), author, kind, sa.func.count(), quiet=quiet
        )
        done: Done = defaultdict(dict)
        for row in connection.execute(wanted.group_by(author, kind)):
            done[row[0] or 0][row[1]] = row[2]
        return dict(done), asking.counts(Query(ACTIVITY.key, where=LEFT), AUTHOR, late)


def finished(workspace: Workspace) -> tuple[Where | None, Where | None]:
    """Finished calls, meetings and visits: what leads to them, and what no index shall lead by.

    Where an index that holds all columns answers without the table it is walked in its order.
    """
    if workspace.backend.covering:
        return None, both(_KINDS, _DONE)
    return _KINDS, _DONE
