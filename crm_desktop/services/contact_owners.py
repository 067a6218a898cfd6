"""Whose a telephone or an address is, asked inside a transaction by its normal form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.models.catalogue.traits import Channels
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.batch import Batch

MOST_CONTACTS = 20
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


def _children(batch: Batch) -> Iterator[tuple[EntityDef, str]]:
    """The objects that hold contacts, and their link to whose they are."""
    for entity in batch.catalogue:
        for f in entity.fields:
            if isinstance(f, RecordField) and f.ability == Channels.__name__:
                yield entity, f.key
