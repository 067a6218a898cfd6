"""Whether a base has ever held a private record: a mark that the one writer sets.

Most bases hold none, and their lists, searches and cards stay as quick as ever. The mark is one
fact of the base, read by its key. A base of before it says nothing: until `settle` has looked
through it once, in the background, everything is asked as if there were private records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.schema import Tables
from crm_desktop.services.clock import Clock
from crm_desktop.services.writing.changes import ChangeSet

if TYPE_CHECKING:
    from crm_desktop.services.writing.flush import Flush

VIEW, TITLE, BUSY, CLOSED = "view", "title", "busy", "closed"
HIDDEN = (TITLE, BUSY, CLOSED)
"""Levels at which others find the record nowhere but in the planner."""
KEPT = (VIEW, *HIDDEN)
"""Levels at which others may not change it."""
MARK = "private_records"
YES, NO = "yes", "no"
_READ_AGAIN = timedelta(minutes=5)


def is_hushed(entity: EntityDef, values: Mapping[str, Any]) -> bool:
    """Whether the record is not to be named where all can read it, as in operations."""
    scheduled = entity.trait(Scheduled)
    return scheduled is not None and values.get(scheduled.private) in HIDDEN


class PrivateMark:
    """The mark of one open base; safe from several threads."""

    def __init__(self, backend: Backend, tables: Tables, clock: Clock) -> None:
        self._backend, self._clock = backend, clock
        self._facts = tables.system("base_info")
        entity = next((e for e in tables.catalogue if e.trait(Scheduled)), None)
        scheduled = entity.trait(Scheduled) if entity is not None else None
        self._key = entity.key if entity is not None else ""
        self._level = scheduled.private if scheduled is not None else ""
        self._table = tables.main[self._key] if self._key else None
        self._column = entity.field(self._level).name if entity is not None else ""
        self._known = "" if self._key else NO
        self._read_at: datetime | None = None

    def seen(self) -> bool:
        """Whether there may be private records."""
        if self._known == YES or not self._key:
            return self._known == YES
        if self._is_old(self._clock.now()):
            with self._backend.read() as connection:
                self.ready(connection)
        return self._known != NO

    def ready(self, connection: sa.Connection) -> None:
        """Asks for the mark where `seen` would, of a connection that is at hand."""
        now = self._clock.now()
        if self._known != YES and self._key and self._is_old(now):
            self._known, self._read_at = self._stored(connection), now

    def _is_old(self, now: datetime) -> bool:
        return self._read_at is None or not timedelta() <= now - self._read_at < _READ_AGAIN

    def changed(self, changes: ChangeSet) -> None:
        """Records were written, here or elsewhere: perhaps the first private one."""
        if changes.may_be_private and changes.touches(self._key):
            self._read_at = None

    def is_told_of(self, entity: str, delta: Mapping[str, Any] | None) -> bool:
        """Whether a record may have become private; `delta`: what its change row says, if known."""
        if entity != self._key or delta is None:
            return entity == self._key
        level = delta.get(self._level)
        return not set(KEPT).isdisjoint(level if isinstance(level, list) else [level])

    def owners(self, entity: EntityDef, values: Mapping[str, Any]) -> Iterator[Ref]:
        """The records, of the object that may be private, that these values belong to."""
        for f in entity.fields if entity.key != self._key else ():
            value = values.get(f.key) if getattr(f, "parent", False) else None
            if isinstance(value, Ref) and value.entity == self._key:
                yield value
            elif isinstance(value, int) and getattr(f, "target", "") == self._key:
                yield Ref(self._key, value)

    def note(self, connection: sa.Connection, flush: Flush) -> None:
        """Sets the mark in the transaction that writes the first private record."""
        if self.is_written(flush) and self._stored(connection) != YES:
            self._store(connection, YES)

    def settle(self) -> None:
        """Looks once through a base of before there was the mark."""
        with self._backend.read() as connection:
            if not self._key or self._stored(connection):
                return
            found = self._look(connection)
        with self._backend.write() as connection:
            if not self._stored(connection):
                self._store(connection, YES if found else NO)
        self._read_at = None

    def is_written(self, flush: Flush) -> bool:
        """Whether what is about to be written is private."""
        if not self._key:
            return False
        written = (*flush.made, *(staged for staged, keys in flush.changed if self._level in keys))
        return any(
            staged.entity.key == self._key and (staged.after or {}).get(self._level) in KEPT
            for staged in written
        )

    def _stored(self, connection: sa.Connection) -> str:
        facts = self._facts.c
        found = connection.execute(sa.select(facts.content).where(facts.name == MARK))
        return str(found.scalar() or "")

    def _store(self, connection: sa.Connection, content: str) -> None:
        self._backend.delete_keys(connection, self._facts, ("name",), [(MARK,)])
        self._backend.insert_many(connection, self._facts, ("name", "content"), [(MARK, content)])

    def _look(self, connection: sa.Connection) -> bool:
        assert self._table is not None
        private = sa.select(self._table.c.id).where(self._table.c[self._column].in_(KEPT))
        return connection.execute(self._backend.limit(private, 1)).first() is not None
