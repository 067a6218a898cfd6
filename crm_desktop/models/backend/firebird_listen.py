"""An ear for the events that a Firebird server posts, on a connection of its own.

The driver's own conduit starts a thread that keeps the program alive, loses what comes between
`wait` and `flush`, and says nothing when its connection dies. Here the events are counted by the
thread that asks for them, and `test` finds out whether any would come at all: they travel over a
second connection, which a firewall may refuse.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.backend.firebird_cancel import ABORT, send_cancel
from crm_desktop.models.backend.firebird_connect import ServerAddress, connect
from crm_desktop.models.backend.firebird_errors import lost
from crm_desktop.models.backend.watchdog import Deadline

_MOST_NAMES = 15  # of one block of the driver
_SILENT_S = 10.0
_KEPT: list[Any] = []
"""What the client library may still call from a thread of its own after the end of a block: it does
so when a line breaks, and memory that is gone would end the program."""


class FirebirdListening:
    """Hears the events named. DatabaseUnavailable if the server cannot be reached."""

    def __init__(
        self, fdb: Any, place: ServerAddress, names: Sequence[str], wake: Callable[[], None]
    ) -> None:
        assert len(names) < _MOST_NAMES
        self._fdb = fdb
        self._driver = connect(fdb, place)
        self._own = f"crm_test_{secrets.token_hex(8)}"
        self._sent, self._came = 0, -1
        self._came_in = _Doorbell(wake)
        try:
            self._block = self._begin([*names, self._own])
        except fdb.Error as error:
            self.close()
            raise lost() from error

    def _begin(self, names: list[str]) -> Any:
        from fdb.fbcore import EventBlock

        self._block = block = EventBlock(self._came_in, self._driver._db_handle, names)
        _KEPT.append(block._EventBlock__callback)  # the driver drops it itself when it fails
        block._begin()
        return block

    @property
    def proved(self) -> bool:
        return self._came == self._sent

    def heard(self) -> frozenset[str]:
        found: set[str] = set()
        for block in self._came_in.taken():
            try:
                counts = block.count_and_reregister() or {}
            except self._fdb.Error as error:
                raise lost() from error
            found.update(name for name, count in counts.items() if count)
        if self._own in found:
            found.discard(self._own)
            self._came = self._sent
        return frozenset(found)

    def test(self) -> None:
        self._sent += 1
        text = f"EXECUTE BLOCK AS BEGIN POST_EVENT '{self._own}'; END"
        try:
            with Deadline(_SILENT_S, lambda: send_cancel(self._driver, ABORT)):
                self._driver.execute_immediate(text)
                self._driver.commit()
        except self._fdb.Error as error:
            raise lost() from error

    def close(self) -> None:
        block, driver = getattr(self, "_block", None), self._driver
        cut = Deadline(_SILENT_S, lambda: send_cancel(driver, ABORT))
        with suppress(self._fdb.Error, DatabaseUnavailable), cut:
            if block is not None:
                block.close()
            driver.close()


class _Doorbell:
    """What the driver puts its news into, from a thread of the client library."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._waiting: SimpleQueue[Any] = SimpleQueue()

    def put(self, news: tuple[Any, Any]) -> None:
        """As the driver's queue takes it: what is to be done, and with which block."""
        self._waiting.put(news[1])
        self._wake()

    def taken(self) -> list[Any]:
        """The blocks in which something has come."""
        found = []
        with suppress(Empty):
            while True:
                found.append(self._waiting.get_nowait())
        return found
