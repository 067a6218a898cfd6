"""What the office demands of passwords, for the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.server.password_rules import LIMITS
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.spin_box import SpinBox

if TYPE_CHECKING:
    from crm_desktop.services.server.password_rules import PasswordRules

_NARROW = 220


class PasswordForm(QWidget):
    """Typed values stay when the page looks again, until they are kept."""

    settled = Signal(object)
    """A `PasswordRules`."""

    def __init__(self) -> None:
        super().__init__()
        self.least = SpinBox(name=_("Shortest password, letters"), least=LIMITS["least"][0],
                             most=LIMITS["least"][1])  # fmt: skip
        self.days = SpinBox(name=_("Another one after days"), least=0, most=LIMITS["days"][1])
        self.keep = Button("", kind="plain")
        self._title, self._said = Label("", "strong"), Label("", "body", "text2", wrap=True)
        self._boxes = [FieldBox("", one) for one in (self.least, self.days)]
        for box in self._boxes:
            box.setFixedWidth(px(_NARROW))
        line = row(*self._boxes, None, self.keep, gap=12)
        line.setAlignment(self.keep, Qt.AlignmentFlag.AlignBottom)
        head = column(self._title, self._said, gap=2)
        self.setLayout(column(Rule(), head, line, gap=12))
        self._known: PasswordRules | None = None
        self.keep.clicked.connect(self._settle)

    def say_texts(self) -> None:
        """In the language of the moment."""
        self._title.setText(_("Rules of passwords"))
        names = (_("Shortest password, letters"), _("Another one after days"))
        for box, name in zip(self._boxes, names, strict=True):
            box.set_label(name)
        self._said.setText(
            _("0 days: never. Common passwords, names and rows of keys are always refused.")
        )
        self.keep.setText(_("Keep the rules"))

    def show_rules(self, rules: PasswordRules) -> None:
        """Those of the base, unless they are shown already."""
        if rules == self._known:
            return
        self._known = rules
        self.least.set_value(rules.least)
        self.days.set_value(rules.days)

    def _settle(self) -> None:
        from crm_desktop.services.server.password_rules import PasswordRules

        self.settled.emit(PasswordRules(self.least.value(), self.days.value()))
