"""When several people and things are free together: working time and leave of each respected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import moment
from crm_desktop.services.planner.drafts import Draft, with_drafts
from crm_desktop.services.planner.load import free_slot

if TYPE_CHECKING:
    from crm_desktop.models.worktime.arithmetic import WorkTime
    from crm_desktop.services.planner.service import Planner

AHEAD = 28
"""Days that are searched."""
QUARTER = 15 * 60
OFFERED = 4
A_DAY = 2
"""Slots of one day that are offered at most, so that the offer spreads."""
Stretch = tuple[int, int]


class Availability:
    """Busy and working stretches of rows on some days, in seconds, read once."""

    def __init__(
        self,
        planner: Planner,
        rows: Iterable[Ref],
        first: date,
        days: int = AHEAD,
        *,
        drafts: Sequence[Draft] = (),
        without: Collection[int] = (),
    ) -> None:
        """`drafts` count as saved; `without`: records that take nobody's time, such as the one
        that is to be moved."""
        base = planner.base
        self.rows = list(dict.fromkeys(rows))
        self.zone = base.worktime.office_zone()
        self.first, self.days = first, days
        self.edges = [self._midnight(first + timedelta(days=n)) for n in range(days + 1)]
        self.busy: dict[Ref, list[Stretch]] = defaultdict(list)
        since, until = self.edges[0], self.edges[-1]
        bars = planner.bars(self.rows, moment(since), moment(until))
        for bar in with_drafts(bars, drafts, set(self.rows), (since, until)):
            if bar.id not in without and not bar.idle:
                self.busy[bar.row].append((bar.starts, bar.ends))
        staff = planner.schedule.staff.key
        people = [row.id if row.entity == staff else None for row in self.rows]
        times = base.worktime.of_many(people)
        self.work = {
            row: self._worked(times[person]) for row, person in zip(self.rows, people, strict=True)
        }

    def _midnight(self, day: date) -> int:
        return int(datetime.combine(day, time(), self.zone).timestamp())

    def _worked(self, times: WorkTime) -> list[Stretch]:
        days = (self.first + timedelta(days=n) for n in range(self.days))
        return sorted(
            (int(begin.timestamp()), int(end.timestamp()))
            for day in days
            for begin, end in times.ranges(day)
        )

    # --- asking -----------------------------------------------------------------------------------

    def is_idle(self, row: Ref, starts: int, ends: int) -> bool:
        """Nothing else takes the row between two moments."""
        return not any(s < ends and starts < e for s, e in self.busy[row])

    def works(self, row: Ref, starts: int, ends: int) -> bool:
        """Whether it is working time of the row from one moment to the other."""
        return any(s <= starts and ends <= e for s, e in self.work.get(row, ()))

    def works_that_day(self, row: Ref, starts: int) -> bool:
        """Whether anything is worked on the day of a moment."""
        day = max(0, sum(edge <= starts for edge in self.edges) - 1)
        end = self.edges[min(day + 1, len(self.edges) - 1)]
        return any(s < end and self.edges[day] < e for s, e in self.work.get(row, ()))

    def take(self, row: Ref, starts: int, ends: int) -> None:
        """The row is busy then from now on."""
        self.busy[row].append((starts, ends))

    def slots(self, rows: Sequence[Ref], length: int, after: int, count: int = 5) -> list[int]:
        """The starts of the next slots of `length` seconds at which all the rows are free and at
        work, by the quarter of an hour; a few of each day."""
        if not rows or length <= 0:
            return []
        work = self.work.get(rows[0], [])
        for row in rows[1:]:
            work = _both(work, self.work.get(row, []))
        busy = [(s, _up(e)) for row in rows for s, e in self.busy[row]]
        found: list[int] = []
        at = _up(after)
        while len(found) < count:
            start = free_slot(busy, work, length, at)
            if start is None:
                break
            found.append(start)
            at = _up(start + max(length, QUARTER))
            day = sum(edge <= start for edge in self.edges)
            if sum(one >= self.edges[day - 1] for one in found) >= A_DAY:
                if day >= len(self.edges):
                    break
                at = max(at, self.edges[day])
        return found


def _up(seconds: int) -> int:
    """The next full quarter of an hour."""
    return -(-seconds // QUARTER) * QUARTER


def _both(one: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    """What lies in both; both by time."""
    found = []
    a = b = 0
    while a < len(one) and b < len(other):
        begin, end = max(one[a][0], other[b][0]), min(one[a][1], other[b][1])
        if begin < end:
            found.append((begin, end))
        if one[a][1] <= other[b][1]:
            a += 1
        else:
            b += 1
    return found


class Offer(NamedTuple):
    """What a free/busy strip shows of one day, and the next slots at which all are free."""

    rows: tuple[Ref, ...]
    names: Mapping[Ref, str]
    span: Stretch
    work: Mapping[Ref, Sequence[Stretch]]
    busy: Mapping[Ref, Sequence[Stretch]]
    wanted: Stretch
    slots: tuple[int, ...]

    def is_free(self) -> bool:
        """Whether everybody has time when it is wanted."""
        starts, ends = self.wanted
        return not any(s < ends and starts < e for row in self.rows for s, e in self.busy[row])


OPENS, CLOSES = 8, 20
"""Hours of the day that a strip shows at least."""


def offer(
    planner: Planner,
    rows: Iterable[Ref],
    wanted: Stretch,
    *,
    drafts: Sequence[Draft] = (),
    without: Collection[int] = (),
) -> Offer:
    """The day of the wanted time, and slots of that length from then on, never in the past."""
    base = planner.base
    begin = moment(wanted[0]).astimezone(base.worktime.office_zone())
    times = Availability(planner, rows, begin.date(), drafts=drafts, without=without)
    day = times.edges[0], times.edges[1]
    now = int(base.clock.now().timestamp())
    length = wanted[1] - wanted[0]
    found = times.slots(times.rows, length, max(now, wanted[0]), OFFERED + 1)
    slots = [start for start in found if start != wanted[0]][:OFFERED]
    first, last = day[0] + OPENS * 3600, day[0] + CLOSES * 3600
    inside = [wanted, *(s for row in times.rows for s in times.work[row])]
    inside = [s for s in inside if day[0] <= s[0] < day[1]]
    opens = min([first, *(s for s, _e in inside)])
    closes = max([last, *(e for _s, e in inside)])
    span = opens, min(day[1], closes)
    names = base.titles.of(times.rows)
    return Offer(
        tuple(times.rows), {ref: title.text for ref, title in names.items()}, span, times.work,
        {row: times.busy[row] for row in times.rows}, wanted, tuple(slots),
    )  # fmt: skip
