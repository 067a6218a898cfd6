"""Who works on which connection of a server, how to end it, and what if the server falls silent.

No Firebird driver has a read time-out, and TCP notices a pulled cable after two hours. So when a
call takes long, a second connection is tried: if the server does not take it, it is gone, and
everything that waits for it is ended.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm_desktop.models.backend.firebird_cancel import ABORT, RAISE, send_cancel

_LOOK_SECONDS = 10.0
_PATIENCE_SECONDS = 2.0


@dataclass(slots=True)
class Visit:
    """One block of work on one connection of the driver."""

    driver: Any
    begun: float = field(default_factory=time.monotonic)
    ended_by_us: bool = False
    server_gone: bool = False


class Watch:
    """Keeps the list of visits; `answers` tries the server and says whether it is there."""

    def __init__(self, answers: Callable[[], bool]) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        self._visits: dict[int, Visit] = {}
        self._looking = False

    def enter(self, driver: Any) -> Visit:
        """Notes that a thread begins to work on this connection."""
        visit = Visit(driver)
        with self._lock:
            self._visits[id(driver)] = visit
            start, self._looking = not self._looking, True
        if start:
            self._look_later()
        return visit

    def leave(self, visit: Visit) -> None:
        """From here on nobody ends anything on this connection."""
        with self._lock:
            self._visits.pop(id(visit.driver), None)

    def end(self, driver: Any) -> None:
        """Ends the call that runs on the connection, by the server or, if silent, without it."""
        with self._lock:
            visit = self._visits.get(id(driver))
            if visit is None:
                return
            visit.ended_by_us = True
            send_cancel(driver, RAISE)
        self._later(_PATIENCE_SECONDS, lambda: self._abort(visit))

    def stop(self) -> None:
        """No more looking; the list is emptied."""
        with self._lock:
            self._visits.clear()

    def _abort(self, visit: Visit) -> None:
        with self._lock:
            if self._visits.get(id(visit.driver)) is visit:
                send_cancel(visit.driver, ABORT)

    def _look_later(self) -> None:
        self._later(_LOOK_SECONDS, self._look)

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, call)
        timer.daemon = True
        timer.start()

    def _look(self) -> None:
        """Once every some seconds, as long as anybody works."""
        with self._lock:
            limit = time.monotonic() - _LOOK_SECONDS / 2
            old = [visit for visit in self._visits.values() if visit.begun < limit]
            self._looking = bool(self._visits)
            again = self._looking
        if old and not self._answers():
            for visit in old:
                visit.server_gone = True
                self._abort(visit)
        if again:
            self._look_later()
