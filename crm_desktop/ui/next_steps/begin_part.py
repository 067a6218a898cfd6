"""On the card of an activity set: when it begins by itself, and a box in which that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.ui.card_parts import STRIP, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


class BeginPart:
    """The strip under the head (`card_parts.HeaderPart`)."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records are sets of steps."""
        from crm_desktop.models.catalogue.planner_traits import StepSets

        return entity.trait(StepSets) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """When the set begins, in words; '' for never by itself."""
        from crm_desktop.models.catalogue.planner_traits import StepSets
        from crm_desktop.services.activity_sets.words import said

        trait = entity.trait(StepSets)
        assert trait is not None
        keys = (trait.of, trait.when, trait.becomes)
        return said(workspace, trait, workspace.reader.many(entity.key, [record], keys)[record])

    def make(self, card: CardController) -> PartWidget:
        """The line."""
        from crm_desktop.ui.next_steps.begin_strip import BeginStrip

        return BeginStrip(card)
