"""The popover in which a view gets its name, and who sees it where."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Switch
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row


class ViewForm(QWidget):
    """Name, shared or one's own, in the navigation or not."""

    saved = Signal(str, bool, bool)
    """(name, shared, pinned)"""
    refused = Signal()
    """A sentence came or went: the form wants another height."""

    def __init__(
        self, title: str, *, name: str = "", shared: bool = False, pinned: bool = True
    ) -> None:
        super().__init__()
        self._name = LineEdit(name, name=_("Name of the view"))
        self._name.selectAll()
        self._name.textChanged.connect(lambda text: self._save.setEnabled(bool(text.strip())))
        self._shared = Switch(_("Everybody sees it"))
        self._shared.setChecked(shared)
        self._pinned = Switch(_("Show in the navigation"))
        self._pinned.setChecked(pinned)
        self._save = Button(_("Save"), kind="primary")
        self._save.setEnabled(bool(name))
        self._save.clicked.connect(self._tell)
        self.setFocusProxy(self._name)
        self._box = FieldBox(_("Name of the view"), self._name, required=True)
        self._name.textChanged.connect(lambda _text: self.refuse(""))
        parts = (Label(title, "strong"), self._box, self._shared, self._pinned)
        self.setLayout(column(*parts, row(None, self._save), gap=10))
        self.setFixedWidth(px(280))

    def refuse(self, sentence: str) -> None:
        """It could not be kept under this name: says why below it; nothing to say takes it back."""
        if sentence != self._box.error():
            self._box.set_error(sentence)
            self.refused.emit()

    def error(self) -> str:
        """What it says below the name."""
        return self._box.error()

    def _tell(self) -> None:
        name = self._name.text().strip()
        if name:
            self.saved.emit(name, self._shared.isChecked(), self._pinned.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell()
            return
        super().keyPressEvent(event)
