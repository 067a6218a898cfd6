"""Rows that are handed to the base column by column.

Whoever has thousands of rows has them by columns, and so does what takes them to a driver: rows
made in between would cost as much again as writing them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple


class Same(NamedTuple):
    """One value in every row."""

    value: Any


Column = Sequence[Any] | Same


class ByColumns:
    """So many rows by their columns; for whoever does not ask for these, usual rows."""

    def __init__(self, lists: Sequence[Column], count: int) -> None:
        self.lists = lists
        self.count = count

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        columns = [
            repeat(one.value, self.count) if isinstance(one, Same) else one for one in self.lists
        ]
        return iter(zip(*columns, strict=True))

    def part(self, start: int, stop: int) -> list[Sequence[Any]]:
        """The columns of some of the rows."""
        stop = min(stop, self.count)
        return [
            [one.value] * (stop - start) if isinstance(one, Same) else one[start:stop]
            for one in self.lists
        ]
