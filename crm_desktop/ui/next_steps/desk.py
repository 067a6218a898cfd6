"""The boxes over the window: the result of a call, and one step for many records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.next_steps.call_form import CallForm, StepLine
from crm_desktop.ui.next_steps.set_box import SetBox, SetChoices
from crm_desktop.ui.operations import Job
from crm_desktop.ui.runtime.lifetime import is_alive
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.activities.next_steps import PlannedCall
    from crm_desktop.services.bulk.service import BulkResult

_CANCEL, _SAVE = int(QDialog.DialogCode.Rejected), int(QDialog.DialogCode.Accepted)
_PLANNED = ("task", "call", "meeting", "visit", "letter")


class CallBox(Dialog):
    """The form of one call, and a verb."""

    def __init__(self, session: Session, ref: Ref, name: str, parent: QWidget) -> None:
        self.form = CallForm(session)
        self.ref, self.name = ref, name
        super().__init__(_("Call: {name}").format(name=name), self.form, parent)
        self.add_button(_("Cancel"), result=_CANCEL)
        self.save = self.add_button(_("Save"), kind="primary")
        self.save.setDefault(True)
        self.form.step.line.textChanged.connect(
            lambda _text: self.save.setEnabled(self.form.step.understood())
        )
        self.form.take_focus()


class PlanBox(Dialog):
    """The line of one step for many records."""

    def __init__(self, session: Session, count: int, parent: QWidget) -> None:
        self.step, self.kind = StepLine(session), ComboBox(name=_("Kind"))
        entity, trait = session.base.catalogue.with_trait(Scheduled)
        kinds = entity.field(trait.kind)
        if isinstance(kinds, ChoiceField):
            offered = [c for c in kinds.choices if c.key in _PLANNED and not c.retired]
            offered.sort(key=lambda c: _PLANNED.index(c.key))
            self.kind.set_choices([(_(c.label), c.key) for c in offered], _PLANNED[0])
        body = QWidget()
        body.setMinimumWidth(px(420))
        body.setLayout(column(
            Label(_("Kind"), "small", "text2"), self.kind, 6,
            Label(_("What and when"), "small", "text2"), self.step, gap=4,
        ))  # fmt: skip
        title = ngettext("Plan a step for {count} record", "Plan a step for {count} records", count)
        super().__init__(title.format(count=count), body, parent)
        self.add_button(_("Cancel"), result=_CANCEL)
        self.save = self.add_button(_("Plan"), kind="primary", result=_SAVE)
        self.save.setDefault(True)
        self.save.setEnabled(False)
        self.step.line.textChanged.connect(lambda _text: self._look())
        self.step.line.setFocus()

    def _look(self) -> None:
        self.save.setEnabled(bool(self.step.line.text().strip()) and self.step.understood())


class NextSteps(QObject):
    """Opens the boxes and writes what they say (`main_window.parts.NextStepBoxes`)."""

    def __init__(self, session: Session, navigator: Navigator, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._navigator, self._window = session, navigator, window
        self.box: Dialog | None = None

    def call(self, ref: Ref) -> None:
        """Asks what came of a call about the record."""
        base = self._session.base

        def find(_job: Job) -> tuple[str, PlannedCall | None]:
            from crm_desktop.services.activities.next_steps import planned_call

            title = base.titles.of([ref]).get(ref)
            return title.text if title else "…", planned_call(base, ref)

        def ask(found: tuple[str, PlannedCall | None]) -> None:
            name, planned = found
            box = CallBox(self._session, ref, name, self._window)
            box.form.offer(planned)
            box.save.clicked.connect(lambda: self._log(box))
            self._open(box)

        self._session.operations.query(("callee", id(self)), find, owner=self, done=ask)

    def _log(self, box: CallBox) -> None:
        """The box stays, with all that was typed, until the call is saved."""
        from crm_desktop.services.activities.next_steps import log_call

        base, ref, said = self._session.base, box.ref, box.form.said()
        told = _("Call noted: {name}").format(name=box.name)

        def done(outcome: Any) -> None:
            if is_alive(box):
                box.accept()
            self._navigator.toast(told, undo_operation=outcome.operation)

        def failed(error: Any) -> None:
            if is_alive(box):
                box.save.setEnabled(True)
                box.form.refuse(error.message)
            else:
                self._navigator.refuse(error)

        box.save.setEnabled(False)
        self._session.operations.run(
            lambda _job: log_call(base, ref, said), owner=self, done=done, failed=failed
        )

    def plan(self, entity_key: str, ids: Sequence[int]) -> None:
        """Asks for a step for all these records."""
        box = PlanBox(self._session, len(ids), self._window)
        box.accepted.connect(lambda: self._plan(box, entity_key, ids))
        self._open(box)

    def _plan(self, box: PlanBox, entity_key: str, ids: Sequence[int]) -> None:
        base, line, kind = self._session.base, box.step.line.text(), str(box.kind.value())
        entity = base.catalogue[entity_key]

        def work(job: Job) -> BulkResult:
            from crm_desktop.services.activities.next_steps import plan_for

            return plan_for(base, entity, ids, line, kind, check=job.check)

        def done(found: BulkResult) -> None:
            said = ngettext("Planned for {count} record", "Planned for {count} records",
                            found.written)  # fmt: skip
            self._navigator.toast(said.format(count=found.written), undo_operation=found.operation)

        self._session.operations.run(work, owner=self, done=done, failed=self._navigator.refuse)

    def start_set(self, ref: Ref) -> None:
        """Asks which set of activities is to be started for the record, or moved."""
        base = self._session.base

        def ask(choices: SetChoices) -> None:
            box = SetBox(self._session, ref, choices, self._window)
            box.accepted.connect(lambda: self._start(box))
            box.edit_wanted.connect(self._edit_sets)
            self._open(box)

        self._session.operations.query(
            ("sets", id(self)), lambda _job: SetChoices.read(base, ref), owner=self, done=ask
        )

    def _start(self, box: SetBox) -> None:
        from crm_desktop.services.activity_sets import service as activity_sets

        base, ref, which, anchor = self._session.base, box.ref, box.which.value(), box.anchor()
        if anchor is None or which is None:
            return
        started = isinstance(which, int)

        def work(_job: Job) -> Any:
            if isinstance(which, int):
                return activity_sets.start(base, which, ref, anchor)
            return activity_sets.move(base, ref, which, anchor)  # type: ignore[arg-type]

        def done(outcome: Any) -> None:
            word = _("The set is started") if started else _("The open steps are moved")
            self._navigator.toast(word, undo_operation=outcome.operation)

        self._session.operations.run(work, owner=self, done=done, failed=self._navigator.refuse)

    def _edit_sets(self) -> None:
        from crm_desktop.services.activity_sets.service import SET

        self._navigator.show_list(SET)

    def _open(self, box: Dialog) -> None:
        self.box = box
        box.finished.connect(box.deleteLater)
        box.open()
