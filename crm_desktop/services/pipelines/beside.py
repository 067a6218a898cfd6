"""What a stage asks for and is no field, as writes that go with the move: files, a planned step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.text.file_names import free_name
from crm_desktop.services.activities.service import values_of
from crm_desktop.services.files.files import Files
from crm_desktop.services.pipelines.shape import funnel_of
from crm_desktop.services.writing.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.files.sources import FileSource
    from crm_desktop.services.workspace import Workspace


def attachments(
    workspace: Workspace, ids: Sequence[int], sources: Sequence[FileSource]
) -> list[Write]:
    """The files with each of the records; their contents are kept once. `InvalidInput`: one is too
    large, and nothing was written."""
    files, entity = Files(workspace), funnel_of(workspace.catalogue)[0]
    link = files.shape.link(workspace.catalogue, entity).field.key
    stored = [files.stored_values(source) for source in sources]
    writes: list[Write] = []
    for id_ in ids:
        taken = {row.name for row in files.of(Ref(entity.key, id_))}
        for values in stored:
            name = free_name(str(values[files.shape.name]), taken)
            taken.add(name)
            own = {**values, files.shape.name: name, link: Ref(entity.key, id_)}
            writes.append(Create(files.shape.entity.key, own))
    return writes


def planned_steps(workspace: Workspace, ids: Sequence[int], line: str) -> list[Write]:
    """The step of a line ("call tomorrow at 10") about each of the records; `InvalidInput` if it
    says no subject."""
    planned, trait = workspace.catalogue.with_trait(Scheduled)
    values, entity = values_of(workspace, line), funnel_of(workspace.catalogue)[0]
    return [Create(planned.key, {**values, trait.about: Ref(entity.key, id_)}) for id_ in ids]
