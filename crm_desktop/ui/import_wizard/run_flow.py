"""The test run, the import and its undo: started, watched, stopped, told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.ui.import_wizard import run_step, running
from crm_desktop.ui.import_wizard.figures import number
from crm_desktop.ui.import_wizard.running import Heard, Stopping, UndoHeard, Wanted
from crm_desktop.ui.import_wizard.state import Outcome
from crm_desktop.ui.import_wizard.view import ImportView
from crm_desktop.ui.messages import Verb, question
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job, Progress
from crm_desktop.ui.server_line.until_back import UntilBack
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.dialog import Dialog

_MOST_LISTED = 8


class RunFlow(QObject):
    """Lives as long as its page."""

    state_changed = Signal()
    list_asked = Signal()
    tried = Signal(object)
    """A test run has ended with this `Outcome`."""

    def __init__(
        self, session: Session, navigator: Navigator, view: ImportView, *, folder: Path
    ) -> None:
        super().__init__(view)
        self._session, self._navigator, self._view = session, navigator, view
        self.rejects = folder / "rejects.xlsx"
        self._stop = Stopping()
        self._counts: object = None
        self._undo: Job | None = None
        self._box: Dialog | None = None
        self._name = ""
        self.is_running = False
        self._until_back = UntilBack(session, self)
        self._until_back.back.connect(lambda _waiting: self._take_back_half())
        view.run.stop_asked.connect(self.ask_to_stop)
        view.run.undo_asked.connect(self.undo)
        view.run.rejects_asked.connect(self.ask_where)
        view.run.list_asked.connect(self.list_asked)
        session.changed.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether the base is being written."""
        return self.is_running or self._undo is not None

    # --- the test run -----------------------------------------------------------------------------

    def try_out(self, wanted: Wanted) -> None:
        """Works out what would happen."""
        self._stop = Stopping()
        self._view.trial.begin()
        trial = self._view.trial
        heard = self._heard(
            self._tried, self._trial_failed, lambda p: trial.show_progress(p.done, p.total)
        )
        running.try_out(self._session, wanted, self._stop, heard)
        self.state_changed.emit()

    def _heard(
        self, done: Callable[[Outcome], None], failed: Callable[[UserError], None],
        progress: Callable[[Progress], None],
    ) -> Heard:  # fmt: skip
        return Heard(self, done, failed, progress, self._take_counts)

    def _take_counts(self, counts: object) -> None:
        self._counts = counts  # from the worker: a whole value at once

    def _tried(self, outcome: Outcome) -> None:
        self._view.trial.show_outcome(outcome)
        self.tried.emit(outcome)
        self.state_changed.emit()
        if self._view.isVisible():
            self._view.take_focus()

    def _trial_failed(self, error: UserError) -> None:
        self._view.trial.show_error(error.message)
        self.state_changed.emit()

    def forget_trial(self) -> None:
        """The person goes back: what is being tried is not wanted any more."""
        self._session.operations.forget(("import-test", id(self)))
        self._view.trial.outcome = None

    def can_load(self) -> bool:
        """Whether the test run found anything to bring in, or is to be made again."""
        trial, outcome = self._view.trial, self._view.trial.outcome
        return outcome is not None and (trial.is_stale or outcome.created + outcome.updated > 0)

    def load_word(self) -> str:
        """The word of the button that starts the import."""
        outcome = self._view.trial.outcome
        if outcome is None:
            return _("Bring in")
        if self._view.trial.is_stale:
            return _("Try again")
        count = outcome.created + outcome.updated
        words = ngettext("Bring in {count} record", "Bring in {count} records", count)
        return words.format(count=number(count))

    # --- the import -------------------------------------------------------------------------------

    def run(self, wanted: Wanted) -> None:
        """Brings everything in."""
        self._stop, self._counts = Stopping(), None
        self._name = wanted.reading.path.name
        self.is_running = True
        self._view.run.begin()
        heard = self._heard(self._ran, self._failed, self._goes_on)
        running.bring_in(self._session, wanted, self._stop, heard=heard, rejects=self.rejects)
        self.state_changed.emit()

    def _goes_on(self, _progress: Progress) -> None:
        state = self._counts
        if state is None or not self.is_running:
            return
        counts = {key: getattr(state, key) for key in ("created", "updated", "skipped",
                                                       "rejected")}  # fmt: skip
        self._view.run.show_progress(
            counts, done=getattr(state, "read", 0), total=getattr(state, "total", 0),
            speed=(getattr(state, "rate", 0.0), getattr(state, "left", None)),
        )  # fmt: skip

    def _ran(self, outcome: Outcome) -> None:
        self._end()
        self._view.run.show_outcome(outcome)
        self._tell(outcome)
        self.state_changed.emit()
        if self._view.isVisible():
            self._view.take_focus()

    def _failed(self, error: UserError) -> None:
        self._end()
        written = 0
        if isinstance(error, DatabaseUnavailable):
            written = sum(getattr(self._counts, key, 0) for key in ("created", "updated"))
        if written:
            self._until_back.wait()
        self._view.run.show_error(error.message, written)
        self._navigator.refuse(error)
        self.state_changed.emit()

    def _take_back_half(self) -> None:
        """The server is back, which went in the middle of it: as at the next opening of the base,
        what was cut off is taken back."""
        base, step = self._session.workspace, self._view.run
        if base is None or step.state != run_step.FAILED:
            return

        def done(_results: object) -> None:
            step.error.set_text("")
            step.set_state(run_step.UNDONE)

        def failed(error: UserError) -> None:
            step.show_error(error.message, step.written)
            self._until_back.wait()

        self._session.operations.run(
            lambda _job: base.undo.recover(base.is_dead), owner=self, done=done, failed=failed,
            title=_("Undoing the import"),
        )  # fmt: skip

    def _end(self) -> None:
        self.is_running = False
        self._undo = None
        if self._box is not None:
            self._box.reject()

    def _tell(self, outcome: Outcome) -> None:
        if outcome.state == run_step.UNDONE:
            self._navigator.toast(_("The import was undone"), tone="info")
            return
        count = outcome.created + outcome.updated
        words = ngettext(
            "{count} record brought in from {file}", "{count} records brought in from {file}", count
        )
        text = words.format(count=number(count), file=self._name)
        self._navigator.toast(text, undo_operation=outcome.operation)

    # --- stopping ---------------------------------------------------------------------------------

    def ask_to_stop(self) -> None:
        """Asks what is to become of what is in; the import goes on until it is answered."""
        if self._undo is not None:
            self._undo.cancel()
            return
        if not self.is_running or self._box is not None:
            return
        verbs = (
            Verb("keep", _("Keep what is in")), Verb("undo", _("Undo everything"), danger=True),
        )  # fmt: skip
        self._box = question(
            self._view, _("Stop the import?"),
            _("What was brought in so far can stay, or all of it is taken back."), verbs,
            keep=_("Go on with the import"),
        )  # fmt: skip
        self._box.finished.connect(self._answered)
        self._box.open()

    def _answered(self, answer: int) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.deleteLater()
        if answer in (1, 2) and self.is_running:
            self._stop.wish(running.KEEP if answer == 1 else running.UNDO)
            self._view.run.set_state(run_step.STOPPING)

    # --- afterwards -------------------------------------------------------------------------------

    def undo(self, rest: bool = False) -> None:
        """Takes the import back; `rest` leaves alone what was changed since."""
        outcome = self._view.run.outcome
        if outcome is None or outcome.operation is None or self.is_busy:
            return
        self._view.run.set_state(run_step.UNDOING)
        step = self._view.run
        heard = UndoHeard(self, self._undone, self._not_undone,
                          lambda p: step.show_undoing(p.done, p.total))  # fmt: skip
        self._undo = running.take_back(self._session, outcome.operation, rest=rest, heard=heard)
        self._undo.after_cancel(self._undo_stopped)
        self.state_changed.emit()

    def _look(self, _changes: object) -> None:
        """Something was changed: the import may have been undone from elsewhere."""
        base, outcome = self._session.workspace, self._view.run.outcome
        lasting = self._view.run.state in (run_step.DONE, run_step.KEPT)
        operation = outcome.operation if outcome is not None else None
        if base is None or operation is None or not lasting or self.is_busy:
            return

        def done(state: str) -> None:
            if state == run_step.UNDONE and not self.is_busy:
                self._view.run.set_state(run_step.UNDONE)

        self._session.operations.query(
            ("import-state", id(self)), lambda _job: base.records.operations.get(operation).state,
            owner=self, done=done,
        )  # fmt: skip

    def _undone(self, left_alone: int) -> None:
        self._end()
        self._view.run.set_state(run_step.UNDONE)
        text = _("The import was undone")
        if left_alone:
            more = ngettext(
                "{count} record was left alone", "{count} records were left alone", left_alone
            )
            text = f"{text}. {more.format(count=number(left_alone))}"
        self._navigator.toast(text)
        self.state_changed.emit()

    def _undo_stopped(self) -> None:
        self._end()
        self._view.run.set_state(run_step.DONE)
        self._navigator.toast(_("Stopped. Undo it again to go on from there."), tone="info")
        self.state_changed.emit()

    def _not_undone(self, error: UserError) -> None:
        self._end()
        self._view.run.set_state(run_step.DONE)
        self.state_changed.emit()
        blocked = getattr(error, "blocked", None)
        if not blocked:
            self._navigator.refuse(error)
            return
        lines = [f"•  {one.name}: {one.reason}" for one in blocked[:_MOST_LISTED]]
        total = getattr(error, "blocked_total", len(blocked))
        if total > _MOST_LISTED:
            lines.append(_("and {count} more").format(count=total - _MOST_LISTED))
        title = ngettext(
            "{count} record was changed since", "{count} records were changed since", total
        ).format(count=total)
        text = _("Nothing was undone yet. These were changed by later operations:")
        box = question(self._view, title, "\n".join([text, "", *lines]),
                       (Verb("rest", _("Undo the rest"), primary=True),))  # fmt: skip
        box.finished.connect(lambda answer: self.undo(rest=True) if answer == 1 else None)
        box.finished.connect(box.deleteLater)
        box.open()

    def ask_where(self) -> QFileDialog:
        """Asks where the refused rows are to be saved."""
        name = _("{file}, refused rows.xlsx").format(file=Path(self._name).stem)
        kind = _("Excel workbook (*.xlsx)")
        dialog = QFileDialog(self._view, _("Save the refused rows"), name, kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_rejects)
        dialog.open()
        return dialog

    def save_rejects(self, path: str) -> None:
        """Copies the workbook of the refused rows there."""
        try:
            shutil.copyfile(self.rejects, path)
        except OSError as error:
            words = _("{file} cannot be written: {reason}")
            reason = disk_reason(error)
            self._navigator.toast(words.format(file=Path(path).name, reason=reason), tone="bad")
            return
        self._navigator.toast(_("The refused rows are in {file}").format(file=Path(path).name))

    def leave(self) -> None:
        """The page goes: the test run is not wanted, an import is stopped and taken back."""
        self.forget_trial()
        if self.is_running:
            self._stop.wish(running.UNDO)
