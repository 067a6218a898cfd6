"""Merges the groups of which nobody has to choose a value, as one operation that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.errors import Cancelled, Conflict, NotFound
from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.operations import Operation
from crm_desktop.services.writing.changes import Title

if TYPE_CHECKING:
    from crm_desktop.services.duplicates.kept import KeptGroup
    from crm_desktop.services.workspace import Workspace

BLOCK = 200


@dataclass(frozen=True)
class MergedAlone:
    """How many groups were merged, and the operation to undo; None if none was."""

    groups: int
    operation: int | None


def merge_certain(
    workspace: Workspace,
    entity: EntityDef,
    *,
    progress: Callable[[int, int], None] = lambda _done, _whole: None,
    check: Callable[[], None] = lambda: None,
) -> MergedAlone:
    """Merges every kept group that is certain and in which no values collide.

    `check` may raise `Cancelled` between groups: what is merged stays merged.
    """
    service = workspace.duplicates
    total, done, merged = service.count(entity), 0, 0
    running: Operation | None = None
    after: KeptGroup | None = None
    try:
        while groups := service.groups(
            entity, minimum=service.limits().certain, limit=BLOCK, after=after
        ):
            after = groups[-1]
            for one in groups:
                check()
                if _collides(workspace, entity, one.ids):
                    continue
                running = running or _begin(workspace, entity)
                merged += _merge(workspace, entity, one.ids, running)
            done += len(groups)
            progress(done, max(done, total))
    except Cancelled:
        pass  # what is done is told
    finally:
        if running is not None:
            running.title = _title(entity, merged)
            workspace.operations.end(running, workspace.clock.now())
    return MergedAlone(merged, running.id if running is not None and merged else None)


def _collides(workspace: Workspace, entity: EntityDef, ids: Sequence[int]) -> bool:
    try:
        return not workspace.merging.can_merge_alone(workspace.merging.preview(entity, ids))
    except NotFound:  # deleted since the group was read
        return True


def _merge(workspace: Workspace, entity: EntityDef, ids: Sequence[int], running: Operation) -> int:
    try:
        workspace.merging.merge(entity, ids, operation=running)
    except (Conflict, NotFound):  # somebody else is at these records: they stay for later
        return 0
    return 1


def _begin(workspace: Workspace, entity: EntityDef) -> Operation:
    return workspace.operations.start(_title(entity, 1), workspace.clock.now(), "bulk")


def _title(entity: EntityDef, count: int) -> Title:
    return Title(
        N_("{object}: {count} group of duplicates merged"),
        {"object": entity.plural, "count": count},
        N_("{object}: {count} groups of duplicates merged"),
    )
