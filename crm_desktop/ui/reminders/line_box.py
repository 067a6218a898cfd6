"""The box in which all reminders of an activity are typed as one line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.layouts import column


class LineBox(Dialog):
    """Stays open until what is typed can be read."""

    chosen = Signal(object)
    """((minutes before, channel), ...)"""

    def __init__(self, text: str, parent: QWidget) -> None:
        self.line = LineEdit(text, name=_("Reminders"))
        hint = _("For example: 15 min before, window; 1 day before, e-mail")
        self.field = FieldBox(_("Reminders"), self.line, hint=hint)
        body = QWidget()
        body.setMinimumWidth(px(460))
        body.setLayout(column(self.field, gap=0))
        super().__init__(_("Reminders in one line"), body, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_button(_("Cancel"), result=0)
        self.button = self.add_button(_("Save"), kind="primary")
        self.button.setDefault(True)
        self.button.clicked.connect(self.take)
        self.line.setFocus()

    def take(self) -> None:
        """The reminders, or a sentence which of them is none."""
        from crm_desktop.services.activities.kinds import check_reminders
        from crm_desktop.services.reminders.lines import read_reminders

        try:
            wanted = read_reminders(self.line.text())
            check_reminders(wanted)
        except UserError as error:
            self.field.set_error(error.message)
            return
        self.chosen.emit(wanted)
        self.done(1)
