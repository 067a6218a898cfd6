"""What an undo finds in the base, and the way back for each change.

For one block of logged changes: which records others changed since, which others point to, what
the former values point to. `reverse` gives the write that takes one change back, or notes why not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.ownership import owner_field
from crm_desktop.services.open_work import is_open
from crm_desktop.services.operations import UNDONE
from crm_desktop.services.reader import StoredRow
from crm_desktop.services.undo.rests import Rests
from crm_desktop.services.writing.batch import Batch, is_empty, same
from crm_desktop.services.writing.changes import CREATED, DELETED, UPDATED
from crm_desktop.services.writing.flush import SYSTEM_KEY
from crm_desktop.services.writing.records import Records
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

MOST_LISTED = 1000


@dataclass(frozen=True)
class Blocked:
    """One record, or one field of it, that an undo has to leave alone, and why."""

    entity: str
    id: int
    name: str
    field: str
    reason: str


@dataclass
class UndoResult:
    """What an undo did: its own operation, how many records it put back, what it left alone."""

    operation: int
    restored: int = 0
    blocked: list[Blocked] = field(default_factory=list)
    blocked_total: int = 0

    def block(self, blocked: Blocked) -> None:
        """Notes a record left alone; only the first are kept by name."""
        self.blocked_total += 1
        if len(self.blocked) < MOST_LISTED:
            self.blocked.append(blocked)


class LoggedChange(NamedTuple):
    """One change row as it stands in the base."""

    seq: int
    entity: EntityDef
    id: int
    kind: str
    text: str
    delta: dict[str, Any]
    made_at: datetime
    author: int | None


class UndoState:
    """What stands in the base for the records of one block, and the way back for each change."""

    def __init__(
        self, records: Records, batch: Batch, block: Sequence[LoggedChange], operation: int,
        *, is_alone: bool = False, handed: Rests | None = None,
    ) -> None:  # fmt: skip
        """`is_alone`: nobody else has written since the operation began. `handed`: it gave open
        work to others; what is over by now is left as it is, and the rest of a series that others
        worked on is given back by itself."""
        self._records = records
        self._operation, self._finished_stays = operation, handed is not None
        self._now: dict[tuple[str, int], dict[str, Any]] = {}
        self._touched: set[int] = set()
        self._later: set[int] = set()
        self._held: set[int] = set()
        self._missing: set[int] = set()
        self._batch = batch
        self._made = {c.id for c in block if c.kind == CREATED}
        self._rests = handed.series if handed is not None else {}
        self._belongs = handed.belongs if handed is not None else ()
        connection = batch.connection
        if not is_alone:
            self._find_later(connection, min(c.seq for c in block))
        self._read(block)
        for key in () if is_alone else {c.entity.key for c in block if c.kind == CREATED}:
            made = [c.id for c in block if c.kind == CREATED and c.entity.key == key]
            self._find_held(connection, key, made)
        if handed is not None and handed.series:
            self._read_rests(connection, handed.entity)
        self._find_missing(connection, block)

    def _read(self, block: Sequence[LoggedChange]) -> None:
        """What stands in the base now.

        A record that was made by this operation and touched by no other is as the log says: an
        undone import of 100,000 rows need not be read again.
        """
        changes = Counter(change.id for change in block)
        ids: dict[str, list[int]] = defaultdict(list)
        for change in block:
            key, id_ = change.entity.key, change.id
            if change.kind == CREATED and changes[id_] == 1 and id_ not in self._touched:
                self._adopt(change)
            else:
                ids[key].append(id_)
        for key, wanted in ids.items():
            self._batch.prefetch(self._records.tables.catalogue[key], wanted)
            for id_ in wanted:
                staged = self._batch.seen(Ref(key, id_))
                if staged is not None and staged.after is not None:
                    self._now[key, id_] = dict(staged.after)

    def _adopt(self, change: LoggedChange) -> None:
        values = _unplain(change.entity, change.delta)
        moment, author = change.made_at, change.author
        stored = StoredRow(values, 1, moment, author, moment, author)
        staged = self._batch.adopt(change.entity, change.id, stored)
        if len(values) == len(change.delta):
            staged.logged = change.text
        self._now[change.entity.key, change.id] = values

    def _find_later(self, connection: sa.Connection, since: int) -> None:
        """Records made by the operation that other operations touched afterwards."""
        rows = self._records.tables.system("change_row")
        among = self._records.backend.among(rows.c.rid, alone=True)
        wanted = sa.select(rows.c.rid, rows.c.op).where(
            among,
            rows.c.seq + 0 > since,
            rows.c.op + 0 != self._operation,  # by record: DATA.md 9
        )
        for part in _parts(sorted(self._made | self._rests.keys())):
            found = connection.execute(wanted, {"ids": part}).all()
            self._touched.update(row.rid for row in found)
            alive = self._alive_operations(connection, {row.op for row in found})
            self._later.update(row.rid for row in found if row.op in alive)

    def _alive_operations(self, connection: sa.Connection, ids: set[int]) -> set[int]:
        """Those of the operations that were not undone and are not undos themselves."""
        log = self._records.tables.system("operation_log")
        alive: set[int] = set()
        for part in _parts(list(ids)):
            wanted = sa.select(log.c.id).where(
                log.c.id.in_(part), log.c.state != UNDONE, log.c.undoes.is_(None)
            )
            alive.update(connection.execute(wanted).scalars())
        return alive

    def _find_held(self, connection: sa.Connection, key: str, ids: list[int]) -> None:
        """Records made by the operation that records of other operations point to now."""
        catalogue = self._records.tables.catalogue
        for link in catalogue.links_to(catalogue[key]):
            linked = self._records.reader.pointing(link.entity.key, link.field.key, ids, connection)
            others = [id_ for id_ in linked if id_ not in self._made]
            own = self._of_this_operation(connection, others) | self._made
            self._held.update(owner for id_, owner in linked.items() if id_ not in own)

    def _read_rests(self, connection: sa.Connection, key: str) -> None:
        """Those that were worked on, with the series that they were taken from."""
        self._find_held(connection, key, sorted(self._rests.keys() - self._made))
        self._rests = {
            rest: series for rest, series in self._rests.items()
            if rest in self._later or rest in self._held
        }  # fmt: skip
        both = [*self._rests, *self._rests.values()]
        self._batch.prefetch(self._records.tables.catalogue[key], both)
        for id_ in both:
            staged = self._batch.seen(Ref(key, id_))
            if staged is not None and staged.after is not None:
                self._now.setdefault((key, id_), dict(staged.after))
        self._rests = {
            rest: series for rest, series in self._rests.items()
            if {(key, rest), (key, series)} <= self._now.keys()
        }  # fmt: skip

    def _of_this_operation(
        self, connection: sa.Connection, ids: list[int], kind: str = ""
    ) -> set[int]:
        """Those of the records that the operation itself touched, in this way if one is named.

        Asked by record alone: with the operation beside it, Firebird reads the whole operation.
        """
        rows = self._records.tables.system("change_row")
        found: set[int] = set()
        among = self._records.backend.among(rows.c.rid, alone=True)
        for part in _parts(ids):
            wanted = sa.select(rows.c.rid, rows.c.op, rows.c.kind).where(among)
            for row in connection.execute(wanted, {"ids": part}).all():
                if row.op == self._operation and kind in ("", row.kind):
                    found.add(row.rid)
        return found

    def _find_missing(self, connection: sa.Connection, block: Sequence[LoggedChange]) -> None:
        """Records that former values point to, that are gone and do not come back by this undo."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for change in block:
            for ref in _former_links(change):
                wanted[ref.entity].add(ref.id)
        for key, ids in wanted.items():
            gone = ids - self._records.reader.exists(key, list(ids), connection=connection)
            self._missing |= gone - self._of_this_operation(connection, list(gone), DELETED)

    # --- the way back -----------------------------------------------------------------------------

    def reverse(self, change: LoggedChange, result: UndoResult) -> Write | None:
        """The write that takes the change back; None if there is nothing to do."""
        if change.kind == CREATED:
            return self._unmake(change, result)
        if change.kind == DELETED:
            return self._remake(change, result)
        return self._unchange(change, result)

    def _unmake(self, change: LoggedChange, result: UndoResult) -> Write | None:
        key = (change.entity.key, change.id)
        if key not in self._now or self._belongs_to_rest(change):
            return None
        if change.id in self._rests:
            return self._give_rest_back(change, result)
        if change.id in self._later:
            result.block(self._blocked(change, "", _("changed since")))
            return None
        if change.id in self._held:
            result.block(self._blocked(change, "", _("other records belong to it now")))
            return None
        del self._now[key]
        return Delete(*key, rules=False)

    def _belongs_to_rest(self, change: LoggedChange) -> bool:
        """Whether it was made as a part of one that stays."""
        links = _links(change.entity, _unplain(change.entity, change.delta)) if self._rests else ()
        return any(
            ref.id in self._rests and getattr(change.entity.field(name), "parent", False)
            for name, ref in links
        )

    def _give_rest_back(self, change: LoggedChange, result: UndoResult) -> Write | None:
        """To whoever has the series, unless it is over or somebody else's by now."""
        entity, now = change.entity, self._now[change.entity.key, change.id]
        owner = owner_field(entity)
        assert owner is not None
        if not is_open(entity, now):
            result.block(self._blocked(change, "", _("finished since")))
            return None
        if now.get(owner.key) != change.delta.get(owner.key):
            result.block(self._blocked(change, owner.key, _("changed since")))
            return None
        back = {owner.key: self._now[entity.key, self._rests[change.id]].get(owner.key)}
        now.update(back)
        return Update(entity.key, change.id, back, rules=False)

    def _goes_back(self, change: LoggedChange) -> dict[str, Any]:
        """What of a change may be taken back at all: a series whose rest stays is left short, and
        dates of the rest stay with it."""
        if not self._rests:
            return change.delta
        if change.id in self._rests.values():
            return {}
        link = change.delta.get(self._belongs[0])
        of_rest = isinstance(link, list) and link[1] in self._rests
        return {
            name: values for name, values in change.delta.items()
            if not (of_rest and name in self._belongs)
        }  # fmt: skip

    def _remake(self, change: LoggedChange, result: UndoResult) -> Write | None:
        key = (change.entity.key, change.id)
        if key in self._now:
            return None
        values = _unplain(change.entity, change.delta)
        for name, ref in _links(change.entity, values):
            if ref.id in self._missing:
                f = change.entity.field(name)
                if f.required or getattr(f, "parent", False):
                    result.block(self._blocked(change, name, _("what it belonged to is gone")))
                    return None
                del values[name]
        created = change.delta.get(SYSTEM_KEY)
        self._now[key] = dict(values)
        if created:
            values[SYSTEM_KEY] = [created[0], datetime.fromisoformat(created[1]), created[2]]
        return Create(change.entity.key, values, change.id, rules=False)

    def _unchange(self, change: LoggedChange, result: UndoResult) -> Write | None:
        key = (change.entity.key, change.id)
        now = self._now.get(key)
        if now is None:
            result.block(self._blocked(change, "", _("deleted since")))
            return None
        if self._finished_stays and not is_open(change.entity, now):
            result.block(self._blocked(change, "", _("finished since")))
            return None
        back: dict[str, Any] = {}
        for name, (old, new) in self._goes_back(change).items():
            if not change.entity.has(name):
                continue
            f = change.entity.field(name)
            former, latter = (None if v is None else f.unplain(v) for v in (old, new))
            if any(ref.id in self._missing for _n, ref in _links(change.entity, {name: former})):
                result.block(self._blocked(change, name, _("what it belonged to is gone")))
            elif same(now.get(name), latter):
                back[name] = former
            elif not same(now.get(name), former):
                result.block(self._blocked(change, name, _("changed since")))
        if not back:
            return None
        now.update(back)
        return Update(*key, back, rules=False)

    def _blocked(self, change: LoggedChange, name: str, reason: str) -> Blocked:
        entity = change.entity
        title = (self._now.get((entity.key, change.id)) or {}).get(entity.title_field)
        if is_empty(title):
            title = change.delta.get(entity.title_field) if change.kind != UPDATED else None
        shown = entity.title.format(title, "en") if title else f"{_(entity.label)} {change.id}"
        return Blocked(entity.key, change.id, shown, name, reason)


def _unplain(entity: EntityDef, delta: dict[str, Any]) -> dict[str, Any]:
    """The values of a created or deleted record; fields that are gone since are left out."""
    decoded = entity.decoded
    return {
        key: decoded[key](value) if key in decoded else value
        for key, value in delta.items()
        if entity.has(key)
    }


def _links(entity: EntityDef, values: Mapping[str, Any]) -> list[tuple[str, Ref]]:
    """The links among values, by field key."""
    found = []
    for key, value in values.items():
        f = entity.field(key) if entity.has(key) else None
        if isinstance(value, Ref):
            found.append((key, value))
        elif isinstance(f, LinkField) and value is not None:
            found.append((key, Ref(f.target, value)))
    return found


def _former_links(change: LoggedChange) -> list[Ref]:
    """The links that taking the change back would set."""
    if change.kind == CREATED:
        return []
    values = change.delta
    if change.kind == UPDATED:
        values = {k: v[0] for k, v in values.items() if v[0] is not None}
    return [ref for _key, ref in _links(change.entity, _unplain(change.entity, values))]


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), IN_LIST):
        yield ids[start : start + IN_LIST]
