"""Reference cycles are collected in the GUI thread only.

Python collects them in whichever thread happens to allocate. A cycle that holds a widget or a timer
would then die in a worker thread, which Qt answers with "Timers cannot be stopped from another
thread" and, sooner or later, a crash. So the automatic collector is off while worker threads run,
and a timer of the GUI thread does its work.

What was taken for lists and cards that are gone lies in pieces between what is still used, and the
C library keeps it for ever unless it is asked: after work a tenth of the window's memory is that.
Big pieces (the ids of a list of a million rows are eight megabytes) are kept apart from the small
ones, so that they go back as soon as the list is gone.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000
_YOUNG = 3000  # new objects from which a collection of the youngest pays
_STAYS = (1, 10)  # collections by which libraries are loaded, and the window with its pages is made
_MIDDLE, _OLD = 10, 10  # collections of one generation before the next one is looked at
_GIVES_BACK = 5  # turns after which memory is given back, if much was taken meanwhile
_TAKEN = 2048  # pages that the program touched anew from which that pays (8 MiB)
_BIG = 1 << 20  # bytes of a piece that is kept apart
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt(3)
_ARENAS = 2


def keep_apart() -> None:
    """Big pieces are taken from the system and given back to it one by one, and threads share their
    memory. Without it the first big piece that is given back makes all later ones stay."""
    for what, value in (
        (_MMAP_THRESHOLD, _BIG), (_TRIM_THRESHOLD, _BIG), (_ARENA_MAX, _ARENAS),
    ):  # fmt: skip
        _library("mallopt", what, value)


def give_back() -> None:
    """Gives the system what lies free between what is used; some milliseconds, in which Python goes
    on. Does nothing where the C library gives it back by itself."""
    _library("malloc_trim", 0)


def _library(name: str, *arguments: int) -> None:
    """Calls the C library where it has such a function."""
    import ctypes  # not at the start

    if sys.platform == "linux":
        function = getattr(ctypes.CDLL(None), name, None)
        if function is not None:
            function(*arguments)


def pages_taken() -> int:
    """Pages of memory the program has touched anew since its start; 0 where nobody counts them."""
    if sys.platform == "win32":
        return 0
    import resource  # there is none on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


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
        self._taken = 0

    def collect(self) -> None:
        """Collects the generations that are due; a fraction of a millisecond as a rule.

        What is there once the window stands will stay: looking through it again and again would
        hold the window for a tenth of a second each time.
        """
        self._turns += 1
        if self._turns == 1:
            self._beside(keep_apart)
        if self._turns in _STAYS:
            gc.freeze()
        young, middle, old = gc.get_count()
        if old > _OLD and middle > _MIDDLE:
            gc.collect(2)
        elif middle > _MIDDLE:
            gc.collect(1)
        elif young > _YOUNG:
            gc.collect(0)
        if self._turns % _GIVES_BACK == 0 and pages_taken() - self._taken > _TAKEN:
            self._beside(self._give_back)

    def _give_back(self) -> None:
        give_back()
        self._taken = pages_taken()

    @staticmethod
    def _beside(call: Callable[[], None]) -> None:
        from crm_desktop.services.jobs import start_thread  # not at the start

        start_thread("memory", call)

    def stop(self, *, alone: bool) -> None:
        """Gives the work back to Python; not while a worker thread may still meet a widget."""
        self._timer.stop()
        gc.unfreeze()
        if alone:
            gc.enable()
