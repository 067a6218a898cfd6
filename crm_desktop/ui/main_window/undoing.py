"""Undo and redo of operations: the buttons, Ctrl+Z and Ctrl+Y, and what to do if it is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.messages import Verb, question
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.strips import ProgressStrip

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet

_MOST_LISTED = 8
_SHOWN_FROM = 500
_AFTER_LIST_MS = 400


class Undoing(QObject):
    """Takes operations back for the window."""

    undone = Signal(object)
    """The number of an operation that was taken back."""

    def __init__(self, session: Session, navigator: Navigator, view: WindowView) -> None:
        super().__init__(view)
        self._session, self._navigator, self._view = session, navigator, view
        for button in (view.top.undo, view.top.redo):
            session.refusals.keep(button, WRITE)
        view.top.undo.clicked.connect(self.undo_last)
        view.top.redo.clicked.connect(self.redo_last)
        session.opened.connect(self._opened)
        session.closed.connect(self._nothing)
        session.changed.connect(self._changed)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.look)

    def _opened(self) -> None:
        """Undoing brings the writer's modules with it: the list of the base comes first."""
        self._session.operations.after_paint(self._later, _AFTER_LIST_MS)

    def _changed(self, _changes: ChangeSet | None = None) -> None:
        self._session.operations.after_paint(self._later)

    def _nothing(self) -> None:
        self._view.top.set_undo("", False)
        self._view.top.set_redo("", False)

    def look(self) -> None:
        """Finds out what could be undone and done again, for the tips of the buttons."""
        base = self._session.workspace
        if base is None:
            return

        def work(_job: Job) -> tuple[Any, Any]:
            return base.undo.last_undoable(), base.undo.last_redoable()

        def done(found: tuple[Any, Any]) -> None:
            undoable, redoable = found
            self._view.top.set_undo(_what(undoable), undoable is not None)
            self._view.top.set_redo(_what(redoable), redoable is not None)

        self._session.operations.query(("undoable",), work, owner=self, done=done)

    # --- what the person asks ---------------------------------------------------------------------

    def undo_last(self) -> None:
        """Takes back what was done last."""
        self._last("undo")

    def redo_last(self) -> None:
        """Does again what was taken back last."""
        self._last("redo")

    def _last(self, way: str) -> None:
        base = self._session.workspace
        if base is None:
            return

        def work(_job: Job) -> Any:
            return base.undo.last_undoable() if way == "undo" else base.undo.last_redoable()

        def done(operation: Any) -> None:
            if operation is not None:
                self.undo(operation.id)
            elif way == "undo":
                self._navigator.toast(_("There is nothing to undo"), tone="info")
            else:
                self._navigator.toast(_("There is nothing to do again"), tone="info")

        self._session.operations.run(work, owner=self, done=done)

    def undo(self, operation: int, *, rest: bool = False) -> None:
        """Undoes an operation; `rest` leaves alone what was changed since."""
        base = self._session.workspace
        if base is None:
            return
        strip = ProgressStrip(_("Undoing"), cancel=_("Stop"))
        strip.hide()
        self._view.add_strip(strip)

        def work(job: Job) -> tuple[Any, Any]:
            result = base.undo.undo(
                operation, skip_blocked=rest, progress=job.progress, check=job.check
            )
            return base.operations.get(result.operation), result

        def show(progress: Any) -> None:
            strip.setVisible(progress.total > _SHOWN_FROM)
            strip.set_progress(progress.done, progress.total)

        def failed(error: UserError) -> None:
            _end(strip)
            self._refused(operation, error)

        def done(found: tuple[Any, Any]) -> None:
            _end(strip)
            self._tell(*found)

        job = self._session.operations.run(
            work, owner=self, done=done, failed=failed, progress=show, title=_("Undoing")
        )
        strip.cancelled.connect(job.cancel)
        job.after_cancel(lambda: self._stopped(strip))

    def _stopped(self, strip: QWidget) -> None:
        _end(strip)
        text = _("Stopped. Undo it again to go on from there.")
        self._navigator.toast(text, tone="info")

    def _tell(self, undo: Any, result: Any) -> None:
        self.look()
        self.undone.emit(undo.undoes)
        text = undo.title.text()
        if result.blocked_total:
            left = ngettext(
                "{count} record was left alone", "{count} records were left alone",
                result.blocked_total,
            ).format(count=result.blocked_total)  # fmt: skip
            text = f"{text}. {left}"
        self._navigator.toast(text, undo_operation=result.operation)

    def _refused(self, operation: int, error: UserError) -> None:
        blocked = getattr(error, "blocked", None)
        if not blocked:
            self._navigator.refuse(error)
            return
        total = getattr(error, "blocked_total", len(blocked))
        lines = [f"•  {b.name}: {b.reason}" for b in blocked[:_MOST_LISTED]]
        if total > _MOST_LISTED:
            lines.append(_("and {count} more").format(count=total - _MOST_LISTED))
        title = ngettext(
            "{count} record was changed since", "{count} records were changed since", total
        ).format(count=total)
        text = _("Nothing was undone yet. These were changed by later operations:")
        verbs = (Verb("rest", _("Undo the rest"), primary=True),)
        box = question(self._view, title, "\n".join([text, "", *lines]), verbs)
        box.finished.connect(lambda answer: self._answered(operation, answer))
        box.finished.connect(box.deleteLater)
        box.open()

    def _answered(self, operation: int, answer: int) -> None:
        if answer == 1:
            self.undo(operation, rest=True)


def _end(strip: QWidget) -> None:
    strip.hide()
    strip.deleteLater()


def _what(operation: Any) -> str:
    if operation is None:
        return ""
    return _inner(operation) if operation.undoes is not None else str(operation.title.text())


def _inner(operation: Any) -> str:
    """What an undo had taken back."""
    return str(operation.title.value("what") or operation.title.text())
