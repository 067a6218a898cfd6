"""Reminders that are asked for in one line: of a new activity, or in place of those it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import N_
from crm_desktop.services.activities.kinds import check_reminders
from crm_desktop.services.reminders.moments import ALL_DAY, usual_reminders
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.create_with import Along
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Create, Delete, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

Reminders = Sequence[tuple[int, str]]
CHANGED = Title(N_("Reminders changed"))


def with_reminders(workspace: Workspace, wanted: Reminders, values: Mapping[str, Any]) -> Along:
    """These reminders instead of those of its kind, for a new activity with these values."""
    check_reminders(wanted)

    def along(batch: Batch, id_: int) -> Sequence[Write]:
        batch.proposed.add(id_)
        return [_create(workspace, id_, one) for one in usual_reminders(values, wanted)]

    return along


def set_reminders(
    workspace: Workspace, activity: int, wanted: Reminders, *, all_day: bool
) -> Outcome:
    """These and no others; what stands already stays as it is, with what was said to it."""
    check_reminders(wanted)
    trait = workspace.reminders.question.trait
    new = usual_reminders({"all_day": all_day}, wanted)
    writes: list[Write] = []
    for id_, row in workspace.reminders.of(activity).items():
        one = (int(str(row.get(trait.offset) or 0)), str(row.get(trait.channel) or trait.window))
        if one in new:
            new.remove(one)
        else:
            writes.append(Delete(workspace.reminders.question.entity.key, id_))
    writes += [_create(workspace, activity, one) for one in new]
    return workspace.records.apply(writes, CHANGED)


def as_typed(reminders: Reminders, *, all_day: bool) -> list[tuple[int, str]]:
    """As people say them: before a whole day in whole days, without the hour of the morning."""
    shift = ALL_DAY if all_day else 0
    return [(max(0, minutes - shift), channel) for minutes, channel in reminders]


def _create(workspace: Workspace, activity: int, one: tuple[int, str]) -> Create:
    question = workspace.reminders.question
    trait = question.trait
    values = {trait.event: activity, trait.offset: one[0], trait.channel: one[1]}
    return Create(question.entity.key, values)
