"""Why something cannot be done here, known in memory: for actions, menus and buttons that are grey.

The sentences name the right, one's roles and whom to ask for which role (`services/rights`). They
are read when a base opens and again while it is open, for roles change meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.ui.operations import Job

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.services.rights.refusals import Why
    from crm_desktop.ui.session import Session

_AGAIN_MS = 30_000
_TAKES_OUT = ("see", "export", "print", "see_calendars")
"""What changes nothing: whoever came in only to read may do it."""


class Refusals(QObject):
    """One a session."""

    changed = Signal()
    """Something is refused now, or no longer."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._known: Why = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self.read)
        session.opened.connect(self._opened)
        session.closed.connect(self._closed)

    def _opened(self) -> None:
        self._known = {}
        base = self._session.workspace
        if base is not None and base.rights is not None:
            self._timer.start()
            self.read()

    def _closed(self) -> None:
        self._timer.stop()
        self._known = {}

    def read(self) -> None:
        """Asks the base what is refused now."""
        base = self._session.workspace
        if base is None or base.rights is None:
            return

        def work(_job: Job) -> Why:
            from crm_desktop.services.rights.refusals import refusals

            return refusals(base)

        def done(found: Why) -> None:
            if base is self._session.workspace and found != self._known:
                self._known = found
                self.changed.emit()

        self._session.operations.query(
            ("refusals",), work, owner=self, done=done, failed=_another_time
        )

    def why(self, action: str, entity: str) -> str:
        """Why the person may do that with no record of the object; '' if he may with some."""
        base = self._session.workspace
        if base is None:
            return ""
        if base.read_only and action not in _TAKES_OUT:
            return base.read_only
        return self._known.get((action, entity), "")


def put_off(target: QAction | QWidget, why: str) -> None:
    """Greys out a line of a menu or a button that cannot be used, and says why when pointed at; a
    menu shows it at its lines. Does nothing where there is no reason."""
    if not why:
        return
    target.setEnabled(False)
    target.setToolTip(why)
    target.setStatusTip(why)
    if isinstance(target, QAction):
        above = target.parent()
        if isinstance(above, QMenu):
            above.setToolTipsVisible(True)


def _another_time(_error: UserError) -> None:
    """The base is away: it is asked again."""
