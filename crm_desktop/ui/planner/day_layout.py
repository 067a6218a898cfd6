"""Where the entries of one person stand in days: side by side down the hours, all-day ones on top,
and in the cells of a month. Plain arithmetic on bars; nothing of Qt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from crm_desktop.services.planner.bars import Bar
from crm_desktop.ui.planner.axis import DAY_MINUTES, DAY_SECONDS, Axis

LEAST_MINUTES = 20
"""So much room even the shortest entry takes down the hours."""
WEEK = 7


class Piece(NamedTuple):
    """A part of an entry on one day: minutes of the clock, its column, how many columns it takes
    and how many there are. `first`, `last`: whether the entry begins and ends here."""

    bar: Bar
    day: int
    top: float
    bottom: float
    column: int
    wide: int
    columns: int
    first: bool
    last: bool


class Span(NamedTuple):
    """An entry over whole days, both included, in its lane."""

    bar: Bar
    first: int
    last: int
    lane: int


def is_whole(bar: Bar) -> bool:
    """Whether an entry stands above the hours: it takes all day, or a day and more."""
    return bar.all_day or bar.ends - bar.starts >= DAY_SECONDS


def days_of(axis: Axis, bar: Bar) -> range:
    """The days of the axis that an entry touches; what ends at midnight does not touch the next."""
    first, last = axis.day_of(bar.starts), axis.day_of(max(bar.starts, bar.ends - 1))
    return range(max(0, first), min(axis.days - 1, last) + 1)


def moved_days(axis: Axis, seconds: int, days: int) -> int:
    """The same time by the clock on the wall so many days later."""
    local = axis.local(seconds).replace(tzinfo=None) + timedelta(days=days)
    return int(local.replace(tzinfo=axis.zone).timestamp())


def clock_shift(axis: Axis, bar: Bar, since: int, now: int) -> tuple[int, int]:
    """(day, minute) at which an entry begins that is dragged from one moment to another, by the
    clock on the wall."""
    naive = [axis.local(one).replace(tzinfo=None) for one in (bar.starts, since, now)]
    begin: datetime = naive[0] + (naive[2] - naive[1])
    return (begin.date() - axis.first).days, begin.hour * 60 + begin.minute


# --- down the hours -------------------------------------------------------------------------------


def pieces(axis: Axis, bars: Iterable[Bar]) -> list[Piece]:
    """All parts of what stands between the hours, day by day, overlapping ones side by side."""
    by_day: dict[int, list[Piece]] = defaultdict(list)
    for bar in bars:
        if is_whole(bar):
            continue
        days = days_of(axis, bar)
        for day in days:
            top = 0.0 if bar.starts < axis.edges[day] else axis.minute(bar.starts, day)
            over = bar.ends >= axis.edges[day + 1]
            bottom = float(DAY_MINUTES) if over else axis.minute(bar.ends, day)
            begins, stops = bar.starts >= axis.edges[day], bar.ends <= axis.edges[day + 1]
            by_day[day].append(Piece(bar, day, top, bottom, 0, 1, 1, begins, stops))
    return [piece for day in sorted(by_day) for piece in _beside(by_day[day])]


def _end(piece: Piece) -> float:
    return max(piece.bottom, piece.top + LEAST_MINUTES)


def _beside(found: list[Piece]) -> list[Piece]:
    """Groups of entries that hang together share the width."""
    found.sort(key=lambda p: (p.top, -p.bottom, p.bar.id))
    done: list[Piece] = []
    group: list[Piece] = []
    until = -1.0
    for piece in found:
        if group and piece.top >= until:
            done += _columns(group)
            group, until = [], -1.0
        group.append(piece)
        until = max(until, _end(piece))
    return done + _columns(group)


def _columns(group: list[Piece]) -> list[Piece]:
    """Each in the first free column, and as wide as the free columns behind it allow."""
    ends: list[float] = []
    placed: list[Piece] = []
    for piece in group:
        column = next((n for n, end in enumerate(ends) if end <= piece.top), len(ends))
        if column == len(ends):
            ends.append(0.0)
        ends[column] = _end(piece)
        placed.append(piece._replace(column=column))
    return [p._replace(columns=len(ends), wide=_width(p, placed, len(ends))) for p in placed]


def _width(piece: Piece, group: Sequence[Piece], columns: int) -> int:
    beside = [o.column for o in group if o.column > piece.column
              and o.top < _end(piece) and piece.top < _end(o)]  # fmt: skip
    return min(beside, default=columns) - piece.column


# --- over whole days ------------------------------------------------------------------------------


def spans(axis: Axis, bars: Iterable[Bar]) -> tuple[list[Span], int]:
    """What stands above the hours, and how many lanes it takes."""
    found: list[Span] = []
    ends: list[int] = []
    whole = [(days_of(axis, bar), bar) for bar in bars if is_whole(bar)]
    for days, bar in sorted(whole, key=lambda one: (one[0].start, -len(one[0]), one[1].id)):
        if not days:
            continue
        lane = next((n for n, end in enumerate(ends) if end < days.start), len(ends))
        if lane == len(ends):
            ends.append(-1)
        ends[lane] = days.stop - 1
        found.append(Span(bar, days.start, days.stop - 1, lane))
    return found, len(ends)


# --- in the cells of a month ----------------------------------------------------------------------


class MonthPlan:
    """Six weeks of cells with `room` lines each: which entry stands in which line of which days,
    and how many more there are on each day."""

    def __init__(self, axis: Axis, bars: Sequence[Bar], room: int) -> None:
        self.shown: list[Span] = []
        self.more: dict[int, int] = {}
        self.by_day: dict[int, list[Bar]] = defaultdict(list)
        self._axis = axis
        for bar in sorted(bars, key=lambda b: (not is_whole(b), b.starts, -b.ends, b.id)):
            for day in days_of(axis, bar):
                self.by_day[day].append(bar)
        for week in range(0, axis.days, WEEK):
            self._fill(range(week, week + WEEK), bars, max(1, room))

    def _fill(self, week: range, bars: Sequence[Bar], room: int) -> None:
        taken: dict[int, set[int]] = {day: set() for day in week}
        limits = {d: room if len(self.by_day[d]) <= room else room - 1 for d in week}
        for bar, days in self._by_order(week, bars):
            line = next(n for n in range(len(bars) + 1) if all(n not in taken[d] for d in days))
            for day in days:
                taken[day].add(line)
            if line < min(limits[day] for day in days):
                self.shown.append(Span(bar, days.start, days.stop - 1, line))
            else:
                for day in days:
                    self.more[day] = self.more.get(day, 0) + 1

    def _by_order(self, week: range, bars: Sequence[Bar]) -> list[tuple[Bar, range]]:
        """The entries of a week, those over several days first, then by time."""
        found = []
        for bar in bars:
            days = days_of(self._axis, bar)
            inside = range(max(days.start, week.start), min(days.stop, week.stop))
            if inside:
                found.append((bar, inside))
        return sorted(found, key=lambda one: (not is_whole(one[0]) and len(one[1]) < 2,
                      one[1].start, one[0].starts, -one[0].ends, one[0].id))  # fmt: skip
