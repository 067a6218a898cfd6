"""The steps of an activity set as plain values: on which day each lies, and what it plans.

A step lies so many days from the date the set hangs on, or from another step; what falls on a day
off moves to the working day before it (steps before the date) or after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.moments import parse_time
from crm_desktop.models.text.problems import Unreadable
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.writing.staging import Create

END_OF_DAY = time(18)
LONGEST_SEARCH = 60  # days off in a row before a day is taken as it is


@dataclass(frozen=True)
class Planned:
    """A step with its day: `times` are the fields of the activity that say when."""

    step: int
    day: date
    subject: str
    times: Mapping[str, Any]


def step_writes(
    steps: Mapping[int, Mapping[str, Any]], about: Ref, anchor: date, work: WorkTime
) -> list[Create]:
    """The activities of all steps about a record."""
    writes = []
    for one in planned_steps(steps, anchor, work):
        step = steps[one.step]
        values = {
            "subject": one.subject, "kind": step.get("kind"), "state": "planned", "about": about,
            "author": step.get("author"), "body": step.get("body"), "step": one.step,
            "anchor": anchor, **one.times,
        }  # fmt: skip
        given = {k: v for k, v in values.items() if v is not None}
        writes.append(Create(ACTIVITY.key, given))
    return writes


def planned_steps(
    steps: Mapping[int, Mapping[str, Any]], anchor: date, work: WorkTime
) -> list[Planned]:
    """The steps (values by id) with their days, in the order of the days.

    `InvalidInput` if steps wait for one another in a circle or a time of day cannot be read.
    """
    days: dict[int, date] = {}
    found = [
        Planned(id_, _day(id_, steps, anchor, work, days), str(values.get("subject") or ""), {})
        for id_, values in steps.items()
    ]
    found = [Planned(one.step, one.day, one.subject, _times(steps[one.step], one.day, work))
             for one in found]  # fmt: skip
    place = {id_: int(values.get("position") or 0) for id_, values in steps.items()}
    return sorted(found, key=lambda one: (one.day, place[one.step], one.step))


def _day(
    id_: int, steps: Mapping[int, Mapping[str, Any]], anchor: date, work: WorkTime,
    days: dict[int, date],
) -> date:  # fmt: skip
    """The day of a step; those it waits for are reckoned first."""
    chain: list[int] = []
    at: int | None = id_
    while at is not None and at not in days:
        if at in chain:
            raise InvalidInput(_("The steps of the set wait for one another: break the circle"))
        chain.append(at)
        after = steps[at].get("after")
        at = after if after in steps else None
    for one in reversed(chain):
        after = steps[one].get("after")
        base = days.get(after or 0, anchor)
        days[one] = workday(base, int(steps[one].get("days") or 0), work)
    return days[id_]


def workday(base: date, days: int, work: WorkTime) -> date:
    """The working day so many days from `base`, or the next one on the same side of it."""
    try:
        wanted = found = base + timedelta(days=days)
        step = timedelta(days=-1 if days < 0 else 1)
        for _try in range(LONGEST_SEARCH):
            if work.is_workday(found):
                return found
            found += step
    except OverflowError:
        raise InvalidInput(_("A step lies beyond every calendar")) from None
    return wanted


def _times(step: Mapping[str, Any], day: date, work: WorkTime) -> dict[str, Any]:
    typed = str(step.get("time") or "").strip()
    if not typed:
        ranges = work.ranges(day)
        end = datetime.combine(day, END_OF_DAY, work.zone).astimezone(UTC)
        return {"due": ranges[-1][1].astimezone(UTC) if ranges else end}
    try:
        begins = datetime.combine(day, parse_time(typed), work.zone).astimezone(UTC)
    except Unreadable:
        raise InvalidInput(
            _("“{text}” is not a time of day: correct the step").format(text=typed)
        ) from None
    minutes = int(step.get("minutes") or 0)
    ends = {"ends": begins + timedelta(minutes=minutes)} if minutes else {}
    return {"starts": begins, "due": begins, **ends}
