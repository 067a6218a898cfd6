"""Renews probabilities that are reckoned from history: once a day, for what is still open.

A record gets its probability when it comes into a stage; what became of others since then changes
it. Only those that differ are written, in parts, between which others have their turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.i18n import N_
from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.pipelines.chances import chance
from crm_desktop.services.pipelines.shape import OPEN, funnel_of, shape_in
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

DAY = "chances_day"
"""The fact of the base that names the last day on which all of them were looked at."""
HISTORY = "history"
MOST = 200
"""Records that are written before others have their turn."""
RENEWED = Title(N_("Probability by history renewed: {count} record"), {},
                N_("Probability by history renewed: {count} records"))  # fmt: skip


def is_due(workspace: Workspace) -> bool:
    """Whether nobody has looked today and there is something to look at; only reads."""
    if workspace.info(DAY) == workspace.clock.today().isoformat():
        return False
    with workspace.backend.read() as connection:
        wanted = workspace.backend.limit(_open_ones(workspace), 1)
        return connection.execute(wanted).first() is not None


def renew(workspace: Workspace, most: int = MOST) -> int:
    """Renews the first of those that differ; how many. Less than `most`: all are right today."""
    found: list[Write] = []

    def plan(batch: Batch) -> Sequence[Write]:
        found[:] = _writes(workspace, batch, most)
        return found

    with workspace.backend.read() as connection:
        first = _writes(workspace, workspace.records.batch(connection), most)
    if first:
        said = Title(RENEWED.message, {"count": len(first)}, RENEWED.many)
        workspace.records.apply(plan, said, kind=BY_ITSELF)
    if len(found) < most:
        workspace.set_info(DAY, workspace.clock.today().isoformat())
    return len(found)


def renew_all(workspace: Workspace) -> None:
    """Renews whatever differs, where nobody waits for a turn."""
    if is_due(workspace):
        while renew(workspace) >= MOST:
            pass


def _open_ones(workspace: Workspace) -> sa.Select[Any]:
    entity, trait = funnel_of(workspace.catalogue)
    stage, probability, state, by = (
        workspace.tables.column(entity, entity.field(key))
        for key in (trait.stage, trait.probability, trait.state, trait.chance_by)
    )
    id_ = workspace.tables.main[entity.key].c.id
    return sa.select(id_, stage, probability).where(state == OPEN, by == HISTORY).order_by(id_)


def _writes(workspace: Workspace, batch: Batch, most: int) -> list[Write]:
    """What is reckoned here is written as it is: a rule would take it for one given by hand, and
    would not be asked at all where there was none."""
    entity, trait = funnel_of(workspace.catalogue)
    stages, chances = shape_in(batch).stages, dict[int, int | None]()
    wanted: list[Write] = []
    for id_, stage, probability in batch.connection.execute(_open_ones(workspace)):
        if stage not in stages:
            continue
        if stage not in chances:
            chances[stage] = chance(batch, stages[stage], HISTORY)
        if chances[stage] != probability and len(wanted) < most:
            values = {trait.probability: chances[stage]}
            wanted.append(Update(entity.key, id_, values, rules=False))
    return wanted
