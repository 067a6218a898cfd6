"""Which objects the planner is about, asked of the catalogue once (trait `Scheduled`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.models.schema import Tables, link_target


@dataclass(frozen=True)
class Schedule:
    """The objects: `event` takes place, `part` says who and what takes part, `staff` and
    `resource` are the rows."""

    tables: Tables
    event: EntityDef
    scheduled: Scheduled
    part: EntityDef
    takes_part: TakesPart
    staff: EntityDef
    resource: EntityDef

    @staticmethod
    def of(tables: Tables) -> Schedule:
        """KeyError if the catalogue has nothing that is scheduled."""
        catalogue: Catalogue = tables.catalogue
        event, scheduled = catalogue.with_trait(Scheduled)
        part, takes_part = catalogue.with_trait(TakesPart)
        resource = catalogue[link_target(part.field(takes_part.resource))]
        return Schedule(tables, event, scheduled, part, takes_part, catalogue.staff(), resource)

    def column(self, key: str) -> sa.Column[Any]:
        """The column of a field of what takes place."""
        return self.tables.column(self.event, self.event.field(key))

    def part_column(self, key: str) -> sa.Column[Any]:
        """The column of a field of who takes part."""
        return self.tables.column(self.part, self.part.field(key))
