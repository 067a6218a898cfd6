"""Work in real threads that stops at its first progress, until the test lets it go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
