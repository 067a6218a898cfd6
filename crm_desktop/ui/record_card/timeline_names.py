"""What records without a title of their own are called on the timeline: a job, after its person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


def called_by_others(base: Workspace, refs: Iterable[Ref], owner: Ref) -> dict[Ref, Any]:
    """The titles of what else these records belong to beside `owner`, for those without a title."""
    ids: dict[str, list[int]] = defaultdict(list)
    for ref in refs:
        ids[ref.entity].append(ref.id)
    others: dict[Ref, Ref] = {}
    for key, some in ids.items():
        entity = base.catalogue[key]
        links = _parents(entity)
        if len(links) < 2:
            continue
        read = base.reader.many(key, some, [entity.title_field, *(f.key for f in links)])
        for id_, values in read.items():
            other = None if values.get(entity.title_field) else _other(links, values, owner)
            if other is not None:
                others[Ref(key, id_)] = other
    titles = base.titles.of(others.values())
    return {ref: titles[other] for ref, other in others.items() if other in titles}


def _parents(entity: EntityDef) -> list[LinkField]:
    if entity.navigation:
        return []
    return [f for f in entity.fields if isinstance(f, LinkField) and f.parent]


def _other(links: list[LinkField], values: Mapping[str, Any], owner: Ref) -> Ref | None:
    refs = [Ref(f.target, values[f.key]) for f in links if values.get(f.key) is not None]
    return next((ref for ref in refs if ref != owner), None)
