"""Makes portraits of pictures of foreign files, in a child process.

A hostile picture may bring the decoder down or never end: then the child is ended, and there is no
picture. What is decoded is cut, made small and written anew there (`ui/portraits`), as what a
person gives in the window is.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from typing import IO

from crm_desktop.services import jobs

MODULE = "crm_desktop.ui.portraits.process"
MOST_BYTES = 25_000_000
SECONDS = 20.0
_REST_S = 5.0  # a child that has nothing to do is ended
_LENGTH = 8


class PortraitMaker:
    """One child for many pictures, one after another; started when there is a first one."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._clock: threading.Timer | None = None

    def make(self, content: bytes) -> bytes | None:
        """The small square JPEG; None if this is no picture that is taken."""
        if not content or len(content) > MOST_BYTES:
            return None
        with self._turn:
            if self._child is not None and self._child.poll() is not None:
                self._end(self._child)
            child = self._child = self._child or jobs.start_module(MODULE)
            self._set_clock(SECONDS, child.kill)
            try:
                assert child.stdin is not None and child.stdout is not None
                _write(child.stdin, content)
                made = _read(child.stdout)
            except (OSError, EOFError):
                self._end(child)
                return None
            self._set_clock(_REST_S, self.close)
            return made or None

    def close(self) -> None:
        """Ends the child."""
        with self._turn:
            if self._child is not None:
                self._end(self._child)

    def _set_clock(self, seconds: float, end: Callable[[], None]) -> None:
        """The child is ended in so many seconds, unless it answers or is asked again."""
        if self._clock is not None:
            self._clock.cancel()
        self._clock = threading.Timer(seconds, end)
        self._clock.daemon = True
        self._clock.start()

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        if self._clock is not None:
            self._clock.cancel()
        self._child = None
        jobs.stop(child)


def _write(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(len(content).to_bytes(_LENGTH, "big"))
    pipe.write(content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    head = pipe.read(_LENGTH)
    if len(head) < _LENGTH:
        raise EOFError
    length = int.from_bytes(head, "big")
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


def serve(asked: IO[bytes], told: IO[bytes], portrait: Callable[[bytes], bytes | None]) -> None:
    """In the child: answers one picture after another, until nobody asks any more."""
    while True:
        try:
            content = _read(asked)
        except EOFError:
            return
        _write(told, portrait(content) or b"")
