"""The box that asks which colleague: whom to let in, or whose an account is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column


class ColleagueBox(Dialog):
    """`people`: numbers and names to choose from, one at least."""

    def __init__(
        self, title: str, said: str, go: str, people: Sequence[tuple[int, str]],
        then: Callable[[int, str], None], parent: QWidget,
    ) -> None:  # fmt: skip
        self.person = ComboBox(name=_("Colleague"))
        self.person.set_choices([(name, id_) for id_, name in people], people[0][0])
        body = QWidget()
        body.setLayout(
            column(Label(said, "body", "text2", wrap=True), FieldBox(_("Colleague"), self.person),
                   gap=12)
        )  # fmt: skip
        body.setMinimumWidth(px(400))
        super().__init__(title, body, parent)
        self._then, self._names = then, dict(people)
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(go, kind="primary")
        self.go.clicked.connect(self._go)
        self.finished.connect(self.deleteLater)
        self.person.setFocus()

    def _go(self) -> None:
        chosen = self.person.value()
        assert isinstance(chosen, int)
        self.accept()
        self._then(chosen, self._names[chosen])
