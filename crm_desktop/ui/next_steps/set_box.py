"""The box that starts a set of activities for a record, or moves what is open of a started one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import DateField
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.activity_sets.service import Planned, Started
    from crm_desktop.services.workspace import Workspace

_MOST_SHOWN = 12


class SetBox(Dialog):
    """Which set, around which date, and the days that come of it."""

    edit_wanted = Signal()

    def __init__(self, session: Session, ref: Ref, choices: SetChoices, parent: QWidget) -> None:
        self._session, self.ref = session, ref
        self._ready: list[Planned] = []
        self.which = ComboBox(name=_("Set"))
        self.which.set_choices(choices.words(), None)
        self.which.setCurrentIndex(0)
        self.day = LineEdit(name=_("The date it hangs on"), icon="calendar")
        self.shown = Label("", "small", "text2", wrap=True)
        self.shown.setMinimumHeight(px(120))
        body = QWidget()
        body.setMinimumWidth(px(440))
        body.setLayout(column(
            Label(_("Set"), "small", "text2"), self.which, 6,
            Label(_("The date it hangs on"), "small", "text2"), self.day, 6, self.shown, gap=4,
        ))  # fmt: skip
        super().__init__(_("Start a set of activities"), body, parent)
        self.edit = Button(_("Sets and their steps…"), kind="link")
        self.edit.clicked.connect(self._edit)
        self.add_left(self.edit)
        self.add_button(_("Cancel"), result=int(QDialog.DialogCode.Rejected))
        self.go = self.add_button(
            _("Start the set"), kind="primary", result=int(QDialog.DialogCode.Accepted)
        )
        self.go.setDefault(True)
        self.go.setEnabled(False)
        today = session.base.clock.today()
        self.day.setText(format_date(today, i18n.language(), style="numeric"))
        self.day.textChanged.connect(lambda _text: self.look())
        self.which.currentIndexChanged.connect(lambda _at: self.look())
        self.look()

    def anchor(self) -> date | None:
        """The day that stands in the line, if it can be read."""
        try:
            found = DateField("day", "").parse(self.day.text(), self._session.base.parse_context())
        except UserError:
            return None
        return found if isinstance(found, date) else None

    def look(self) -> None:
        """Reckons the days anew."""
        anchor, which, base, ref = self.anchor(), self.which.value(), self._session.base, self.ref
        self.go.setEnabled(False)
        self.day.set_bad(anchor is None)
        moves = not isinstance(which, int)
        self.go.setText(_("Move") if moves and which is not None else _("Start the set"))
        if anchor is None or which is None:
            self.shown.setText("" if which is not None else _("There are no sets yet: make one"))
            return

        def work(_job: Job) -> list[Planned]:
            from crm_desktop.services.activity_sets import service as activity_sets

            if isinstance(which, int):
                return activity_sets.preview(base, which, anchor)
            moved = activity_sets.preview_move(base, ref, which, anchor)  # type: ignore[arg-type]
            return [planned for _id, planned in moved]

        self._session.operations.query(
            ("set preview", id(self)), work, owner=self, done=self._show, failed=self._refuse
        )

    def _show(self, found: list[Planned]) -> None:
        language = i18n.language()
        lines = [f"{format_date(one.day, language)}  {one.subject}" for one in found[:_MOST_SHOWN]]
        rest = len(found) - _MOST_SHOWN
        if rest > 0:
            more = ngettext("and {count} more step", "and {count} more steps", rest)
            lines.append(more.format(count=rest))
        self.shown.setText("\n".join(lines))
        self.go.setEnabled(bool(found))

    def _refuse(self, error: Any) -> None:
        self.shown.setText(error.message)

    def _edit(self) -> None:
        self.reject()
        self.edit_wanted.emit()


class SetChoices:
    """What may be chosen: sets to be started, and started ones to be moved."""

    def __init__(self, offered: list[tuple[str, int]], running: list[Started]) -> None:
        self._offered, self._running = offered, running

    @classmethod
    def read(cls, base: Workspace, ref: Ref) -> SetChoices:
        """In the worker: asks the base."""
        from crm_desktop.services.activity_sets import service as activity_sets

        return cls(activity_sets.sets(base), activity_sets.started(base, ref))

    def words(self) -> list[tuple[str, object]]:
        """The choices as they are offered."""
        language = i18n.language()
        moves: list[tuple[str, object]] = [
            (_("Move “{name}” of {day}").format(
                name=one.name, day=format_date(one.anchor, language)), one)
            for one in self._running
        ]  # fmt: skip
        return [*self._offered, *moves]
