"""Batch: the records one transaction reads and changes, as plain values in memory.

Writes are staged here first, rules and mirrors stage further ones, and `records` then writes the
difference between before and after in bulk. A batch belongs to one transaction and one thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.services.reader import Reader, StoredRow
from crm_desktop.services.writing.foreseen import nothing_foreseen

if TYPE_CHECKING:
    from crm_desktop.services.activities.kinds import Habits
    from crm_desktop.services.writing.gone_records import GoneBlock
    from crm_desktop.services.writing.new_records import NewBlock

V = TypeVar("V")
_FEW = 4
"""Owners whose children are looked for before they are read; of many each link has some."""
MOST_IDS = 4096  # asked for at once; what is not used is lost


def is_empty(value: Any) -> bool:
    """Whether a value counts as not given; the number 0 is given."""
    return value is None or value is False or value == "" or value == ()


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field are the same, all kinds of emptiness being one."""
    return one == other or (is_empty(one) and is_empty(other))


class ByObject(dict[str, V]):
    """What follows from the definition of an object, worked out when it is first asked for: a save
    meets few of fifty."""

    def __init__(self, catalogue: Catalogue, make: Callable[[EntityDef], V]) -> None:
        super().__init__()
        self._catalogue, self._make = catalogue, make

    def __missing__(self, key: str) -> V:
        made = self[key] = self._make(self._catalogue[key])
        return made


def _tracked(entity: EntityDef) -> tuple[LinkField | RecordField, ...]:
    return tuple(f for f in entity.fields if isinstance(f, LinkField | RecordField))


@dataclass(slots=True)
class Staged:
    """One record in the batch: what stood in the base and what shall stand there.

    `before` None: it did not exist. `after` None: it shall not exist.
    """

    entity: EntityDef
    id: int
    before: Mapping[str, Any] | None
    after: dict[str, Any] | None
    stored: StoredRow | None = None
    next_version: int = 1
    logged: str = ""
    """The values before, as the change log holds them, where that is known."""

    @property
    def ref(self) -> Ref:
        """The record's name."""
        return Ref(self.entity.key, self.id)

    def changed(self) -> list[str]:
        """The keys of fields whose value differs between before and after; not the kept ones."""
        before, after = self.before or {}, self.after or {}
        if before == after:
            return []
        return [
            f.key
            for f in self.entity.fields
            if (was := before.get(f.key)) is not (now := after.get(f.key))
            and not f.kept
            and not same(was, now)
        ]

    def changed_kept(self) -> tuple[str, ...]:
        """The keys of kept fields whose value differs between before and after."""
        before, after, kept = self.before or {}, self.after or {}, self.entity.kept
        return tuple(key for key in sorted(kept) if not same(before.get(key), after.get(key)))


