"""One year of a working calendar to be looked at, and what making a day off or short writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_desktop import i18n
from crm_desktop.errors import NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.traits import WorkDays, WorkHours
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING, WorkCalendar
from crm_desktop.models.worktime.holidays import SHORTER_BY
from crm_desktop.models.worktime.hours import Hours, format_hours, minutes_of, shortened
from crm_desktop.services.worktime.listing import Away, DaySpan, away_in, listed_days
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

USUAL = "usual"
"""A day as its weekday and the holidays say."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
_SAID = {
    OFF: N_("{day} is a day off"), SHORT: N_("{day} is a short day"),
    WORKING: N_("{day} is a working day"), USUAL: N_("{day} is as usual"),
}  # fmt: skip


@dataclass(frozen=True)
class DayMark:
    """One day of the year: off, short or working, its hours and name. `own`: the calendar itself
    says so, and not its weekday, the holidays or a calendar below it."""

    kind: str
    hours: str
    name: str = ""
    own: bool = False


@dataclass(frozen=True)
class CalendarYear:
    """A calendar with one of its years. `others`: (id, name) of every calendar of the base.
    `listed`: the days that are not as their weekday; `away`: who of its people is away when."""

    id: int
    values: Mapping[str, Any]
    year: int
    days: Mapping[date, DayMark]
    workdays: int
    minutes: int
    others: tuple[tuple[int, str], ...]
    listed: tuple[DaySpan, ...] = ()
    away: tuple[Away, ...] = ()


def read_year(workspace: Workspace, calendar: int | None, year: int) -> CalendarYear | None:
    """The year of a calendar, of the company's for None; None if the base has no calendar."""
    entity, _trait = workspace.catalogue.with_trait(WorkHours)
    known = workspace.worktime.calendars()
    stored = known.stored.get(calendar or 0) or known.company()
    stored = stored or next(iter(known.stored.values()), None)
    if stored is None:
        return None
    laid, days = known.with_id(stored.id), {}
    day = date(year, 1, 1)
    minutes = workdays = 0
    while day.year == year:
        plan = laid.plan(day)
        days[day] = DayMark(laid.kind(day), format_hours(plan.hours), plan.name, day in stored.days)
        workdays += bool(plan.hours)
        minutes += minutes_of(plan.hours)
        day += timedelta(days=1)
    names = [(one.id, str(one.values[entity.title_field])) for one in known.stored.values()]
    return CalendarYear(
        stored.id, stored.values, year, days, workdays, minutes, tuple(sorted(names)),
        listed_days(days, laid.week), away_in(workspace, stored, year),
    )  # fmt: skip


def set_day(workspace: Workspace, calendar: int, day: date, kind: str) -> int | None:
    """Makes a day off, short, working or as usual; the operation, None if it was so already."""
    known = workspace.worktime.calendars()
    stored = known.stored.get(calendar)
    if stored is None:
        raise NotFound(_("The working calendar is not in the base (any more)"))
    laid = known.with_id(calendar)
    without = WorkCalendar(
        laid.week, {d: s for d, s in laid.days.items() if d != day}, laid.country, laid.language
    )
    hours = _hours(without, day, kind)
    special = day in stored.days
    if kind == USUAL or (not special and without.plan(day).hours == hours):
        hours_wanted = None
    else:
        hours_wanted = hours
    writes = _writes(workspace, calendar, day, hours_wanted)
    if not writes:
        return None
    title = Title(_SAID[kind], {"day": format_date(day, i18n.language())})
    return workspace.records.apply(writes, title).operation


def _hours(calendar: WorkCalendar, day: date, kind: str) -> Hours:
    """What a day of this kind has: a full one that of its weekday, on a weekend of the week."""
    week = calendar.week
    full = week[day.weekday()] or next((hours for hours in reversed(week[:5]) if hours), ())
    return {OFF: (), SHORT: shortened(full, SHORTER_BY), WORKING: full}.get(kind, ())


def _writes(workspace: Workspace, calendar: int, day: date, hours: Hours | None) -> list[Write]:
    """Puts the special day right; None takes it away."""
    entity, t = workspace.catalogue.with_trait(WorkDays)
    with workspace.backend.read() as connection:
        found = workspace.reader.linked(entity.key, t.calendar, [calendar], connection)
    there = [id_ for id_, row in found.items() if row.values[t.day] == day]
    if hours is None:
        return [Delete(entity.key, id_) for id_ in there]
    text = format_hours(hours) or None
    if there:
        return [Update(entity.key, id_, {t.hours: text}) for id_ in there[:1]]
    return [Create(entity.key, {t.calendar: calendar, t.day: day, t.hours: text})]
