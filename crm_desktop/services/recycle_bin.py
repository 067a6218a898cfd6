"""The recycle bin: what was deleted and has not come back, and its way back.

A record comes back with everything that was deleted with it because it belonged to it, and with
the links that were emptied by its deletion. What cannot come back is named; the rest does.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.text.normalise import like_escape, norm
from crm_desktop.services.operations import RESTORE, Operation
from crm_desktop.services.private.mark import is_hushed
from crm_desktop.services.private.past import PrivatePast
from crm_desktop.services.private.service import others_business
from crm_desktop.services.reader import parts_of
from crm_desktop.services.titles import Titles
from crm_desktop.services.undo.state import LoggedChange, UndoResult, UndoState
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import DELETED, UPDATED, Title
from crm_desktop.services.writing.departures import MOVED
from crm_desktop.services.writing.records import Records
from crm_desktop.services.writing.staging import Create, Write

BLOCK = 4000
FEW = 20  # records whose emptied links are looked for by the base; of more by reading them all
PAGE = 50

_DEEPEST = 5
"""Parts of parts are counted so far down: an account of legal details of a client is the second."""


@dataclass(frozen=True)
class Deleted:
    """A record in the bin. `place` is where the next page begins; `parts`: how many records were
    deleted with it because they belonged to it."""

    place: int
    ref: Ref
    title: str
    moment: datetime
    author: int | None
    author_name: str
    operation: int
    parts: int


class _Return(UndoState):
    """The way back of some of the records of an operation: only they come back with it."""

    def __init__(
        self, records: Records, batch: Batch, block: Sequence[LoggedChange], coming: frozenset[int]
    ) -> None:
        self._coming = coming
        super().__init__(records, batch, block, 0)

    def _of_this_operation(
        self, connection: sa.Connection, ids: list[int], kind: str = ""
    ) -> set[int]:
        return set(self._coming.intersection(ids))


class RecycleBin:
    """The bin of one open base."""

    def __init__(self, records: Records, titles: Titles) -> None:
        self._records = records
        self._titles = titles
        self._backend: Backend = records.backend
        self._catalogue = records.tables.catalogue
        self._table = records.tables.system("departed")
        self._log = records.tables.system("change_row")
        self.past: PrivatePast | None = None
        """Whose deleted records are left out."""

    # --- looking ----------------------------------------------------------------------------------

    def places(self, entity: str = "", text: str = "") -> list[int]:
        """Where deleted records stand, the newest first; `at` reads them by part.

        What was deleted as a part of another is left out. `text`: words of the name.
        """
        table = self._table
        wanted = sa.select(table.c.id).where(*self._counts(entity, text))
        others = self._others()
        with self._backend.read() as connection:
            found = connection.execute(wanted.order_by(table.c.id.desc())).scalars()
            return [place for place in found if place not in others]

    def at(self, places: Sequence[int]) -> list[Deleted]:
        """The deleted records at some of the `places`, in their order."""
        table = self._table
        wanted = sa.select(table).where(self._backend.among(table.c.id, alone=True))
        rows: list[Any] = []
        with self._backend.read() as connection:
            for part in parts_of(places):
                rows += connection.execute(wanted, {"ids": part}).all()
            parts = self._parts(connection, rows)
        rows.sort(key=lambda row: -row.id)
        return self._described(rows, parts)

    def page(
        self, entity: str = "", text: str = "", *, before: int = 0, limit: int = PAGE
    ) -> list[Deleted]:
        """The newest deleted records. `before`: the `place` of the last one of the page before."""
        table = self._table
        wanted = sa.select(table).where(*self._counts(entity, text))
        if before:
            wanted = wanted.where(table.c.id < before)
        for part in parts_of(self._others()):
            wanted = wanted.where(table.c.id.not_in(part))
        wanted = self._backend.limit(wanted.order_by(table.c.id.desc()), limit)
        with self._backend.read() as connection:
            rows = connection.execute(wanted).all()
            parts = self._parts(connection, rows)
        return self._described(rows, parts)

    def count(self, entity: str = "", text: str = "") -> int:
        """How many records `page` gives in all."""
        if self._others():
            return len(self.places(entity, text))
        wanted = sa.select(sa.func.count()).select_from(self._table)
        with self._backend.read() as connection:
            found = connection.execute(wanted.where(*self._counts(entity, text)))
            return int(found.scalar_one())

    def objects(self) -> list[str]:
        """The objects of which something is in the bin."""
        table = self._table
        wanted = sa.select(table.c.ent).where(table.c.kind == DELETED).distinct()
        with self._backend.read() as connection:
            numbers = set(connection.execute(wanted).scalars())
        return [entity.key for entity in self._catalogue if entity.number in numbers]

    def _others(self) -> set[int]:
        return self.past.deleted_places() if self.past is not None else set()

    def _counts(self, entity: str, text: str) -> list[sa.ColumnElement[bool]]:
        table = self._table
        numbers = [e.number for e in self._catalogue if entity in ("", e.key)]
        return [
            table.c.kind == DELETED,
            table.c.ent.in_(numbers),
            *(table.c.title_key.like(f"%{like_escape(word)}%", escape="\\")
              for word in norm(text).split()),
        ]  # fmt: skip

    def _parts(self, connection: sa.Connection, rows: Sequence[Any]) -> dict[tuple[int, int], int]:
        """How many went with each of them, parts of parts too, by record and operation."""
        first = last = self._table.alias()
        chain: sa.FromClause = first
        found: dict[tuple[int, int], int] = {}
        ids = [row.rid for row in rows]
        for _level in range(_DEEPEST if ids else 0):
            among = self._backend.among(first.c.owner, alone=True)
            wanted = sa.select(first.c.owner, first.c.op, sa.func.count()).select_from(chain)
            wanted = wanted.where(among).group_by(first.c.owner, first.c.op)
            deeper: list[int] = []
            for part in parts_of(ids):
                for owner, operation, count in connection.execute(wanted, {"ids": part}):
                    found[owner, operation] = found.get((owner, operation), 0) + count
                    deeper.append(owner)
            if not deeper:
                break
            ids, above, last = deeper, last, self._table.alias()
            on = sa.and_(last.c.owner == above.c.rid, last.c.op == above.c.op)
            chain = chain.join(last, on)
        return found

    def _described(
        self, rows: Sequence[Any], parts: Mapping[tuple[int, int], int]
    ) -> list[Deleted]:
        staff = self._catalogue.staff().key
        names = self._titles.of({Ref(staff, row.author) for row in rows if row.author})
        found = []
        for row in rows:
            author = names.get(Ref(staff, row.author)) if row.author else None
            ref = Ref(self._catalogue.numbered(row.ent).key, row.rid)
            found.append(Deleted(
                row.id, ref, row.title, row.made_at, row.author, author.text if author else "",
                row.op, parts.get((row.rid, row.op), 0),
            ))  # fmt: skip
        return found

    def values(self, ref: Ref) -> dict[str, Any]:
        """What a deleted record said last; `NotFound` if it is not in the bin."""
        if self.past is not None:
            self.past.check(ref)
        with self._backend.read() as connection:
            operation = self._operation_of(connection, ref)
            for change in self._deletions(connection, operation, [ref.id]):
                return {
                    key: change.entity.field(key).unplain(value)
                    for key, value in change.delta.items()
                    if change.entity.has(key)
                }
        raise self._not_there(ref)

    # --- the way back -----------------------------------------------------------------------------

    def restore(self, refs: Sequence[Ref]) -> UndoResult:
        """Brings records back with what belonged to them; one operation that can be undone."""
        if self.past is not None and self.past.outside(refs):
            raise others_business()
        with self._backend.read() as connection:
            wanted: dict[int, list[Ref]] = {}
            for ref in refs:
                wanted.setdefault(self._operation_of(connection, ref), []).append(ref)
            changes: list[LoggedChange] = []
            coming: set[int] = set()
            for operation, found in wanted.items():
                ids = self._with_parts(connection, operation, [ref.id for ref in found])
                coming.update(ids)
                changes += self._deletions(connection, operation, ids)
                changes += self._emptied(connection, operation, ids)
        changes.sort(key=lambda change: -change.seq)
        return self._bring_back(changes, frozenset(coming), self._title(refs, changes))

    def _bring_back(
        self, changes: list[LoggedChange], coming: frozenset[int], title: Title
    ) -> UndoResult:
        operations, clock = self._records.operations, self._records.clock
        operation: Operation = operations.start(title, clock.now(), RESTORE)
        result = UndoResult(operation.id)
        try:
            for start in range(0, len(changes), BLOCK):
                block = changes[start : start + BLOCK]
                self._records.apply(self._plan(block, coming, result), operation=operation)
        finally:
            operations.end(operation, clock.now())
        return result

    def _plan(
        self, block: Sequence[LoggedChange], coming: frozenset[int], result: UndoResult
    ) -> Callable[[Batch], list[Write]]:
        """The writes of a block, from what stands in the base when it is written."""
        before = (result.restored, result.blocked_total, len(result.blocked))

        def plan(batch: Batch) -> list[Write]:
            result.restored, result.blocked_total = before[:2]
            del result.blocked[before[2] :]
            state = _Return(self._records, batch, block, coming)
            writes: list[Write] = []
            for change in block:
                write = state.reverse(change, result)
                if isinstance(write, Create):
                    result.restored += 1
                    write = dataclasses.replace(write, settles=True)
                if write is not None:
                    writes.append(write)
            return writes

        return plan

    def _title(self, refs: Sequence[Ref], changes: Sequence[LoggedChange]) -> Title:
        if len(refs) > 1:
            one, many = "{count} record restored", "{count} records restored"
            return Title(one, {"count": len(refs)}, many)
        entity = self._catalogue[refs[0].entity]
        last = next((c.delta for c in changes if c.id == refs[0].id), {})
        name = None if is_hushed(entity, last) else last.get(entity.title_field)
        shown = entity.title.format(entity.title.unplain(name), "en") if name else "…"
        return Title(N_("{object} “{name}” restored"), {"object": entity.label, "name": shown})

    def _operation_of(self, connection: sa.Connection, ref: Ref) -> int:
        table = self._table
        wanted = sa.select(table.c.op).where(table.c.rid == ref.id, table.c.kind != MOVED)
        found = connection.execute(wanted.order_by(table.c.id.desc())).scalars().first()
        if found is None:
            raise self._not_there(ref)
        return int(found)

    def _not_there(self, ref: Ref) -> NotFound:
        return NotFound(
            _("{object} {id} is not in the recycle bin").format(
                object=_(self._catalogue[ref.entity].label), id=ref.id
            )
        )

    def _with_parts(
        self, connection: sa.Connection, operation: int, ids: Iterable[int]
    ) -> list[int]:
        """The records and all that were deleted with them because they belonged to them."""
        table, found = self._table, list(ids)
        among = self._backend.among(table.c.owner, alone=True)
        wanted = sa.select(table.c.rid).where(among, table.c.op + 0 == operation)
        newest, known = found, set(found)
        while newest:
            parts: list[int] = []
            for part in parts_of(newest):
                parts += connection.execute(wanted, {"ids": part}).scalars()
            newest = [id_ for id_ in dict.fromkeys(parts) if id_ not in known]
            known.update(newest)
            found += newest
        return found

    def _deletions(
        self, connection: sa.Connection, operation: int, ids: Iterable[int]
    ) -> Iterator[LoggedChange]:
        log = self._log
        among = self._backend.among(log.c.rid, alone=True)
        wanted = sa.select(log).where(among, log.c.op + 0 == operation, log.c.kind == DELETED)
        for part in parts_of(ids):
            yield from map(self._logged, connection.execute(wanted, {"ids": part}).all())

    def _emptied(
        self, connection: sa.Connection, operation: int, ids: Sequence[int]
    ) -> Iterator[LoggedChange]:
        """Links to the records that the operation emptied in others."""
        log, wanted_ids = self._log, set(ids)
        wanted = sa.select(log).where(log.c.op == operation, log.c.kind == UPDATED)
        if len(ids) <= FEW:
            signs = [s for id_ in ids for s in (f"%[{id_},null]%", f"%,{id_}],null]%")]
            found = sa.or_(*(log.c.delta.like(sign) for sign in signs), log.c.overflow.is_not(None))
            wanted = wanted.where(found)
        for row in connection.execute(wanted).all():
            change = self._logged(row)
            links = {
                key: pair for key, pair in change.delta.items()
                if pair[1] is None and _points(change.entity, key, pair[0], wanted_ids)
            }  # fmt: skip
            if links:
                yield change._replace(delta=links)

    def _logged(self, row: Any) -> LoggedChange:
        entity, delta = self._catalogue.numbered(row.ent), json.loads(row.overflow or row.delta)
        text = row.overflow or row.delta
        return LoggedChange(
            row.seq, entity, row.rid, row.kind, text, delta, row.made_at, row.author
        )


def _points(entity: EntityDef, key: str, plain: Any, ids: set[int]) -> bool:
    f = entity.field(key) if entity.has(key) else None
    if f is None or plain is None or f.storage not in ("link", "record"):
        return False
    value = f.unplain(plain)
    return (value if isinstance(f, LinkField) else value.id) in ids
