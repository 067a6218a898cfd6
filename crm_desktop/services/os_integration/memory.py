"""Memory that is no longer used goes back to the system.

What was taken for rows, lists and cards that are gone lies in pieces between what is still used,
and the C library keeps it for ever unless it is asked. Big pieces (the ids of a list of a million
rows, a block of an import on its way between two processes) are kept apart from the small ones, so
that they go back at once.
"""

from __future__ import annotations

import sys

_BIG = 1 << 20  # bytes of a piece that is kept apart
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt(3)
_ARENAS = 2
APART_IN_CHILDREN = {
    "MALLOC_MMAP_THRESHOLD_": str(_BIG),
    "MALLOC_TRIM_THRESHOLD_": str(_BIG),
    "MALLOC_ARENA_MAX": str(_ARENAS),
}
"""The environment by which a process keeps them apart from its first moment on."""


def keep_apart() -> None:
    """Big pieces are taken from the system and given back to it one by one, and threads share their
    memory. Without it the first big piece that is given back makes all later ones stay."""
    for what, value in (
        (_MMAP_THRESHOLD, _BIG), (_TRIM_THRESHOLD, _BIG), (_ARENA_MAX, _ARENAS),
    ):  # fmt: skip
        _library("mallopt", what, value)


def give_back() -> None:
    """Gives the system what lies free between what is used; some milliseconds, in which Python goes
    on. Does nothing where the C library gives it back by itself."""
    _library("malloc_trim", 0)


def _library(name: str, *arguments: int) -> None:
    """Calls the C library where it has such a function."""
    import ctypes  # not at the start

    if sys.platform == "linux":
        function = getattr(ctypes.CDLL(None), name, None)
        if function is not None:
            function(*arguments)
