"""Records: THE ONE WRITER. Every change of a record in any base goes through `apply`.

The order is that of `staging` and `flush`: find the record, check the version, check
the values, rules, required fields, mirrors, links, rows, long texts, search, change rows, chain,
operation; then one commit; then everybody who shows records is told.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, Conflict, DatabaseUnavailable
from crm_desktop.i18n import N_
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.models.schema import Tables
from crm_desktop.services.activity_sets.beginning import MOST_RECORDS, SetBeginnings, SetStarter
from crm_desktop.services.automation.known import RuleBook
from crm_desktop.services.clock import Clock
from crm_desktop.services.interactive import interactive, is_interactive
from crm_desktop.services.operations import BROUGHT_IN, RESTORE, SAVE, Operation, OperationLog
from crm_desktop.services.private.mark import PrivateMark, is_hushed
from crm_desktop.services.reader import Reader
from crm_desktop.services.search.index import SearchIndex
from crm_desktop.services.writing.asked_ahead import ask_what_holds
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import ChangeLog, Changes, ChangeSet, Title
from crm_desktop.services.writing.departures import Departures
from crm_desktop.services.writing.flush import Flush
from crm_desktop.services.writing.second_writer import writing
from crm_desktop.services.writing.staging import Create, Delete, Staging, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.automation.firing import Firer

TRIES, IMPORT = 3, "import"
PAUSE_S = (0.05, 0.2)
"""Between two tries: by chance, so that two who met do not meet again."""
Plan = Callable[[Batch], Sequence[Write]]
"""Decides what to write from what stands in the base, inside the transaction that writes it."""


ONE: dict[type, str] = {
    Create: N_("{object} “{name}” created"),
    Update: N_("{object} “{name}” changed"),
    Delete: N_("{object} “{name}” deleted"),
}
MANY: dict[type, tuple[str, str]] = {
    Create: (N_("{object}: {count} record created"), N_("{object}: {count} records created")),
    Update: (N_("{object}: {count} record changed"), N_("{object}: {count} records changed")),
    Delete: (N_("{object}: {count} record deleted"), N_("{object}: {count} records deleted")),
}


def first_values(write: Write) -> Mapping[str, Any]:
    """The values a write brings; none for a deletion."""
    return {} if isinstance(write, Delete) else write.values


@dataclass(frozen=True)
class Outcome:
    """What `apply` did: the operation, the ids of the created records in order, what changed.

    `landed`: new records that went into others, by their own id; `ids` names the others.
    """

    operation: int
    ids: tuple[int, ...]
    changes: ChangeSet
    versions: Mapping[Ref, int] = field(default_factory=dict)
    landed: Mapping[int, int] = field(default_factory=dict)


class Guard(Protocol):
    """Stands by every transaction of a shared base (`services/rights`)."""

    def check(self, batch: Batch, asked: Sequence[Write], running: Operation) -> None:
        """Refuses what the person may not write; `asked`: by them, not what follows from it."""

    def follow(self, connection: sa.Connection, flush: Flush) -> None:
        """Writes what follows for rights from what was written."""

    def require_all(self, action: str, entity: EntityDef, ids: Sequence[int]) -> None:
        """`NotAllowed` where an action is not allowed on one of these records."""

    def did_many(self, entity: EntityDef, count: int, what: str) -> None:
        """Notes that many records were changed in one go."""


def _welcome() -> None:
    """Everybody may write."""


def _nothing_taken(_batch: Batch, _asked: Sequence[Ref]) -> None:
    """Nothing here takes anybody's time."""


def _on_we_go(_done: int) -> None:
    """Nobody stops it."""


def _nothing_beside(_connection: sa.Connection, _operation: int) -> None:
    """Nothing else belongs to the operation."""


