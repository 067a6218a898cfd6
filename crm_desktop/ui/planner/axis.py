"""Time across: from moments to places along the sheet and back.

A place is counted in minutes of the hours that are shown, day after day; times the zoom it is
pixels. Days are those of the zone, so that 9:00 stands below 9:00 whatever the clocks do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise, repeat
from operator import sub

DAY_MINUTES = 24 * 60
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Axis:
    """`days` days from `first`; of each, the minutes from `opens` to `closes` are shown."""

    first: date
    days: int
    zone: tzinfo
    opens: int = 8 * 60
    closes: int = 20 * 60
    edges: tuple[int, ...] = field(init=False, compare=False)
    """The seconds at which the days begin, and at which the last one ends."""

    whole: frozenset[int] = field(init=False, compare=False)
    """The numbers of the days on which no clock is changed."""

    def __post_init__(self) -> None:
        edges = tuple(self._midnight(n) for n in range(self.days + 1))
        lengths = (after - before for before, after in pairwise(edges))
        whole = frozenset(n for n, length in enumerate(lengths) if length == DAY_SECONDS)
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "whole", whole)

    def _midnight(self, number: int) -> int:
        day = self.first + timedelta(days=number)
        return int(datetime.combine(day, time(), self.zone).timestamp())

    @property
    def shown(self) -> int:
        """Minutes of a day that are shown."""
        return self.closes - self.opens

    @property
    def length(self) -> int:
        """Minutes of all the days."""
        return self.shown * self.days

    def day_of(self, seconds: int) -> int:
        """The number of the day; it may lie outside."""
        return bisect_right(self.edges, seconds) - 1

    def minute(self, seconds: int, day: int) -> float:
        """The minute by the clock on the wall."""
        day = min(max(day, 0), self.days - 1)
        begin = self.edges[day]
        if day in self.whole:
            return (seconds - begin) / 60
        local = datetime.fromtimestamp(seconds, self.zone)
        whole = (local.date() - self.day(day)).days * DAY_MINUTES
        return whole + local.hour * 60 + local.minute + local.second / 60

    def place(self, seconds: int) -> float:
        """Where the moment stands; moments that are not shown stand at the nearest edge."""
        day = self.day_of(seconds)
        if day < 0:
            return 0.0
        if day >= self.days:
            return float(self.length)
        if self._even:
            return (seconds - self.edges[0]) / 60
        minute = self.minute(seconds, day)
        return day * self.shown + min(max(minute - self.opens, 0), self.shown)

    @property
    def _even(self) -> bool:
        """Whether every minute from the first to the last is shown: places are minutes then."""
        return self.shown == DAY_MINUTES and len(self.whole) == self.days

    def places(self, moments: Sequence[int]) -> list[float]:
        """`place` of many moments, in a fifth of the time."""
        if len(self.whole) < self.days:
            return [self.place(seconds) for seconds in moments]
        first, last, shown = self.edges[0], self.edges[-1], self.shown
        if moments and (min(moments) < first or max(moments) > last):
            moments = [first if s < first else last if s > last else s for s in moments]
        if self._even:
            return [(second - first) / 60 for second in moments]
        opens, closes = self.opens * 60, self.closes * 60
        since = map(sub, moments, repeat(first))
        return [
            day * shown
            + (0.0 if second <= opens else shown if second >= closes else second / 60 - self.opens)
            for day, second in map(divmod, since, repeat(DAY_SECONDS))
        ]

    def moment(self, place: float) -> int:
        """The seconds at a place, to the minute."""
        day = min(max(int(place // self.shown), 0), self.days - 1)
        return self.at(day, self.opens + round(place - day * self.shown))

    def at(self, day: int, minute: int) -> int:
        """The seconds of a minute by the clock of a day."""
        more, minute = divmod(minute, DAY_MINUTES)
        clock = time(minute // 60, minute % 60)
        whole = self.first + timedelta(days=day + more)
        return int(datetime.combine(whole, clock, self.zone).timestamp())

    def day(self, number: int) -> date:
        """The date of a day."""
        return self.first + timedelta(days=number)

    def local(self, seconds: int) -> datetime:
        """The moment by the clock on the wall."""
        return datetime.fromtimestamp(seconds, self.zone)

    def clock(self, seconds: int) -> str:
        """`12:37`."""
        return f"{self.local(seconds):%H:%M}"

    def snapped(self, seconds: int, step: int) -> int:
        """The nearest moment whose minute by the clock is a multiple of `step`."""
        day = min(max(self.day_of(seconds), 0), self.days - 1)
        minute = self.minute(seconds, day)
        return self.at(day, round(minute / step) * step)


def hour_step(pixels: float) -> int:
    """Every how many hours a line is drawn when an hour is so wide; 0 for none."""
    for step in (1, 2, 3, 4, 6, 12):
        if pixels * step >= 46:
            return step
    return 0
