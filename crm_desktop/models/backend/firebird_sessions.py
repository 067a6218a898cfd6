"""Connections to one base on a server: pooled, watched, in a transaction of the wanted kind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import Cancelled, DatabaseUnavailable, UserError
from crm_desktop.models.backend import dialect
from crm_desktop.models.backend.firebird_connect import ServerAddress, connect
from crm_desktop.models.backend.firebird_cursor import Shelf, ask_line, shelf_of
from crm_desktop.models.backend.firebird_errors import lost, understood
from crm_desktop.models.backend.firebird_lines import LinePool, Rest
from crm_desktop.models.backend.firebird_sql import transaction_modes
from crm_desktop.models.backend.firebird_watch import Visit, Watch

_CONNECTIONS_KEPT = 5
_ANSWERS_S = 10.0
HOLDS_S = 0.5
"""A line that has just answered is not asked whether it holds: that is a trip of every read."""


class Sessions:
    """Opens blocks of work; `modes` are the kinds of transactions they may ask for."""

    def __init__(self, fdb: Any, place: ServerAddress) -> None:
        self._fdb = fdb
        self.place = place
        """Where the base is and who signs in: of the connections that are made from now on."""
        self._shape = 0
        self._lost_at = 0.0
        self._watch = Watch(self._answers)
        self.modes = transaction_modes(fdb)
        dialect.register()
        self.engine = sa.create_engine(
            "firebird+fdb://",
            creator=self._connected,
            poolclass=LinePool,
            pool_size=_CONNECTIONS_KEPT,
            max_overflow=-1,
            pool_use_lifo=True,
        )
        self._rest = Rest(self._pool)

    def _pool(self) -> LinePool:
        pool = self.engine.pool  # another one after all its connections were closed
        assert isinstance(pool, LinePool)
        return pool

    def _connected(self) -> Any:
        begun = time.monotonic()
        driver = connect(self._fdb, self.place)
        self._rest.made(time.monotonic() - begun)
        return driver

    @contextmanager
    def visit(self, mode: bytes) -> Iterator[sa.Connection]:
        """A connection in a transaction; rolled back at the end unless it was committed.

        The driver's errors come out in words, a bug as it is.
        """
        with self._speaking(None), self._taken() as connection:
            visit = self._enter(connection, mode)
            with self._speaking(visit, connection):
                try:
                    connection.begin()
                    yield connection
                except self._fdb.Error as error:  # bare, from rows in bulk: unknown to SQLAlchemy
                    if dialect.is_lost(error):
                        connection.invalidate()
                    raise
                finally:
                    try:
                        self._settle(connection, visit)
                    finally:
                        self._watch.leave(visit)

    @contextmanager
    def _taken(self) -> Iterator[sa.Connection]:
        try:
            with self.engine.connect() as connection:
                yield connection
        finally:
            self._rest.begin()

    def _enter(self, connection: sa.Connection, mode: bytes) -> Visit:
        """Begins on a line that holds. What lay idle may have been cut, and that is nobody's
        business: another connection is taken."""
        for attempt in range(_CONNECTIONS_KEPT + 2):
            driver: Any = connection.connection.driver_connection
            visit = self._watch.enter(driver)
            try:
                self._begin(shelf_of(connection.connection), mode)
            except self._fdb.Error as error:
                self._watch.leave(visit)
                if attempt > _CONNECTIONS_KEPT or not (visit.server_gone or dialect.is_lost(error)):
                    raise
                connection.invalidate()
            except BaseException:
                self._watch.leave(visit)
                raise
            else:
                return visit
        raise AssertionError("unreachable")

    def _begin(self, shelf: Shelf, mode: bytes) -> None:
        """Each way makes one trip to the server, which tells a line that was cut.

        A transaction that reads what is committed, and nothing else, counts as over for the server
        from its beginning: it holds nothing up and stays for the next reader.
        """
        shelf.refresh(self._shape)
        shelf.transaction = None
        if mode != self.modes.read:
            shelf.driver.begin(mode)
            return
        heard = shelf.heard_at
        shelf.heard_at = 0.0  # of what may fail until then
        known = heard > max(self._lost_at, time.monotonic() - HOLDS_S)
        if shelf.begin_reading(mode) and not known:
            ask_line(shelf.driver)
        shelf.transaction = shelf.reading

    def interrupt(self, connection: sa.Connection) -> None:
        """Ends what another thread runs on the connection; Cancelled there."""
        self._watch.end(connection.connection.driver_connection)

    def reshaped(self) -> None:
        """The tables have changed: what was prepared before is prepared anew."""
        self._shape += 1

    def take_role(self, connection: sa.Connection, place: ServerAddress) -> None:
        """The connection, which reads, goes on in the role of `place`, and later ones begin so."""
        self.place = place
        shelf = shelf_of(connection.connection)
        shelf.clear()  # a statement was prepared with the rights of the former role
        shelf.reading.execute_immediate(f'SET ROLE "{place.role}"')

    def let_go(self) -> None:
        """Closes idle connections and with them all that is kept prepared."""
        self.engine.dispose()

    def close(self) -> None:
        """Ends all connections."""
        self._watch.stop()
        self._rest.end()
        self.engine.dispose()

    def _answers(self) -> bool:
        """Whether the server takes a new connection within some seconds. Tried beside: one that
        falls silent while it lets somebody in keeps him for ever."""
        taken = threading.Event()

        def come_in() -> None:
            with suppress(UserError):
                line = self._connected()
                taken.set()
                line.close()

        trying = threading.Timer(0.0, come_in)
        trying.daemon = True
        trying.start()
        trying.join(_ANSWERS_S)
        return taken.is_set()

    def _settle(self, connection: sa.Connection, visit: Visit) -> None:
        """A failed commit leaves the transaction open, and SQLAlchemy thinks it is over."""
        if visit.ended_by_us or visit.server_gone or connection.invalidated:
            connection.invalidate()  # a late echo of the end must not meet the next user
            return
        try:
            shelf = shelf_of(connection.connection)
            shelf.close_cursors()
            if visit.driver.main_transaction.active:
                visit.driver.rollback()
            shelf.heard_at = time.monotonic()
        except self._fdb.Error:
            connection.invalidate()

    @contextmanager
    def _speaking(
        self, visit: Visit | None, connection: sa.Connection | None = None
    ) -> Iterator[None]:
        """Puts the driver's errors, bare or wrapped, into words."""
        try:
            yield
        except (self._fdb.Error, sa.exc.DBAPIError) as error:
            if visit and visit.ended_by_us:
                raise Cancelled from error
            if visit and visit.server_gone:
                raise lost() from error
            known = understood(error)
            if isinstance(known, DatabaseUnavailable) and connection is not None:
                self._lost_at = time.monotonic()
                connection.invalidate()
            if known is None:
                raise
            raise known from error
