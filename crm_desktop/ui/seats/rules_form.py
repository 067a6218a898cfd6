"""What the office settles about seats, for the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.seats.kept_for import KeptFor
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.spin_box import SpinBox

if TYPE_CHECKING:
    from crm_desktop.services.licensing.house_rules import HouseRules

_NARROW = 220


class RulesForm(QWidget):
    """Typed values stay when the page looks again, until they are kept."""

    settled = Signal(object)
    """A `HouseRules`."""

    def __init__(self) -> None:
        super().__init__()
        self.idle = SpinBox(name=_("Give back after idle minutes"), least=0, most=1440)
        self.called = SpinBox(name=_("Seconds for the next in line"), least=10, most=900)
        self.travel = SpinBox(name=_("Longest journey, days"), least=1, most=90)
        self.reserved = KeptFor(name=_("A seat is kept for"))
        self.reading = CheckBox("")
        self.keep = Button("", kind="primary")
        self._title = Label("", "strong")
        self._boxes = [FieldBox("", one) for one in (self.idle, self.called, self.travel)]
        for box in self._boxes:
            box.setFixedWidth(px(_NARROW))
        self._reserved = FieldBox("", self.reserved)
        numbers = row(*self._boxes, self._reserved, gap=12)
        numbers.setStretch(3, 1)
        foot = row(self.reading, None, self.keep)
        self.setLayout(column(Rule(), self._title, numbers, foot, gap=12))
        self._known: HouseRules | None = None
        self.keep.clicked.connect(self._settle)

    def say_texts(self) -> None:
        """In the language of the moment."""
        self._title.setText(_("Rules of the office"))
        names = (
            _("Give back after idle minutes"), _("Seconds for the next in line"),
            _("Longest journey, days"),
        )  # fmt: skip
        for box, name in zip(self._boxes, names, strict=True):
            box.set_label(name)
        self._reserved.set_label(_("A seat is kept for"))
        self.idle.setToolTip(_("0: never"))
        self.reading.setText(_("One may come in without a seat, only to read"))
        self.keep.setText(_("Keep the rules"))

    def show_rules(self, rules: HouseRules) -> None:
        """Those of the base, unless they are shown already."""
        if rules == self._known:
            return
        self._known = rules
        self.idle.set_value(rules.idle)
        self.called.set_value(rules.called)
        self.travel.set_value(rules.travel)
        self.reading.setChecked(rules.reading)
        self.reserved.show_logins(rules.reserved)

    def _settle(self) -> None:
        from crm_desktop.services.licensing.house_rules import HouseRules

        self.settled.emit(
            HouseRules(
                self.idle.value(), self.travel.value(), self.called.value(),
                self.reading.isChecked(), self.reserved.logins,
            )
        )  # fmt: skip
