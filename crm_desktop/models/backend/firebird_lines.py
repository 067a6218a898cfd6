"""The connections of a program that rest: those that nobody has needed for a while are closed.

Each takes some ten MB of the server for what it knows of the base, and as much again for what it
keeps prepared; a window needs four of them in some moments and one in most.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy.pool import QueuePool

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.backend.firebird_cancel import ABORT, send_cancel
from crm_desktop.models.backend.watchdog import Deadline

READY = 2
"""Connections that stay: while something is saved, something else is read."""
RESTS_S = 60.0
"""How long the others are kept unused."""
_LONGEST_REST_S = 900.0
_WORTH = 2000
"""A connection over a slow line is kept for so many times as long as it took to be made."""
_LOOKS_S = 20.0
_SILENT_S = 10.0
_SINCE = "crm_rests_since"


class LinePool(QueuePool):
    """A pool that gives the connection used last and can close those used longest ago."""

    def _do_return_conn(self, record: Any) -> None:
        record.info[_SINCE] = time.monotonic()
        super()._do_return_conn(record)

    def close_unused(self, since: float) -> None:
        """Closes those unused since that moment (monotonic), but for the `READY` used last."""
        resting: Any = self._pool
        old = []
        with resting.mutex:
            while len(resting.queue) > READY and resting.queue[0].info[_SINCE] <= since:
                old.append(resting.queue.popleft())
        for record in old:
            cut = partial(send_cancel, record.driver_connection, ABORT)
            with suppress(DatabaseUnavailable), Deadline(_SILENT_S, cut):
                record.close()
            self._dec_overflow()


class Rest:
    """Looks now and then which connections rest, as long as there are more than are kept ready."""

    def __init__(self, pool: Callable[[], LinePool]) -> None:
        self._pool = pool
        self._looking = threading.Lock()
        self._timer: threading.Timer | None = None
        self._took = float("inf")

    def made(self, seconds: float) -> None:
        """Notes how long a new connection took."""
        self._took = min(self._took, seconds)

    def begin(self) -> None:
        """Somebody has done with a connection."""
        if self._pool().checkedin() > READY and self._looking.acquire(blocking=False):
            self._timer = threading.Timer(_LOOKS_S, self._look)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """No more looking."""
        if self._timer is not None:
            self._timer.cancel()

    @property
    def seconds(self) -> float:
        """How long a connection is kept unused."""
        return min(max(RESTS_S, self._took * _WORTH), _LONGEST_REST_S)

    def _look(self) -> None:
        try:
            self._pool().close_unused(time.monotonic() - self.seconds)
        finally:
            self._looking.release()
        self.begin()
