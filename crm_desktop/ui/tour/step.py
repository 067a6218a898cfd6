"""One step of the tour through the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


def _at_once() -> bool:
    return True


class Step(NamedTuple):
    """One screen: its name for the file, '' for no picture; what leads there; whether it is."""

    name: str
    act: Callable[[], object]
    ready: Callable[[], object] = _at_once
