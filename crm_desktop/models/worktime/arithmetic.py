"""Counting in working minutes over a calendar: adding, the next working moment, what lies between.

A minute is worked when the clocks of the zone show a time within the hours of the day. So a night
shift over the change of the clocks is an hour shorter or longer, as it is for those who work it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.worktime.calendar import DayPlan, WorkCalendar
from crm_desktop.models.worktime.hours import Hours

Stretch = tuple[datetime, datetime]
"""From a moment (aware, UTC) to another one, that one left out."""

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST_REST = 1100
"""Days without any work after which a calendar counts as having none: three years."""
MOST_MINUTES = 60 * 24 * 366 * 20
MOST_KEPT = 5_000
EARLIEST, LATEST = 1900, 2900


class WorkTime:
    """The working time of one person or company, days remembered as they are asked for."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.zone = calendar.zone
        self._days: dict[date, tuple[Stretch, ...]] = {}

    # --- days -------------------------------------------------------------------------------------

    def ranges(self, day: date) -> tuple[Stretch, ...]:
        """The working stretches of a day of the zone, in their order, absences taken out."""
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= MOST_KEPT:
                self._days.clear()
            planned = self._on_the_clock(day, self.calendar.plan(day).hours)
            known = self._days[day] = self._without_absences(planned)
        return known

    def plan(self, day: date) -> DayPlan:
        """The hours and the name of a day, absences left aside."""
        return self.calendar.plan(day)

    def name_of(self, day: date) -> str:
        """The holiday of a day; '' for an ordinary one."""
        return self.calendar.plan(day).name

    def is_workday(self, day: date) -> bool:
        """Whether anything is worked on a day, absences left aside."""
        return bool(self.calendar.plan(day).hours)

    def day_of(self, moment: datetime) -> date:
        """The day of the zone in which a moment lies."""
        return moment.astimezone(self.zone).date()

    # --- arithmetic -------------------------------------------------------------------------------

    def add_minutes(self, moment: datetime, minutes: int) -> datetime:
        """The moment at which so many working minutes have passed; backwards for a negative number.

        The end of a range, not the beginning of the next; `moment` itself for 0. `InvalidInput` if
        the calendar has no working time to count.
        """
        if abs(minutes) > MOST_MINUTES:
            raise InvalidInput(_("So many working minutes cannot be counted"))
        _refuse_far(moment)
        left, here = abs(minutes) * MINUTE, moment.astimezone(UTC)
        if not left:
            return here
        for begin, end in self._from(here) if minutes > 0 else self._backwards_from(here):
            if end - begin >= left:
                return begin + left if minutes > 0 else end - left
            left -= end - begin
        raise InvalidInput(_("The working calendar has no working time here"))

    def next_moment(self, moment: datetime) -> datetime:
        """The moment itself if it is worked, else the beginning of the next stretch."""
        _refuse_far(moment)
        for begin, _end in self._from(moment.astimezone(UTC)):
            return begin
        raise InvalidInput(_("The working calendar has no working time here"))

    def minutes_between(self, first: datetime, last: datetime) -> int:
        """Whole working minutes from `first` to `last`; negative if `last` is the earlier one."""
        _refuse_far(first)
        _refuse_far(last)
        if last < first:
            return -self.minutes_between(last, first)
        if last - first > timedelta(minutes=MOST_MINUTES):
            raise InvalidInput(_("So many working minutes cannot be counted"))
        first, last = first.astimezone(UTC), last.astimezone(UTC)
        day, end, total = self.day_of(first), self.day_of(last), timedelta()
        while day <= end:
            for begin, until in self.ranges(day):
                total += max(min(until, last) - max(begin, first), timedelta())
            day += DAY
        return total // MINUTE

    # --- walking ----------------------------------------------------------------------------------

    def _from(self, moment: datetime) -> Iterator[Stretch]:
        """The stretches from a moment on, the first one cut; ends after a long rest."""
        day, rest = self.day_of(moment), 0
        while rest < LONGEST_REST and day.year < 9990:
            rest += 1
            for begin, end in self.ranges(day):
                if end > moment:
                    rest = 0
                    yield max(begin, moment), end
            day += DAY

    def _backwards_from(self, moment: datetime) -> Iterator[Stretch]:
        """The stretches before a moment, the latest first and cut."""
        day, rest = self.day_of(moment), 0
        while rest < LONGEST_REST and day.year > 10:
            rest += 1
            for begin, end in reversed(self.ranges(day)):
                if begin < moment:
                    rest = 0
                    yield begin, min(end, moment)
            day -= DAY

    # --- one day ----------------------------------------------------------------------------------

    def _on_the_clock(self, day: date, hours: Hours) -> tuple[Stretch, ...]:
        """The hours of a day as moments: each part of the day between changes of the clocks."""
        if not hours:
            return ()
        found: list[Stretch] = []
        for begin, end in self._even_parts(day):
            wall = begin.astimezone(self.zone)
            midnight = datetime.combine(day, time.min)
            ahead = begin - (wall.replace(tzinfo=None) - midnight)  # when it was 0:00 by this clock
            for first, last in hours:
                since, until = ahead + first * MINUTE, ahead + last * MINUTE
                if max(since, begin) < min(until, end):
                    found.append((max(since, begin), min(until, end)))
        return tuple(_joined(found))

    def _even_parts(self, day: date) -> list[Stretch]:
        """The day of the zone, cut where its clocks are changed."""
        begin, end = self._midnight(day), self._midnight(day + DAY)
        if end - begin == DAY:
            return [(begin, end)]
        minutes = range(int((end - begin) / MINUTE) + 1)
        offset = begin.astimezone(self.zone).utcoffset()
        cut = bisect_right(
            minutes,
            0,
            key=lambda n: (begin + n * MINUTE).astimezone(self.zone).utcoffset() != offset,
        )
        change = begin + cut * MINUTE
        return [(begin, change), (change, end)]

    def _midnight(self, day: date) -> datetime:
        """The first moment of a day: a midnight that the clocks skip comes when they stop."""
        moment = datetime.combine(day, time.min, self.zone).astimezone(UTC)
        while moment.astimezone(self.zone).date() < day:
            moment += timedelta(minutes=15)
        return moment

    def _without_absences(self, stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
        left = list(stretches)
        for since, until in self.calendar.absent if stretches else ():
            left = [part for one in left for part in _cut(one, since, until)]
        return tuple(left)


def _refuse_far(moment: datetime) -> None:
    if not EARLIEST <= moment.year <= LATEST:
        raise InvalidInput(_("There are no working calendars for {year}").format(year=moment.year))


def _cut(stretch: Stretch, since: datetime, until: datetime) -> Iterator[Stretch]:
    """What is left of a stretch beside an absence."""
    begin, end = stretch
    if begin < min(since, end):
        yield begin, min(since, end)
    if max(until, begin) < end:
        yield max(until, begin), end


def _joined(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Stretches that touch made one."""
    last: Stretch | None = None
    for one in sorted(stretches):
        if last and last[1] == one[0]:
            last = (last[0], one[1])
            continue
        if last:
            yield last
        last = one
    if last:
        yield last
