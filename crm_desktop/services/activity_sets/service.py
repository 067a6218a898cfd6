"""Activity sets: the steps of a template planned at once around one date, and moved with it.

A step lies so many days from the date the set hangs on, or from another step; what falls on a day
off moves to the working day before it (steps before the date) or after it. Steps that were done
stay where they were done when the date moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY, OPEN_STATES
from crm_desktop.models.catalogue.builtin.activity_set import ACTIVITY_SET, SET_STEP
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.activity_sets.steps import Planned, planned_steps, step_writes
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Update, Write

KEY, SET, STEP = ACTIVITY.key, ACTIVITY_SET.key, SET_STEP.key
MOST_STEPS = 500


@dataclass(frozen=True)
class Started:
    """A set that was started for a record: its name, its date, how many steps are still open."""

    set: int
    name: str
    anchor: date
    open: int


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
    writes = step_writes(steps, about, anchor, workspace.worktime.of(None))
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
