"""Reads working calendars, their special days and absences: three questions for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import Scheduled, Staff, WorkDays, WorkHours
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.models.worktime.calendar import SpecialDay, WorkCalendar
from crm_desktop.models.worktime.hours import Hours, parse_hours
from crm_desktop.services.office.zone import office_zone
from crm_desktop.services.reader import Reader, parts_of

if TYPE_CHECKING:
    from crm_desktop.models.schema import Tables
    from crm_desktop.services.workspace import Workspace

USUAL_WEEK: tuple[Hours, ...] = (parse_hours("09:00-13:00 14:00-18:00"),) * 5 + ((), ())
"""What holds in a base without any calendar."""
NO_HOLIDAYS = "-"
MOST_DAYS = 20_000
_PAST, _COMING = timedelta(days=366), timedelta(days=3 * 366)
Absences = dict[int, tuple[tuple[datetime, datetime], ...]]


@dataclass(frozen=True)
class StoredCalendar:
    """One calendar as it stands in the base, its special days with it."""

    id: int
    values: Mapping[str, Any]
    days: Mapping[date, SpecialDay] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendars:
    """All calendars of a base, and to which department each colleague belongs."""

    trait: WorkHours
    stored: Mapping[int, StoredCalendar]
    departments: Mapping[int, int]
    office: tzinfo

    def of(self, staff: int | None) -> WorkCalendar:
        """The calendar that holds for a colleague, for the company with None."""
        layers: list[StoredCalendar] = []
        for one in self._chosen(staff):
            self._add(layers, one)
        return laid(layers, self.trait, self.office)

    def with_id(self, id_: int) -> WorkCalendar:
        """What one calendar comes to, those below it taken in."""
        layers: list[StoredCalendar] = []
        for one in (self.stored.get(id_), *self._chosen(None)):
            if one is not None:
                self._add(layers, one)
        return laid(layers, self.trait, self.office)

    def company(self) -> StoredCalendar | None:
        """The oldest calendar of the company."""
        return next(iter(self._chosen(None)), None)

    def _chosen(self, staff: int | None) -> Iterator[StoredCalendar]:
        """The colleague's own calendar, the department's, the company's; the oldest of each."""
        t, department = self.trait, self.departments.get(staff or 0)
        for scope, key, value in (
            (t.person, t.staff, staff),
            (t.department, t.department, department),
            (t.company, "", None),
        ):
            if key and value is None:
                continue
            fitting = (
                one for one in self.stored.values()
                if one.values[t.scope] == scope and (not key or one.values[key] == value)
            )  # fmt: skip
            yield from sorted(fitting, key=lambda one: one.id)[:1]

    def _add(self, layers: list[StoredCalendar], one: StoredCalendar) -> None:
        """A calendar and those it is based on, each once."""
        seen = {layer.id for layer in layers}
        following: StoredCalendar | None = one
        while following is not None and following.id not in seen:
            layers.append(following)
            seen.add(following.id)
            following = self.stored.get(following.values[self.trait.base] or 0)


def laid(layers: list[StoredCalendar], trait: WorkHours, office: tzinfo) -> WorkCalendar:
    """One calendar out of several, the first one before the others."""
    days: dict[date, SpecialDay] = {}
    for layer in reversed(layers):
        days |= layer.days
    country = _first(layers, trait.country)
    return WorkCalendar(
        next((week for one in layers if any(week := week_of(one.values, trait))), USUAL_WEEK),
        days,
        "" if country == NO_HOLIDAYS else country,
        i18n.language(),
        zone_named(_first(layers, trait.zone)) or office,
    )


def _first(layers: list[StoredCalendar], key: str) -> str:
    return next((str(one.values[key]) for one in layers if one.values[key]), "")


def week_of(values: Mapping[str, Any], trait: WorkHours) -> tuple[Hours, ...]:
    """The hours of Monday to Sunday; what cannot be read is a day off."""
    return tuple(_hours(values.get(key)) for key in trait.week)


def _hours(text: Any) -> Hours:
    try:
        return parse_hours(str(text or ""))
    except InvalidInput:  # written past the rules, by an older program
        return ()