class Batch:
    """The staged records of one transaction."""

    def __init__(
        self,
        connection: sa.Connection,
        reader: Reader,
        *,
        now: datetime,
        author: int | None,
        lock: bool = True,
    ) -> None:
        self._lock = lock
        self.connection = connection
        self.backend: Backend = reader.backend
        self.catalogue: Catalogue = reader.tables.catalogue
        self.reader = reader
        self.now = now
        self.author = author
        self.rows: dict[tuple[str, int], Staged] = {}
        self.proposed: set[int] = set()
        """Records that a rule made and that give way to ones that were asked for."""
        self.habits: Habits | None = None
        """What is settled for kinds of activities, once a rule has asked for it."""
        self.foreseen = nothing_foreseen()
        """What was worked out of the records before, if anything."""
        self.here: Callable[[], tzinfo] | None = None
        """The zone of whoever writes, where somebody does."""
        self.asked: dict[str, object] = {}
        """What rules have asked the base once in this batch, by a name of theirs."""
        self.alone = False
        """Whether a person saves a few records: no import, no change of thousands."""
        self.brought_in = False
        """Whether the records come from a file, with a past of their own."""
        self.new: list[NewBlock] = []
        """New records that are written by columns, beside those that are staged."""
        self.unmade: list[GoneBlock] = []
        """Records that go by columns in the same way."""
        self._ids: list[int] = []
        self._ids_taken = 0
        self._linked: dict[tuple[str, str, int], dict[int, Staged]] = defaultdict(dict)
        self._known: set[tuple[str, str, int]] = set()
        self._fresh: set[int] = set()
        self._tracked = ByObject(self.catalogue, _tracked)

    def link_fields(self, entity: EntityDef) -> tuple[LinkField | RecordField, ...]:
        """The fields of an object that point to other records."""
        return self._tracked[entity.key]

    # --- reading ----------------------------------------------------------------------------------

    def prefetch(self, entity: EntityDef, ids: Iterable[int]) -> None:
        """Reads and locks several records at once; missing ones are left out."""
        missing = [id_ for id_ in dict.fromkeys(ids) if (entity.key, id_) not in self.rows]
        if not missing:
            return
        load = self.reader.load_locked if self._lock else self.reader.load
        for id_, stored in load(entity.key, missing, self.connection).items():
            self.adopt(entity, id_, stored)

    def adopt(self, entity: EntityDef, id_: int, stored: StoredRow) -> Staged:
        """Takes in a record that was read; one that the batch knows already stays as it is."""
        staged = self.rows.get((entity.key, id_))
        if staged is None:
            staged = Staged(entity, id_, stored.values, dict(stored.values), stored)
            staged.next_version = stored.version + 1
            self.rows[entity.key, id_] = staged
            self._track(staged, stored.values)
        return staged

    def row(self, entity: EntityDef, id_: int) -> Staged:
        """The record as it will stand; `NotFound` if it is not there or was deleted here."""
        if (entity.key, id_) not in self.rows:
            self.prefetch(entity, [id_])
        staged = self.rows.get((entity.key, id_))
        if staged is None or staged.after is None:
            raise NotFound(
                _("{object} {id} is not in the base (any more)").format(
                    object=_(entity.label), id=id_
                )
            )
        return staged

    def seen(self, ref: Ref) -> Staged | None:
        """The record, if this batch has read or made it."""
        return self.rows.get(ref)

    def linked(self, entity: EntityDef, field: Field, owner: int) -> list[Staged]:
        """The records of `entity` that point to `owner` by `field`, as they will stand."""
        name = (entity.key, field.key, owner)
        if owner not in self._fresh and name not in self._known:
            self.prefetch_linked(entity, field, [owner])
        if name not in self._linked:
            return []
        key, found = field.key, []
        for staged in self._linked[name].values():
            value = staged.after.get(key) if staged.after is not None else None
            if value == owner or (type(value) is Ref and value.id == owner):
                found.append(staged)
        return found

    def prefetch_linked(self, entity: EntityDef, field: Field, owners: Iterable[int]) -> None:
        """Reads the records that point to any of `owners`."""
        known, fresh, name = self._known, self._fresh, (entity.key, field.key)
        wanted = [o for o in owners if o not in fresh and (*name, o) not in known]
        if not wanted:
            return
        self._known.update((entity.key, field.key, owner) for owner in wanted)
        found = self.reader.linked(entity.key, field.key, wanted, self.connection)
        for id_, stored in found.items():
            self.adopt(entity, id_, stored)

    def prefetch_children(self, links: Sequence[Link], owners: Sequence[int]) -> None:
        """Reads the records that point to any of `owners` by one of the links. A single record has
        children by few of them: which ones, is asked in one question."""
        known, there = self._known, [owner for owner in owners if owner not in self._fresh]
        unknown = [
            link for link in links
            if any((link.entity.key, link.field.key, owner) not in known for owner in there)
        ]  # fmt: skip
        if len(there) <= _FEW and len(unknown) > 1:
            pointed = self.reader.pointed_to(unknown, there, self.connection)
            none = (link for at, link in enumerate(unknown) if at not in pointed)
            known.update((link.entity.key, link.field.key, o) for link in none for o in there)
        for link in unknown:
            self.prefetch_linked(link.entity, link.field, there)

    def fresh(self, staged: Staged) -> None:
        """Nothing in the base can point to a record that is only being made."""
        self._fresh.add(staged.id)

    # --- staging ----------------------------------------------------------------------------------

    def new_id(self, expected: int = 1) -> int:
        """An id for a new record; `expected` tells how many more will be asked for."""
        if not self._ids:
            count = max(expected, min(self._ids_taken, MOST_IDS), 1)
            self._ids_taken += count
            self._ids = list(reversed(self.backend.ids(self.connection, count)))
        return self._ids.pop()

    def create(self, entity: EntityDef, values: dict[str, Any], id_: int | None = None) -> Staged:
        """Stages a new record with values that are already checked."""
        staged = Staged(entity, id_ if id_ is not None else self.new_id(), None, values)
        self.rows[entity.key, staged.id] = staged
        self._track(staged, values)
        return staged

    def put(self, staged: Staged, key: str, value: Any) -> None:
        """Stages one value of a record."""
        if staged.after is None:
            return
        staged.after[key] = value
        if any(f.key == key for f in self._tracked[staged.entity.key]):
            self._track(staged, staged.after)

    def delete(self, staged: Staged) -> None:
        """Stages the end of a record; one made in this batch simply goes."""
        staged.after = None

    def restore(self, staged: Staged, values: dict[str, Any]) -> None:
        """Stages a record again that was deleted in this batch."""
        staged.after = values
        self._track(staged, values)

    def _track(self, staged: Staged, values: Mapping[str, Any]) -> None:
        key = staged.entity.key
        for f in self._tracked[key]:
            value = values.get(f.key)
            if value is not None:
                owner = value.id if isinstance(value, Ref) else value
                self._linked[key, f.key, owner][staged.id] = staged
