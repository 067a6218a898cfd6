"""What is overdue and has a head to be told: single activities, and the last date of each series.

A series is late with the latest of its dates that has come and has no record of its own: earlier
ones that nobody ticked off are not told of again beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.services.private.service import HIDDEN
from crm_desktop.services.reader import parts_of
from crm_desktop.services.reminders.latest_dates import LatestDates
from crm_desktop.services.reminders.moments import LATEST, zone_of
from crm_desktop.services.reminders.question import Question
from crm_desktop.services.series.dates import end_of

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

HEAD = "head"
"""The field of a colleague: to whom they report."""
_DAY = timedelta(days=1)
_COLUMNS = ("id", "version", "who", "head", "due", "starts", "ends", "whole_day", "in_zone",
            "rule", "counted_from")  # fmt: skip


class Overdue(NamedTuple):
    """An open activity that is late. `stands`: the deadline of its record; `due`: what it is late
    for, which of a series is the date `original`; `told`: the highest level the head knows."""

    id: int
    version: int
    who: int
    head: int
    stands: datetime
    due: datetime
    told: int | None = None
    original: datetime | None = None


_Span = tuple[datetime, datetime | None]


def overdue(workspace: Workspace) -> list[Overdue]:
    """The open activities with a head that were due lately, the latest first."""
    question, now = workspace.reminders.question, workspace.clock.now()
    with workspace.backend.read() as connection:
        rows = connection.execute(_statement(workspace, question, now, series=False)).all()
        late = [*_single(rows, workspace.clock.zone())]
        repeated = [
            row
            for row in connection.execute(_statement(workspace, question, now, series=True))
            if row.due is not None and row.due <= now and row.starts is not None
        ]
        late += _dates(workspace, connection, repeated, now)
    return sorted(late, key=lambda one: one.due, reverse=True)


def _single(rows: Sequence[Any], office: tzinfo) -> list[Overdue]:
    return [
        Overdue(row.id, row.version, row.who, row.head, row.due,
                _end_of_its_day(row, (row.starts or row.due, row.ends), office)
                if row.whole_day else row.due, row.told)
        for row in rows
    ]  # fmt: skip


def _dates(
    workspace: Workspace, connection: sa.Connection, rows: Sequence[Any], now: datetime
) -> list[Overdue]:
    reminders, office = workspace.reminders, workspace.clock.zone()
    ids = [row.id for row in rows]
    without = reminders.question.exceptions(connection, ids)
    told = _told(reminders.question, connection, ids)
    found = []
    for row in rows:
        original = _last_date(reminders.latest, row, office, now, without.get(row.id, set()))
        if original is None:
            continue
        starts = original
        zone = zone_of(row.in_zone, office) or office
        ends = end_of(starts, row.starts, row.ends, zone)
        due = _end_of_its_day(row, (starts, ends), office) if row.whole_day else original
        known = max((level for level, at in told.get(row.id, ()) if at >= due), default=None)
        found.append(Overdue(row.id, row.version, row.who, row.head, row.due, due, known, original))
    return found


def _last_date(
    latest: LatestDates, row: Any, office: tzinfo, now: datetime, without: Collection[datetime]
) -> datetime | None:
    if row.counted_from == Recurring.from_done:  # the next date is not known yet
        due: datetime = row.due
        return due if due >= now - LATEST else None
    zone = zone_of(row.in_zone, office) or office
    if row.whole_day:  # late when its last day has passed
        now -= max(row.ends - row.starts, _DAY) if row.ends is not None else _DAY
    return latest.of((str(row.rule).strip(), row.starts, zone), now, without)


def _end_of_its_day(row: Any, span: _Span, office: tzinfo) -> datetime:
    """What goes on all day is overdue when its last day has passed."""
    starts, ends = span
    if ends is not None and ends > starts:
        return ends
    zone = zone_of(row.in_zone, office) or office
    return datetime.combine(starts.astimezone(zone).date() + _DAY, time(), zone)


# --- statements -----------------------------------------------------------------------------------


def _statement(
    workspace: Workspace, question: Question, now: datetime, *, series: bool
) -> sa.Select[Any]:
    """Open activities whose responsible has a head: single ones that were due lately, with the
    highest level that was told; or series that are not over, found by the index of their ends."""
    when, tables, event = question.scheduled, workspace.tables, question.event
    staff, recurring = workspace.catalogue.staff(), event.trait(Recurring) or Recurring()
    people, events = tables.main[staff.key].alias("people"), tables.main[event.key]
    head = people.c[staff.field(HEAD).name]

    def of(key: str) -> sa.Column[Any]:
        return tables.column(event, event.field(key))

    private, due, rule = of(when.private), of(when.due), of(when.rule)
    values = (events.c.id, events.c.version, of(when.who), head, due, of(when.starts),
              of(when.ends), of(when.all_day), of(recurring.zone), rule,
              of(recurring.count_from))  # fmt: skip
    columns = [column.label(name) for name, column in zip(_COLUMNS, values, strict=True)]
    seen = (question.is_open(), head.is_not(None), head != of(when.who),
            sa.or_(private.is_(None), private.not_in(HIDDEN)))  # fmt: skip
    joined = events.join(people, people.c.id == of(when.who))
    if series:
        lasts = of(recurring.until) >= now - LATEST - _DAY
        return sa.select(*columns).select_from(joined).where(lasts, rule.is_not(None), *seen)
    level = _level(question)
    told = sa.func.max(level).label("told")
    known = joined.outerjoin(level.table, sa.and_(_own(question, question.trait.event)
                             == events.c.id, *_was_told(question)))  # fmt: skip
    late = (due >= now - LATEST, due <= now, rule.is_(None))
    wanted = sa.select(*columns, told).select_from(known).where(*late, *seen)
    return wanted.group_by(*values)


def _own(question: Question, key: str) -> sa.Column[Any]:
    return question.reader.tables.column(question.entity, question.entity.field(key))


def _level(question: Question) -> sa.Column[Any]:
    return _own(question, question.trait.level)


def _was_told(question: Question) -> tuple[sa.ColumnElement[bool], ...]:
    return _level(question).is_not(None), _own(question, question.trait.due).is_not(None)


def _told(
    question: Question, connection: sa.Connection, ids: Sequence[int]
) -> dict[int, list[tuple[int, datetime]]]:
    """The levels that heads were told of for each series, with their moments."""
    event, due = _own(question, question.trait.event), _own(question, question.trait.due)
    found: dict[int, list[tuple[int, datetime]]] = {}
    for part in parts_of(ids):
        wanted = sa.select(event, _level(question), due)
        for id_, level, at in connection.execute(
            wanted.where(event.in_(part), *_was_told(question))
        ):
            found.setdefault(id_, []).append((level, at))
    return found
