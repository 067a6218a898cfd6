"""What every save asks of the base, such as its rules: read once, and again when it was changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.writing.changes import ChangeSet

T = TypeVar("T")
LOOKED_AGAIN = timedelta(minutes=1)
"""After so long it is read again on a server, where others change it unheard."""


class Remembered(ABC, Generic[T]):
    """What the records of one object say, if the base has such an object."""

    def __init__(self, entity: EntityDef | None, *, alone: bool) -> None:
        """`alone`: nobody else changes the base."""
        self._entity, self._alone = entity, alone
        self._known: T | None = None
        self._read_at: datetime | None = None

    def changed(self, changes: ChangeSet) -> None:
        """Something was written."""
        if self._entity is not None and changes.touches(self._entity.key):
            self._known = None

    def of(self, connection: sa.Connection, now: datetime) -> T:
        """What is known, read from the base where that is not so or too old."""
        old = self._read_at is None or not timedelta() <= now - self._read_at < LOOKED_AGAIN
        known = self._known  # others' changes are told meanwhile, on another thread
        if known is None or (old and not self._alone):
            known = self._known = self._read(connection)
            self._read_at = now
        return known

    @abstractmethod
    def _read(self, connection: sa.Connection) -> T:
        """What the records say now."""
