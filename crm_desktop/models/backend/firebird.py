"""A base on a Firebird 3 server: short transactions, packed rows, broken lines put into words."""

from __future__ import annotations

import random
import re
import threading
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from crm_desktop.errors import (
    BaseBusy,
    Cancelled,
    Conflict,
    DatabaseUnavailable,
    FileProblem,
    NotABase,
    UserError,
)
from crm_desktop.i18n import _
from crm_desktop.models.backend import dialect, firebird_sql, statements
from crm_desktop.models.backend.base import Backend, Progress
from crm_desktop.models.backend.firebird_bulk import fetch_rows, keep_prepared, run_many
from crm_desktop.models.backend.firebird_connect import (
    connect,
    create_if_missing,
    load_client,
    parse,
    validated,
)
from crm_desktop.models.backend.firebird_errors import lost, understood
from crm_desktop.models.backend.firebird_read import all_ids, every_row
from crm_desktop.models.backend.firebird_watch import Visit, Watch
from crm_desktop.models.backend.sqlite_file import check_version

_CONNECTIONS_KEPT = 5
_ID_BLOCK = 100
_DDL_TRIES = 8
_DROPS_TABLE = re.compile(r"\s*DROP\s+TABLE\b", re.IGNORECASE)


class FirebirdBackend(Backend):
    """An open base on a server. Others work in it at the same time."""

    ids_at_once = 20_000
    is_removable = False
    combines_indexes = True

    def __init__(self, address: str, *, create: bool = False, newest: int | None = None) -> None:
        self._place = parse(address)
        self.address = self._place.shown
        self.title = self._place.title
        self._fdb = load_client()
        self._modes = firebird_sql.transaction_modes(self._fdb)
        self._shape = 0
        self._ids = range(0)
        self._ids_lock = threading.Lock()
        if create:
            create_if_missing(self._fdb, self._place)
        self._watch = Watch(self._fdb, self._answers)
        dialect.register()
        self._engine = sa.create_engine(
            "firebird+fdb://",
            creator=lambda: connect(self._fdb, self._place),
            poolclass=QueuePool,
            pool_size=_CONNECTIONS_KEPT,
            max_overflow=-1,
            pool_use_lifo=True,
        )
        event.listen(self._engine, "checkout", self._ping)
        try:
            self._first_look(create=create, newest=newest)
        except BaseException:
            self.close()
            raise

    def _first_look(self, *, create: bool, newest: int | None) -> None:
        names = set(self._relations())
        if firebird_sql.FACTS not in names:
            if names or not create:
                raise NotABase(
                    _("{place} is not a base of this program. Choose another one.").format(
                        place=self.address
                    )
                )
            self.run_ddl(firebird_sql.SYSTEM_TABLES)
        elif create:
            raise FileProblem(
                _("There is already a base {place}. Choose another name.").format(
                    place=self.address
                )
            )
        check_version(self.title, self.version, newest)

    def _ping(self, driver: Any, _record: Any, _proxy: Any) -> None:
        """As pool_pre_ping does, but under the watch: a silent server would hold it for hours."""
        visit = self._watch.enter(driver)
        try:
            self._engine.dialect.do_ping(driver)
        except self._fdb.Error as error:
            raise sa.exc.DisconnectionError from error
        finally:
            self._watch.leave(visit)

    def _answers(self) -> bool:
        """Whether the server takes a new connection within three seconds."""
        try:
            connect(self._fdb, self._place).close()
        except UserError:
            return False
        return True

    # --- transactions -----------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with self._visiting(self._modes.read) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        with self._visiting(self._modes.snapshot) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with self._visiting(self._modes.write) as connection:
            yield connection
            connection.commit()

    @contextmanager
    def _visiting(self, mode: bytes) -> Iterator[sa.Connection]:
        """A connection in a transaction of the wanted kind; rolled back unless committed."""
        with self._speaking(None), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            visit = self._watch.enter(driver)
            with self._speaking(visit, connection):
                try:
                    connection.begin()
                    driver.begin(mode)
                    keep_prepared(connection, self._shape)
                    yield connection
                finally:
                    self._watch.leave(visit)
                    self._settle(connection, visit)

    def _settle(self, connection: sa.Connection, visit: Visit) -> None:
        """A failed commit leaves the transaction open, and SQLAlchemy thinks it is over."""
        if visit.ended_by_us or visit.server_gone or connection.invalidated:
            connection.invalidate()  # a late echo of the end must not meet the next user
            return
        try:
            if visit.driver.main_transaction.active:
                visit.driver.rollback()
        except self._fdb.Error:
            connection.invalidate()

    @contextmanager
    def _speaking(
        self, visit: Visit | None, connection: sa.Connection | None = None
    ) -> Iterator[None]:
        """Puts the driver's errors, bare or wrapped, into words; a bug comes out as it is."""
        try:
            yield
        except (self._fdb.Error, sa.exc.DBAPIError) as error:
            if visit and visit.ended_by_us:
                raise Cancelled from error
            if visit and visit.server_gone:
                raise lost() from error
            known = understood(error)
            if isinstance(known, DatabaseUnavailable) and connection is not None:
                connection.invalidate()
            if known is None:
                raise
            raise known from error

    def interrupt(self, connection: sa.Connection) -> None:
        self._watch.end(connection.connection.driver_connection)

    # --- numbers ----------------------------------------------------------------------------------

    def ids(self, connection: sa.Connection, count: int) -> range:
        """From a block of the process; what is left of it is dropped when it does not suffice."""
        with self._ids_lock:
            if count > len(self._ids):
                block = max(count, _ID_BLOCK)
                self._ids = self._numbers(connection, firebird_sql.ID_GENERATOR, block)
            given, self._ids = self._ids[:count], self._ids[count:]
            return given

    def sequence(self, connection: sa.Connection, count: int) -> range:
        """Not from a block: a number held back for hours would come far too late."""
        return self._numbers(connection, firebird_sql.SEQUENCE_GENERATOR, count)

    def _numbers(self, connection: sa.Connection, generator: str, count: int) -> range:
        last = int(
            connection.exec_driver_sql(
                f"SELECT GEN_ID({generator}, {int(count)}) FROM rdb$database"  # noqa: S608
            ).scalar_one()
        )
        return range(last - count + 1, last + 1)

    def continue_numbers(self, connection: sa.Connection, *, ids: int, sequence: int) -> None:
        for generator, last in (
            (firebird_sql.ID_GENERATOR, ids),
            (firebird_sql.SEQUENCE_GENERATOR, sequence),
        ):
            now = self._numbers(connection, generator, 0).stop - 1
            if last > now:
                self._numbers(connection, generator, last - now)
        with self._ids_lock:
            self._ids = range(0)

    # --- rows in bulk -----------------------------------------------------------------------------

    def insert_many(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:
        run_many(connection, firebird_sql.inserting(table, columns, connection.dialect), rows)

    def update_many(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:
        run_many(connection, firebird_sql.updating(table, columns, connection.dialect), rows)

    def delete_keys(
        self,
        connection: sa.Connection,
        table: sa.Table,
        key_columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:
        run_many(connection, firebird_sql.deleting(table, key_columns, connection.dialect), rows)

    def among(
        self, column: sa.ColumnElement[int], *, alone: bool, name: str = "ids"
    ) -> sa.ColumnElement[bool]:
        if not alone:  # beside an outer join the list would be read last, after the whole table
            return super().among(column, alone=alone, name=name)
        return firebird_sql.among(column, name)

    def lock_rows(self, connection: sa.Connection, table: sa.Table, ids: Iterable[int]) -> None:
        """In the order of ids, so that two who want the same rows do not wait for each other."""
        rows = ((number,) for number in sorted(ids))
        run_many(connection, firebird_sql.locking(table, connection.dialect), rows)

    def rows(
        self, connection: sa.Connection, sql: str, parameters: Sequence[object]
    ) -> list[tuple[Any, ...]]:
        return fetch_rows(connection, sql, parameters)

    # --- shape of the base ------------------------------------------------------------------------

    def run_ddl(self, statements_: Sequence[sa.DDLElement | str]) -> None:
        """Tried again while others write to the tables: they are short, so a gap comes."""
        texts = [statements.text_of(element, self._engine.dialect) for element in statements_]
        if any(_DROPS_TABLE.match(text) for text in texts):
            self._engine.dispose()  # a table cannot go while a statement on it is kept prepared
        for attempt in range(_DDL_TRIES):
            try:
                with self._visiting(self._modes.ddl) as connection:
                    for text in texts:
                        connection.exec_driver_sql(text)
                    connection.commit()
                    self._shape += 1
                    return
            except (BaseBusy, Conflict):
                if attempt == _DDL_TRIES - 1:
                    raise
            time.sleep(random.uniform(0.05, 0.2))

    def create_table(self, table: sa.Table) -> list[str]:
        return statements.table_statements(table, self._engine.dialect)

    def add_columns(self, table: sa.Table, columns: Sequence[sa.Column[Any]]) -> list[str]:
        return firebird_sql.adding_columns(table, columns, self._engine.dialect)

    def create_index(
        self, table: sa.Table, columns: Sequence[str], *, unique: bool = False, name: str = ""
    ) -> list[str]:
        name = name or statements.index_name(table, columns)
        kind = "UNIQUE" if unique else ""
        return [
            firebird_sql.making_index(table, columns, self._engine.dialect, name=name, kind=kind)
        ]

    def index_pair(self, table: sa.Table, columns: Sequence[str], *, name: str = "") -> list[str]:
        name = name or statements.index_name(table, columns, room=2)
        down = firebird_sql.making_index(
            table, columns, self._engine.dialect, name=f"{name}_d", kind="DESCENDING"
        )
        return [*self.create_index(table, columns, name=name), down]

    def table_names(self) -> list[str]:
        return [name for name in self._relations() if name != firebird_sql.FACTS]

    def _relations(self) -> list[str]:
        with self.read() as connection:
            return list(connection.exec_driver_sql(firebird_sql.USER_TABLES).scalars())

    def column_names(self, table: str) -> list[str]:
        with self.read() as connection:
            found = connection.exec_driver_sql(firebird_sql.COLUMNS, (table.upper(),))
            return list(found.scalars())

    @property
    def version(self) -> int:
        with self.read() as connection:
            found = connection.exec_driver_sql(
                f"SELECT number FROM {firebird_sql.FACTS} WHERE name = 'version'"  # noqa: S608
            ).scalar()
            return int(found or 0)

    def set_version(self, connection: sa.Connection, version: int) -> None:
        connection.exec_driver_sql(
            f"UPDATE OR INSERT INTO {firebird_sql.FACTS} (name, number)"  # noqa: S608
            " VALUES ('version', ?) MATCHING (name)",
            (version,),
        )

    # --- reading in order -------------------------------------------------------------------------

    def prefix(self, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
        if not text:
            return sa.true()
        return column.op("STARTING WITH", is_comparison=True)(text)

    def keyset(
        self,
        key: sa.ColumnElement[Any],
        id_column: sa.ColumnElement[int],
        values: tuple[object, int],
        *,
        descending: bool = False,
    ) -> sa.ColumnElement[bool]:
        return firebird_sql.beyond(key, id_column, values, descending=descending)

    def anchors(
        self, connection: sa.Connection, ordered: sa.Select[tuple[Any, int]], step: int
    ) -> list[tuple[Any, int]]:
        return every_row(connection, ordered, step)

    def all_ids(self, connection: sa.Connection, ordered: sa.Select[tuple[int]]) -> array[int]:
        return all_ids(connection, ordered)

    # --- the base as a whole ----------------------------------------------------------------------

    def analyze(self) -> None:
        with self.read() as connection:
            names = list(connection.exec_driver_sql(firebird_sql.USER_INDEXES).scalars())
        self.run_ddl([f'SET STATISTICS INDEX "{name}"' for name in names])

    def integrity(self, *, deep: bool = False) -> list[str]:
        found = [] if self.table_names() else [_("The base holds no tables.")]
        return found + (validated(self._fdb, self._place) if deep else [])

    def copy_to(self, path: Path, progress: Progress | None = None) -> None:
        raise UserError(
            _("A base on a server is copied by the server's own backup. Ask its administrator.")
        )

    def size(self) -> int:
        with self.read() as connection:
            return int(
                connection.exec_driver_sql(
                    "SELECT mon$pages * mon$page_size FROM mon$database"
                ).scalar_one()
            )

    def close(self) -> None:
        self._watch.stop()
        self._engine.dispose()
