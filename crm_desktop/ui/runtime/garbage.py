"""Reference cycles are collected in the GUI thread only.

Python collects them in whichever thread happens to allocate. A cycle that holds a widget or a timer
would then die in a worker thread, which Qt answers with "Timers cannot be stopped from another
thread" and, sooner or later, a crash. So the automatic collector is off while worker threads run,
and a timer of the GUI thread does its work.

Afterwards the memory of lists and cards that are gone is given back
(`services/os_integration/memory`): it would be a tenth of the window's. Who keeps something only
to be quicker drops it first.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.ui.runtime.lifetime import is_alive

_EVERY_MS = 1000
_YOUNG = 3000  # new objects from which a collection of the youngest pays
_STAYS = (1, 10)  # collections by which libraries are loaded, and the window with its pages is made
_MIDDLE, _OLD = 10, 10  # collections of one generation before the next one is looked at
_GIVES_BACK = 5  # turns after which memory is given back, if much was taken meanwhile
_TAKEN = 2048  # pages that the program touched anew from which that pays (8 MiB)
_at_work: list[Garbage] = []
"""Those whose worker threads run: more than one where several windows are tried at once."""


def pages_taken() -> int:
    """Pages of memory the program has touched anew since its start; 0 where nobody counts them."""
    if sys.platform == "win32":
        return 0
    import resource  # there is none on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


class Garbage(QObject):
    """Collects while it lives; afterwards Python does it by itself again."""

    giving_back = Signal()
    """A turn before memory is given back."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        _at_work.append(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()
        self._turns = 0
        self._taken = 0
        self._gives_back = False

    def collect(self) -> None:
        """Collects the generations that are due; a fraction of a millisecond as a rule.

        What is there once the window stands will stay: looking through it again and again would
        hold the window for a tenth of a second each time.
        """
        self._turns += 1
        if self._turns == 1:
            self._beside(self._keep_apart)
        if self._turns in _STAYS:
            gc.freeze()
        young, middle, old = gc.get_count()
        if old > _OLD and middle > _MIDDLE:
            gc.collect(2)
        elif middle > _MIDDLE:
            gc.collect(1)
        elif young > _YOUNG:
            gc.collect(0)
        if self._gives_back:
            self._gives_back = False
            self._beside(self._give_back)
        elif self._turns % _GIVES_BACK == 0 and pages_taken() - self._taken > _TAKEN:
            self._gives_back = True
            self.giving_back.emit()

    @staticmethod
    def _keep_apart() -> None:
        from crm_desktop.services.os_integration.memory import keep_apart  # not at the start

        keep_apart()

    def _give_back(self) -> None:
        from crm_desktop.services.os_integration.memory import give_back  # not at the start

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
        _at_work[:] = [one for one in _at_work if one is not self and is_alive(one)]
        if alone and not _at_work:
            gc.enable()
