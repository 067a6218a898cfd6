"""The chip in the head of a card by which its photo is chosen, pasted or taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from crm_desktop.i18n import _
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.photos import keeping
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.header import CardHeader
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.layouts import row
from crm_desktop.ui.widgets.popover import Menu

PATTERNS = "*.png *.jpg *.jpeg *.webp"


class PhotoChip(PartWidget):
    """Puts the picture into the avatar of the head as well."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card, self._is_there = card, False
        self.button = Button("", "user", "ghost")
        self.setLayout(row(self.button, gap=0))
        self.button.clicked.connect(self.open_menu)
        card.rights.keep(self.button)
        self._portraits = portraits_of(card.session)
        self._portraits.changed.connect(self._show_picture)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.button.setText(_("Photo…"))
        self.button.setToolTip(_("Choose, paste or drop a picture; or take it away"))

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        (self._is_there,) = value
        self._show_picture()

    def _show_picture(self) -> None:
        contents, at = self._card.contents, self.parentWidget()
        while at is not None and not isinstance(at, CardHeader):
            at = at.parentWidget()
        if isinstance(at, CardHeader) and contents is not None:
            at.avatar.set_picture(self._portraits.of(contents.ref))

    def open_menu(self) -> Menu:
        """What can be done about the photo."""
        mime = QGuiApplication.clipboard().mimeData()
        acts: list[tuple[str, str, Callable[[], object]]] = [
            ("folder-open", _("Choose a picture…"), self.choose)
        ]
        if mime is not None and mime.hasImage():  # a clipboard that was never used has nothing
            acts.append(("paste", _("Paste the picture"), self.paste))
        if self._is_there:
            acts.append(("delete", _("Take the photo away"), self.take_away))
        menu = Menu.of(self, acts)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))
        return menu

    def choose(self) -> QFileDialog:
        """Asks for a file."""
        kinds = f"{_('Pictures')} ({PATTERNS})"
        dialog = QFileDialog(self, _("Choose a picture…"), "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: keeping.keep_file(self._card, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def paste(self) -> None:
        """What the clipboard holds."""
        keeping.keep_mime(self._card, QGuiApplication.clipboard().mimeData())

    def take_away(self) -> None:
        """Initials again."""
        keeping.take_away(self._card)
