"""Tells when something that is seen becomes overdue: nothing in the base changes at that moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.session import Session

_EVERY_MS = 20_000


class Turning(QObject):
    """Looks at the clock while anything can still become overdue, and while its widget is seen.

    Several times a minute instead of once at the moment: clocks are set, machines sleep.
    """

    turned = Signal()

    def __init__(self, session: Session, seen: QWidget) -> None:
        super().__init__(seen)
        self._session, self._seen = session, seen
        self._next: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def wait_for(self, moments: Iterable[datetime], now: datetime) -> None:
        """The moments after which something is overdue, instead of those of before."""
        self._next = min((moment for moment in moments if moment >= now), default=None)
        if self._next is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def look(self) -> None:
        """Tells it if the first of the moments is over."""
        base = self._session.workspace
        if self._next is None or base is None or not self._seen.isVisible():
            return
        if base.clock.now() > self._next:
            self._next = None
            self._timer.stop()
            self.turned.emit()
