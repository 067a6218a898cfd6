"""A line that says nothing beside those that work: its end tells at once that a server is gone."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from crm_desktop.models.backend.reaching import silent_line
from crm_desktop.services.jobs import start_thread

AGAIN_S = 15.0
"""Before another line is made where the one before has ended: some servers end silent ones."""


class SilentLine:
    """Listens for the end of a line to `address`; `ended` is called from a thread of its own."""

    def __init__(self, address: str, ended: Callable[[], None]) -> None:
        self._address, self._tell = address, ended
        self._line: socket.socket | None = None
        self._listening = threading.Lock()
        self._closed = False
        self._begun_at = float("-inf")

    def listen(self) -> None:
        """Makes a line if there is none; not sooner than `AGAIN_S` after the last one was made."""
        now = time.monotonic()
        if now - self._begun_at >= AGAIN_S and self._listening.acquire(blocking=False):
            self._begun_at = now
            start_thread("silent line", self._run)

    def forget(self) -> None:
        """The server is known to be gone: the next line may be made as soon as it is back."""
        self._begun_at = float("-inf")

    @property
    def holds(self) -> bool:
        """Whether there is a line."""
        return self._line is not None

    def close(self) -> None:
        """Listens no more; nothing is told."""
        self._closed = True
        self._hang_up()

    def _hang_up(self) -> None:
        line = self._line
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        try:
            self._line = line = silent_line(self._address)
            if line is None:
                return
            with line, suppress(OSError):
                while not self._closed and line.recv(1024):
                    continue
        finally:
            self._line = None
            self._listening.release()
        if not self._closed:
            self._tell()
