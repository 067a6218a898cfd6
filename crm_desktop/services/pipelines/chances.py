"""How likely a record in a stage is to be won, by what became of earlier ones.

Counted are records of the pipeline closed within a year: those won among all that had reached the
stage or a later one. Where fewer than twenty were closed nothing is concluded, and the stage's own
figure stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm_desktop.services.pipelines.shape import LOST, WON, Stage, funnel_of, shape_in
from crm_desktop.services.writing.batch import Batch

FEWEST = 20
_YEAR = timedelta(days=365)
Counts = dict[int, dict[str, int]]
"""By the furthest stage: how many were won, how many were lost."""


def chance(batch: Batch, stage: Stage, chance_by: str) -> int | None:
    """Percent; 100 and 0 for what is decided."""
    if not stage.is_open:
        return 100 if stage.outcome == WON else 0
    if chance_by == "history":
        found = _by_history(batch, stage)
        if found is not None:
            return found
    return stage.probability


def _by_history(batch: Batch, stage: Stage) -> int | None:
    counts, shape = _counts(batch, stage.pipeline), shape_in(batch)
    if sum(sum(one.values()) for one in counts.values()) < FEWEST:
        return None
    here = shape.place(stage.id)
    later = [one for reached, one in counts.items() if shape.place(reached) >= here]
    won, lost = (sum(one.get(state, 0) for one in later) for state in (WON, LOST))
    if not won + lost:
        return None
    return (200 * won + won + lost) // (2 * (won + lost))  # half up


def _counts(batch: Batch, pipeline: int) -> Counts:
    name = f"chances {pipeline}"
    known = batch.asked.get(name)
    if isinstance(known, dict):
        return known
    entity, trait = funnel_of(batch.catalogue)

    def of(key: str) -> sa.Column[Any]:
        return batch.reader.tables.column(entity, entity.field(key))

    reached, state = of(trait.reached), of(trait.state)
    asked = sa.select(reached, state, sa.func.count()).where(
        of(trait.pipeline) == pipeline, of(trait.closed) >= batch.now - _YEAR,
        of(trait.closed) <= batch.now, state.in_((WON, LOST)), reached.is_not(None),
    )  # fmt: skip
    made: Counts = {}
    for stage, outcome, count in batch.connection.execute(asked.group_by(reached, state)):
        made.setdefault(stage, {})[outcome] = count
    batch.asked[name] = made
    return made
