"""How many failures lock an account and of whom codes are asked, for the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.server.sign_in_rules import LIMITS
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.spin_box import SpinBox

if TYPE_CHECKING:
    from crm_desktop.services.server.sign_in_rules import SignInRules

_NARROW, _WIDE = 150, 230
_NOBODY, _EVERYBODY = "", "all"


class SignInForm(QWidget):
    """Typed values stay when the page looks again, until they are kept."""

    settled = Signal(object)
    """A `SignInRules`."""

    def __init__(self) -> None:
        super().__init__()
        self.tries, self.within, self.minutes = (
            SpinBox(name=name, least=LIMITS[key][0], most=LIMITS[key][1])
            for key, name in (("tries", _("Failures")), ("within", _("Within minutes")),
                              ("minutes", _("Locked for minutes")))
        )  # fmt: skip
        self.second = ComboBox(name=_("Second factor is asked of"))
        self.keep = Button("", kind="plain")
        self._title, self._said = Label("", "strong"), Label("", "body", "text2", wrap=True)
        self._boxes = [
            FieldBox("", one) for one in (self.tries, self.within, self.minutes, self.second)
        ]
        for box in self._boxes:
            box.setFixedWidth(px(_WIDE if box.editor is self.second else _NARROW))
        flowing = FlowLayout(gap=12)
        for box in self._boxes:
            flowing.addWidget(box)
        line = row(flowing, self.keep, gap=12)
        line.setStretch(0, 1)
        line.setAlignment(self.keep, Qt.AlignmentFlag.AlignBottom)
        head = column(self._title, self._said, gap=2)
        self.setLayout(column(Rule(), head, line, gap=12))
        self._known: tuple[SignInRules, tuple[tuple[int, str], ...]] | None = None
        self.keep.clicked.connect(self._settle)

    def say_texts(self) -> None:
        """In the language of the moment."""
        self._title.setText(_("Rules of signing in"))
        names = (_("Failures"), _("Within minutes"), _("Locked for minutes"),
                 _("Second factor is asked of"))  # fmt: skip
        for box, name in zip(self._boxes, names, strict=True):
            box.set_label(name)
        self._said.setText(_("0 failures: passwords never lock. 0 minutes: until you unlock."))
        self.keep.setText(_("Keep the rules"))
        self._known = None

    def show_rules(self, rules: SignInRules, roles: tuple[tuple[int, str], ...]) -> None:
        """Those of the base, unless they are shown already. `roles`: numbers and names."""
        if (rules, roles) == self._known:
            return
        self._known = rules, roles
        self.tries.set_value(rules.tries)
        self.within.set_value(rules.within)
        self.minutes.set_value(rules.minutes)
        choices = [(_("nobody"), _NOBODY), (_("everybody"), _EVERYBODY)]
        choices += [(name, str(id_)) for id_, name in roles]
        now = _EVERYBODY if rules.everybody else ",".join(map(str, rules.roles))
        if len(rules.roles) > 1:
            names = dict(roles)
            choices.append((", ".join(names.get(one, "?") for one in rules.roles), now))
        self.second.set_choices(choices, now)

    def _settle(self) -> None:
        from crm_desktop.services.server.sign_in_rules import SignInRules

        wanted = str(self.second.value() or "")
        roles = tuple(int(one) for one in wanted.split(",") if one.isdigit())
        self.settled.emit(SignInRules(
            self.tries.value(), self.within.value(), self.minutes.value(),
            wanted == _EVERYBODY, roles,
        ))  # fmt: skip
