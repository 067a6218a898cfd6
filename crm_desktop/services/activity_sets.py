"""Activity sets: the steps of a template planned at once around one date, and moved with it.

A step lies so many days from the date the set hangs on, or from another step; what falls on a day
off moves to the working day before it (steps before the date) or after it. Steps that were done
stay where they were done when the date moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.catalogue.builtin.activity_set import ACTIVITY_SET, SET_STEP
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.models.text.moments import parse_time
from crm_desktop.models.text.problems import Unreadable
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.changes import Title
from crm_desktop.services.records import Outcome
from crm_desktop.services.staging import Create, Update, Write
from crm_desktop.services.workspace import Workspace

KEY, SET, STEP = ACTIVITY.key, ACTIVITY_SET.key, SET_STEP.key
END_OF_DAY = time(18)
LONGEST_SEARCH = 60  # days off in a row before a day is taken as it is
MOST_STEPS = 500


@dataclass(frozen=True)
class Planned:
    """A step with its day: `times` are the fields of the activity that say when."""

    step: int
    day: date
    subject: str
    times: Mapping[str, Any]


@dataclass(frozen=True)
class Started:
    """A set that was started for a record: its name, its date, how many steps are still open."""

    set: int
    name: str
    anchor: date
    open: int


# --- dates --------------------------------------------------------------------------------------


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
        days[one] = _workday(base, int(steps[one].get("days") or 0), work)
    return days[id_]


def _workday(base: date, days: int, work: WorkTime) -> date:
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


# --- sets ---------------------------------------------------------------------------------------


def sets(workspace: Workspace) -> list[tuple[str, int]]:
    """(name, number) of the sets that are offered, in the order of the alphabet."""
    query = Query(SET, ("name", "retired"), sort=(Sort("name"),))
    rows = workspace.lists.open(query).first(MOST_STEPS)
    values = workspace.reader.many(SET, [row.id for row in rows], ["name", "retired"])
    return [(values[row.id]["name"], row.id) for row in rows if not values[row.id]["retired"]]


def preview(workspace: Workspace, set_: int, anchor: date) -> list[Planned]:
    """What starting the set would plan."""
    return planned_steps(_steps(workspace, set_), anchor, workspace.worktime.of(None))


def _steps(workspace: Workspace, set_: int) -> dict[int, dict[str, Any]]:
    rows = workspace.reader.linked(STEP, "set", [set_])
    found = {id_: row.values for id_, row in sorted(rows.items())[:MOST_STEPS]}
    if not found:
        raise InvalidInput(_("The set has no steps yet: add them on its card"))
    return found


def start(workspace: Workspace, set_: int, about: Ref, anchor: date) -> Outcome:
    """Plans all steps of a set about a record, as one operation."""
    steps = _steps(workspace, set_)
    writes: list[Write] = []
    for one in planned_steps(steps, anchor, workspace.worktime.of(None)):
        step = steps[one.step]
        values = {
            "subject": one.subject, "kind": step.get("kind"), "state": "planned", "about": about,
            "author": step.get("author"), "body": step.get("body"), "step": one.step,
            "anchor": anchor, **one.times,
        }  # fmt: skip
        writes.append(Create(KEY, {k: v for k, v in values.items() if v is not None}))
    name = workspace.reader.many(SET, [set_], ["name"])[set_]["name"]
    return workspace.records.apply(writes, Title(N_("Set started: {name}"), {"name": name}))


# --- a moved date -------------------------------------------------------------------------------


def started(workspace: Workspace, about: Ref) -> list[Started]:
    """The sets that were started for a record and have steps to be done."""
    found: dict[tuple[int, date], int] = {}
    steps = _open_steps(workspace, about)
    owners = _owners(workspace, [values["step"] for _id, values in steps])
    for _id, values in steps:
        key = (owners.get(values["step"], 0), values["anchor"])
        found[key] = found.get(key, 0) + 1
    names = workspace.reader.many(SET, {set_ for set_, _day in found if set_}, ["name"])
    return [Started(set_, names[set_]["name"], anchor, count)
            for (set_, anchor), count in sorted(found.items()) if set_ in names]  # fmt: skip


def _open_steps(workspace: Workspace, about: Ref) -> list[tuple[int, Mapping[str, Any]]]:
    where = (
        Condition("step", "filled"), Condition("state", "in", OPEN_STATES),
    )  # fmt: skip
    query = Query(KEY).narrowed(*where, Condition("about", "eq", [about.entity, about.id]))
    ids = list(workspace.lists.open(query).ids())
    rows = workspace.reader.many(KEY, ids, None)
    return [(id_, row) for id_, row in sorted(rows.items()) if row.get("anchor") is not None]


def _owners(workspace: Workspace, steps: Sequence[int]) -> dict[int, int]:
    rows = workspace.reader.many(STEP, set(steps), ["set"])
    return {id_: row["set"] for id_, row in rows.items()}


def preview_move(
    workspace: Workspace, about: Ref, one: Started, anchor: date
) -> list[tuple[int, Planned]]:
    """The open steps of a started set with the days they would move to."""
    open_ones = [(id_, row) for id_, row in _open_steps(workspace, about)
                 if row["anchor"] == one.anchor]  # fmt: skip
    owners = _owners(workspace, [row["step"] for _id, row in open_ones])
    planned = {p.step: p for p in preview(workspace, one.set, anchor)}
    return [(id_, planned[row["step"]]) for id_, row in open_ones
            if owners.get(row["step"]) == one.set and row["step"] in planned]  # fmt: skip


def move(workspace: Workspace, about: Ref, one: Started, anchor: date) -> Outcome:
    """Moves the open steps of a started set with its date; done ones stay."""
    writes: list[Write] = [
        Update(KEY, id_, {"anchor": anchor, **_cleared(planned.times)})
        for id_, planned in preview_move(workspace, about, one, anchor)
    ]
    if not writes:
        raise InvalidInput(_("Nothing of this set is open any more"))
    return workspace.records.apply(writes, Title(N_("Set moved: {name}"), {"name": one.name}))


def _cleared(times: Mapping[str, Any]) -> dict[str, Any]:
    """All the times of a step, those it does not have emptied."""
    return {"starts": None, "ends": None, **times}
