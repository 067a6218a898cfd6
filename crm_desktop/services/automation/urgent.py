"""What rules planned so that the head is told at once when it is missed (`escalates`).

The levels of the office say when heads are told of everything else; such a rule adds the moment of
the deadline itself, for what it planned alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.catalogue.sales_traits import Automations, Firings
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.services.reader import parts_of

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

AT_ONCE = "escalates"
"""The field of a rule."""


def urgent_rules(workspace: Workspace) -> list[int]:
    """The rules that say so, switched off ones too: what they planned is still to be done."""
    entity, _trait = workspace.catalogue.with_trait(Automations)
    column = workspace.tables.column(entity, entity.field(AT_ONCE))
    asked = sa.select(workspace.tables.main[entity.key].c.id).where(
        column == sa.literal(True, column.type)
    )
    with workspace.backend.read() as connection:
        return list(connection.execute(asked).scalars())


def planned_by(
    workspace: Workspace, rules: Collection[int], activities: Collection[int]
) -> set[int]:
    """Those of the activities that one of the rules planned."""
    if not rules or not activities:
        return set()
    entity, trait = workspace.catalogue.with_trait(Firings)
    events = workspace.catalogue.with_trait(Scheduled)[0].key
    link = next(f for f in entity.fields if getattr(f, "target", "") == events)
    event, rule = (
        workspace.tables.column(entity, f) for f in (link, entity.field(trait.rule))
    )  # fmt: skip
    found = set[int]()
    with workspace.backend.read() as connection:
        for part in parts_of(activities):
            asked = sa.select(event, rule).where(event.in_(part))
            found |= {row[0] for row in connection.execute(asked) if row[1] in rules}
    return found
