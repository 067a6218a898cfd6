"""Where photos hang into every card: the chip in the head, and who takes a dropped picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from crm_desktop.i18n import N_
from crm_desktop.ui.card_parts import CHIPS, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


def _takes(entity: EntityDef) -> bool:
    from crm_desktop.models.catalogue.shared_traits import Pictured

    return entity.trait(Pictured) is not None


class PhotoPart:
    """The chip by which a photo is chosen or taken away."""

    place = CHIPS

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records may have a picture."""
        return _takes(entity)

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """Whether there is one."""
        from crm_desktop.services.files.portraits import pictures

        return (record in pictures(workspace, entity.key),)

    def make(self, card: CardController) -> PartWidget:
        """The chip."""
        from crm_desktop.ui.photos.chip import PhotoChip

        return PhotoChip(card)


class PhotoDrop:
    """A picture that is dropped on the card, or pasted."""

    over = N_("Let go: this will be the photo")

    def accepts(self, catalogue: Catalogue, entity: EntityDef, mime: QMimeData) -> bool:
        """A picture, or one file."""
        files = [url for url in mime.urls() if url.isLocalFile()]
        return _takes(entity) and (len(files) == 1 or (mime.hasImage() and not mime.hasText()))

    def take(self, card: CardController, mime: QMimeData) -> None:
        """Makes it the photo of the record that is shown."""
        from crm_desktop.ui.photos.keeping import keep_mime

        keep_mime(card, mime)
