"""Where relations hang into every card: their tab, in the place of a plain table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.i18n import N_

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.tab import CardTab


class RelationsPart:
    """The tab (`card_tabs.ExtraTab`)."""

    title = N_("Relations")

    def accepts(self, entity: EntityDef) -> bool:
        """Objects whose records may be joined to others."""
        from crm_desktop.models.catalogue.traits import Relations

        return entity.trait(Relations) is not None

    def make(self, controller: CardController) -> CardTab:
        """The tab's widget."""
        from crm_desktop.ui.relations.tab import RelationsTab

        return RelationsTab(controller)
