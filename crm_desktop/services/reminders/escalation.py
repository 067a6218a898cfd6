"""What is overdue tells the head of its responsible, once for each level (issue 4, section 3).

The levels are working minutes of the responsible after the moment it was due; leave is not taken
out, since the work of somebody who is ill waits most of all. What a head is told of is a reminder
with `level`, due at the moment the level was reached: it comes up, is put off and answered like any
other. A rule that plans something may have the head told at once, whatever the office says. Moving
or ending the activity silences it (`rules/reminder`); overdue again tells anew. Of a series each
date tells by itself, when it is the latest (`overdue`). What others may not see is nobody else's
business here, either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.traits import Recurring, Reminds
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.activities.kinds import overdue_levels
from crm_desktop.services.automation.urgent import planned_by, urgent_rules
from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.reminders.overdue import Overdue, overdue
from crm_desktop.services.reminders.question import Question, open_states
from crm_desktop.services.writing.batch import Batch, Staged
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 500
"""Activities that are told of by one look; the next look tells of the others."""
_MINUTE = timedelta(minutes=1)
TOLD = Title(N_("Head told of what is overdue: {count} activity"), {},
             N_("Head told of what is overdue: {count} activities"))  # fmt: skip


class Late(NamedTuple):
    """What is overdue, the highest level it has reached, and when."""

    of: Overdue
    level: int
    moment: datetime


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
    """What has reached a level that nobody was told of, the latest due first."""
    levels = overdue_levels(workspace)
    rules = urgent_rules(workspace) if 0 not in levels else []
    if not levels and not rules:
        return []
    rows = overdue(workspace)
    at_once = planned_by(workspace, rules, [row.id for row in rows])
    times = workspace.worktime.of_many([row.who for row in rows]) if rows else {}
    now, found = workspace.clock.now(), []
    for row in rows:
        working = _always_there(times[row.who])
        own = (0, *levels) if row.id in at_once else levels
        reached = [(level, _moment(working, row.due, level)) for level in own]
        reached = [one for one in reached if one[1] <= now]
        if reached and (row.told is None or row.told < reached[-1][0]):
            found.append(Late(row, *reached[-1]))
    return found[:MOST]


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


# --- writing ------------------------------------------------------------------------------------


def _writes(
    workspace: Workspace, batch: Batch, late: Sequence[Late], told: list[int]
) -> list[Write]:  # fmt: skip
    """What is still to be told, as the activities stand in the transaction that writes."""
    question = workspace.reminders.question
    reminder, trait = question.entity, question.trait
    ids = [one.of.id for one in late]
    batch.prefetch(question.event, ids)
    batch.prefetch_linked(reminder, reminder.field(trait.event), ids)
    writes = list[Write]()
    for one in late:
        if not _is_late_still(batch, question, one.of):
            continue
        rows = batch.linked(reminder, reminder.field(trait.event), one.of.id)
        more = _of_one(
            reminder.key, trait, one, [row for row in rows if _value(row, trait.level) is not None]
        )
        told += [one.of.id] if more else []
        writes += more
    return writes


def _is_late_still(batch: Batch, question: Question, late: Overdue) -> bool:
    event, when = question.event, question.scheduled
    staged = batch.rows.get((event.key, late.id))
    values = (staged.after if staged is not None else None) or {}
    if values.get(when.state) not in open_states(event) or values.get(when.due) != late.stands:
        return False
    if late.original is None or staged is None or staged.stored is None:
        return True
    recurring = event.trait(Recurring) or Recurring()
    own = batch.linked(event, event.field(recurring.series), late.id)
    replaced = {_value(row, recurring.occurrence) for row in own}
    return staged.stored.version == late.version and late.original not in replaced


def _of_one(key: str, trait: Reminds, one: Late, rows: Sequence[Staged]) -> list[Write]:
    """The reminder of this level; those of lower ones say no more than it does."""
    standing = [row for row in rows if _value(row, trait.due) is not None]
    known = (row for row in standing if _value(row, trait.due) >= one.of.due)  # not of former dates
    if any(int(_value(row, trait.level)) >= one.level for row in known):
        return []
    writes: list[Write] = [Update(key, row.id, {trait.due: None}) for row in standing]
    old = next((row for row in rows if _value(row, trait.level) == one.level), None)
    values: dict[str, Any] = {trait.whom: one.of.head, trait.due: one.moment}
    if old is not None:
        return [*writes, Update(key, old.id, values)]
    values |= {trait.event: one.of.id, trait.level: one.level, trait.channel: trait.window}
    return [*writes, Create(key, {**values, trait.offset: -one.level})]


def _value(row: Staged, key: str) -> Any:
    return (row.after or {}).get(key)
