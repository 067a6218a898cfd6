"""The box that asks who is to stand in for whom, from when until when, and what for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.editors.days import day_edit
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class Wanted(NamedTuple):
    """What was chosen; both days belong to it."""

    absent: int
    stand_in: int
    first: date
    last: date
    note: str


class StandingBox(Dialog):
    """`people`: numbers and names of who works here, two at least."""

    def __init__(
        self, base: Workspace, people: Sequence[tuple[int, str]], absent: int | None,
        then: Callable[[Wanted], None], parent: QWidget,
    ) -> None:  # fmt: skip
        self._base, self._then = base, then
        choices: list[tuple[str, object]] = [(name, id_) for id_, name in people]
        known = [id_ for id_, _name in people]
        first = absent if absent in known else known[0]
        self.absent, self.instead = ComboBox(name=_("Away")), ComboBox(name=_("Stands in"))
        self.absent.set_choices(choices, first)
        self.instead.set_choices(choices, next(id_ for id_ in known if id_ != first))
        self.first, self.last = day_edit(base, _("From")), day_edit(base, _("Until"))
        self.first.set_day(base.clock.today())
        self.note = LineEdit("", name=_("Reason"), placeholder=_("Leave, illness, a journey"))
        self._until = FieldBox(_("Until"), self.last, required=True)
        self._who = FieldBox(_("Stands in"), self.instead)
        said = _("Beside the rights of his own, whoever stands in has those of the one who is away "
                 "until the end of the last day; they end by themselves.")  # fmt: skip
        body = QWidget()
        days = row(FieldBox(_("From"), self.first), self._until, None, gap=12)
        body.setLayout(
            column(Label(said, "body", "text2", wrap=True), FieldBox(_("Away"), self.absent),
                   self._who, days, FieldBox(_("Reason"), self.note), gap=12)
        )  # fmt: skip
        body.setMinimumWidth(px(420))
        super().__init__(_("Somebody stands in"), body, parent)
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Stand in"), kind="primary")
        self.go.clicked.connect(self._go)
        self.finished.connect(self.deleteLater)

    def _go(self) -> None:
        first, last = self.first.day() or self._base.clock.today(), self.last.day()
        absent, instead = self.absent.value(), self.instead.value()
        assert isinstance(absent, int) and isinstance(instead, int)
        self._who.set_error(_("Nobody stands in for himself") if absent == instead else "")
        if last is None:
            self._until.set_error(_("Say the last day"))
        elif last < max(first, self._base.clock.today()):
            self._until.set_error(_("The end lies before the beginning, or in the past"))
        elif absent != instead:
            self._then(Wanted(absent, instead, first, last, self.note.text()))
            self.accept()
