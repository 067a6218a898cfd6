"""How much of their day people are busy, and what clashes: plain arithmetic on bars."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise, repeat
from operator import floordiv

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar

AMBER, RED = 0.8, 1.0
"""Shares of the capacity from which a day is full, and more than full."""


def busy_by_day(bars: Iterable[Bar], edges: Sequence[int]) -> list[int]:
    """Minutes of each day in one row. What takes all day, such as a leave, takes none of the time
    at work."""
    stretches = [(b.starts, b.ends) for b in bars if not b.all_day and not b.idle]
    return minutes_by_day(stretches, edges)


def minutes_by_day(stretches: Iterable[tuple[int, int]], edges: Sequence[int]) -> list[int]:
    """Minutes of each day that lie in stretches of seconds. Most lie within one day: these are
    added up in one go."""
    found = [0] * (len(edges) - 1)
    spans = sorted(stretches)
    begins = [begin for begin, _end in spans]
    places = [bisect_left(begins, edge) for edge in edges]
    across = spans[: places[0]]
    for day, (first, last) in enumerate(pairwise(places)):
        lengths = [end - begin for begin, end in spans[first:last] if end <= edges[day + 1]]
        found[day] = sum(map(floordiv, lengths, repeat(60)))
        if len(lengths) < last - first:
            across += [span for span in spans[first:last] if span[1] > edges[day + 1]]
    for span in across:
        _spread(found, span, edges)
    return found


def _spread(found: list[int], span: tuple[int, int], edges: Sequence[int]) -> None:
    """Adds a stretch to all days that it touches."""
    begin, end = span
    day = max(0, bisect_right(edges, begin) - 1)
    while day < len(found) and edges[day] < end:
        inside = min(end, edges[day + 1]) - max(begin, edges[day])
        if inside > 0:
            found[day] += inside // 60
        day += 1


def tone(busy: int, capacity: int) -> str:
    """ok, warn or bad: green, amber or red."""
    if not capacity:
        return "bad" if busy else ""
    share = busy / capacity
    return "bad" if share > RED else "warn" if share >= AMBER else "ok"


def clashes(
    moved: Iterable[Bar], by_row: Mapping[Ref, Sequence[Bar]], leave: Collection[tuple[int, int]]
) -> list[tuple[Bar, Bar]]:
    """Pairs (moved, other) that take the same person or thing at the same time; `leave` names the
    keys of what is being moved, which does not clash with where it was."""
    found = []
    for bar in moved:
        for other in by_row.get(bar.row, ()) if not bar.idle else ():
            if other.key in leave or other.idle:
                continue
            if other.starts < bar.ends and bar.starts < other.ends:
                found.append((bar, other))
    return found


class BusyRows:
    """The bars of rows by time, for what is asked of them many times a second."""

    def __init__(self, by_row: Mapping[Ref, Sequence[Bar]]) -> None:
        self._by_row = by_row
        self._rows: dict[Ref, tuple[list[Bar], list[int], int]] = {}

    def _row(self, row: Ref) -> tuple[list[Bar], list[int], int]:
        """The bars by their starts, the starts, and how long the longest takes."""
        known = self._rows.get(row)
        if known is None:
            bars = sorted(self._by_row.get(row, ()), key=lambda bar: bar.starts)
            longest = max((bar.ends - bar.starts for bar in bars), default=0)
            known = self._rows[row] = bars, [bar.starts for bar in bars], longest
        return known

    def clashes(
        self, moved: Iterable[Bar], leave: Collection[tuple[int, int]]
    ) -> list[tuple[Bar, Bar]]:
        """As `clashes`, looking only at what lies near."""
        found = []
        for bar in moved:
            bars, starts, longest = self._row(bar.row)
            first = bisect_right(starts, bar.starts - longest)
            near = bars[max(0, first - 1) : bisect_left(starts, bar.ends)]
            found += clashes([bar], {bar.row: near}, leave)
        return found


def free_slot(
    busy: Iterable[tuple[int, int]], work: Sequence[tuple[int, int]], length: int, after: int
) -> int | None:
    """The first second from `after` on at which `length` seconds are free for everybody, within
    one of the stretches `work`; None if there is none. All stretches are (start, end) by time."""
    taken = sorted(busy)
    for begin, end in work:
        start = max(begin, after)
        for since, until in taken:
            if until <= start:
                continue
            if since >= start + length:
                break
            start = until
        if start + length <= end:
            return start
    return None
