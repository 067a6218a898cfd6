"""The conditions of a list, each for itself, and the way along an index that they were given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.query import Group, Where
from crm_desktop.services.lists.order import Segment

Element = sa.ColumnElement[bool]


@dataclass(frozen=True)
class PlanItem:
    """One of the conditions that all have to hold.

    `loud` may be looked up in an index, `quiet` may not. `fixed`: the column it holds at one
    value, if that column leads an index of titles. `targets`: what `link` has to lead to.
    """

    loud: Element
    quiet: Element
    indexed: bool
    fixed: sa.ColumnElement[Any] | None = None
    link: sa.ColumnElement[Any] | None = None
    targets: sa.Select[Any] | None = None


@dataclass(frozen=True)
class WalkPlan:
    """Segments to walk along, and the conditions to check on the way."""

    segments: tuple[Segment, ...]
    where: tuple[Element, ...]
    pure: bool = field(default=False)  # the segments alone hold exactly the matches


def conjuncts(where: Where | None) -> list[Where]:
    """The conditions that all have to hold."""
    if where is None:
        return []
    if isinstance(where, Group) and where.join == "and":
        return [part for item in where.items for part in conjuncts(item)]
    return [where]
