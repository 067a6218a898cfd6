"""Takes the operation of the pane back, or does it again; what stands in the way is listed."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.services.undo.service import UndoBlocked, UndoResult
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.operations_list.details import DetailsPane
from crm_desktop.ui.operations_list.reading import Refusal, refusal
from crm_desktop.ui.session import Session


class OperationUndo(QObject):
    """The undo of the pane: one at a time, with progress, and it can be stopped."""

    def __init__(self, session: Session, navigator: Navigator, pane: DetailsPane) -> None:
        super().__init__(pane)
        self._session, self._navigator, self._pane = session, navigator, pane
        self._job: Job | None = None
        pane.undo_wanted.connect(self.undo)
        pane.stopped.connect(self._stop)

    def undo(self, operation: int, rest: bool = False) -> None:
        """Undoes an operation; `rest` leaves alone what was changed since."""
        base = self._session.workspace
        if base is None or self._job is not None:
            return

        def work(job: Job) -> UndoResult | Refusal:
            try:
                return base.undo.undo(
                    operation, skip_blocked=rest, progress=job.progress, check=job.check
                )
            except UndoBlocked as error:
                return refusal(base, error)

        self._pane.set_working(True)
        self._job = self._session.operations.run(
            work, owner=self, done=self._done, failed=self._failed, title=_("Undoing"),
            progress=self._pane.progress.show_progress,
        )  # fmt: skip
        self._job.after_cancel(self._stopped)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end(self) -> None:
        self._job = None
        self._pane.set_working(False)

    def _stopped(self) -> None:
        self._end()
        text = _("Stopped. Undo it again to go on from there.")
        self._navigator.toast(text, tone="info")

    def _done(self, result: UndoResult | Refusal) -> None:
        self._end()
        if isinstance(result, Refusal):
            self._pane.show_blocked(result)
            return
        text = ngettext(
            "{count} record was put back", "{count} records were put back", result.restored
        ).format(count=result.restored)
        if result.blocked_total:
            left = ngettext(
                "{count} record was left alone", "{count} records were left alone",
                result.blocked_total,
            ).format(count=result.blocked_total)  # fmt: skip
            text = f"{text}. {left}"
        self._navigator.toast(text, undo_operation=result.operation)

    def _failed(self, error: UserError) -> None:
        self._end()
        self._navigator.refuse(error)
