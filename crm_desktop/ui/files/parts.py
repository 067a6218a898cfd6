"""Where files hang into every card: the tab, and who takes what is dropped or pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from crm_desktop.i18n import N_

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.tab import CardTab

_OWN_BASE = ".crm"


class FilesPart:
    """The tab; it stands in place of the plain list of the records that are files."""

    title = N_("Files")

    def accepts(self, entity: EntityDef) -> bool:
        """Objects that keep files, and files themselves: there it shows that one."""
        from crm_desktop.models.catalogue.traits import FileContent, Files

        return entity.trait(Files) is not None or entity.trait(FileContent) is not None

    def make(self, controller: CardController) -> CardTab:
        """The tab's widget."""
        from crm_desktop.ui.files.tab import FilesTab

        return FilesTab(controller)


class FilesDrop:
    """Files of this computer and pictures of the clipboard are kept with the record."""

    over = N_("Let go: the files will be kept with this record")

    def accepts(self, catalogue: Catalogue, entity: EntityDef, mime: QMimeData) -> bool:
        """Not the base of somebody: that one is opened by the window."""
        from crm_desktop.models.catalogue.traits import Files

        return entity.trait(Files) is not None and holds_files(mime)

    def take(self, card: CardController, mime: QMimeData) -> None:
        """Adds them to the record that is shown."""
        from crm_desktop.ui.files.bringing import bring

        bring(card, mime)


def holds_files(mime: QMimeData) -> bool:
    """Whether there is a file, or a picture that is not just how some text looks."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if paths:
        return not all(path.lower().endswith(_OWN_BASE) for path in paths)
    return mime.hasImage() and not mime.hasText()
