"""Whether a person stands behind what is written, who can be asked before it is saved.

It is said where the work begins (a command, a write of the window), not by each service in between:
so nothing between the two can forget it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()


@contextmanager
def interactive(*, on: bool = True) -> Iterator[None]:
    """Within it, in this thread, what needs a word of the person raises `ConsentNeeded`."""
    before = is_interactive()
    _here.on = on
    try:
        yield
    finally:
        _here.on = before


def is_interactive() -> bool:
    """Whether somebody can be asked."""
    return bool(getattr(_here, "on", False))
