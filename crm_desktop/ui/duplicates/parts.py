"""Where duplicates show in cards and forms; the widgets are imported with the first one needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crm_desktop.ui.card_parts import STRIP, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.form_controller import FormController


def _tells(entity: EntityDef) -> bool:
    """Objects whose records are somebody or something of their own."""
    from crm_desktop.models.catalogue.traits import Identity

    return entity.navigation and (entity.trait(Identity) is not None or entity.custom)


class DuplicatesPart:
    """The strip "Possible duplicates" under the header of a card (`card_parts.HeaderPart`)."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects that tell who is who."""
        return _tells(entity)

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """What a sweep has found and what still holds; None if nothing."""
        found = workspace.duplicates.of_record(entity, record)
        return tuple(found[:5]) or None

    def make(self, card: CardController) -> PartWidget:
        """The strip."""
        from crm_desktop.ui.duplicates.card_strip import DuplicatesStrip

        return DuplicatesStrip(card)


class LikenessPart:
    """The strip "Looks like ..." under a form while it is typed into (`card_parts.FormPart`)."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects that tell who is who."""
        return _tells(entity)

    def make(self, forms: FormController) -> QWidget:
        """The strip."""
        from crm_desktop.ui.duplicates.form_strip import LikenessStrip

        return LikenessStrip(forms)
