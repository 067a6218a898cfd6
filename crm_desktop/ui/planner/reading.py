"""What the planner asks the base for, in the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.days import add_months
from crm_desktop.services.planner.bars import Bar, PlanRow, Undated, moment
from crm_desktop.services.planner.drafts import Draft, with_drafts
from crm_desktop.services.planner.filtering import Asked, segments_of, suitable
from crm_desktop.services.planner.load import free_slot
from crm_desktop.services.planner.own_rows import own_rows
from crm_desktop.services.planner.service import Planner
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.axis import DAY_MINUTES, Axis
from crm_desktop.ui.planner.geometry import FAVOURITES, Group, group_of
from crm_desktop.ui.planner.look import SEGMENT
from crm_desktop.ui.planner.sheet import Hours, Line, Sheet, make_lines, shown_hours
from crm_desktop.ui.planner.state import DAY, MONTH, PERSONAL

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


DAYS = 42
"""Six weeks, the most that a month touches."""


@dataclass(frozen=True)
class Wanted:
    """Which days, whether around the clock, and of whom: `order` are rows in the order in which
    the person has put them; `single` narrows to one of them, to `alone` if it is there."""

    first: date
    days: int
    whole_day: bool = False
    order: tuple[Ref, ...] = ()
    hidden: frozenset[Ref] = frozenset()
    single: bool = False
    alone: Ref | None = None
    asked: Asked = Asked()
    stars: tuple[Ref, ...] = ()
    """These and `order` hold only where the base keeps none for the colleague."""
    drafts: tuple[Draft, ...] = ()
    in_sight: int = 0
    """How many rows have room on the screen: these are told first; 0: all at once."""
    folded: frozenset[Group] = frozenset()
    """Of these only the head is seen."""


def read_sheet(job: Job, base: Workspace, wanted: Wanted) -> Sheet:
    """The sheet of those days, without the names that bars are about; tells before that one in
    which only the rows in sight have their bars, where that is wanted."""
    planner = Planner(base)
    own = own_rows(base)
    if own is not None:
        wanted = replace(wanted, order=own.order, stars=own.stars)
    everyone = arranged(planner.rows(), wanted)
    rows = starred([row for row in everyone if wanted.asked.wants_row(row)], wanted.stars)
    if wanted.single:
        rows = [row for row in everyone if row.ref == wanted.alone] or everyone[:1]
    job.check()
    sheets = _Sheets(base, wanted, rows)
    groups = _groups(rows, wanted)
    refs = [[row.ref for row in group] for group in groups]
    sheet = Sheet(sheets.axis, [], {}, {}, 0)
    for number, bars in enumerate(planner.bars_of(refs, *sheets.span), start=1):
        job.check()
        sheet = sheets.with_rows(len(groups[number - 1]), bars)
        sheet.everyone, sheet.own = everyone, own
        if number < len(groups):
            job.tell(sheet)
    return sheet


def _groups(rows: list[PlanRow], wanted: Wanted) -> list[list[PlanRow]]:
    """The rows in sight, if not all of them are, and the others."""
    room, first = wanted.in_sight, 0
    while room and first < len(rows):
        room -= group_of(rows[first]) not in wanted.folded
        first += 1
    return [rows[:first], rows[first:]] if 0 < first < len(rows) else [rows]


class _Sheets:
    """Makes the sheet, the bars of the first rows before those of the others."""

    def __init__(self, base: Workspace, wanted: Wanted, rows: Sequence[PlanRow]) -> None:
        self._base, self._wanted, self._rows = base, wanted, rows
        zone = base.worktime.office_zone()
        self.axis = Axis(wanted.first, wanted.days, zone, 0, DAY_MINUTES)
        self.span = moment(self.axis.edges[0]), moment(self.axis.edges[-1])
        self._hours = read_hours(base, [row.ref for row in rows], self.axis)
        self._bars: list[Bar] = []
        self._filled: list[Line] = []

    def with_rows(self, count: int, bars: Sequence[Bar]) -> Sheet:
        """The sheet after so many more rows have got their bars."""
        done, before = len(self._filled), self.axis
        shown = {row.ref for row in self._rows[done : done + count]}
        bars = with_drafts(bars, self._wanted.drafts, shown, (before.edges[0], before.edges[-1]))
        self._bars += bars
        if not self._wanted.whole_day:
            opens, closes = shown_hours(self._bars, self.axis)
            self.axis = replace(self.axis, opens=opens, closes=closes)
        if self.axis != before:  # other hours: everything stands elsewhere
            self._filled, bars = [], self._bars
        lines = [*self._filled, *self._lines(self._rows[len(self._filled) :], bars)]
        self._filled = lines[: done + count]
        now = int(self._base.clock.now().timestamp())
        return Sheet(self.axis, lines, {}, self._hours.holidays, now)

    def _lines(self, rows: Sequence[PlanRow], bars: Sequence[Bar]) -> list[Line]:
        if not self._wanted.asked:
            return make_lines(self.axis, rows, bars, self._hours)
        seen = suitable(self._base, bars, self._wanted.asked)
        return make_lines(self.axis, rows, seen, self._hours, counted=bars)


def read_hours(base: Workspace, rows: Sequence[Ref], axis: Axis) -> Hours:
    """Who works when on the days of the axis; a resource can be had when the office works."""
    staff = base.catalogue.staff().key
    work: dict[Ref, list[tuple[int, int]]] = {}
    days = [axis.day(number) for number in range(axis.days)]
    whose = {row: row.id if row.entity == staff else None for row in rows}
    times = base.worktime.of_many([*whose.values(), None])
    for row, person in whose.items():
        work[row] = [
            (int(begin.timestamp()), int(end.timestamp()))
            for day in days
            for begin, end in times[person].ranges(day)
        ]
    office = times[None]
    return Hours(work, {day: name for day in days if (name := office.name_of(day))})


def read_free(planner: Planner, row: Ref, days: Axis, minutes: int) -> int | None:
    """The first second from the next quarter of an hour on at which so many minutes are free."""
    since, until = moment(days.edges[0]), moment(days.edges[-1])
    bars = planner.bars([row], since, until)
    busy = [(bar.starts, bar.ends) for bar in bars if not bar.idle]
    hours = read_hours(planner.base, [row], days).work[row]
    now = days.snapped(int(planner.base.clock.now().timestamp()) + 450, 15)
    return free_slot(busy, sorted(hours), minutes * 60, now)


def read_undated(planner: Planner, rows: Sequence[PlanRow]) -> tuple[list[Undated], dict[Ref, str]]:
    """What has no time yet, of everybody here."""
    staff = planner.schedule.staff.key
    found = planner.undated([row.ref.id for row in rows if row.ref.entity == staff])
    return found, planner.names(found)


def arranged(rows: Sequence[PlanRow], wanted: Wanted) -> list[PlanRow]:
    """Departments by name, in each the order of the person, then that of the names; resources
    behind all people. Rows taken away are left out."""
    places = {ref: place for place, ref in enumerate(wanted.order)}
    entities = list(dict.fromkeys(row.ref.entity for row in rows))
    least = {
        (row.ref.entity, row.group): places.get(row.ref, len(places)) for row in reversed(rows)
    }
    for row in rows:
        key = (row.ref.entity, row.group)
        least[key] = min(least[key], places.get(row.ref, len(places)))

    def order(pair: tuple[int, PlanRow]) -> tuple[int, int, bool, str, int, int]:
        number, row = pair
        head = least[row.ref.entity, row.group]
        place = places.get(row.ref, len(places))
        return (entities.index(row.ref.entity), head, not row.group, row.group, place, number)

    shown = [pair for pair in enumerate(rows) if pair[1].ref not in wanted.hidden]
    return [row for _number, row in sorted(shown, key=order)]


def starred(rows: Sequence[PlanRow], stars: Sequence[Ref]) -> list[PlanRow]:
    """The favourites as a group of their own on top."""
    first = [row._replace(group=FAVOURITES) for row in rows if row.ref in stars]
    return [*first, *(row for row in rows if row.ref not in stars)]


class Names(NamedTuple):
    """What records are called, and where they stand among the segments with these names."""

    titles: dict[Ref, str]
    segments: dict[Ref, int]
    segment_names: list[str]


def read_names(job: Job, planner: Planner, sheet: Sheet, way: str) -> Names:
    """The names of what bars are about; segments only where they are shown as colours."""
    titles = planner.names(sheet.bars())
    job.check()
    if way != SEGMENT:
        return Names(titles, {}, [])
    return Names(titles, *segments_of(planner.base, titles))


def first_day(day: date, days: int) -> date:
    """Where a horizon begins: a day and three days at the day, weeks on Monday."""
    return day if days < 7 else day - timedelta(days=day.weekday())


def shown_days(view: str, day: date, days: int) -> tuple[date, int]:
    """(first day, how many) of a view; a month has six weeks, `days` are those of the team."""
    if view == MONTH:
        return first_day(day.replace(day=1), 7), DAYS
    if view in PERSONAL:
        days = 1 if view == DAY else 7
    return first_day(day, days), days


def stepped(view: str, day: date, days: int, by: int) -> date:
    """As much earlier or later as is shown."""
    if view == MONTH:
        return add_months(day.replace(day=1), by)
    return day + timedelta(days=by * shown_days(view, day, days)[1])
