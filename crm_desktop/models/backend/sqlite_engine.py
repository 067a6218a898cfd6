"""Connections to one base file, with the settings that its disk asks for."""

from __future__ import annotations

import sqlite3
import time
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

BEGIN_OPTION = "crm_begin"
"""Execution option of a connection: the statement that begins its transactions."""

_CACHE_KIB = 4 * 1024  # the system caches the file; more than this only took memory
_BULK_CACHE_KIB = 64 * 1024  # else an import of 100,000 rows writes every page again and again
_LOG_PAGES, _BULK_LOG_PAGES = 1000, 64_000  # after so many the log is worked into the file
_LOG_LIMIT = 64 << 20
_CONNECTIONS_KEPT = 4
_PRIMARY = 0xFF  # an extended code carries its family in the low byte
_LOOK_S = 0.003  # SQLite itself comes to look ten times a second: most gaps are over by then


def make_engine(path: Path, *, removable: bool, busy_seconds: float) -> sa.Engine:
    """Autocommit at the driver, BEGIN by us: otherwise DDL would commit behind our back."""
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: _connect(path, removable=removable, busy_seconds=busy_seconds),
        poolclass=QueuePool,
        pool_size=_CONNECTIONS_KEPT,
        max_overflow=-1,
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", partial(_begin, busy_seconds=busy_seconds))
    if removable:
        event.listen(engine, "connect", lambda _base, record: record.info.update(removable=True))
    return engine


def driver_of(connection: sa.Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    base = connection.connection.driver_connection
    assert isinstance(base, sqlite3.Connection)
    return base


def resting_connections(engine: sa.Engine) -> int:
    """How many are open and not in use."""
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedin()


def fit_cache(connection: sa.Connection, *, bulk: bool) -> None:
    """Gives a connection the memory it needs now, and takes it back later.

    In long work a commit does not wait for the disk: the log keeps the order of what was written,
    so a base that loses its power comes up with the work half done and takes it back. The end
    waits, once for all.
    """
    wanted = _BULK_CACHE_KIB if bulk else _CACHE_KIB
    if connection.info.get("cache", _CACHE_KIB) == wanted:
        return
    base = driver_of(connection)
    base.execute(f"PRAGMA cache_size = -{wanted}")
    base.execute(f"PRAGMA wal_autocheckpoint = {_BULK_LOG_PAGES if bulk else _LOG_PAGES}")
    if not connection.info.get("removable"):
        base.execute(f"PRAGMA synchronous = {'NORMAL' if bulk else 'FULL'}")
    if not bulk:
        base.execute("PRAGMA wal_checkpoint(PASSIVE)")  # else the next save would do it
        base.execute("PRAGMA shrink_memory")
    connection.info["cache"] = wanted


def _begin(connection: sa.Connection, *, busy_seconds: float) -> None:
    """SQLAlchemy's begin is only a thought; this makes it a statement."""
    text = connection.get_execution_options().get(BEGIN_OPTION)
    if text is None:
        connection.exec_driver_sql("BEGIN")
        return
    base = driver_of(connection)
    base.execute("PRAGMA busy_timeout = 0")
    try:
        _begin_writing(connection, text, time.monotonic() + busy_seconds)
    finally:
        base.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")


def _begin_writing(connection: sa.Connection, text: str, end: float) -> None:
    """Takes the first gap between the transactions of another process."""
    while True:
        try:
            connection.exec_driver_sql(text)
            return
        except sa.exc.OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY
            if code != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(_LOOK_S)


def _connect(path: Path, *, removable: bool, busy_seconds: float) -> sqlite3.Connection:
    """A file that may be pulled out at any moment is whole after every commit. It may come from
    anybody: its views and triggers call nothing that reaches beyond it."""
    base = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        timeout=busy_seconds,
    )
    journal, sync = ("TRUNCATE", "EXTRA") if removable else ("WAL", "FULL")
    for setting in (
        "trusted_schema = OFF",
        "foreign_keys = ON",
        f"journal_mode = {journal}",
        f"synchronous = {sync}",
        f"cache_size = -{_CACHE_KIB}",
        f"journal_size_limit = {_LOG_LIMIT}",
    ):
        base.execute(f"PRAGMA {setting}")
    return base
