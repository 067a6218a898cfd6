"""What was typed and could not be saved, for the server is away: it is saved when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import _

if TYPE_CHECKING:
    from crm_desktop.ui.session import Session

_AGAIN_MS = 3000
"""Before the line is doubted once more, where it holds and saving still fails."""


class UntilBack(QObject):
    """Waits for one form, or for what is typed in place."""

    back = Signal(object)
    """The server answers again: what waits may be saved, as `said` was told of it."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._line = session.line
        self._waiting: list[Any] = []
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._doubt)
        self._line.back.connect(self._go_on)

    def said(self, error: UserError, what: Any = None) -> str:
        """Why it was not saved; where the server is away, that it will be: `back` follows."""
        if not isinstance(error, DatabaseUnavailable):
            return error.message
        self.wait(what)
        return _(
            "The server does not answer. Your text stays here and is saved as soon as the "
            "server is back."
        )

    def wait(self, what: Any = None) -> None:
        """`back` follows."""
        self._waiting.append(what)
        if self._line.holds:  # back already, or only the writing was cut off
            self._again.start()

    def _doubt(self) -> None:
        """At once the first time, then now and then."""
        self._again.setInterval(_AGAIN_MS)
        self._line.doubt()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self.back.emit(waiting)
