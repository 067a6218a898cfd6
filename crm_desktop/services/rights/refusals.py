"""What whoever works here may do with no record of an object at all, and why: read in one go, so
that menus and buttons can say it without asking the base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.ownership import hangs
from crm_desktop.services.rights import words
from crm_desktop.services.rights.reach import actions_on
from crm_desktop.services.rights.reasons import Reasons

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

Why = Mapping[tuple[str, str], str]
"""Sentences by action and object; what is not there is not refused."""


class _AskedOnce(Reasons):
    """The same sentences; who gives roles is looked up a single time."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._known: list[str] | None = None

    def administrators(self) -> list[str]:
        if self._known is None:
            self._known = super().administrators()
        return self._known


def refusals(workspace: Workspace) -> Why:
    """Asks the base; empty for an administrator."""
    rights = workspace.rights
    if rights is None:
        return {}
    said, roles = _AskedOnce(workspace), rights.mine().roles
    administering = {(words.ADMINISTER, ""): said.administering()}
    if rights.mine().is_free:
        return administering
    beyond = {
        (words.BEYOND, entity.key): said.beyond(roles, entity)
        for entity in workspace.catalogue
        if not hangs(entity) and words.EVERYBODY not in rights.reached(words.SEE, entity)
    }
    return (
        administering
        | beyond
        | {
            (action, entity.key): said.refusal(roles, action, entity, None)[0]
            for entity in workspace.catalogue
            for action in actions_on(workspace.catalogue, entity)
            if not rights.reached(action, entity)
        }
    )