def read_calendars(reader: Reader, connection: sa.Connection) -> Calendars:
    """Everything but absences."""
    tables = reader.tables
    entity, trait = tables.catalogue.with_trait(WorkHours)
    rows = reader.everything(entity.key, connection)
    days = _days(tables, connection) if rows else {}
    departments = _departments(tables, connection) if rows else {}
    stored = {id_: StoredCalendar(id_, row, days.get(id_, {})) for id_, row in rows.items()}
    return Calendars(trait, stored, departments, office_zone(tables, connection))


def calendars_ahead(reader: Reader, connection: sa.Connection) -> Iterator[Callable[[], object]]:
    """What `read_calendars` asks, question by question (`Backend.ask_first`)."""
    tables = reader.tables
    yield partial(reader.everything, tables.catalogue.with_trait(WorkHours)[0].key, connection)
    for question in (_days, _departments, office_zone):
        yield partial(question, tables, connection)


def _days(tables: Tables, connection: sa.Connection) -> dict[int, dict[date, SpecialDay]]:
    entity, t = tables.catalogue.with_trait(WorkDays)
    keys = (t.calendar, t.day, t.hours, t.name)
    columns = [tables.column(entity, entity.field(key)) for key in keys]
    found: dict[int, dict[date, SpecialDay]] = defaultdict(dict)
    for calendar, day, hours, name in connection.execute(sa.select(*columns).limit(MOST_DAYS)):
        found[calendar][day] = SpecialDay(_hours(hours), str(name or ""))
    return found


def _departments(tables: Tables, connection: sa.Connection) -> dict[int, int]:
    """Which department a colleague belongs to: the link to the same book as the calendars'."""
    calendars, trait = tables.catalogue.with_trait(WorkHours)
    staff = tables.catalogue.with_trait(Staff)[0]
    book = getattr(calendars.field(trait.department), "book", "")
    link = next(
        (f for f in staff.fields if isinstance(f, LinkField) and f.book and f.book == book), None
    )
    if link is None:
        return {}
    column = tables.column(staff, link)
    asked = sa.select(tables.main[staff.key].c.id, column).where(column.is_not(None))
    return {row[0]: row[1] for row in connection.execute(asked)}


def read_absences(workspace: Workspace, staff: Collection[int], zone: tzinfo) -> Absences:
    """Leave and other absences of colleagues: what lasts for days and was not called off.

    Of what recurs, the dates from a year before today to three years after it.
    """
    entity, t = workspace.catalogue.with_trait(Scheduled)
    who, kind, state, starts, ends, rule = (
        workspace.tables.column(entity, entity.field(key))
        for key in (t.who, t.kind, t.state, t.starts, t.ends, t.rule)
    )
    own = workspace.tables.main[entity.key].c.id
    asked = sa.select(own, who, starts, ends, rule).where(
        workspace.backend.among(who, alone=True), kind.in_(t.lasting), state.not_in(t.closed),
        starts.is_not(None),
    )  # fmt: skip
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    series: dict[int, int] = {}
    with workspace.backend.read() as connection:
        for part in parts_of(staff):
            for id_, person, since, until, recurs in connection.execute(asked, {"ids": part}):
                if recurs:
                    series[id_] = person
                else:
                    found[person].append((since, until or _end_of_day(since, zone)))
    for id_, since, until in _recurring(workspace, series) if series else ():
        found[series[id_]].append((since, until or _end_of_day(since, zone)))
    return {person: tuple(sorted(given)) for person, given in found.items()}


def _recurring(
    workspace: Workspace, series: Collection[int]
) -> Iterator[tuple[int, datetime, datetime | None]]:
    """The dates of series by their rules; those that were changed are records of their own."""
    from crm_desktop.services.series.dates import SeriesDates

    now = workspace.clock.now()
    for one in SeriesDates(workspace).between(now - _PAST, now + _COMING, ids=series):
        if one.record == one.series:
            yield one.series, one.starts, one.ends


def _end_of_day(moment: datetime, zone: tzinfo) -> datetime:
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone)
