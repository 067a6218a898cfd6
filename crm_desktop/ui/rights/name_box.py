"""The box that asks how a new role is called."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column


class NameBox(Dialog):
    """The role begins with what another one allows."""

    def __init__(self, like: str, then: Callable[[str], None], parent: QWidget) -> None:
        self.name = LineEdit("", name=_("Name"))
        self._field = FieldBox(_("Name"), self.name, required=True)
        body = QWidget()
        text = _("It begins with what “{role}” allows; change it afterwards.").format(role=like)
        body.setLayout(column(self._field, Label(text, "body", "text2", wrap=True), gap=12))
        super().__init__(_("New role"), body, parent)
        self._then = then
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Create"), kind="primary")
        self.go.clicked.connect(self._go)

    def shown(self) -> NameBox:
        """Opens it."""
        self.finished.connect(self.deleteLater)
        self.open()
        self.name.setFocus()
        return self

    def _go(self) -> None:
        if not self.name.text().strip():
            self._field.set_error(_("Give it a name"))
            return
        self._then(self.name.text())
        self.accept()
