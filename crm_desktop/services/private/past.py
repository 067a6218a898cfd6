"""Whose business was what is told of the past: changes of private records, and deleted ones.

A deleted record has only its change row left: what it said last, who had made it, and, deleted
with it, who took part. Whoever could see it then sees it in the recycle bin and in operations.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.traits import TakesPart
from crm_desktop.models.schema import Tables
from crm_desktop.services.private.mark import HIDDEN
from crm_desktop.services.private.service import Privacy, others_business
from crm_desktop.services.reader import parts_of
from crm_desktop.services.writing.changes import DELETED
from crm_desktop.services.writing.departures import DELETED as ALONE
from crm_desktop.services.writing.flush import SYSTEM_KEY

_MAKER = 2  # of version, moment and colleague under `SYSTEM_KEY`
Delta = Mapping[str, Any]


class PrivatePast:
    """Asks the change log of one open base, for the person who works here."""

    def __init__(self, backend: Backend, tables: Tables, privacy: Privacy) -> None:
        self._backend, self._tables, self._privacy = backend, tables, privacy
        self._log = tables.system("change_row")

    def outside(self, refs: Iterable[Ref]) -> set[Ref]:
        """Those of the records, there or deleted, that are others' private business."""
        several: dict[str, set[int]] = {}
        for ref in refs:
            if self._privacy.concerns(ref.entity):
                several.setdefault(ref.entity, set()).add(ref.id)
        return {Ref(key, id_) for key, ids in several.items() for id_ in self._of(key, ids)}

    def check(self, ref: Ref) -> None:
        """`Private` if the person may not see the record, there or deleted."""
        if self.outside([ref]):
            raise others_business()

    def deleted_places(self) -> set[int]:
        """Where others' private records stand in the recycle bin (`RecycleBin.places`)."""
        entity = self._privacy.entity
        if entity is None or not self._privacy.mark.seen():
            return set()
        gone, log = self._tables.system("departed"), self._log
        level = self._privacy.scheduled.private
        signs = [log.c.delta.like(f'%"{level}":"{one}"%') for one in HIDDEN]
        numbers = {self._tables.catalogue[key].number for key in self._privacy.owners}
        private = sa.and_(log.c.ent == entity.number, sa.or_(*signs, log.c.overflow.is_not(None)))
        wanted = (
            sa.select(gone.c.id, gone.c.rid, gone.c.ent)
            .join(log, sa.and_(log.c.rid == gone.c.rid, log.c.op == gone.c.op))
            .where(gone.c.kind == ALONE, log.c.kind == DELETED)
            .where(sa.or_(private, gone.c.ent.in_(numbers)))
        )
        with self._backend.read() as connection:
            rows = connection.execute(wanted).all()
        refs = {row.id: Ref(self._tables.catalogue.numbered(row.ent).key, row.rid) for row in rows}
        others = self.outside(refs.values())
        return {place for place, ref in refs.items() if ref in others}

    def _of(self, key: str, ids: set[int]) -> set[int]:
        """Of one object; records that are there are judged by what they say now."""
        entity = self._tables.catalogue[key]
        main = self._tables.main[key]
        there: set[int] = set()
        with self._backend.read() as connection:
            for part in parts_of(ids):
                wanted = sa.select(main.c.id).where(main.c.id.in_(part))
                there.update(connection.execute(wanted).scalars())
            last = dict(self._last(connection, entity, ids - there))
            closed = self._closed(connection, entity, last)
        return closed | self._privacy.outside(key, there)

    def _last(
        self, connection: sa.Connection, entity: EntityDef, ids: Iterable[int]
    ) -> Iterator[tuple[int, tuple[int, Delta]]]:
        """The operation that deleted each record and what the record said last."""
        log = self._log
        wanted = sa.select(log).where(log.c.kind == DELETED, log.c.ent == entity.number)
        for part in parts_of(ids):
            rows = connection.execute(wanted.where(log.c.rid.in_(part)).order_by(log.c.seq))
            for row in rows.all():
                yield row.rid, (row.op, json.loads(row.overflow or row.delta))

    def _closed(
        self, connection: sa.Connection, entity: EntityDef, last: dict[int, tuple[int, Delta]]
    ) -> set[int]:
        own = self._privacy.entity
        if own is not None and entity.key == own.key:
            return {
                id_
                for id_, (operation, delta) in last.items()
                if delta.get(self._privacy.scheduled.private) in HIDDEN
                and not self._was_inside(connection, id_, operation, delta)
            }
        owners: dict[int, set[Ref]] = {}
        for id_, (_operation, delta) in last.items():
            for f in self._privacy.owners[entity.key]:
                owners.setdefault(id_, set()).update(self._owner(f, delta))
        others = self.outside(ref for refs in owners.values() for ref in refs)
        return {id_ for id_, refs in owners.items() if refs & others}

    def _owner(self, f: Field, delta: Delta) -> Iterator[Ref]:
        own = self._privacy.entity
        value = None if delta.get(f.key) is None else f.unplain(delta[f.key])
        if isinstance(value, Ref):
            yield value
        elif value is not None and own is not None:
            yield Ref(own.key, value)

    def _was_inside(
        self, connection: sa.Connection, id_: int, operation: int, delta: Delta
    ) -> bool:
        """Whether the person was responsible, had made it or took part until it was deleted."""
        me, who = self._privacy.me, delta.get(self._privacy.scheduled.who)
        if me is None:
            return who is None
        system = delta.get(SYSTEM_KEY)
        if who == me or (isinstance(system, list) and me in system[_MAKER:]):
            return True
        part, takes = self._tables.catalogue.with_trait(TakesPart)
        log = self._log
        wanted = sa.select(log).where(
            log.c.op == operation, log.c.kind == DELETED, log.c.ent == part.number
        )
        gone = (json.loads(row.overflow or row.delta) for row in connection.execute(wanted))
        return any(one.get(takes.event) == id_ and one.get(takes.staff) == me for one in gone)
