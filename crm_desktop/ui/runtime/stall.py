"""Notices when the GUI thread does not answer: in the product it is logged, in tests it fails.

A watching thread sends a ping to the GUI thread and takes its stack when the answer is late. The
product pings four times a second, which costs nothing; a test pings every few milliseconds.
"""

from __future__ import annotations

import faulthandler
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

_log = logging.getLogger(__name__)
_SAMPLE_S = 0.005
_CALLS = 12


@dataclass(frozen=True, slots=True)
class Stall:
    """One late answer: how long, of that at work and blocked in a call, and where it was."""

    wall_s: float
    cpu_s: float
    """Processor time of the GUI thread: on a busy machine the wall clock proves nothing."""
    blocked_s: float
    """Time asleep or waiting in a call; known on Linux only, elsewhere 0."""
    stack: str

    @property
    def held_s(self) -> float:
        """How long our own code held the thread, other programs left out of account."""
        return max(self.cpu_s, self.blocked_s)


class StallDetector(QObject):
    """Watches the thread it is made in, between `start` and `stop`."""

    _ping = Signal(float)

    def __init__(
        self,
        found: Callable[[Stall], None],
        *,
        threshold_s: float = 0.1,
        period_s: float = 0.25,
        parent: QObject | None = None,
    ) -> None:
        """`found` is called in the watching thread."""
        super().__init__(parent)
        self._found = found
        self._threshold, self._period = threshold_s, period_s
        self._gui = threading.current_thread()
        self._answered = threading.Event()
        self._stopped = threading.Event()
        self._cpu = 0.0
        self._spent = 0.0
        # A thread of its own: it must not wait for the operations it watches.
        self._thread: threading.Thread | None = None  # noqa: TID251
        self._ping.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begins to watch."""
        self._stopped.clear()
        self._cpu = time.thread_time()
        self._thread = threading.Thread(target=self._watch, name="stall", daemon=True)  # noqa: TID251
        self._thread.start()

    def stop(self) -> None:
        """Watches no more."""
        self._stopped.set()
        self._answered.set()
        if self._thread is not None:
            self._thread.join(2)
            self._thread = None

    @Slot(float)
    def _answer(self, _sent: float) -> None:
        now = time.thread_time()
        self._spent, self._cpu = now - self._cpu, now
        self._answered.set()

    def _watch(self) -> None:
        while not self._stopped.wait(self._period):
            self._answered.clear()
            sent = time.perf_counter()
            self._ping.emit(sent)
            stack, blocked = self._wait(sent)
            wall = time.perf_counter() - sent
            if wall >= self._threshold and not self._stopped.is_set():
                self._found(Stall(wall, self._spent, blocked, stack))

    def _wait(self, sent: float) -> tuple[str, float]:
        """Waits for the answer; the stack and the time blocked if it is late."""
        stack, blocked = "", 0.0
        while not self._answered.wait(_SAMPLE_S):
            if self._stopped.is_set():
                break
            if self._is_asleep():
                blocked += _SAMPLE_S
            if not stack and time.perf_counter() - sent > self._threshold / 2:
                stack = self._stack()
        return stack, blocked

    def _stack(self) -> str:
        """Where the GUI thread is, innermost call first. Not by its frames: who holds one when its
        function ends is the last to hold what was local there, and a timer or a widget must not
        end in this thread."""
        with tempfile.TemporaryFile() as file:
            faulthandler.dump_traceback(file)
            file.seek(0)
            told = file.read().decode(errors="replace")
        threads = (block.partition("\n")[::2] for block in told.split("\n\n"))
        wanted = f"{self._gui.ident or 0:x} "
        own = (calls for thread, calls in threads if wanted in thread)
        return "\n".join(next(own, "").splitlines()[:_CALLS])

    def _is_asleep(self) -> bool:
        """Whether the GUI thread sleeps or waits although an answer is due (Linux)."""
        try:
            stat = Path(f"/proc/self/task/{self._gui.native_id}/stat").read_text()
        except OSError:
            return False
        return stat.rpartition(")")[2].split()[0] in "SD"


def log_stalls(parent: QObject) -> StallDetector:
    """The product's own detector: says in the log what held the window longer than 100 ms."""

    def note(stall: Stall) -> None:
        _log.warning(
            "The window did not answer for %.0f ms (%.0f ms of work)\n%s",
            1e3 * stall.wall_s, 1e3 * stall.cpu_s, stall.stack,
        )  # fmt: skip

    detector = StallDetector(note, parent=parent)
    detector.start()
    return detector
