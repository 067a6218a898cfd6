"""A clock beside a call that may never come back: a driver has no read time-out of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.i18n import _


class Deadline:
    """Calls `end` from another thread once `seconds` are over, unless the block has ended.

    What the interrupted call raises then becomes DatabaseUnavailable.
    """

    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        self._end = end
        self._lock = threading.Lock()
        self._over = False
        self._passed = False
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
        if self._passed and isinstance(error, Exception):
            raise DatabaseUnavailable(
                _("The base does not answer in time. Try again in a moment.")
            ) from error

    def _pass(self) -> None:
        with self._lock:
            if not self._over:
                self._passed = True
                self._end()
