"""Who is away just now and until when, as the planner has it: for lists in which one is chosen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.services.reader import parts_of

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


def away_until(workspace: Workspace, colleagues: Collection[int]) -> dict[int, datetime]:
    """Those of the colleagues whose leave lasts now, and when it ends; leave that recurs is left
    out, and so is what who asks may not see."""
    entity, times = workspace.catalogue.with_trait(Scheduled)
    recurring = entity.trait(Recurring)
    assert recurring is not None
    who, kind, state, starts, ends, rule = (
        workspace.tables.column(entity, entity.field(key))
        for key in (times.who, times.kind, times.state, times.starts, times.ends, recurring.rule)
    )
    now = workspace.clock.now()
    asked = sa.select(who, ends).where(
        workspace.backend.among(who, alone=True), kind.in_(times.lasting),
        state.not_in(times.closed), rule.is_(None), starts <= now, ends > now,
    )  # fmt: skip
    found: dict[int, datetime] = {}
    with workspace.backend.read() as connection:
        for part in parts_of(list(colleagues)):
            for one, until in connection.execute(asked, {"ids": part}):
                found[one] = max(until, found.get(one, until))
    return found
