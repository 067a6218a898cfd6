"""Cursors for fdb that prepare a statement once for each connection, and read rows whole.

fdb prepares anew for every execution, which takes the server longer than most answers; and it
takes a row apart with a dozen calls for each value. Here a statement goes back to a shelf of its
connection when its cursor is closed, and the values of a row lie side by side in one buffer.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from crm_desktop.models.backend.firebird_cancel import ABORT, send_cancel
from crm_desktop.models.backend.firebird_given import ParameterWriter
from crm_desktop.models.backend.firebird_rows import RowReader

LONGEST_SQL = 65535
"""Bytes. fdb hands the length over in 16 bits: a longer text would be cut without an error."""

_MOST = 150  # statements prepared for one connection
_MOST_LETTERS = 80_000  # of them together: the server takes a quarter of a MB for a thousand
_LIFE_S = 900.0  # then prepared anew: a plan is made for the sizes that tables had at that time
_READING_S = 120.0  # then a reader's transaction is begun anew
_CHANGES_SHAPE = re.compile(r"\s*(ALTER|DROP|RECREATE)\b", re.IGNORECASE)
_KEY = "crm_shelf"
_STILL_OPEN = 335544436  # "attempt to reopen an open cursor"
_DOUBT_SECONDS = 3.0
_SELECT = 1  # isc_info_sql_stmt_select
_REPEATABLE = frozenset({_SELECT, 2, 3, 4, 8})  # and insert, update, delete, a procedure or block


class Waits(Protocol):
    """Writes that were not sent yet (`firebird_joined`)."""

    def takes(self, work: Any, rows: Sequence[Sequence[object]]) -> bool:
        """Whether the rows wait from now on."""

    def send(self) -> None:
        """Sends all of them."""


class Asked(Exception):
    """A reading that was begun without the server stops at this question."""

    def __init__(self, sql: str, parameters: Sequence[Any], compiled: Any) -> None:
        super().__init__(sql)
        self.sql = sql
        self.parameters = parameters
        self.compiled = compiled
        """What SQLAlchemy knows of the statement; None if it was asked past it."""


class Answer(NamedTuple):
    """The rows of a question that was asked ahead, as the driver gives them."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


class Shelf:
    """What one connection keeps from one block of work to the next."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.transaction: Any = None
        """The transaction of the next cursors, where it is not the connection's main one."""
        self.reading: Any = None
        """The transaction of those who only read."""
        self.waiting: Waits | None = None
        """Writes that go with the next statement, or with the end of their block."""
        self.collecting = False
        """Whether questions are only gathered (`firebird_ahead`)."""
        self.answers: dict[tuple[str, tuple[Any, ...]], Answer] = {}
        """Of questions that were asked ahead, for this block of work."""
        self.heard_at = 0.0
        """When the server was last known to answer (monotonic)."""
        self._reading_since = 0.0
        self._shape = 0
        self._born = 0.0
        self._kept: OrderedDict[str, _Prepared] = OrderedDict()
        self._letters = 0
        self._open: set[Cursor] = set()
        self._home = _Home(driver)

    def refresh(self, shape: int) -> None:
        """Drops what is too old, or was prepared before the tables took their present `shape`."""
        now = time.monotonic()
        if shape != self._shape or now - self._born > _LIFE_S:
            self.clear()
            self._shape, self._born = shape, now

    def clear(self) -> None:
        """Nothing is kept prepared any more."""
        for prepared in self._kept.values():
            prepared.drop()
        self._kept.clear()
        self._letters = 0

    def begin_reading(self, mode: bytes) -> bool:
        """Makes `reading` ready; False if it had to be begun anew."""
        if self.reading is None:
            self.reading = self.driver.trans(mode)
        now = time.monotonic()
        if self.reading.active and now - self._reading_since < _READING_S:
            return True
        self.reading.begin(mode)
        self._reading_since = now
        return False

    def cursor(self, *, ahead: bool = False) -> Cursor:
        """A cursor in the transaction that is under way; `ahead` of the writes that wait."""
        if self.waiting is not None and not ahead:
            self.waiting.send()
        cursor = Cursor(self, self.transaction or self.driver.main_transaction)
        self._open.add(cursor)
        return cursor

    def close_cursors(self) -> None:
        """Of a transaction that stays: the server would keep their place."""
        self.answers.clear()
        for cursor in list(self._open):
            cursor.close()

    def take(self, sql: str, cursor: Cursor) -> _Prepared:
        """A prepared statement that nobody else uses until it is given back."""
        if _CHANGES_SHAPE.match(sql):
            self.clear()  # an index or a column cannot go while a statement on it is prepared
        prepared = self._pop(sql)
        if prepared is None:
            return _Prepared(sql, cursor)
        prepared.statement.cursor = cursor
        return prepared

    def give_back(self, prepared: _Prepared) -> None:
        """For the next one who asks the same."""
        prepared.statement.cursor = self._home
        second = self._pop(prepared.sql)
        if second is not None:
            second.drop()
        self._kept[prepared.sql] = prepared
        self._letters += len(prepared.sql)
        while len(self._kept) > _MOST or (self._letters > _MOST_LETTERS and len(self._kept) > 1):
            old, unused = self._kept.popitem(last=False)
            self._letters -= len(old)
            unused.drop()

    def _pop(self, sql: str) -> _Prepared | None:
        prepared = self._kept.pop(sql, None)
        if prepared is not None:
            self._letters -= len(sql)
        return prepared

    def closed(self, cursor: Cursor) -> None:
        """The cursor needs no closing any more."""
        self._open.discard(cursor)


