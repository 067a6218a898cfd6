"""Two small boxes: why a seat is freed, and for how long one travels."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.spin_box import SpinBox

_DAYS = 3
_LONGEST = 200  # letters of a reason that the base keeps


class ReasonBox(Dialog):
    """Asks why; whoever loses the seat is told, and the audit keeps it."""

    def __init__(self, name: str, then: Callable[[str], None], parent: QWidget) -> None:
        self.reason = LineEdit("", name=_("Reason"))
        self.reason.setMaxLength(_LONGEST)
        self._field = FieldBox(_("Reason"), self.reason, required=True)
        body = QWidget()
        text = _("{name} can go on reading; what was typed stays. The reason is told to {name} and "
                 "stands in the audit.")  # fmt: skip
        body.setLayout(
            column(Label(text.format(name=name), "body", "text2", wrap=True), self._field, gap=12)
        )
        super().__init__(_("Free the seat of {name}").format(name=name), body, parent)
        self._then = then
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Free the seat"), kind="danger")
        self.go.setDefault(True)  # Enter behind the reason would press the first one, which leaves
        self.go.clicked.connect(self._go)
        self.reason.setFocus()

    def _go(self) -> None:
        if not self.reason.text().strip():
            self._field.set_error(_("Say why"))
            return
        self._then(self.reason.text())
        self.accept()


class TravelBox(Dialog):
    """Asks for how many days."""

    def __init__(self, most: int, then: Callable[[int], None], parent: QWidget) -> None:
        self.days = SpinBox(name=_("Days"), least=1, most=most)
        self.days.set_value(min(_DAYS, most))
        body = QWidget()
        text = _(
            "The seat stays taken while the laptop is away, and comes back by itself. At most "
            "{most} days."
        ).format(most=most)
        field = FieldBox(_("Days"), self.days)
        body.setLayout(column(Label(text, "body", "text2", wrap=True), field, gap=12))
        super().__init__(_("Take the seat on a journey"), body, parent)
        self._then = then
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Take on a journey"), kind="primary")
        self.go.clicked.connect(self._go)
        self.days.setFocus()

    def _go(self) -> None:
        self._then(self.days.value())
        self.accept()
