"""A base in one SQLite file: short transactions that are ours, rows in bulk by executemany."""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend import statements
from crm_desktop.models.backend.age import check_version
from crm_desktop.models.backend.anchors import Anchors
from crm_desktop.models.backend.base import Backend, Key, Keys, Progress
from crm_desktop.models.backend.binding import binders, returned
from crm_desktop.models.backend.disk import is_removable
from crm_desktop.models.backend.lock import TOKEN_VARIABLE, InstanceLock
from crm_desktop.models.backend.sqlite_engine import (
    BEGIN_OPTION,
    driver_of,
    fit_cache,
    make_engine,
    resting_connections,
)
from crm_desktop.models.backend.sqlite_errors import (
    busy,
    linked,
    sqlite_errors,
)
from crm_desktop.models.backend.sqlite_file import (
    COUNTERS,
    check_before_opening,
    check_inside,
    check_quietly,
    copy_base,
    create_file,
    disk_errors,
    free_name,
    remove_half_copies,
)
from crm_desktop.models.backend.sqlite_rows import (
    delete_rows,
    insert_rows,
    lacking_rows,
    update_rows,
)
from crm_desktop.models.backend.sqlite_sql import beyond, following_text, json_columns, numbers

_BUSY_SECONDS = 5.0
_NOTICED_S = 0.02  # a shorter wait is none


