"""What the grid shows, worked out in the worker: rows with bars in lanes, shades, loads.

Nothing of Qt; the same sheet is painted on the screen and on paper.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, PlanRow
from crm_desktop.services.planner.load import busy_minutes
from crm_desktop.ui.planner.axis import DAY_MINUTES, Axis

OPENS, CLOSES = 8 * 60, 20 * 60
"""The hours that are shown when nothing lies outside them."""


class Spot(NamedTuple):
    """A bar with its places along the axis and its lane."""

    left: float
    right: float
    lane: int
    bar: Bar


class Load(NamedTuple):
    """Busy minutes of a day and the minutes at work."""

    busy: int
    capacity: int


@dataclass
class Line:
    """A row of the sheet; `shades` are stretches of places in which nobody works."""

    row: PlanRow
    spots: list[Spot] = field(default_factory=list)
    lefts: list[float] = field(default_factory=list)
    longest: float = 0.0
    lanes: int = 1
    shades: list[tuple[float, float]] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    total: Load = Load(0, 0)

    def put(self, axis: Axis, bars: Iterable[Bar]) -> None:
        """Takes these bars instead of those it has, and stacks what overlaps."""
        placed = [(axis.place(bar.starts), axis.place(bar.ends), bar) for bar in bars]
        self.spots, self.lanes = _stacked(placed)
        self.lefts = [spot.left for spot in self.spots]
        self.longest = max((spot.right - spot.left for spot in self.spots), default=0.0)

    def between(self, left: float, right: float) -> Iterable[Spot]:
        """The spots of which anything lies between two places, by their left edges."""
        at = bisect_left(self.lefts, left - self.longest)
        while at < len(self.spots) and self.lefts[at] <= right:
            spot = self.spots[at]
            if spot.right >= left:
                yield spot
            at += 1


_LEAST = 6.0
"""Minutes that even the shortest bar takes in its lane."""


def _stacked(placed: Sequence[tuple[float, float, Bar]]) -> tuple[list[Spot], int]:
    """Each bar in the first lane that is free where it begins."""
    spots, ends = [], [0.0]
    for left, right, bar in sorted(placed, key=lambda one: (one[0], -one[1], one[2].id)):
        lane = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = max(right, left + _LEAST)
        spots.append(Spot(left, right, lane, bar))
    return spots, len(ends)


@dataclass(frozen=True)
class Hours:
    """Who works when: stretches of seconds by row, and the names of days off."""

    work: Mapping[Ref, Sequence[tuple[int, int]]]
    holidays: Mapping[date, str]


@dataclass
class Sheet:
    """The whole: lines in the order of the rows, and what the records are called that bars are
    about."""

    axis: Axis
    lines: list[Line]
    names: Mapping[Ref, str]
    holidays: Mapping[date, str]
    now: int
    everyone: Sequence[PlanRow] = ()
    """All rows there are, also where one of them is shown alone."""
    by_ref: dict[Ref, Line] = field(init=False)

    def __post_init__(self) -> None:
        self.by_ref = {line.row.ref: line for line in self.lines}

    def bars(self) -> Iterable[Bar]:
        """Every bar, row by row."""
        return (spot.bar for line in self.lines for spot in line.spots)

    def by_row(self) -> dict[Ref, list[Bar]]:
        """The bars of each row."""
        return {line.row.ref: [spot.bar for spot in line.spots] for line in self.lines}

    def replace(self, gone: set[tuple[int, int]], come: Iterable[Bar]) -> None:
        """Takes the records of `gone` out and puts the bars in, until the base is asked anew."""
        added: dict[Ref, list[Bar]] = defaultdict(list)
        for bar in come:
            added[bar.row].append(bar)
        for line in self.lines:
            kept = [spot.bar for spot in line.spots if spot.bar.key not in gone]
            new = added.get(line.row.ref, [])
            if new or len(kept) != len(line.spots):
                line.put(self.axis, [*kept, *new])


def shown_hours(bars: Iterable[Bar], first: Axis) -> tuple[int, int]:
    """From which minute to which the days are shown: the usual hours, and whole hours around
    what lies outside them; what takes more than a day does not count."""
    opens, closes = OPENS, CLOSES
    for bar in bars:
        if bar.all_day or bar.ends - bar.starts >= DAY_MINUTES * 60 * 3 // 4:
            continue
        day = first.day_of(bar.starts)
        if not 0 <= day < first.days:
            continue
        opens = min(opens, int(first.minute(bar.starts, day)) // 60 * 60)
        closes = max(closes, -(-int(first.minute(bar.ends, day)) // 60) * 60)
    return max(0, opens), min(DAY_MINUTES, closes)


def make_sheet(
    axis: Axis, rows: Sequence[PlanRow], bars: Sequence[Bar], hours: Hours, now: datetime,
    *, counted: Sequence[Bar] | None = None,
) -> Sheet:  # fmt: skip
    """Everything in its place; the names of what bars are about come later. `counted`: what makes
    the days full, also where not all of it is seen."""
    by_row: dict[Ref, list[Bar]] = defaultdict(list)
    for bar in bars:
        by_row[bar.row].append(bar)
    busy = busy_minutes(bars if counted is None else counted, axis.edges)
    lines = []
    for row in rows:
        line = Line(row)
        line.put(axis, by_row.get(row.ref, ()))
        work = hours.work.get(row.ref, ())
        line.shades = _shades(axis, work)
        capacity = busy_minutes([_as_bar(row.ref, *stretch) for stretch in work], axis.edges)
        days = range(axis.days)
        line.loads = [Load(busy.get((row.ref, n), 0), capacity.get((row.ref, n), 0)) for n in days]
        line.total = Load(sum(one.busy for one in line.loads), sum(c for _b, c in line.loads))
        lines.append(line)
    return Sheet(axis, lines, {}, hours.holidays, int(now.timestamp()))


def _as_bar(row: Ref, starts: int, ends: int) -> Bar:
    return Bar(0, row, starts, ends, "", "", "", None, 0, 0)


def _shades(axis: Axis, work: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """What lies between the stretches of work."""
    found, left = [], 0.0
    for starts, ends in sorted(work):
        begin, end = axis.place(starts), axis.place(ends)
        if begin > left:
            found.append((left, begin))
        left = max(left, end)
    if left < axis.length:
        found.append((left, float(axis.length)))
    return found