def shelf_of(pooled: Any) -> Shelf:
    """The shelf of a pooled connection; empty when the connection is new."""
    shelf: Shelf | None = pooled.info.get(_KEY)
    if shelf is None or shelf.driver is not pooled.driver_connection:
        shelf = pooled.info[_KEY] = Shelf(pooled.driver_connection)
    return shelf


def fetch_rows(
    connection: sa.Connection, sql: str, parameters: Sequence[object], *, ahead: bool = False
) -> list[tuple[Any, ...]]:
    """The rows of a SELECT, past SQLAlchemy; `ahead` of writes that wait, which it does not ask."""
    cursor = shelf_of(connection.connection).cursor(ahead=ahead)
    try:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall()
    finally:
        cursor.close()


def run(connection: sa.Connection, sql: str, parameters: Sequence[object]) -> None:
    """A statement that gives nothing back, past SQLAlchemy."""
    cursor = shelf_of(connection.connection).cursor()
    try:
        cursor.execute(sql, list(parameters))
    finally:
        cursor.close()


def refuse_long(statement: str) -> None:
    """ValueError for SQL text that would lose its end on the way."""
    if len(statement) * 4 > LONGEST_SQL and len(statement.encode()) > LONGEST_SQL:
        raise ValueError("SQL text over 64 KB: the driver would cut it without a word")


def ask_line(driver: Any) -> None:
    """Asks for a fact about the base: one trip there and back, no transaction; raises if lost."""
    import fdb

    driver.db_info(fdb.isc_info_ods_version)


def ask_doubted_line(driver: Any) -> None:
    """The same of a line whose attachment the server may have ended: such a server is there and
    leaves the question unanswered now and then, so after a while the line is cut."""
    cut = threading.Timer(_DOUBT_SECONDS, send_cancel, (driver, ABORT))
    cut.daemon = True
    cut.start()
    try:
        ask_line(driver)
    finally:
        cut.cancel()


def fdb_error() -> type[Exception]:
    """What the driver raises."""
    import fdb

    found: type[Exception] = fdb.Error
    return found


class _Home:
    """Stands for the cursor of a statement that rests: fdb asks whether the connection is open."""

    def __init__(self, driver: Any) -> None:
        self._connection = driver


class _Prepared:
    """A statement of the driver with what reads its rows."""

    def __init__(self, sql: str, cursor: Cursor) -> None:
        from fdb import fbcore

        refuse_long(sql)
        self.sql = sql
        self.statement: Any = fbcore.PreparedStatement(sql, cursor, False)
        self.statement.set_stream_blob_treshold(
            -1
        )  # a BlobReader is dead once the cursor is closed
        self.reader: RowReader | None = None
        if self.statement.statement_type == _SELECT:
            self.reader = RowReader.of(self.statement, cursor._connection)
        self.writer = ParameterWriter.of(self.statement, cursor._connection)

    def execute(self, parameters: Sequence[Any]) -> None:
        """Runs it. Who once needed fdb to hand the values over does so again."""
        if self.writer is None or not self.writer.execute(parameters):
            self.writer = None
            self.statement._execute(list(parameters))

    @property
    def is_repeatable(self) -> bool:
        return self.statement.statement_type in _REPEATABLE

    def rest(self) -> bool:
        """Ends reading; False if the statement cannot be used again: its transaction is over."""
        try:
            self.statement.close()
        except fdb_error():
            return False
        return True

    def drop(self) -> None:
        """The server forgets it, if it is still there."""
        with suppress(fdb_error()):
            self.statement._close()


