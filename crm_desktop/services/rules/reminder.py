"""Reminders follow their activity: moved with it, silent once it is done, made by default."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.services.activities.kinds import NO_HABITS, habits_in
from crm_desktop.services.reminders.moments import (
    LATEST,
    DayZones,
    base_moment,
    due_moment,
    usual_reminders,
    zone_of,
)
from crm_desktop.services.worktime.reading import Calendars, read_calendars
from crm_desktop.services.writing.batch import Batch, Staged, same

MATTERS = ("starts", "due", "state", "all_day", "zone")
WHO = "author"
"""Whose clock tells when nine in the morning is, unless a reminder is somebody else's."""
REMINDER = "reminder"
OF = "activity"
_CALENDARS = "working calendars"


def remind_of_activity(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """A planned activity gets the reminder of its kind; those it has follow it."""
    values = staged.after
    if values is None:
        return
    if staged.before is None:
        if values.get("state") in OPEN_STATES:
            _propose(batch, staged)
        return
    matters = (*MATTERS, WHO) if values.get("all_day") else MATTERS
    if all(same(staged.before.get(key), values.get(key)) for key in matters):
        return
    entity = batch.catalogue[REMINDER]
    if base_moment(values) is None and base_moment(staged.before) is None:
        return
    for reminder in batch.linked(entity, entity.field(OF), staged.id):
        _settle(batch, reminder, values)


def complete_reminder(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Knows when it is due; one that was asked for stands in place of the usual one."""
    values = staged.after
    if values is None or values.get(OF) is None:
        return
    activity = batch.row(batch.catalogue[OF], values[OF])
    if values.get("level") is not None:  # told to a head: `escalation` says when
        return
    if values.get("offset") is None:
        usual = _usual(batch, activity.after or {})
        batch.put(staged, "offset", usual[0][0] if usual else 0)
    if base_moment(activity.after or {}) is not None:  # else it has a moment of its own, or none
        _settle(batch, staged, activity.after or {})
    if staged.before is None and activity.before is None:
        entity = staged.entity
        for other in batch.linked(entity, entity.field(OF), activity.id):
            if other.id in batch.proposed:
                batch.delete(other)


def _propose(batch: Batch, staged: Staged) -> None:
    """Makes the reminders of a new activity: those of its series, else that of its kind."""
    values, entity = staged.after or {}, batch.catalogue[REMINDER]
    moment = base_moment(values)
    if moment is None or staged.id in batch.proposed:  # or somebody says which ones, or none
        return
    wanted: list[dict[str, Any]] = []
    if values.get("series") is not None:
        found = batch.linked(entity, entity.field(OF), values["series"])
        wanted = [{k: (r.after or {}).get(k) for k in ("staff", "offset", "channel")}
                  for r in found if (r.after or {}).get("level") is None]  # fmt: skip
    else:
        usual = _usual(batch, values)
        wanted = [{"offset": offset, "channel": channel} for offset, channel in usual]
    for one in wanted:
        due = _due(batch, values, one, moment)
        if due < batch.now - LATEST and not values.get("rule"):
            continue
        made = batch.create(entity, {**one, OF: staged.id, "due": due})
        batch.proposed.add(made.id)


def _usual(batch: Batch, activity: dict[str, Any]) -> list[tuple[int, str]]:
    """The reminders of the kind of an activity."""
    known = habits_in(batch).get(str(activity.get("kind") or ""), NO_HABITS)
    return usual_reminders(activity, known.reminders)


def _settle(batch: Batch, reminder: Staged, activity: dict[str, Any]) -> None:
    if (reminder.after or {}).get("level") is not None:
        batch.put(reminder, "due", None)  # the head is told anew if it is overdue again
        return
    moment = base_moment(activity) if activity.get("state") in OPEN_STATES else None
    due = _due(batch, activity, reminder.after or {}, moment) if moment is not None else None
    if not same((reminder.after or {}).get("due"), due):
        batch.put(reminder, "due", due)


def _due(
    batch: Batch, activity: Mapping[str, Any], reminder: Mapping[str, Any], moment: datetime
) -> datetime:
    offset, day = int(reminder.get("offset") or 0), None
    if activity.get("all_day"):
        whom = reminder.get("staff") or activity.get(WHO)
        day = _day_zones(batch, whom).with_own(zone_of(activity.get("zone")))
    return due_moment(moment, offset, day)


def _day_zones(batch: Batch, whom: int | None) -> DayZones:
    """The calendars are asked for once in a batch."""
    known = batch.asked.get(_CALENDARS)
    if not isinstance(known, Calendars):
        known = batch.asked[_CALENDARS] = read_calendars(batch.reader, batch.connection)
    return DayZones(known.of(whom).zone, known.office)
