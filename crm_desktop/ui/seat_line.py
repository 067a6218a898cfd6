"""Waiting in line for a seat inside a base that is open: whoever lost his and has typed something.

Who finds no seat at the door waits on a page of its own, `seats/no_seat_page`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.errors import UserError
from crm_desktop.ui.operations import Operations

if TYPE_CHECKING:  # SQLAlchemy must not be imported before the first paint
    from crm_desktop.services.licensing.broker import Turn
    from crm_desktop.services.licensing.entry import Entry

_LOOK_MS = 2000


class SeatLine(QObject):
    """One for a session."""

    changed = Signal()

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._entry: Entry | None = None
        self.turn: Turn | None = None
        """Where in line one is; None: one does not wait."""
        self.passed = False
        """It was one's turn, and nobody came."""
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def is_called(self) -> bool:
        """A seat is kept for a while for whoever sits here."""
        return self.turn is not None and self.turn.left_s is not None

    def wait(self, entry: Entry, failed: Callable[[UserError], None]) -> None:
        """Stands at the end of the line."""

        def work(_job: Any) -> Turn:
            entry.renew()
            return entry.broker.wait()

        def done(turn: Turn) -> None:
            self._entry = entry
            self._timer.start()
            self._say(turn)

        self._operations.run(work, owner=self, done=done, failed=failed)

    def leave(self, failed: Callable[[UserError], None]) -> None:
        """Waits no more."""
        entry = self._entry
        self.end()
        if entry is not None:
            self._operations.run(
                lambda _job: entry.broker.give(), owner=self, done=lambda _nothing: None,
                failed=failed,
            )  # fmt: skip

    def end(self) -> None:
        """There is a seat, or no base any more."""
        self._timer.stop()
        was, self._entry, self.turn, self.passed = self.turn, None, None, False
        if was is not None:
            self.changed.emit()

    def look(self) -> None:
        """Asks the server whether it is one's turn."""
        entry = self._entry
        if entry is None:
            return

        def done(turn: Turn) -> None:
            if entry is self._entry:
                self._say(turn)

        self._operations.query(
            ("seat line",), lambda _job: entry.look(), owner=self, done=done, failed=_another_time
        )

    def _say(self, turn: Turn) -> None:
        if turn.place or turn.left_s is not None:
            self.turn, self.passed = turn, False
        else:
            self._timer.stop()
            self._entry, self.turn, self.passed = None, None, True
        self.changed.emit()


def _another_time(_error: UserError) -> None:
    """The strip of the lost line says it already; the place in line is kept for a while."""
