"""Work that is held: writes in real threads at their first progress, reads before they begin."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

from crm_desktop.ui.operations import Job, Operations

_LONGEST_S = 60


class HeldOperations(Operations):
    """A write is held where it first says how far it is: it can be neither too far nor over."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.opened = threading.Event(), threading.Event()

    def run(self, work: Callable[[Job], Any], **others: Any) -> Job:
        def held(job: Job) -> Any:
            tell = job.progress

            def progress(done: int, total: int = 0, text: str = "") -> None:
                tell(done, total, text)
                self.reached.set()
                assert self.opened.wait(_LONGEST_S)

            job.progress = progress  # type: ignore[method-assign]
            return work(job)

        return super().run(held, **others)


class HeldReads(Operations):
    """Reads wait, as those of a slow base do, until the test lets them go on; all at once then."""

    def __init__(self) -> None:
        super().__init__(now=True)
        self.waiting: list[Callable[[], Job]] = []

    def query(self, key: Hashable, work: Callable[[Job], Any], **others: Any) -> Job:
        self.waiting.append(lambda: super(HeldReads, self).query(key, work, **others))
        return Job("", self._post)

    def let_go(self) -> None:
        """Answers everything that was asked meanwhile."""
        while self.waiting:
            self.waiting.pop(0)()
