"""Merged ranges: the value stands in the corner only, and is meant for every cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crm_desktop.services.importing.readers.base import Cell, Merge


def merges_of(
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]] | None, first: int
) -> tuple[Merge, ...]:
    """The merged ranges as calamine tells them, from the top down; `first`: the first column of
    the sheet that is not empty, from 0."""
    merges = [Merge(a[0] + 1, a[1] - first, b[0] + 1, b[1] - first) for a, b in ranges or ()]
    return tuple(sorted(merge for merge in merges if merge.left >= 0))


def filled(
    rows: Iterable[tuple[int, Sequence[Cell]]], merges: Sequence[Merge]
) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with the value of each merged range repeated in its cells; rows come in order.

    A range as wide as the rows is a heading over the table, not a value: it stays as it is.
    """
    waiting = sorted(merges, reverse=True)
    open_ranges: list[tuple[Merge, Cell]] = []
    for number, cells in rows:
        row = list(cells)
        while waiting and waiting[-1].top <= number:
            merge = waiting.pop()
            if merge.left < len(row):
                open_ranges.append((merge, row[merge.left]))
        open_ranges = [pair for pair in open_ranges if pair[0].bottom >= number]
        for merge, value in open_ranges:
            _fill(row, merge, value)
        yield number, row


def _fill(row: list[Cell], merge: Merge, value: Cell) -> None:
    right = min(merge.right, len(row) - 1)
    if merge.left == 0 and right == len(row) - 1 and right > 0:
        return
    for place in range(merge.left, right + 1):
        row[place] = value
