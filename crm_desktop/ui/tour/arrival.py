"""Waits until a screen of the tour has come and has settled."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from crm_desktop.ui.operations import Operations
from crm_desktop.ui.tour.step import Step

_LOOK_EVERY_MS = 50
_LONGEST_S = 90.0
_SETTLE_S = 0.7
"""How long a screen is left to settle at the most."""
_STILL_S = 0.2
"""It has settled when nothing was read or written for so long: what is read after the first
paint is asked for a moment later."""


class Arrival(QObject):
    """One for a tour."""

    def __init__(self, operations: Operations, fail: Callable[[str, str], None], parent: QObject):
        """`fail` hears the name of a screen that does not come, and why."""
        super().__init__(parent)
        self._operations, self._fail = operations, fail

    def wait(self, step: Step, settled: Callable[[], None]) -> None:
        """Calls `settled` when the screen is there, or has not come within a minute and a half."""
        self._come(step, time.monotonic() + _LONGEST_S, settled)

    def _come(self, step: Step, deadline: float, settled: Callable[[], None]) -> None:
        try:
            ready = bool(step.ready())
        except Exception as error:  # noqa: BLE001 - told; the other screens are still worth a look
            self._fail(step.name, repr(error))
            ready = True
        now = time.monotonic()
        if not ready and now < deadline:
            self._later(lambda: self._come(step, deadline, settled))
            return
        if not ready:
            self._fail(step.name, "it does not come")
        self._settle(now, now + _SETTLE_S, settled)

    def _settle(self, still_since: float, deadline: float, settled: Callable[[], None]) -> None:
        now = time.monotonic()
        if not self._operations.idle:
            still_since = now
        if min(still_since + _STILL_S, deadline) <= now:
            settled()
        else:
            self._later(lambda: self._settle(still_since, deadline, settled))

    def _later(self, call: Callable[[], None]) -> None:
        QTimer.singleShot(_LOOK_EVERY_MS, self, call)
