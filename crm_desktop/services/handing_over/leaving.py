"""Who hands over, who may take over, and by what it may be parted: known before it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.assignment.away import away_until
from crm_desktop.services.handing_over.parting import parting_fields

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST_COLLEAGUES = 500


class Leaving(NamedTuple):
    """`colleagues`: who may take over, those who are away last; `fields`: key and label."""

    person: int
    name: str
    colleagues: Sequence[tuple[int, str]]
    fields: Sequence[tuple[str, str]]


def leaving_of(workspace: Workspace, ref: Ref) -> Leaving:
    """Asks the base about a colleague."""
    staff = workspace.catalogue[ref.entity]
    rows = staff.trait(PlannerRows)
    where = Condition(rows.hidden, "eq", False) if rows is not None else None
    query = Query(staff.key, (staff.title_field,), where, sort=(Sort(staff.title_field),))
    found = workspace.lists.open(query).first(MOST_COLLEAGUES)
    people = [(row.id, str(row.cells[0])) for row in found if row.id != ref.id]
    away = away_until(workspace, [id_ for id_, _name in people])
    fields = [(f.key, _(f.label)) for f in parting_fields(workspace)]
    return Leaving(
        ref.id, workspace.titles.of([ref])[ref].text,
        sorted(people, key=lambda one: one[0] in away), fields,
    )  # fmt: skip
