"""What `ui.features` lists of this package; the widgets are imported when they are first seen."""

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


class LegalDetailsTab:
    """The tab of legal details (`card_tabs.ExtraTab`); takes the place of the plain table."""

    title = N_("Legal details")

    def accepts(self, entity: EntityDef) -> bool:
        """Objects whose records may have legal details."""
        from crm_desktop.models.catalogue.traits import LegalDetails

        return entity.trait(LegalDetails) is not None

    def make(self, controller: CardController) -> CardTab:
        """The tab."""
        from crm_desktop.models.catalogue.traits import LegalDetails
        from crm_desktop.ui.legal_details.tab import BlocksTab

        return BlocksTab(controller, LegalDetails)


class AddressesTab:
    """The tab of addresses: read and copied whole, as they are written on an envelope."""

    title = N_("Addresses")

    def accepts(self, entity: EntityDef) -> bool:
        """Objects whose records may have addresses."""
        from crm_desktop.models.catalogue.traits import Addresses

        return entity.trait(Addresses) is not None

    def make(self, controller: CardController) -> CardTab:
        """The tab."""
        from crm_desktop.models.catalogue.traits import Addresses
        from crm_desktop.ui.legal_details.tab import BlocksTab

        return BlocksTab(controller, Addresses)


class DirectoryPart:
    """Fills a form in from a directory while it is typed (`card_parts.FormPart`)."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects with fields that follow from another one."""
        from crm_desktop.models.catalogue.traits import FilledFrom

        return entity.trait(FilledFrom) is not None

    def make(self, forms: FormController) -> QWidget:
        """The strip that says where the values come from."""
        from crm_desktop.ui.legal_details.directory import DirectoryStrip

        return DirectoryStrip(forms)
