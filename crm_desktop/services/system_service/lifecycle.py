"""The life of a service between the system that starts and ends it and the work that it does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from crm_desktop.errors import UserError
from crm_desktop.i18n import _

_log = logging.getLogger(__name__)


class State(Enum):
    """What the system is told."""

    RUNNING = "running"
    STOPPING = "stopping"


class Work(Protocol):
    """What the service does."""

    def run(self) -> object:
        """Until `end`, or `UserError` for what cannot go on."""

    def end(self) -> None:
        """Soon; from any thread."""


class Lifecycle:
    """Started once, ended once, by two threads of the system.

    `make` prepares the work; `tell` tells the system of a state, `note` its log of events: the
    sentence, and whether it is a problem.
    """

    def __init__(
        self, make: Callable[[], Work], tell: Callable[[State], None],
        note: Callable[[str, bool], None],
    ) -> None:  # fmt: skip
        self._make, self._tell, self._note = make, tell, note
        self._lock = threading.Lock()
        self._work: Work | None = None
        self._is_asked = False

    def run(self) -> bool:
        """Works until it is asked to end; False if it ended otherwise, so that the system starts
        it again."""
        try:
            self._tell(State.RUNNING)
            work = self._begin()
            if work is not None:
                work.run()
        except UserError as error:
            return self._failed(error.message)
        except Exception as error:  # noqa: BLE001 - nobody sees a traceback of a service elsewhere
            _log.exception("The service failed")
            return self._failed(type(error).__name__)
        if not self._is_asked:
            return self._failed(_("The work ended by itself"))
        self._note(_("The service has ended"), False)
        return True

    def stop(self) -> None:
        """Asks it to end; returns at once."""
        self._tell(State.STOPPING)
        with self._lock:
            self._is_asked = True
            if self._work is not None:
                self._work.end()

    def _begin(self) -> Work | None:
        """None if it was to end before it began."""
        work = self._make()
        with self._lock:
            self._work = work
            if self._is_asked:
                return None
        self._note(_("The service has begun"), False)
        return work

    def _failed(self, reason: str) -> bool:
        self._note(_("The service failed: {reason}").format(reason=reason), True)
        return False
