"""How far the upgrade of a base is, for whoever waits for it to open: large ones take minutes.

It is said where the opening begins, so that nothing in between has to hand it on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Told = Callable[[int, int, str], None]
"""Gets how much of how much is done, 0 of 0 where that is not known, and a sentence."""
_here = threading.local()


@contextmanager
def told(tell: Told) -> Iterator[None]:
    """Within it, in this thread, `tell` hears of upgrades."""
    before = getattr(_here, "tell", None)
    _here.tell = tell
    try:
        yield
    finally:
        _here.tell = before


def say(text: str, done: int = 0, whole: int = 0) -> None:
    """What is being done to the base, if anybody listens."""
    tell: Told | None = getattr(_here, "tell", None)
    if tell is not None:
        tell(done, whole, text)
