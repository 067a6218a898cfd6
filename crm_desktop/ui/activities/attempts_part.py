"""How often a planned record was put off, in the head of its card; made with the first such one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.ui.card_parts import STRIP, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


class AttemptsPart:
    """When it was put off, from when to when, why and by whom (`card_parts.HeaderPart`)."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records take place at a time and count how often they were put off."""
        from crm_desktop.models.catalogue.traits import Scheduled
        from crm_desktop.services.activities.attempts import COUNT

        return entity.trait(Scheduled) is not None and entity.has(COUNT)

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """The attempts; of what was never put off one short question."""
        from crm_desktop.services.activities.attempts import attempts_of

        return attempts_of(workspace, entity, record) or None

    def make(self, card: CardController) -> PartWidget:
        """The lines."""
        from crm_desktop.ui.activities.attempts import AttemptsStrip

        return AttemptsStrip()
