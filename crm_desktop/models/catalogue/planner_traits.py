"""The trait of objects whose records are rows of the planner."""

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
