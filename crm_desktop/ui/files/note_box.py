"""A small box for the note about a file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.inputs import TextEdit


class NoteBox(Dialog):
    """Hands the text over when it is saved."""

    def __init__(self, name: str, note: str, parent: QWidget) -> None:
        self.text = TextEdit(note, name=_("Note"), lines=3)
        super().__init__(_("Note on “{file}”").format(file=name), self.text, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_button(_("Cancel"), result=0)
        self.add_button(_("Save"), kind="primary", result=1).setDefault(True)
        self.text.setFocus()

    @classmethod
    def open_for(
        cls, name: str, note: str, keep: Callable[[str], None], parent: QWidget
    ) -> NoteBox:
        """Opens it; does not wait."""
        box = cls(name, note, parent)
        box.finished.connect(lambda result: keep(box.text.text()) if result else None)
        box.open()
        return box
