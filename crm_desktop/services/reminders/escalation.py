"""What is overdue tells the head of its responsible, once for each level (issue 4, section 3).

The levels are working minutes of the responsible after the moment it was due; leave is not taken
out, since the work of somebody who is ill waits most of all. What a head is told of is a reminder
with `level`, due at the moment the level was reached: it comes up, is put off and answered like any
other. Moving or ending the activity silences it (`rules/reminder`); overdue again tells anew.
What others may not see is nobody else's business here, either; a series tells of no occurrence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.traits import Reminds
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.activity_kinds import overdue_levels
from crm_desktop.services.batch import Batch, Staged
from crm_desktop.services.changes import Title
from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.privacy import HIDDEN
from crm_desktop.services.reminders.moments import LATEST, zone_of
from crm_desktop.services.reminders.question import open_states
from crm_desktop.services.staging import Create, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

HEAD = "head"
"""The field of a colleague: to whom they report."""
MOST = 500
"""Activities that are told of by one look; the next look tells of the others."""
_MINUTE = timedelta(minutes=1)
TOLD = Title(N_("Head told of what is overdue: {count} activity"), {},
             N_("Head told of what is overdue: {count} activities"))  # fmt: skip


class Late(NamedTuple):
    """An overdue activity: the highest level it has reached, when, and who is told."""

    activity: int
    head: int
    level: int
    moment: datetime
    due: datetime


def is_due(workspace: Workspace) -> bool:
    """Whether `tell_heads` has anything to do; only reads."""
    return bool(_late(workspace))


def tell_heads(workspace: Workspace) -> int:
    """Makes the reminders of heads that are due and not made yet; how many activities."""
    late = _late(workspace)
    if not late:
        return 0
    told: list[int] = []

    def plan(batch: Batch) -> Sequence[Write]:
        told.clear()
        return _writes(workspace, batch, late, told)

    def named() -> Title:
        return Title(TOLD.message, {"count": len(late)}, TOLD.many)

    workspace.records.apply(plan, named(), kind=BY_ITSELF)
    return len(told)


# --- what has reached a level -------------------------------------------------------------------


def _late(workspace: Workspace) -> list[Late]:
    """Activities whose highest level nobody was told of, the latest due first."""
    levels = overdue_levels(workspace)
    if not levels:
        return []
    rows = _overdue(workspace)
    times = workspace.worktime.of_many([row.who for row in rows]) if rows else {}
    zone, now = workspace.clock.zone(), workspace.clock.now()
    found = []
    for row in rows:
        working = _always_there(times[row.who])
        due = _end_of_its_day(row, zone) if row.whole_day else row.due
        reached = [(level, _moment(working, due, level)) for level in levels]
        reached = [one for one in reached if one[1] <= now]
        if reached and (row.told is None or row.told < reached[-1][0]):
            found.append(Late(row.id, row.head, *reached[-1], row.due))
    return found[:MOST]


def _overdue(workspace: Workspace) -> list[Any]:
    """Open activities that were due lately, with the head and the highest level that was told."""
    question, now = workspace.reminders.question, workspace.clock.now()
    when, trait, tables = question.scheduled, question.trait, workspace.tables
    staff = workspace.catalogue.staff()
    people, told = tables.main[staff.key].alias("people"), tables.main[question.entity.key]
    head = people.c[staff.field(HEAD).name]
    level = told.c[question.entity.field(trait.level).name]
    events = tables.main[question.event.key]

    def of(key: str) -> sa.Column[Any]:
        return tables.column(question.event, question.event.field(key))

    joined = events.join(people, people.c.id == of(when.who)).outerjoin(
        told,
        sa.and_(tables.column(question.entity, question.entity.field(trait.event)) == events.c.id,
                level.is_not(None),
                tables.column(question.entity, question.entity.field(trait.due)).is_not(None)),
    )  # fmt: skip
    private = of(when.private)
    due, columns = of(when.due), (
        events.c.id.label("id"), of(when.who).label("who"), head.label("head"),
        of(when.due).label("due"), of(when.starts).label("starts"), of(when.ends).label("ends"),
        of(when.all_day).label("whole_day"), of("zone").label("in_zone"),
    )  # fmt: skip
    wanted = (
        sa.select(*columns, sa.func.max(level).label("told"))
        .select_from(joined)
        .where(due >= now - LATEST, due <= now, question.is_open(), head.is_not(None),
               head != of(when.who), of(when.rule).is_(None),
               sa.or_(private.is_(None), private.not_in(HIDDEN)))
        .group_by(*(column.element for column in columns))
        .order_by(due.desc())
    )  # fmt: skip
    with workspace.backend.read() as connection:
        return list(connection.execute(wanted))


def _always_there(working: WorkTime) -> WorkTime:
    return WorkTime(replace(working.calendar, absent=()))


def _moment(working: WorkTime, due: datetime, level: int) -> datetime:
    """When a level is reached. What was due in a rest is overdue when work begins again."""
    try:
        if level:
            return working.add_minutes(due, level)
        worked = working.minutes_between(due - _MINUTE, due)
        return due if worked else working.next_moment(due)
    except InvalidInput:  # a calendar without any working time
        return due + level * _MINUTE


def _end_of_its_day(row: Any, office: tzinfo) -> datetime:
    """What goes on all day is overdue when its last day has passed."""
    if row.ends is not None and row.starts is not None and row.ends > row.starts:
        ends: datetime = row.ends
        return ends
    zone = zone_of(row.in_zone, office) or office
    day = (row.starts or row.due).astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone)


# --- writing ------------------------------------------------------------------------------------


def _writes(
    workspace: Workspace, batch: Batch, late: Sequence[Late], told: list[int]
) -> list[Write]:  # fmt: skip
    """What is still to be told, as the activities stand in the transaction that writes."""
    question = workspace.reminders.question
    reminder, trait = question.entity, question.trait
    batch.prefetch(question.event, [one.activity for one in late])
    batch.prefetch_linked(reminder, reminder.field(trait.event), [one.activity for one in late])
    open_, when, writes = open_states(question.event), question.scheduled, list[Write]()
    for one in late:
        staged = batch.rows.get((question.event.key, one.activity))
        values = (staged.after if staged is not None else None) or {}
        if values.get(when.state) not in open_ or values.get(when.due) != one.due:
            continue
        rows = batch.linked(reminder, reminder.field(trait.event), one.activity)
        more = _of_one(
            reminder.key, trait, one, [row for row in rows if _value(row, trait.level) is not None]
        )
        told += [one.activity] if more else []
        writes += more
    return writes


def _of_one(key: str, trait: Reminds, one: Late, rows: Sequence[Staged]) -> list[Write]:
    """The reminder of this level; those of lower ones say no more than it does."""
    standing = [row for row in rows if _value(row, trait.due) is not None]
    if any(int(_value(row, trait.level)) >= one.level for row in standing):
        return []
    writes: list[Write] = [Update(key, row.id, {trait.due: None}) for row in standing]
    old = next((row for row in rows if _value(row, trait.level) == one.level), None)
    values: dict[str, Any] = {trait.whom: one.head, trait.due: one.moment}
    if old is not None:
        return [*writes, Update(key, old.id, values)]
    values |= {trait.event: one.activity, trait.level: one.level, trait.channel: trait.window}
    return [*writes, Create(key, {**values, trait.offset: -one.level})]


def _value(row: Staged, key: str) -> Any:
    return (row.after or {}).get(key)
