"""The seat of the open base, as the window sees it: kept alive, asked for, lost, taken again.

A local base has none, and then nothing here happens. Without a seat the base stays open: it is read
as before, what was typed stays in its form, and saving says that a seat is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from crm_desktop.errors import UserError
from crm_desktop.ui.operations import Job, Operations
from crm_desktop.ui.seat_line import SeatLine

if TYPE_CHECKING:  # SQLAlchemy must not be imported before the first paint
    from crm_desktop.services.licensing.broker import Beat, Taking
    from crm_desktop.services.licensing.entry import Entry

_BEAT_MS = 20_000
_NEVER = float("-inf")
_ANSWERED_S = 15.0  # a question that was not answered for so long is asked once more
_INSIDE = ("work", "travel")
_ACTS = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.MouseMove,
})  # fmt: skip


class Seat(QObject):
    """One for a session; its signals come on the GUI thread."""

    changed = Signal()
    """`why`, `asker` or `is_trial` may be another one."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self.entry: Entry | None = None
        """Of the open base; None where it is local."""
        self.why = ""
        """Why nothing can be changed: READ, LOST, FREED, GIVEN, IDLE, OVER; '' with a seat."""
        self.asker = ""
        """The login of who asks for the seat; '' if nobody does."""
        self.reason = ""
        """What the administrator said who freed the seat."""
        self._was_trial = False
        self._request: int | None = None
        self._asked = _NEVER
        self._acted = time.monotonic()
        self.line = SeatLine(operations, self)
        """Where one waits for another seat, in a base that is open."""
        self.line.changed.connect(self.changed)
        self._timer = QTimer(self)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self.beat)
        self._timer.timeout.connect(self._note_seen)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._focus_went)

    def follow(self, entry: Entry | None) -> None:
        """The base is open now, with this entry; None: no base is, or a local one."""
        self.entry, self.asker, self._request, self._asked = entry, "", None, _NEVER
        self.why = "read" if entry is not None and entry.taken.outcome == "read" else ""
        self._was_trial = self.is_trial
        self._acted = time.monotonic()
        self.line.end()
        for window in QGuiApplication.allWindows():
            window.removeEventFilter(self)
        if entry is not None:
            self._timer.start()
            self._focus_went(QGuiApplication.focusWindow())
        else:
            self._timer.stop()
        self.changed.emit()

    @property
    def is_trial(self) -> bool:
        """Whether the open base is on a server and has no licence that holds."""
        return self.entry is not None and self.entry.standing.is_trial

    @property
    def idle_s(self) -> int:
        """How long ago a key or the mouse was used in a window of ours."""
        return int(time.monotonic() - self._acted)

    def beat(self) -> None:
        """Says that the program is there, and hears how the seat stands."""
        entry, idle = self.entry, self.idle_s
        now = time.monotonic()
        if entry is None or self.why not in ("", "read") or now - self._asked < _ANSWERED_S:
            return
        self._asked = now  # why a seat is gone is told once: a second question would take it again

        def work(_job: Job) -> Beat:
            beat = entry.beat(idle)
            if beat.outcome in _INSIDE and entry.standing.is_trial:
                entry.renew()  # a licence may have been installed at another computer
            return beat

        def done(beat: Beat) -> None:
            self._asked = _NEVER
            if entry is self.entry:
                self._take_beat(entry, beat)

        def failed(error: UserError) -> None:
            self._asked = _NEVER
            _another_time(error)

        self._operations.query(("seat",), work, owner=self, done=done, failed=failed)

    def _note_seen(self) -> None:
        """The cards that were opened meanwhile go into the audit."""
        entry = self.entry
        if entry is not None and entry.workspace.seen.is_waiting:
            seen = entry.workspace.seen
            self._operations.query(
                ("seen",), lambda _job: seen.flush(), owner=self, done=lambda _nothing: None,
                failed=_another_time,
            )  # fmt: skip

    def _take_beat(self, entry: Entry, beat: Beat) -> None:
        why = "" if beat.outcome in _INSIDE else beat.outcome
        asker = beat.asker if beat.request is not None else ""
        self._request, self.reason = beat.request, beat.reason
        now = (why, asker, self.is_trial)
        if now != (self.why, self.asker, self._was_trial):
            self.why, self.asker, self._was_trial = now
            self.changed.emit()

    def answer(self, *, accepted: bool, failed: Callable[[UserError], None]) -> None:
        """What the person says to who asks for the seat."""
        entry, request = self.entry, self._request
        if entry is None or request is None:
            return
        self.asker, self._request = "", None

        def done(_nothing: object) -> None:
            self.changed.emit()
            self.beat()

        self._operations.run(
            lambda _job: entry.broker.answer(request, accepted=accepted),
            owner=self, done=done, failed=failed,
        )  # fmt: skip

    def take_again(self, failed: Callable[[UserError], None]) -> None:
        """Asks for a seat for the base that is open; UserError goes to `failed` if none is free."""
        entry = self.entry
        if entry is None:
            return

        def done(taken: Taking) -> None:
            if entry is self.entry and taken.is_inside:
                self.why = ""
                self.line.end()
                self.changed.emit()

        self._operations.run(lambda _job: entry.take_again(), owner=self, done=done, failed=failed)

    def _focus_went(self, window: QWindow | None) -> None:
        """Watches windows themselves, not every widget in them; where no seat is held, none."""
        self._acted = time.monotonic()
        if window is not None and self.entry is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTS:
            self._acted = time.monotonic()
        return False


def _another_time(_error: UserError) -> None:
    """The strip of the lost line says it already; the seat is kept for a while."""
