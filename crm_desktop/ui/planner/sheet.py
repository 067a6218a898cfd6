"""What the grid shows, worked out in the worker: rows with bars in lanes, shades, loads.

Nothing of Qt; the same sheet is painted on the screen and on paper.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from operator import itemgetter, neg, sub
from typing import NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, PlanRow
from crm_desktop.services.planner.load import busy_by_day, minutes_by_day
from crm_desktop.services.planner.own_rows import OwnRows
from crm_desktop.ui.planner.axis import DAY_MINUTES, Axis
from crm_desktop.ui.planner.folding import Behind, fold

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
    """A row of the sheet; `shades` are stretches of places in which nobody works. `counted` makes
    its days full, `work` are its stretches at work, `edges` those of the days."""

    row: PlanRow
    counted: Sequence[Bar] = ()
    work: Sequence[tuple[int, int]] = ()
    edges: Sequence[int] = (0,)
    spots: list[Spot] = field(default_factory=list)
    lefts: list[float] = field(default_factory=list)
    longest: float = 0.0
    lanes: int = 1
    behind: Behind = field(default_factory=dict)
    """What stands behind the bars that are shown."""
    shades: list[tuple[float, float]] = field(default_factory=list)
    met: set[tuple[str, str, bool]] = field(default_factory=set)
    """The kinds and states of its bars, and whether these are hidden."""

    @cached_property
    def loads(self) -> list[Load]:
        """Of each day; worked out when the row is first seen."""
        busy = busy_by_day(self.counted, self.edges)
        pairs = zip(busy, minutes_by_day(self.work, self.edges), strict=True)
        return [Load(*pair) for pair in pairs]

    @cached_property
    def total(self) -> Load:
        """Of all days together."""
        return Load(sum(one.busy for one in self.loads), sum(one.capacity for one in self.loads))

    def put(self, axis: Axis, bars: Iterable[Bar]) -> None:
        """Takes these bars instead of those it has, and stacks what overlaps."""
        every = list(bars)
        self.met = set(map(_MET, every))
        shown, self.behind = fold(every)
        self.spots, self.lanes = _stacked(axis, shown)
        self.lefts = list(map(_LEFT, self.spots))
        self.longest = max(map(sub, map(_RIGHT, self.spots), self.lefts), default=0.0)

    def bars(self) -> list[Bar]:
        """All of them, those behind others too."""
        return [*(spot.bar for spot in self.spots), *chain.from_iterable(self.behind.values())]

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


def _stacked(axis: Axis, bars: Sequence[Bar]) -> tuple[list[Spot], int]:
    """Each bar in the first lane that is free where it begins; what is longer comes first."""
    begins, stops = (axis.places(list(map(of, bars))) for of in (_STARTS, _ENDS))
    order = sorted(zip(begins, map(neg, stops), map(_ID, bars), range(len(bars)), strict=True))
    made, spots, ends = tuple.__new__, list[Spot](), [0.0]
    for left, negative, _id, number in order:
        lane = 0
        for end in ends:
            if end <= left:
                break
            lane += 1
        else:
            ends.append(0.0)
        right, least = -negative, left + _LEAST
        ends[lane] = right if right > least else least
        spots.append(made(Spot, (left, right, lane, bars[number])))
    return spots, len(ends)


_ID, _STARTS, _ENDS = (itemgetter(Bar._fields.index(name)) for name in ("id", "starts", "ends"))
_MET = itemgetter(*(Bar._fields.index(name) for name in ("kind", "state", "hidden")))
_LEFT, _RIGHT = (itemgetter(Spot._fields.index(name)) for name in ("left", "right"))


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
    own: OwnRows | None = None
    """The order and the favourites that the base keeps for the colleague."""
    by_ref: dict[Ref, Line] = field(init=False)

    def __post_init__(self) -> None:
        self.by_ref = {line.row.ref: line for line in self.lines}

    @property
    def met(self) -> set[tuple[str, str]]:
        """The kinds and states of the bars that tell them."""
        told = set[tuple[str, str, bool]]().union(*(line.met for line in self.lines))
        return {(kind, state) for kind, state, hidden in told if not hidden}

    def bars(self) -> Iterable[Bar]:
        """Every bar, row by row."""
        return (bar for line in self.lines for bar in line.bars())

    def by_row(self) -> dict[Ref, list[Bar]]:
        """The bars of each row."""
        return {line.row.ref: [spot.bar for spot in line.spots] for line in self.lines}

    def replace(self, gone: set[tuple[int, int]], come: Iterable[Bar]) -> None:
        """Takes the records of `gone` out and puts the bars in, until the base is asked anew."""
        added: dict[Ref, list[Bar]] = defaultdict(list)
        for bar in come:
            added[bar.row].append(bar)
        for line in self.lines:
            stood = line.bars()
            kept = [bar for bar in stood if bar.key not in gone]
            new = added.get(line.row.ref, [])
            if new or len(kept) != len(stood):
                line.put(self.axis, [*kept, *new])


def shown_hours(bars: Iterable[Bar], first: Axis) -> tuple[int, int]:
    """From which minute to which the days are shown: the usual hours, and whole hours around
    what lies outside them; what takes more than a day does not count."""
    opens, closes = OPENS, CLOSES
    for bar in bars:
        begin, end = bar.starts, bar.ends
        if bar.all_day or end - begin >= _MOST_OF_A_DAY:
            continue
        day = first.day_of(begin)
        if not 0 <= day < first.days:
            continue
        if day in first.whole:
            since, until = (begin - first.edges[day]) // 60, -((first.edges[day] - end) // 60)
        else:
            since, until = int(first.minute(begin, day)), int(first.minute(end, day))
        if since < opens:
            opens = since // 60 * 60
        if until > closes:
            closes = -(-until // 60) * 60
        if opens <= 0 and closes >= DAY_MINUTES:
            break
    return max(0, opens), min(DAY_MINUTES, closes)


_MOST_OF_A_DAY = DAY_MINUTES * 60 * 3 // 4


def make_sheet(
    axis: Axis, rows: Sequence[PlanRow], bars: Sequence[Bar], hours: Hours, now: datetime
) -> Sheet:
    """Everything in its place; the names of what bars are about come later."""
    lines = make_lines(axis, rows, bars, hours)
    return Sheet(axis, lines, {}, hours.holidays, int(now.timestamp()))


def make_lines(
    axis: Axis, rows: Sequence[PlanRow], bars: Sequence[Bar], hours: Hours,
    *, counted: Sequence[Bar] | None = None,
) -> list[Line]:  # fmt: skip
    """The rows with their bars. `counted`: what makes the days full, also where not all of it is
    seen."""
    by_row = _by_row(bars)
    busy = by_row if counted is None else _by_row(counted)
    lines, shades = [], dict[tuple[tuple[int, int], ...], list[tuple[float, float]]]()
    for row in rows:
        work = hours.work.get(row.ref, ())
        line = Line(row, busy.get(row.ref, ()), work, axis.edges)
        line.put(axis, by_row.get(row.ref, ()))
        same = tuple(work)  # most people work at the same hours
        if same not in shades:
            shades[same] = _shades(axis, work)
        line.shades = shades[same]
        lines.append(line)
    return lines


def _by_row(bars: Iterable[Bar]) -> dict[Ref, list[Bar]]:
    found: dict[Ref, list[Bar]] = defaultdict(list)
    for bar in bars:
        found[bar.row].append(bar)
    return found


def _shades(axis: Axis, work: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """What lies between the stretches of work."""
    if not work:
        return [(0.0, float(axis.length))]
    found, left = [], 0.0
    begins, stops = (axis.places(list(some)) for some in zip(*sorted(work), strict=True))
    for begin, end in zip(begins, stops, strict=True):
        if begin > left:
            found.append((left, begin))
        left = max(left, end)
    if left < axis.length:
        found.append((left, float(axis.length)))
    return found
