"""A new record together with what belongs to it, as one operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import ONE, Outcome
from crm_desktop.services.writing.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

Along = Callable[[Batch, int], Sequence[Write]]
"""What is written along with the record of that id, inside its transaction."""


def create_with(
    workspace: Workspace, entity: str, values: Mapping[str, Any], along: Sequence[Along]
) -> Outcome:
    """Creates the record and everything that goes with it; `ids[0]` of the outcome is its id."""
    if not along:
        return workspace.records.create(entity, values)

    def plan(batch: Batch) -> Sequence[Write]:
        id_ = batch.new_id()
        more = [write for ask in along for write in ask(batch, id_)]
        return [Create(entity, values, id=id_), *more]

    shape = workspace.catalogue[entity]
    name = str(values.get(shape.title_field) or "…")
    title = Title(ONE[Create], {"object": shape.label, "name": name})
    return workspace.records.apply(plan, title)