@dataclass
class Records:
    """The writer of one workspace; use it from one thread at a time."""

    backend: Backend
    tables: Tables
    reader: Reader
    index: SearchIndex
    log: ChangeLog
    operations: OperationLog
    clock: Clock
    author: int | None
    publish: Callable[[ChangeSet], None]
    private: PrivateMark
    refuse_reader: Callable[[], None] = _welcome
    """SeatNeeded for one who may change nothing."""
    guard: Guard | None = None
    """What rights ask for and follow from; None where everything is allowed."""
    refuse_taken: Callable[[Batch, Sequence[Ref]], None] = _nothing_taken
    """ConsentNeeded where a time that is taken would be taken twice (`planner/written`)."""

    def __post_init__(self) -> None:
        self._departures = Departures(self.backend, self.tables)
        self.beginnings = SetBeginnings(self.tables, alone=self.backend.exclusive)
        self.rules = RuleBook(self.reader, alone=self.backend.exclusive)
        self._timed = frozenset(
            entity.key for entity in self.tables.catalogue
            if entity.trait(Scheduled) is not None or entity.trait(TakesPart) is not None
        )  # fmt: skip
        """The objects whose records take time."""
        self._begun: int | None = None
        """The operation of the try that is under way."""

    # --- the calls people use ---------------------------------------------------------------------

    def create(self, entity: str, values: Mapping[str, Any]) -> Outcome:
        """A new record in an operation of its own."""
        return self.apply([Create(entity, values)])

    def update(
        self, entity: str, id_: int, values: Mapping[str, Any], version: int | None = None
    ) -> Outcome:
        """New values of one record; `Conflict` if it is no longer at `version`."""
        return self.apply([Update(entity, id_, values, version)])

    def delete(self, entity: str, ids: Sequence[int]) -> Outcome:
        """Deletes records and what belongs to them; undo restores everything."""
        return self.apply([Delete(entity, id_) for id_ in ids])

    def _title(self, batch: Batch, writes: Sequence[Write], made: Sequence[int]) -> Title:
        """Names an operation after what is written; `made`: the ids of new records."""
        first = writes[0] if writes else None
        if first is None or any(
            type(w) is not type(first) or w.entity != first.entity for w in writes
        ):
            return Title(N_("Change"))
        definition = self.tables.catalogue[first.entity]
        if len(writes) > 1:
            one, many = MANY[type(first)]
            return Title(one, {"object": definition.plural, "count": len(writes)}, many)
        id_ = made[0] if isinstance(first, Create) and made else first.id
        staged = batch.seen(Ref(first.entity, id_)) if id_ is not None else None
        values = (staged.before or staged.after or {}) if staged else first_values(first)
        hushed = self._is_hushed(batch, first.entity, values)
        name = "…" if hushed else self._name(first.entity, values)
        return Title(ONE[type(first)], {"object": definition.label, "name": name})

    def _name(self, entity: str, values: Mapping[str, Any]) -> str:
        title = self.tables.catalogue[entity].title
        value = values.get(title.key)
        return title.format(value, "en") if value is not None else "…"

    def _is_hushed(self, batch: Batch, entity: str, values: Mapping[str, Any]) -> bool:
        """Whether the record or what it belongs to is private: operations are seen by all."""
        definition = self.tables.catalogue[entity]
        if is_hushed(definition, values) or not self.private.seen():
            return is_hushed(definition, values)
        for ref in self.private.owners(definition, values):
            batch.prefetch(self.tables.catalogue[ref.entity], [ref.id])
            owner = batch.seen(ref)
            if owner and self._is_hushed(batch, ref.entity, owner.before or owner.after or {}):
                return True
        return False

    # --- the one way in ---------------------------------------------------------------------------

    def apply(
        self,
        writes: Sequence[Write] | Plan,
        title: Title | None = None,
        *,
        operation: Operation | None = None,
        kind: str = SAVE,
    ) -> Outcome:
        """All the writes in one transaction, or none and an error.

        They are an operation of their own of this kind, named by `title` or after what is written;
        with `operation` they are a part of a longer one.
        `Conflict`: a record is no longer at the version named. `InvalidInput`: a value is wrong.
        What met somebody else's save of the same moment is tried again; `BaseBusy` or `Conflict`
        if that does not help. `DatabaseUnavailable.operation`: nobody knows whether it was kept.
        """
        return self._tried(lambda: self._apply_once(writes, title, operation, kind))

    def apply_whole(
        self,
        parts: Sequence[Sequence[Write] | Plan],
        title: Title,
        kind: str,
        *,
        between: Callable[[int], None] = _on_we_go,
        beside: Callable[[sa.Connection, int], None] = _nothing_beside,
        alone: bool = False,
    ) -> Outcome:
        """Thousands of writes as one operation in one transaction: all of them or, after an error,
        a stop or a crash, none. Whoever saves one of these records meanwhile waits some seconds and
        is then told that the base is busy, so this is for what must never be half done.

        `between` is told before each part how many are written and may raise `Cancelled`; it counts
        from 0 again where others' saves came between. `beside` writes what belongs to the
        operation of this number, at the end of the same transaction. `alone`: each part is what a
        person does, rules and all; a part sees what those before it have written.
        """
        return self._tried(lambda: self._whole_once(parts, title, kind, between, beside, alone))

    def _tried(self, once: Callable[[], Outcome]) -> Outcome:
        """What met somebody else's save of the same moment, again."""
        self.refuse_reader()
        for attempt in range(TRIES):
            self._begun = None
            try:
                return once()
            except DatabaseUnavailable as error:
                error.operation = self._begun
                self.log.doubt()
                raise
            except (Conflict, BaseBusy) as met:
                if getattr(met, "current", None) or attempt == TRIES - 1:
                    raise
            if not self.backend.exclusive:
                time.sleep(random.uniform(*PAUSE_S))
        raise AssertionError("unreachable")

    def _apply_once(
        self, writes: Sequence[Write] | Plan, title: Title | None, operation: Operation | None,
        kind: str,
    ) -> Outcome:  # fmt: skip
        now = self.clock.now()
        with writing(self.backend, operation) as (connection, second):
            batch = self.batch(connection)
            given = writes(batch) if callable(writes) else writes
            batch.alone = operation is None and len(given) <= MOST_RECORDS
            batch.brought_in = (operation.kind if operation else kind) == BROUGHT_IN
            starter = self._starter(batch, given) if batch.alone else None
            staging = Staging(self.tables.catalogue, self.reader, batch, starter)
            ids = staging.stage(given)
            if kind == SAVE:
                self._refuse_taken(batch, given, ids, operation)
            running = operation or self.operations.begin(
                connection, title or self._title(batch, given, ids), now, kind=kind
            )
            self._begun = running.id
            if self.guard is not None:
                self.guard.check(batch, given, running)
            flush = Flush(self.backend, self.tables, self.index, batch, second)
            with self.backend.together(connection) if batch.alone else nullcontext():
                changes = flush.write()
                self.private.note(connection, flush)
                if self.guard is not None:
                    self.guard.follow(connection, flush)
                link = self._log(connection, flush, changes, running, now)
                if operation is None:
                    self.operations.keep(connection, running, len(changes), now)
        if link is not None:
            self.log.settle(link)
        running.total += len(changes)
        is_private = self.private.is_written(flush)
        change_set = ChangeSet(running.id, flush.touched(), may_be_private=is_private)
        self.publish(change_set)
        versions = flush.versions()
        return Outcome(running.id, tuple(ids), change_set, versions, staging.landed)

    def _whole_once(
        self, parts: Sequence[Sequence[Write] | Plan], title: Title, kind: str,
        between: Callable[[int], None], beside: Callable[[sa.Connection, int], None], alone: bool,
    ) -> Outcome:  # fmt: skip
        touched: dict[str, frozenset[int]] = {}
        try:
            with self.backend.write() as connection:
                running = self.operations.begin(connection, title, self.clock.now(), kind=kind)
                self._begun = running.id
                for done, part in enumerate(parts):
                    between(done)
                    for key, ids in self._part(connection, part, running, alone).items():
                        touched[key] = touched.get(key, frozenset()) | ids
                between(len(parts))
                beside(connection, running.id)
                self.operations.keep(connection, running, running.total, self.clock.now())
        except BaseException:
            self.log.doubt()
            raise
        change_set = ChangeSet(running.id, touched)
        self.publish(change_set)
        return Outcome(running.id, (), change_set)

    def _part(
        self, connection: sa.Connection, part: Sequence[Write] | Plan, running: Operation,
        alone: bool,
    ) -> Mapping[str, frozenset[int]]:  # fmt: skip
        """Writes one part of a long transaction; which records it touched."""
        batch = self.batch(connection)
        given = part(batch) if callable(part) else part
        batch.alone = alone and len(given) <= MOST_RECORDS
        starter = self._starter(batch, given) if batch.alone else None
        ids = Staging(self.tables.catalogue, self.reader, batch, starter).stage(given)
        self._refuse_taken(batch, given, ids, running)
        if self.guard is not None:
            self.guard.check(batch, given, running)
        flush = Flush(self.backend, self.tables, self.index, batch)
        changes = flush.write()
        self.private.note(connection, flush)
        if self.guard is not None:
            self.guard.follow(connection, flush)
        link = self._log(connection, flush, changes, running, batch.now)
        if link is not None:
            self.log.settle(link)
        running.total += len(changes)
        return flush.touched()

    def _refuse_taken(
        self, batch: Batch, given: Sequence[Write], made: Sequence[int], within: Operation | None
    ) -> None:  # fmt: skip
        """Of what was asked for, not of what follows from it nor of what comes back. An import asks
        before it begins, not in the middle."""
        new = iter(made)
        asked = []
        for write in given:
            id_ = next(new) if isinstance(write, Create) else write.id
            if write.entity in self._timed and write.rules and not isinstance(write, Delete):
                asked.append(Ref(write.entity, id_))
        if asked:
            with interactive(on=is_interactive() and (within is None or within.kind != IMPORT)):
                self.refuse_taken(batch, asked)

    def _log(
        self, connection: sa.Connection, flush: Flush, changes: Changes,
        running: Operation, now: datetime,
    ) -> tuple[int, str] | None:  # fmt: skip
        """Adds to the change log what was written, if anything was; the new link of the chain."""
        if not changes:
            return None
        link = self.log.append(
            connection, changes, operation=running.id, author=self.author, now=now
        )
        self._departures.write(
            connection, flush, running.id, now, unmaking=self._is_unmaking(flush, running)
        )
        return link

    def _starter(self, batch: Batch, writes: Sequence[Write]) -> SetStarter | Firer | None:
        """What begins sets of activities and fires rules, if there are any for what is written."""
        ask_what_holds(batch, self)
        known = self.beginnings.of(batch.connection, batch.now)
        rules = self.rules.of(batch.connection, batch.now)
        if any(write.entity in rules for write in writes):
            from crm_desktop.services.automation.firing import Firer  # only where there are rules

            return Firer(batch, rules, SetStarter(batch, known))
        if any(write.entity in known for write in writes):
            return SetStarter(batch, known)
        return None

    def _is_unmaking(self, flush: Flush, running: Operation) -> bool:
        """Whether records go because their making is undone, not because they are deleted again:
        the undo of an undo or of a restoring deletes."""
        if not flush.gone or running.undoes is None:
            return False
        target = self.operations.get(running.undoes)
        return target.undoes is None and target.kind != RESTORE

    def batch(self, connection: sa.Connection, *, lock: bool = True) -> Batch:
        """An empty batch over a connection; without `lock` only for looking."""
        now = self.clock.now()
        made = Batch(connection, self.reader, now=now, author=self.author, lock=lock)
        made.here = self.clock.zone
        return made
