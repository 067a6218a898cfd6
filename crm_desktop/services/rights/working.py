"""Everybody who works here, for choosing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.schema import sort_column

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


def working_people(workspace: Workspace) -> list[tuple[int, str]]:
    """Numbers and names of the colleagues who have not left, by name."""
    staff = workspace.catalogue.staff()
    table, trait = workspace.tables.main[staff.key], staff.trait(PlannerRows)
    name = workspace.tables.column(staff, staff.title)
    wanted = sa.select(table.c.id, name).order_by(table.c[sort_column(staff.title)], table.c.id)
    if trait is not None:
        gone = workspace.tables.column(staff, staff.field(trait.hidden))
        wanted = wanted.where(sa.or_(gone.is_(None), gone == sa.literal(False, gone.type)))
    with workspace.backend.read() as connection:
        return [(row[0], row[1] or "") for row in connection.execute(wanted)]
