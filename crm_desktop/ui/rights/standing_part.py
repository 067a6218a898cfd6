"""Substitutions in the head of a colleague's card; the strip is imported with the first card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.ui.card_parts import STRIP, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


class StandingPart:
    """Who stands in for the colleague, and for whom the colleague does."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Colleagues."""
        from crm_desktop.models.catalogue.traits import Staff

        return entity.trait(Staff) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """A sentence for each substitution of now and later; None without any."""
        from crm_desktop.services.rights.stand_ins import LATER, told

        found = told(workspace, of=record)
        return [(one.sentence(workspace.user_id), one.days() if one.state == LATER else "",
                 one.it.note) for one in found] or None  # fmt: skip

    def make(self, card: CardController) -> PartWidget:
        """The strip."""
        from crm_desktop.ui.rights.standing_strip import StandingStrip

        return StandingStrip(card)