class SqliteBackend(Backend):
    """An open file. Only one running copy of the program, and its own workers, may have it."""

    ids_at_once = 5_000_000
    halves_well = True
    covering = True
    exclusive = True

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        newest: int | None = None,
        removable: bool | None = None,
    ) -> None:
        self.path = path.absolute()
        if create:
            create_file(self.path)
        check_before_opening(self.path, newest)
        self.address = str(self.path)
        self.title = self.path.stem
        self.is_removable = is_removable(self.path) if removable is None else removable
        with disk_errors(self.path):
            self._lock = InstanceLock(self.path)
        try:
            if not self._lock.is_anothers:
                check_quietly(self.path)
            self._writing = threading.Lock()
            self._bulk = False
            self._waits_since, self._waited_at = math.inf, -math.inf
            self._engine = make_engine(
                self.path, removable=self.is_removable, busy_seconds=_BUSY_SECONDS
            )
            check_version(self.path.name, self.version, newest)
        except BaseException:
            self._lock.release()
            raise

    # --- transactions -----------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with sqlite_errors(self.path), self._engine.connect() as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    snapshot = read

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with self._alone(), sqlite_errors(self.path), self._engine.connect() as connection:
            fit_cache(connection, bulk=self._bulk)
            connection = connection.execution_options(**{BEGIN_OPTION: "BEGIN IMMEDIATE"})
            with self._noting_waits():
                begun = connection.begin()
            with begun:
                yield connection

    @contextmanager
    def _noting_waits(self) -> Iterator[None]:
        self._waits_since = began = time.monotonic()
        try:
            yield
        finally:
            self._waits_since, ended = math.inf, time.monotonic()
            if ended - began > _NOTICED_S:
                self._waited_at = ended

    def made_wait(self, seconds: float) -> bool:
        now = time.monotonic()
        return now - self._waits_since > _NOTICED_S or now - self._waited_at < seconds

    @contextmanager
    def bulk(self) -> Iterator[None]:
        self._bulk = True
        try:
            yield
        finally:
            self._bulk = False
            with self._engine.connect() as connection:
                fit_cache(connection, bulk=False)

    def spare_memory(self) -> None:
        with ExitStack() as held:
            for _number in range(resting_connections(self._engine)):
                connection = held.enter_context(self._engine.connect())
                connection.exec_driver_sql("PRAGMA shrink_memory")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Threads of ours queue here: SQLite would let them sleep and try again."""
        if not self._writing.acquire(timeout=_BUSY_SECONDS):
            raise busy()
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """Foreign keys rest while tables are made anew, and are checked before the commit."""
        with self._alone(), sqlite_errors(self.path), self._engine.connect() as connection:
            base = driver_of(connection)
            base.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
            try:
                connection = connection.execution_options(**{BEGIN_OPTION: "BEGIN IMMEDIATE"})
                with connection.begin():
                    yield connection
                    if base.execute("PRAGMA foreign_key_check").fetchone():
                        raise linked()
            finally:
                base.execute("PRAGMA foreign_keys = ON")

    def interrupt(self, connection: sa.Connection) -> None:
        driver_of(connection).interrupt()

    # --- numbers ----------------------------------------------------------------------------------

    def ids(self, connection: sa.Connection, count: int) -> range:
        return numbers(connection, "id", count)

    def sequence(self, connection: sa.Connection, count: int) -> range:
        return numbers(connection, "sequence", count)

    def continue_numbers(self, connection: sa.Connection, *, ids: int, sequence: int) -> None:
        for name, last in (("id", ids), ("sequence", sequence)):
            connection.exec_driver_sql(
                f"UPDATE {COUNTERS} SET following = max(following, ?) WHERE name = ?",  # noqa: S608
                (last + 1, name),
            )

    # --- rows in bulk -----------------------------------------------------------------------------

    def insert_many(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        *,
        replacing: bool = False,
    ) -> None:
        names = statements.quoted(columns, connection.dialect)
        # A transaction that fails is rolled back whole: ABORT would first copy each page it writes.
        otherwise = "FAIL"
        if replacing:  # a row that is all key is the same one, and leaving it costs nothing
            otherwise = "IGNORE" if len(table.primary_key) == len(columns) else "REPLACE"
        sql = f"INSERT OR {otherwise} INTO {_name(table, connection)} ({names}) VALUES "  # noqa: S608
        with sqlite_errors(self.path):
            turns = binders(table, columns, connection.dialect)
            insert_rows(driver_of(connection), sql, rows, turns)

    def update_many(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:
        names = [statements.quoted([name], connection.dialect) for name in columns]
        turns = binders(table, ["id", *columns], connection.dialect)
        with sqlite_errors(self.path):
            update_rows(driver_of(connection), _name(table, connection), names, rows, turns)

    def delete_keys(
        self,
        connection: sa.Connection,
        table: sa.Table,
        key_columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:
        names = [statements.quoted([name], connection.dialect) for name in key_columns]
        turns = binders(table, key_columns, connection.dialect)
        with sqlite_errors(self.path):
            delete_rows(driver_of(connection), _name(table, connection), names, rows, turns)

    def lacking(self, connection: sa.Connection, table: sa.Table, keys: Keys) -> list[Key]:
        names = [statements.quoted([c.name], connection.dialect) for c in table.primary_key]
        with sqlite_errors(self.path):
            return lacking_rows(driver_of(connection), _name(table, connection), names, keys)

    def columns(self, connection: sa.Connection, select: sa.Select[Any]) -> list[Sequence[Any]]:
        return json_columns(connection, select)

    # --- shape of the base ------------------------------------------------------------------------

    def run_ddl(
        self,
        statements_: Sequence[sa.DDLElement | str],
        then: Callable[[sa.Connection], None] | None = None,
    ) -> None:
        with self.write() as connection:
            for element in statements_:
                connection.exec_driver_sql(statements.text_of(element, connection.dialect))
            if then is not None:
                then(connection)

    def create_table(self, table: sa.Table) -> list[str]:
        return statements.table_statements(table, self._engine.dialect)

    def add_columns(self, table: sa.Table, columns: Sequence[sa.Column[Any]]) -> list[str]:
        dialect = self._engine.dialect
        name = statements.quoted([table.name], dialect)
        return [
            f"ALTER TABLE {name} ADD COLUMN {statements.column_text(column, dialect)}"
            for column in columns
        ]

    def create_index(
        self, table: sa.Table, columns: Sequence[str], *, unique: bool = False, name: str = ""
    ) -> list[str]:
        dialect = self._engine.dialect
        name = name or statements.index_name(table, columns)
        kind = "CREATE UNIQUE INDEX" if unique else "CREATE INDEX"
        target = statements.quoted([table.name], dialect)
        fields = statements.quoted(columns, dialect)
        return [f"{kind} {statements.quoted([name], dialect)} ON {target} ({fields})"]

    def index_pair(self, table: sa.Table, columns: Sequence[str], *, name: str = "") -> list[str]:
        name = name or statements.index_name(table, columns, room=2)
        return self.create_index(table, columns, name=name)

    def table_names(self) -> list[str]:
        with self.read() as connection:
            names = connection.exec_driver_sql(
                "SELECT lower(name) FROM sqlite_master WHERE type = 'table'"
                " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            ).scalars()
            return [name for name in names if name != COUNTERS]

    def column_names(self, table: str) -> list[str]:
        with self.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT lower(name) FROM pragma_table_info(?)", (table,)
            )
            return list(rows.scalars())

    def version_in(self, connection: sa.Connection) -> int:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def set_version(self, connection: sa.Connection, version: int) -> None:
        connection.exec_driver_sql(f"PRAGMA user_version = {int(version)}")

    # --- reading in order -------------------------------------------------------------------------

    def prefix(self, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
        if not text:
            return sa.true()
        following = following_text(text)
        return sa.and_(column >= text, column < following) if following else column >= text

    def keyset(
        self,
        key: sa.ColumnElement[Any],
        id_column: sa.ColumnElement[int],
        values: tuple[object, int],
        *,
        descending: bool = False,
    ) -> sa.ColumnElement[bool]:
        return beyond(key, id_column, values, descending=descending)

    def anchors(
        self, connection: sa.Connection, parts: Sequence[sa.Select[tuple[Any, int]]],
        step: int, most: int,
    ) -> Anchors:  # fmt: skip
        (ordered,) = parts  # an index finds what stands behind a row at once
        result = connection.execute(self.limit(ordered, most))
        cursor: Any = result.cursor  # bare: most rows only pass by
        rows = list(islice(cursor, 0, None, step))
        result.close()
        types = [column.type for column in ordered.selected_columns]
        found = returned(rows, types, connection.dialect)
        return Anchors([(key, number) for key, number in found], len(rows) * step < most)

    def all_ids(self, connection: sa.Connection, ordered: sa.Select[tuple[int]]) -> array[int]:
        result = connection.execute(ordered)
        cursor: Any = result.cursor
        ids = array("q", chain.from_iterable(cursor))
        result.close()
        return ids

    # --- the base as a whole ----------------------------------------------------------------------

    def analyze(self) -> None:
        with self.write() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit = 2000")
            connection.exec_driver_sql("ANALYZE")

    def integrity(self, *, deep: bool = False) -> list[str]:
        with self.read() as connection:
            base = driver_of(connection)
            found = check_inside(base, deep=deep)
            if deep and base.execute("PRAGMA foreign_key_check").fetchone():
                found.append(linked().message)
            return found

    def copy_to(self, path: Path, progress: Progress | None = None) -> None:
        with self._engine.connect() as connection:
            copy_base(driver_of(connection), path, progress or _silent)

    def safety_copy(self) -> Path:
        target = free_name(self.path, self.version)
        remove_half_copies(self.path)
        self.copy_to(target)
        return target

    def size(self) -> int:
        parts = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def close(self) -> None:
        self._engine.dispose()
        if not self._lock.is_anothers:
            _remove_empty(self.path.with_name(self.path.name + "-journal"))
        self._lock.release()

    @property
    def worker_environment(self) -> Mapping[str, str]:
        return {TOKEN_VARIABLE: self._lock.token}


def _name(table: sa.Table, connection: sa.Connection) -> str:
    return statements.quoted([table.name], connection.dialect)


def _remove_empty(journal: Path) -> None:
    """A journal that is cut after each commit stays behind: a closed base is one file."""
    if journal.exists() and not journal.stat().st_size:
        journal.unlink()


def _silent(_done: int, _whole: int) -> None:
    """For a caller that shows no progress."""
