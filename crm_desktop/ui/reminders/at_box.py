"""The box in which a person types until when a reminder is put off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class AtBox(Dialog):
    """Reads a day and a time as every field for a moment does."""

    chosen = Signal(object)
    """The moment, aware."""

    def __init__(self, base: Workspace, parent: QWidget | None) -> None:
        self._base = base
        self.line = LineEdit("", name=_("Remind again"))
        hint = _("A day and a time, such as “tomorrow 15:00” or “23.11 9:30”")
        self.field = FieldBox(_("Remind again"), self.line, hint=hint)
        body = QWidget()
        body.setLayout(column(self.field, gap=0))
        super().__init__(_("Put the reminder off"), body, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_button(_("Cancel"), result=0)
        self.button = self.add_button(_("Put off"), kind="primary")
        self.button.clicked.connect(self.take)
        self.line.returnPressed.connect(self.take)
        self.line.setFocus()

    def take(self) -> None:
        """The moment, or a sentence why it is none."""
        question = self._base.reminders.question
        field = question.event.field(question.scheduled.starts)
        try:
            moment = field.parse(self.line.text(), self._base.parse_context())
        except UserError as error:
            self.field.set_error(error.message)
            return
        if moment is None or moment <= self._base.clock.now():
            self.field.set_error(_("Name a moment that is still to come"))
            return
        self.chosen.emit(moment)
        self.done(1)
