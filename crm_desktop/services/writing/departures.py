"""What has left: deleted records, and children that went to another owner.

Written with the records themselves, so that the recycle bin is one walk over a small table and a
card of a former day finds the children it had then. The values stay in the change log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.schema import Tables
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.writing.batch import Staged
from crm_desktop.services.writing.flush import Flush

DELETED, PART, MOVED = "d", "p", "m"
LONGEST = 200
COLUMNS = (
    "id", "kind", "ent", "rid", "owner", "op", "made_at", "author", "title", "title_key",
)  # fmt: skip


def owners_of(entity: EntityDef, values: Mapping[str, Any]) -> list[int]:
    """The ids of the records that these values belong to."""
    found = []
    for f in entity.fields:
        value = values.get(f.key) if getattr(f, "parent", False) else None
        if value is not None:
            found.append(value.id if isinstance(value, Ref) else int(value))
    return found


def title_of(entity: EntityDef, values: Mapping[str, Any], id_: int) -> str:
    """What a record is called in the recycle bin."""
    value = values.get(entity.title_field)
    text = entity.title.format(value, "en") if value is not None else ""
    return (text or _("{object} {number}").format(object=_(entity.label), number=id_))[:LONGEST]


class Departures:
    """Writes the departures of one transaction."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._table = tables.system("departed")
        self._parents = {
            entity.key: frozenset(f.key for f in entity.fields if getattr(f, "parent", False))
            for entity in tables.catalogue
        }

    def write(
        self,
        connection: sa.Connection,
        flush: Flush,
        operation: int,
        now: datetime,
        *,
        unmaking: bool,
    ) -> None:
        """Notes what left by this flush, and forgets what came back.

        `unmaking`: what goes was only just made and its making is undone; that is no deletion.
        """
        if flush.restored:
            keys = [(id_, kind) for id_ in flush.restored for kind in (DELETED, PART)]
            self._backend.delete_keys(connection, self._table, ("rid", "kind"), keys)
        rows = [] if unmaking else list(self._deleted(flush))
        rows += self._moved(flush)
        if not rows:
            return
        seqs = self._backend.sequence(connection, len(rows))
        author = flush.author
        self._backend.insert_many(connection, self._table, COLUMNS, [
            (seq, kind, ent, rid, owner, operation, now, author, title, norm(title)[:LONGEST])
            for seq, (kind, ent, rid, owner, title) in zip(seqs, rows, strict=True)
        ])  # fmt: skip

    def _deleted(self, flush: Flush) -> Iterator[tuple[str, int, int, int | None, str]]:
        """One row for a record, PART if it goes with its owner; further ones for further owners."""
        together = {staged.id for staged in flush.gone}
        for staged in flush.gone:
            values = staged.before or {}
            title = title_of(staged.entity, values, staged.id)
            owners = sorted(owners_of(staged.entity, values), key=lambda id_: id_ not in together)
            first, more = (owners[0], owners[1:]) if owners else (None, [])
            number = staged.entity.number
            yield PART if first in together else DELETED, number, staged.id, first, title
            for owner in more:
                yield MOVED, number, staged.id, owner, title

    def _moved(self, flush: Flush) -> Iterator[tuple[str, int, int, int | None, str]]:
        for staged, keys in flush.changed:
            if not self._parents[staged.entity.key].isdisjoint(keys):
                yield from self._left(staged)

    @staticmethod
    def _left(staged: Staged) -> Iterator[tuple[str, int, int, int | None, str]]:
        before, after = staged.before or {}, staged.after or {}
        gone = set(owners_of(staged.entity, before)) - set(owners_of(staged.entity, after))
        title = title_of(staged.entity, before, staged.id)
        for owner in gone:
            yield MOVED, staged.entity.number, staged.id, owner, title
