"""Traits of what the planner works with: its rows, and sets of steps."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.definitions import Trait


@dataclass(frozen=True)
class PlannerRows(Trait):
    """Its records are rows of the planner: people, rooms, cars. `detail` stands under the name,
    `group` is a link to the department, the yes/no field `hidden` takes the row away
    (`services/planner`)."""

    detail: str
    group: str
    hidden: str


@dataclass(frozen=True)
class StepSets(Trait):
    """Its records are sets of steps. One begins by itself about a record of the object `of` that
    is saved with its field `when` at the value `becomes`: keys, and the value as text; not where
    the yes/no field `retired` says so. `steps` and `owner`: the object of the steps and its link
    to the set (`services/activity_sets/beginning`)."""

    steps: str
    of: str = "of"
    when: str = "when"
    becomes: str = "becomes"
    retired: str = "retired"
    owner: str = "set"


@dataclass(frozen=True)
class Concerns(Trait):
    """Each record says that the scheduled record `event` concerns `record` as well, beside the one
    it is kept with (`services/activities/concerns`)."""

    event: str
    record: str
