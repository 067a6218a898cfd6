"""Looks who would be taken twice by an activity that is typed as words: planned, or moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR, Bar, seconds
from crm_desktop.services.planner.double_booking import check_double_booking
from crm_desktop.services.planner.moving import Move, NewEntry
from crm_desktop.services.planner.service import Planner

if TYPE_CHECKING:
    from crm_desktop.services.activities import Standing
    from crm_desktop.services.workspace import Workspace


def check_plan(
    workspace: Workspace, values: Mapping[str, Any], beside: Sequence[Ref], *, twice: bool
) -> None:
    """`DoubleBooked` if a new activity with these values would take somebody or something twice,
    unless `twice` was said by somebody who may. One without a time takes nobody's."""
    planner = Planner(workspace)
    when, starts = planner.schedule.scheduled, values.get(planner.schedule.scheduled.starts)
    who = values.get(when.who)
    rows = [*([Ref(planner.schedule.staff.key, who)] if who else []), *beside]
    if not isinstance(starts, datetime) or not rows:
        return
    begin, end = _span(starts, values.get(when.ends))
    title = str(values.get(planner.schedule.event.title_field) or "")
    new = NewEntry(rows[0], begin, end, title, str(values.get(when.kind) or ""),
                   values.get(when.about), tuple(rows[1:]))  # fmt: skip
    check_double_booking(planner, new.moves(), twice=twice)


def check_move(workspace: Workspace, one: Standing, to: datetime, *, twice: bool) -> None:
    """The same for an activity, or a date of a series, that begins at another moment."""
    planner = Planner(workspace)
    when, starts = planner.schedule.scheduled, one.values.get(planner.schedule.scheduled.starts)
    if not isinstance(starts, datetime):  # it has only a deadline
        return
    begin, end = _span(starts, one.values.get(when.ends))
    who = int(one.values.get(when.who) or 0)
    origin = seconds(one.date.original) if one.date is not None and not one.date.own else 0
    bar = Bar(one.id, Ref(planner.schedule.staff.key, who), begin, end,
              str(one.values.get(when.kind) or ""), str(one.values.get(when.state) or ""),
              str(one.values.get(planner.schedule.event.title_field) or ""),
              one.values.get(when.about), 0, who, series=bool(origin), origin=origin)  # fmt: skip
    move = Move(bar, seconds(to), seconds(to) + end - begin, bar.row)
    check_double_booking(planner, [move], twice=twice)


def _span(starts: datetime, ends: object) -> tuple[int, int]:
    begin = seconds(starts)
    return begin, max(seconds(ends), begin + 60) if isinstance(
        ends, datetime
    ) else begin + HALF_HOUR
