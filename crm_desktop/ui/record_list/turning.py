"""Rows turn red by themselves when they become overdue: nothing in the base changes then."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.record_list.loader import Loader
from crm_desktop.ui.session import Session

_EVERY_MS = 20_000


class ListTurning(QObject):
    """Looks at the clock while its page is seen; several times a minute, for clocks are set and
    machines sleep."""

    def __init__(self, session: Session, loader: Loader, seen: QWidget) -> None:
        super().__init__(seen)
        self._session, self._loader, self._seen = session, loader, seen
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Reads the list anew if a moment of what was read is over."""
        base, source = self._session.workspace, self._loader.source
        if base is None or source is None or not self._seen.isVisible():
            return
        if source.turns is not None and base.clock.now() > source.turns:
            self._loader.reopen()
