"""What makes a year unlike its weeks, as two lists: its special days, and who is away when.

Holidays that follow each other under one name are one line, and so are special days of one kind.
Leave that recurs stands there with each of its dates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Recurring, Scheduled, WorkHours
from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING
from crm_desktop.services.private.service import CLOSED
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.services.worktime.reading import StoredCalendar

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.worktime.years import DayMark

_DAY, _TICK = timedelta(days=1), timedelta(microseconds=1)
_LONGEST = timedelta(days=3 * 366)
"""An absence that began longer ago is not looked for."""


@dataclass(frozen=True)
class DaySpan:
    """Days in a row: off, short or working, under one name; `own`: the calendar itself says so."""

    since: date
    until: date
    kind: str
    name: str = ""
    own: bool = False


@dataclass(frozen=True)
class Away:
    """An absence of a colleague, from its first to its last day. `again`: one of a series."""

    record: int
    staff: int
    name: str
    since: date
    until: date
    again: bool = False


def listed_days(days: Mapping[date, DayMark], week: Sequence[object]) -> tuple[DaySpan, ...]:
    """The days that are not as their weekday, in their order."""
    found: list[DaySpan] = []
    for day, mark in sorted(days.items()):
        if not _is_special(mark, works=bool(week[day.weekday()])):
            continue
        one = DaySpan(day, day, mark.kind, mark.name, mark.own)
        last = found[-1] if found else None
        follows = last is not None and last.until + _DAY == day
        if last is not None and follows and replace(last, since=day, until=day) == one:
            found[-1] = replace(last, until=day)
        else:
            found.append(one)
    return tuple(found)


def _is_special(mark: DayMark, *, works: bool) -> bool:
    usual = WORKING if works else OFF
    return bool(mark.own or mark.name or mark.kind == SHORT or mark.kind != usual)


def away_in(workspace: Workspace, calendar: StoredCalendar, year: int) -> tuple[Away, ...]:
    """Who of those whom the calendar is for is away in the year; what nobody may know left out."""
    zone = workspace.worktime.office_zone()
    span = (datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone))
    wanted = _people(workspace, calendar)
    rows = {row.id: row for row in _rows(workspace, span)}
    series = [id_ for id_, row in rows.items() if row.rule]
    found = [_away(row.id, row, (row.starts, row.ends), zone) for row in rows.values()
             if not row.rule]  # fmt: skip
    for one in SeriesDates(workspace).between(*span, ids=series) if series else ():
        if one.record == one.series:  # what replaces a date stands among the rows itself
            times = (one.starts, one.ends)
            found.append(replace(_away(one.record, rows[one.series], times, zone), again=True))
    seen = [one for one in found if wanted is None or one.staff in wanted]
    hidden = workspace.privacy.outside(_entity(workspace), {one.record for one in seen}, (CLOSED,))
    staff = workspace.catalogue.staff().key
    names = workspace.titles.of({Ref(staff, one.staff) for one in seen})
    named = [replace(one, name=names[Ref(staff, one.staff)].text) for one in seen
             if one.record not in hidden and Ref(staff, one.staff) in names]  # fmt: skip
    return tuple(sorted(named, key=lambda one: (one.since, one.name, one.record)))


def _entity(workspace: Workspace) -> str:
    return workspace.catalogue.with_trait(Scheduled)[0].key


def _people(workspace: Workspace, calendar: StoredCalendar) -> Collection[int] | None:
    """The colleagues of a calendar; None for everybody."""
    _holder, t = workspace.catalogue.with_trait(WorkHours)
    scope = calendar.values.get(t.scope)
    if scope == t.person:
        return [calendar.values[t.staff]] if calendar.values.get(t.staff) else []
    if scope == t.department:
        of = workspace.worktime.calendars().departments
        group = calendar.values.get(t.department)
        return [id_ for id_, department in of.items() if department == group]
    return None


def _rows(workspace: Workspace, span: tuple[datetime, datetime]) -> Iterator[Any]:
    """Absences that touch the span, and the series of some that may."""
    entity, t = workspace.catalogue.with_trait(Scheduled)
    recurring = entity.trait(Recurring) or Recurring()
    keys = {"whom": t.who, "starts": t.starts, "ends": t.ends, "rule": t.rule}
    of = {name: workspace.tables.column(entity, entity.field(key)) for name, key in keys.items()}
    kind, state = (workspace.tables.column(entity, entity.field(k)) for k in (t.kind, t.state))
    until = workspace.tables.column(entity, entity.field(recurring.until))
    single = sa.and_(
        of["rule"].is_(None), of["starts"] >= span[0] - _LONGEST,
        sa.func.coalesce(of["ends"], of["starts"]) >= span[0],
    )  # fmt: skip
    several = sa.and_(of["rule"].is_not(None), until >= span[0])
    wanted = sa.select(
        workspace.tables.main[entity.key].c.id,
        *(column.label(name) for name, column in of.items()),
    ).where(
        kind.in_(t.lasting), state.not_in(t.closed), of["whom"].is_not(None),
        of["starts"] < span[1], sa.or_(single, several),
    )  # fmt: skip
    with workspace.backend.read() as connection:
        yield from connection.execute(wanted).all()


def _away(
    record: int,
    row: Any,
    times: tuple[datetime, datetime | None],
    zone: tzinfo,
) -> Away:
    starts, ends = times
    since = starts.astimezone(zone).date()
    last = (ends - _TICK).astimezone(zone).date() if ends is not None and ends > starts else since
    return Away(record, row.whom, "", since, last)
