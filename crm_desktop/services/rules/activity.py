"""An activity's times and state agree with one another; what was left empty follows from them.

`moment` sorts the timeline: the start of what is planned, the completion of what was done. `due`
follows the times until somebody sets a deadline of its own. Reasons, attempts and who may do what
are told by `services/activities`; here is what holds however an activity is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.whole_days import midnight_in
from crm_desktop.services.activities.kinds import NO_HABITS, habits_in
from crm_desktop.services.reminders.moments import zone_of
from crm_desktop.services.rules.whole_days import office_zone
from crm_desktop.services.writing.batch import Batch, Staged

LONGEST_SUBJECT = 120
_LONGEST_DAY = timedelta(hours=25)  # when the clocks are set back
PLANNED, DONE = "planned", "done"
_AT_ONE_TIME = ("call", "meeting", "visit", "leave")
"""Kinds that took place when they began, whenever somebody ticks them off."""


def complete_activity(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Fills in subject, times, author and state where they were left empty."""
    values = staged.after
    if values is None:
        return
    before = staged.before or {}
    _keep_length(values, before, given)
    _keep_due(batch, values, before, given)
    _complete_state(batch, values, before, given)
    _complete_moment(batch, values, before, given)
    _ask_result(batch, values, before)
    if staged.before is None and values.get("author") is None:
        batch.put(staged, "author", batch.author)
    if not values.get("subject"):
        values["subject"] = _subject(staged)


def _keep_length(values: dict[str, Any], before: Mapping[str, Any], given: Collection[str]) -> None:
    """Whoever moves the start moves the end with it."""
    starts, ends, stood = values.get("starts"), values.get("ends"), before.get("starts")
    moves = stood is not None and starts != stood
    if moves and "moment" not in given and values.get("moment") == stood:
        values["moment"] = starts
    if ends is None:
        return
    if starts is None and "ends" not in given:
        values["ends"] = None
        return
    if starts is not None and stood is not None and starts != stood and "ends" not in given:
        ends = values["ends"] = _moved(ends, starts, stood)
    if starts is None:
        raise InvalidInput(_("Say when it starts, too"), field="starts")
    if ends < starts:
        raise InvalidInput(_("It ends before it starts: check the two times"), field="ends")


def _keep_due(
    batch: Batch, values: dict[str, Any], before: Mapping[str, Any], given: Collection[str]
) -> None:
    """A deadline that came of the times goes along with them."""
    if "due" in given or before.get("due") is None or before.get("starts") is None:
        return
    same = all(values.get(key) == before.get(key) for key in ("starts", "ends", "all_day"))
    if not same and before["due"] in (before["starts"], _due_of(batch, before)):
        values["due"] = None if values.get("starts") is None else _due_of(batch, values)


def _due_of(batch: Batch, values: Mapping[str, Any]) -> datetime:
    """When what has a start is due by itself: when it starts; what goes on for several days on the
    last of them, or at its end if that has an hour."""
    starts: datetime = values["starts"]
    ends: datetime | None = values.get("ends")
    if ends is None or ends - starts <= _LONGEST_DAY or values.get("rule"):
        return starts
    if not values.get("all_day"):
        return ends
    office = office_zone(batch)
    zone = zone_of(values.get("zone"), office) or office
    return midnight_in((ends - _LONGEST_DAY / 2).astimezone(zone).date(), zone)


def _moved(ends: datetime, starts: datetime, stood: datetime) -> datetime:
    try:
        return ends + (starts - stood)
    except OverflowError:
        return starts


def _complete_state(
    batch: Batch, values: dict[str, Any], before: Mapping[str, Any], given: Collection[str]
) -> None:
    """What has a date to come is planned; a planned one with a start is due by itself."""
    starts = values.get("starts")
    to_come = values.get("due") or (starts is not None and starts > batch.now)
    if not before and "state" not in given and to_come:
        values["state"] = PLANNED
    if values.get("state") in OPEN_STATES and starts is not None and not values.get("due"):
        values["due"] = _due_of(batch, values)


def _ask_result(batch: Batch, values: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """What was planned and is of a kind that asks for a result does not end without one."""
    ends = before.get("state") in OPEN_STATES and values.get("state") == DONE
    if ends and values.get("result") is None:
        known = habits_in(batch).get(str(values.get("kind") or ""), NO_HABITS)
        if known.result:
            raise InvalidInput(_("Say what came of it: choose a result"), field="result")


def _complete_moment(
    batch: Batch, values: dict[str, Any], before: Mapping[str, Any], given: Collection[str]
) -> None:
    starts, is_open = values.get("starts"), values.get("state") in OPEN_STATES
    if "moment" not in given:
        if is_open and starts is not None:
            values["moment"] = starts
        elif before.get("state") in OPEN_STATES and not is_open:
            values["moment"] = _ended(batch, values)
        elif not before and starts is not None:
            values["moment"] = starts
    values["moment"] = values.get("moment") or batch.now


def _ended(batch: Batch, values: Mapping[str, Any]) -> datetime:
    """When it happened: as it was planned, if that is past and it is no task; else now."""
    starts: datetime | None = values.get("starts")
    past = starts is not None and starts <= batch.now and values.get("kind") in _AT_ONE_TIME
    return starts if past and starts is not None else batch.now


def _subject(staged: Staged) -> str:
    body = str((staged.after or {}).get("body") or "").strip()
    if body:
        first = body.splitlines()[0]
        return first if len(first) <= LONGEST_SUBJECT else first[: LONGEST_SUBJECT - 1] + "…"
    kind = staged.entity.field("kind")
    chosen = (
        kind.choice(str((staged.after or {}).get("kind")))
        if isinstance(kind, ChoiceField)
        else None
    )
    return _(chosen.label) if chosen else _(staged.entity.label)