class Cursor:
    """A cursor as PEP 249 describes it, as far as SQLAlchemy asks for it."""

    arraysize = 1

    def __init__(self, shelf: Shelf, transaction: Any) -> None:
        self._shelf = shelf
        self._connection = shelf.driver  # these two names are the driver's: its statements ask
        self._transaction = transaction
        self._prepared: _Prepared | None = None
        self._answer: Answer | None = None
        self._left: Iterator[tuple[Any, ...]] = iter(())
        self._is_well = False
        self.compiled: Any = None
        """What SQLAlchemy knows of the statement that comes next."""

    def execute(self, operation: str, parameters: Sequence[Any] | None = None) -> None:
        """Runs one statement; what was read before is closed."""
        self._put_away()
        if self._shelf.collecting:
            raise Asked(operation, parameters or (), self.compiled)
        if self._shelf.answers and self._is_answered(operation, parameters or ()):
            return
        if not self._transaction.active:
            self._transaction.begin()
        self._prepared = self._shelf.take(operation, self)
        with self._trying():
            self._prepared.execute(parameters or ())

    def _is_answered(self, operation: str, parameters: Sequence[Any]) -> bool:
        """Whether it was asked ahead; then its rows are those, once. Whatever may write makes all
        that was asked before it old."""
        if not operation.startswith("SELECT"):
            self._shelf.answers.clear()
            return False
        self._answer = self._shelf.answers.pop((operation, tuple(parameters)), None)
        self._left = iter(self._answer.rows if self._answer else ())
        return self._answer is not None

    def executemany(self, operation: str, rows: Iterable[Sequence[Any]]) -> None:
        """Runs one statement for every row of parameters."""
        for row in rows:
            self.execute(operation, row)

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        found = self.fetchmany(1)
        return found[0] if found else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows, fewer at the end."""
        return self._rows(size)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return self._rows(-1)

    def _rows(self, most: int) -> list[tuple[Any, ...]]:
        if self._answer is not None:
            return list(islice(self._left, None if most < 0 else most))
        if self._prepared is None:
            return []
        statement, reader = self._prepared.statement, self._prepared.reader
        found: list[tuple[Any, ...]] = []
        with self._trying():
            if reader is not None:
                return reader.rows(most)
            while len(found) != most and (row := statement._fetchone()) is not None:
                found.append(row)
        return found

    @contextmanager
    def _trying(self) -> Iterator[None]:
        """A statement that failed is not used again. On a line that is gone a prepared one may
        fail as if it were open still: then the line is asked, and says what is the matter."""
        self._is_well = False
        try:
            yield
        except fdb_error() as error:
            if error.args[2:] == (_STILL_OPEN,):
                ask_doubted_line(self._connection)
            raise
        self._is_well = True

    @property
    def description(self) -> Any:
        """The columns of the result; None where there is none."""
        if self._answer is not None:
            return [(name, *[None] * 6) for name in self._answer.names]
        statement = self._prepared.statement if self._prepared else None
        return statement.description or None if statement is not None else None

    @property
    def rowcount(self) -> int:
        """How many rows were written; -1 if nothing was run."""
        return int(self._prepared.statement.rowcount) if self._prepared else -1

    def close(self) -> None:
        """Gives the statement back. Does nothing the second time."""
        self._put_away()
        self._shelf.closed(self)

    def _put_away(self) -> None:
        self._answer = None
        prepared, self._prepared = self._prepared, None
        if prepared is None:
            return
        if self._is_well and prepared.is_repeatable and prepared.rest():
            self._shelf.give_back(prepared)
        else:
            prepared.drop()
