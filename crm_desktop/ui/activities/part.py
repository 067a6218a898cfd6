"""What can be done with a planned record, on its card; the buttons are made with the first card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.ui.card_parts import STRIP, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


class ActsPart:
    """Done, tomorrow, put off, hand on: a strip under the head (`card_parts.HeaderPart`)."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records take place at a time."""
        from crm_desktop.models.catalogue.traits import Scheduled

        return entity.trait(Scheduled) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """The state of what is still to be done; one short question."""
        from crm_desktop.models.catalogue.traits import Scheduled

        trait = entity.trait(Scheduled)
        if trait is None:
            return None
        state = workspace.reader.many(entity.key, [record], [trait.state]).get(record, {})
        said = state.get(trait.state)
        return None if not said or said == trait.done or said in trait.closed else said

    def make(self, card: CardController) -> PartWidget:
        """The line of buttons."""
        from crm_desktop.ui.activities.strip import ActsStrip

        return ActsStrip(card)
