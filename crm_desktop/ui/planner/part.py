"""What `ui.features` lists of the planner for cards; the widgets are imported when first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.i18n import N_

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.form_controller import FormController
    from crm_desktop.ui.record_card.tab import CardTab


class TogetherPart:
    """The tab of who takes part, with the times at which all of them are free; takes the place of
    the plain table (`card_tabs.ExtraTab`)."""

    title = N_("Participants")

    def accepts(self, entity: EntityDef) -> bool:
        """Objects whose records take place at a time."""
        from crm_desktop.models.catalogue.traits import Scheduled

        return entity.trait(Scheduled) is not None

    def make(self, controller: CardController) -> CardTab:
        """The tab."""
        from crm_desktop.ui.planner.together_tab import TogetherTab

        return TogetherTab(controller)


class ClashPart:
    """The strip under a form that names what its time clashes with (`card_parts.FormPart`)."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records take place at a time."""
        from crm_desktop.models.catalogue.traits import Scheduled

        return entity.trait(Scheduled) is not None

    def make(self, forms: FormController) -> QWidget:
        """The strip."""
        from crm_desktop.ui.planner.clash_strip import ClashStrip

        return ClashStrip(forms)
