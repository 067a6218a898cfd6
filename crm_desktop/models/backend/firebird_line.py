"""A line to a server that stays open for as long as somebody works: by it the server knows him.

Connections for work come and go. This one does not, so that the server sees at once when the
program that holds it is no more. Each question is a transaction of its own; who meets a neighbour
who was quicker asks again at once.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from crm_desktop.errors import UserError
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.firebird_cancel import ABORT, send_cancel
from crm_desktop.models.backend.firebird_connect import ServerAddress, connect
from crm_desktop.models.backend.firebird_errors import lost, understood
from crm_desktop.models.backend.watchdog import Deadline

_WAIT_S = 5
_SILENT_S = 10.0
_TRIES = 60
_QUICKER = frozenset({335544336, 335544345, 335544451, 335544510, 335544665, 335544349})
"""Update conflict, lock conflict, deadlock, lock time-out; the same row made twice."""


class FirebirdLine:
    """One connection, used by one thread at a time. DatabaseUnavailable where it cannot be made."""

    def __init__(self, fdb: Any, place: ServerAddress) -> None:
        self._fdb = fdb
        self._lock = threading.Lock()
        self._driver = connect(fdb, place)
        limit = (fdb.isc_tpb_lock_timeout, 4, *_WAIT_S.to_bytes(4, "little"))
        # Without record versions who waits for a row gets it: with them only an error.
        self._mode = bytes((
            fdb.isc_tpb_version3, fdb.isc_tpb_write, fdb.isc_tpb_read_committed,
            fdb.isc_tpb_no_rec_version, fdb.isc_tpb_wait, *limit,
        ))  # fmt: skip

    def ask(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of one question, which may write; kept when it is answered.

        DatabaseUnavailable if the line is gone or silent: another one has to be made.
        """
        with self._lock, Deadline(_SILENT_S, lambda: send_cancel(self._driver, ABORT)):
            for attempt in range(_TRIES):
                try:
                    return self._once(sql, parameters)
                except self._fdb.Error as error:
                    self._back()
                    quicker = len(error.args) > 2 and error.args[2] in _QUICKER
                    if not quicker or attempt == _TRIES - 1:
                        raise self._in_words(error) from error
                time.sleep(random.uniform(0, 0.02))
        raise AssertionError("unreachable")

    def _once(self, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        self._driver.begin(self._mode)
        cursor = self._driver.cursor()
        try:
            cursor.execute(sql, tuple(parameters))
            # A procedure that gives nothing back has no rows to be fetched.
            rows = cursor.fetchall() if cursor.description else []
        finally:
            cursor.close()
        self._driver.commit()
        return [tuple(row) for row in rows]

    def _back(self) -> None:
        with suppress(self._fdb.Error):
            if self._driver.main_transaction.active:
                self._driver.rollback()

    @staticmethod
    def _in_words(error: Exception) -> Exception:
        known = understood(error)
        return known if isinstance(known, UserError) else lost() if known is None else known

    def close(self) -> None:
        """The server sees that nobody is here any more. Does nothing the second time."""
        ends = Deadline(_SILENT_S, lambda: send_cancel(self._driver, ABORT))
        with suppress(self._fdb.Error, UserError), ends:
            self._driver.close()


def open_line(backend: Backend) -> FirebirdLine | None:
    """A line to the server of an open base; None for a base that is not on one."""
    from crm_desktop.models.backend.firebird import FirebirdBackend

    if not isinstance(backend, FirebirdBackend):
        return None
    return FirebirdLine(backend._fdb, backend._place)
