"""Whose a telephone or an address is, asked inside a transaction by its normal form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.models.catalogue.traits import Channels
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.writing.batch import Batch

MOST_CONTACTS = 20
PART = 400
"""Contacts in one question."""
MOST_OWNERS = 200
"""A number that more have, such as that of a switchboard, tells nothing."""


def owners_of(batch: Batch, contacts: Sequence[str]) -> list[Ref]:
    """The records with any of the contacts, as they are stored; the oldest contact first."""
    keys = sorted({sort_key(one) for one in contacts if one})[:MOST_CONTACTS]
    found: dict[Ref, None] = {}
    for child, key in _children(batch) if keys else ():
        table = batch.reader.tables.main[child.key]
        column = batch.reader.tables.order_column(child, child.title)
        asked = sa.select(table.c.id).where(column.in_(keys)).order_by(table.c.id)
        ids = batch.connection.execute(batch.backend.limit(asked, MOST_OWNERS)).scalars().all()
        rows = batch.reader.many(child.key, ids, (key,), connection=batch.connection)
        for id_ in ids:
            owner = rows.get(id_, {}).get(key)
            if isinstance(owner, Ref):
                found[owner] = None
    return list(found)


def owners_of_each(batch: Batch, contacts: Collection[str]) -> dict[str, list[Ref]]:
    """The same for many contacts at once, by `sort_key` of each; those of a switchboard have none.
    Asked in parts, for an import that brings thousands."""
    keys, found = sorted({sort_key(one) for one in contacts if one}), dict[str, list[Ref]]()
    for child, key in _children(batch) if keys else ():
        tables = batch.reader.tables
        column, owner = tables.order_column(child, child.title), child.field(key)
        for start in range(0, len(keys), PART):
            asked = sa.select(column.table.c.id, column).where(
                column.in_(keys[start : start + PART])
            )  # fmt: skip
            rows = batch.connection.execute(asked.order_by(column.table.c.id)).all()
            owners = batch.reader.many(
                child.key, [row[0] for row in rows], (owner.key,), connection=batch.connection
            )
            for id_, text in rows:
                ref = owners.get(id_, {}).get(owner.key)
                if isinstance(ref, Ref):
                    found.setdefault(str(text), []).append(ref)
    return {key: refs for key, refs in found.items() if len(refs) <= MOST_OWNERS}


def _children(batch: Batch) -> Iterator[tuple[EntityDef, str]]:
    """The objects that hold contacts, and their link to whose they are."""
    for entity in batch.catalogue:
        for f in entity.fields:
            if isinstance(f, RecordField) and f.ability == Channels.__name__:
                yield entity, f.key
