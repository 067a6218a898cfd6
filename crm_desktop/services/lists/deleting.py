"""What a deletion of many records would take along, and what would lose its link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.schema import column_names
from crm_desktop.services.reader import parts_of
from crm_desktop.services.workspace import Workspace

MOST_COUNTED = 5_000
"""Of longer selections only so many records are asked what hangs on them."""
FIRST_NAMED = 6
Check = Callable[[], None]


@dataclass(frozen=True)
class Hanging:
    """Records that point to what is to be deleted. `goes`: they are deleted with it."""

    link: Link
    count: int
    goes: bool


@dataclass(frozen=True)
class DeletionPreview:
    """How many records go, what the first of them are called, what hangs on them; `whole` False:
    only the first `MOST_COUNTED` records were asked, it is at least so much."""

    count: int
    names: tuple[str, ...]
    hanging: tuple[Hanging, ...]
    whole: bool


def preview_deletion(
    workspace: Workspace, entity: EntityDef, ids: Sequence[int], check: Check
) -> DeletionPreview:
    """Counts and names; nothing is changed."""
    asked = list(ids[:MOST_COUNTED])
    named = asked[:FIRST_NAMED]
    titles = workspace.titles.of(Ref(entity.key, id_) for id_ in named)
    names = [titles[ref].text for id_ in named if (ref := Ref(entity.key, id_)) in titles]
    hanging = []
    for link in workspace.catalogue.links_to(entity):
        check()
        count = _count(workspace, link, asked)
        if count:
            hanging.append(Hanging(link, count, link.parent))
    whole = len(asked) == len(ids)
    return DeletionPreview(len(ids), tuple(names), tuple(hanging), whole)


def _count(workspace: Workspace, link: Link, ids: Sequence[int]) -> int:
    """How many records point to one of `ids` by this field."""
    table = workspace.tables.table_of(link.entity, link.field)
    column = table.c[column_names(link.field)[0]]
    wanted = sa.select(sa.func.count()).select_from(table)
    wanted = wanted.where(workspace.backend.among(column, alone=True))
    with workspace.backend.read() as connection:
        found = [connection.execute(wanted, {"ids": part}).scalar_one() for part in parts_of(ids)]
    return sum(found)
