"""Reference cycles are collected in the GUI thread only.

Python collects them in whichever thread happens to allocate. A cycle that holds a widget or a timer
would then die in a worker thread, which Qt answers with "Timers cannot be stopped from another
thread" and, sooner or later, a crash. So the automatic collector is off while worker threads run,
and a timer of the GUI thread does its work.

What was taken for lists and cards that are gone lies in pieces between what is still used, and the
C library keeps it for ever unless it is asked: after work a tenth of the window's memory is that.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000
_YOUNG = 3000  # new objects from which a collection of the youngest pays
_STAYS = (1, 10)  # collections by which libraries are loaded, and the window with its pages is made
_MIDDLE, _OLD = 10, 10  # collections of one generation before the next one is looked at
_GIVES_BACK = 10  # turns after which memory is given back, if anything was collected meanwhile


def give_back() -> None:
    """Gives the system what lies free between what is used; some milliseconds, in which Python goes
    on. Does nothing where the C library gives it back by itself."""
    import ctypes  # not at the start

    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


class Garbage(QObject):
    """Collects while it lives; afterwards Python does it by itself again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()
        self._turns = 0
        self._collected = False

    def collect(self) -> None:
        """Collects the generations that are due; a fraction of a millisecond as a rule.

        What is there once the window stands will stay: looking through it again and again would
        hold the window for a tenth of a second each time.
        """
        self._turns += 1
        if self._turns in _STAYS:
            gc.freeze()
        young, middle, old = gc.get_count()
        self._collected = self._collected or young > _YOUNG
        if old > _OLD and middle > _MIDDLE:
            gc.collect(2)
        elif middle > _MIDDLE:
            gc.collect(1)
        elif young > _YOUNG:
            gc.collect(0)
        if self._collected and self._turns % _GIVES_BACK == 0:
            self._collected = False
            self._give_back_beside()

    @staticmethod
    def _give_back_beside() -> None:
        from crm_desktop.services.jobs import start_thread  # not at the start

        start_thread("memory", give_back)

    def stop(self, *, alone: bool) -> None:
        """Gives the work back to Python; not while a worker thread may still meet a widget."""
        self._timer.stop()
        gc.unfreeze()
        if alone:
            gc.enable()
