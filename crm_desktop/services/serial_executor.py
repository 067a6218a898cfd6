"""Work beside other work: what waits for the base runs in a thread while Python goes on.

Python lets go of its lock while SQLite works and while a server is waited for, so a block of an
import is worked out and written at the same time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

_SWITCH_S = 0.0005  # the thread comes back from the base so often that it must not wait long


class SerialExecutor:
    """Runs calls one after another in a thread of its own; the end waits for all of them.

    What a call raises is raised by `wait`, or at the end. A connection that is handed to a call is
    left alone by others until then.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._usual = sys.getswitchinterval()
        self._running: list[Future[Any]] = []

    def run(self, call: Callable[[], Any]) -> None:
        """Begins the call as soon as those before it have ended."""
        self._running.append(self._thread.submit(self._call, call, tuple(self._running)))

    @staticmethod
    def _call(call: Callable[[], Any], before: tuple[Future[Any], ...]) -> None:
        if not any(one.exception() for one in before):
            call()

    def wait(self) -> None:
        """Waits for what was begun; raises what the first call that failed has raised."""
        running, self._running = self._running, []
        for one in running:
            one.result()

    def __enter__(self) -> Self:
        sys.setswitchinterval(min(self._usual, _SWITCH_S))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=True)
        sys.setswitchinterval(self._usual)
        if error is None:
            self.wait()
