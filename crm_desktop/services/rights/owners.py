"""Among whose records one record counts: `models/catalogue/ownership` asked of real records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.ownership import hangs, owner_field, parent_link
from crm_desktop.models.catalogue.traits import TakesPart
from crm_desktop.models.schema import Tables
from crm_desktop.services.reader import Reader
from crm_desktop.services.writing.batch import Batch

DEEPEST = 8
"""Records that hang on one another are not followed further than this."""


class Known(NamedTuple):
    """What of a record says whose it is."""

    entity: EntityDef
    id: int | None
    values: Mapping[str, Any]
    created_by: int | None
    is_new: bool = False


Look = Callable[[Ref], Known | None]


def whole(catalogue: Catalogue, one: Known, look: Look) -> Known | None:
    """The record whose rights decide: itself, or the one that it hangs on in the end."""
    for _step in range(DEEPEST):
        if not hangs(one.entity):
            return one
        ref = parent_of(catalogue, one)
        above = look(ref) if ref is not None else None
        if above is None:
            return None
        one = above
    return None


def owners(
    catalogue: Catalogue, one: Known, look: Look, parts: Callable[[int], Collection[int]]
) -> frozenset[int]:
    """Its owners; empty: it is everybody's. `parts`: who takes part in a scheduled record."""
    found: set[int] = set()
    for _step in range(DEEPEST):
        own, ref = _own(one), parent_of(catalogue, one)
        if own is None and (owner_field(one.entity) is not None or ref is None):
            own = one.created_by
        if own is not None:
            found.add(own)
        if one.id is not None and _is_event(catalogue, one.entity):
            found.update(parts(one.id))
        above = look(ref) if ref is not None else None
        if above is None:
            break
        one = above
    return frozenset(found)


def _own(one: Known) -> int | None:
    f = owner_field(one.entity)
    value = one.values.get(f.key) if f is not None else None
    return int(value) if value is not None else None


def parent_of(catalogue: Catalogue, one: Known) -> Ref | None:
    """The record that it hangs on or belongs to."""
    link = parent_link(one.entity)
    value = one.values.get(link.key) if link is not None else None
    if value is None or link is None:
        return None
    ref = Ref(link.target, value) if isinstance(link, LinkField) else Ref(*value)
    return ref if catalogue.has(ref.entity) else None


def _is_event(catalogue: Catalogue, entity: EntityDef) -> bool:
    part, takes = catalogue.with_trait(TakesPart)
    return getattr(part.field(takes.event), "target", "") == entity.key


def in_batch(batch: Batch) -> Look:
    """Looks in what a transaction has before it, then in the base; nothing is locked."""

    def look(ref: Ref) -> Known | None:
        staged, entity = batch.seen(ref), batch.catalogue[ref.entity]
        if staged is not None:
            made_by = staged.stored.created_by if staged.stored else batch.author
            values = staged.before or staged.after or {}
            return Known(entity, ref.id, values, made_by, staged.before is None)
        return in_base(batch.reader, batch.connection)(ref)

    return look


def in_base(reader: Reader, connection: sa.Connection | None = None) -> Look:
    """Looks in the base."""

    def look(ref: Ref) -> Known | None:
        entity = reader.tables.catalogue[ref.entity]
        found = reader.many(
            ref.entity, [ref.id], read_for_owners(entity), connection=connection
        )  # fmt: skip
        return known_from(entity, ref.id, found[ref.id]) if ref.id in found else None

    return look


def read_for_owners(entity: EntityDef) -> list[str]:
    """The fields that say whose a record is."""
    keys = [f.key for f in (owner_field(entity), parent_link(entity)) if f is not None]
    return [*keys, "created_by"]


def known_from(entity: EntityDef, id_: int, values: Mapping[str, Any]) -> Known:
    """A record of which these fields were read."""
    return Known(entity, id_, values, values.get("created_by"))


def taking_part(connection: sa.Connection, tables: Tables, event: int) -> frozenset[int]:
    """The colleagues who take part in a scheduled record."""
    part, takes = tables.catalogue.with_trait(TakesPart)
    which, who = (tables.column(part, part.field(key)) for key in (takes.event, takes.staff))
    rows = connection.execute(sa.select(who).where(which == event, who.is_not(None)))
    return frozenset(rows.scalars())
