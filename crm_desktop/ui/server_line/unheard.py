"""What was sent, and nobody heard whether it was kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import DatabaseUnavailable, UserError

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import Ref
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.records import Outcome


class Unheard:
    """An entry that is typed in one go: sent again, the same one is made once."""

    def __init__(self) -> None:
        self._sent: tuple[int, object] | None = None

    def make(
        self, base: Workspace, entity: str, typed: object, create: Callable[[], Outcome]
    ) -> Outcome:
        """In the worker: what was kept already, else what `create` makes."""
        same = self._sent if self._sent is not None and self._sent[1] == typed else None
        kept = came_through(base, entity, (same[0], {}), {}) if same is not None else None
        made = kept[0] if kept is not None else create()
        self._sent = None
        return made

    def refused(self, error: UserError, typed: object) -> None:
        """It could not be made, as far as is known."""
        if isinstance(error, DatabaseUnavailable) and error.operation is not None:
            self._sent = error.operation, typed


def came_through(
    base: Workspace, entity: str, unsure: tuple[int, Mapping[str, Any]], values: Mapping[str, Any]
) -> tuple[Outcome, Ref] | None:
    """In the worker: the new record that was kept although nobody heard of it, brought up to what
    was typed since; None if it was not kept. DatabaseUnavailable never names the operation of what
    was typed since: it has made no record that could be looked for."""
    from crm_desktop.services.live.arrival import created_by
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.services.writing.records import Outcome

    operation, sent = unsure
    ref = created_by(base, operation, entity)
    if ref is None:
        return None
    later = {key: value for key, value in values.items() if sent.get(key) != value}
    if later:
        try:
            return base.records.update(ref.entity, ref.id, later), ref
        except DatabaseUnavailable as error:
            error.operation = None
            raise
    return Outcome(operation, (ref.id,), ChangeSet(operation, {entity: frozenset((ref.id,))})), ref
