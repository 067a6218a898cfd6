"""A base on a Firebird 3 server: short transactions, packed rows, broken lines put into words."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from crm_desktop.errors import BaseBusy, Conflict, FileProblem, NotABase, UserError
from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_sql, statements
from crm_desktop.models.backend.age import HALF_MOVED, check_version
from crm_desktop.models.backend.base import Key, Keys, Listening, Progress, Works
from crm_desktop.models.backend.firebird_ahead import ask_first
from crm_desktop.models.backend.firebird_bulk import fetch_rows, lacking, run_many
from crm_desktop.models.backend.firebird_connect import (
    Standing,
    create_if_missing,
    load_client,
    parse,
    validated,
    with_pass,
)
from crm_desktop.models.backend.firebird_errors import stranger, understood, upgrading
from crm_desktop.models.backend.firebird_joined import joined
from crm_desktop.models.backend.firebird_order import FirebirdOrder
from crm_desktop.models.backend.firebird_proof import with_token
from crm_desktop.models.backend.firebird_read import packed_columns
from crm_desktop.models.backend.firebird_roles import (
    GRANTS,
    SignedIn,
    first_look,
    who_signed_in,
)
from crm_desktop.models.backend.firebird_sessions import Sessions
from crm_desktop.models.backend.firebird_triggers import TRIGGERS

_ID_BLOCK, _DDL_TRIES = 100, 8
_MAKES = re.compile(r"\s*CREATE (TABLE|SEQUENCE|PROCEDURE)\b", re.IGNORECASE)
_DROPS = re.compile(r"\bDROP\b", re.IGNORECASE)


class FirebirdBackend(FirebirdOrder):
    """An open base on a server. Others work in it at the same time."""

    ids_at_once = 20_000
    is_removable = False
    combines_indexes = True

    def __init__(
        self, address: str, *, create: bool = False, resume: bool = False, newest: int | None = None
    ) -> None:
        self._fdb = load_client()
        self._place = with_pass(self._fdb, parse(address))
        self.address, self.title = self._place.shown, self._place.title
        self.by_recovery_code = self._place.proof.recovered
        self._ids, self._ids_lock, self._shared = range(0), threading.Lock(), threading.local()
        if create:
            create_if_missing(self._fdb, self._place)
        self._sessions = Sessions(self._fdb, self._place)
        self._dialect = self._sessions.engine.dialect
        try:
            self._first_look(create=create, resume=resume, newest=newest)
        except BaseException:
            self.close()
            raise

    def _sign_in(self, who: SignedIn, connection: sa.Connection) -> None:
        """Takes the role that whoever signed in has here, on this connection and all later ones."""
        self.login, self.administers = who.user.lower(), who.is_administrator
        self.behind_views = who.has_roles and not who.is_administrator
        if who.is_stranger:
            raise stranger(self.login)
        if who.wanted_role != self._place.role:
            self._place = replace(self._place, role=who.wanted_role)
            self._sessions.take_role(connection, self._place)

    @contextmanager
    def another_password(self, password: str) -> Iterator[None]:
        """The block has the server take it; from then on connections are made with it. Those that
        are begun meanwhile wait: the server would refuse the old one, and count the failure."""
        standing = self._place.standing
        standing.changed, standing.changer = threading.Event(), threading.get_ident()
        try:
            yield
            self._place = self._sessions.place = replace(
                self._place, password=password, standing=Standing()
            )
            standing.follower = self._place
        finally:
            standing.changed.set()

    def signs_in_by(self, password: str) -> bool:
        """Whether connections are made with that password."""
        return self._place.password == password

    def passed(self, address: str) -> str:
        token = self._place.proof.token
        return with_token(address, token) if token else address

    def _first_look(self, *, create: bool, resume: bool, newest: int | None) -> None:
        with self.read() as connection:
            look = None if create else first_look(connection)
            self._sign_in(look.who if look else who_signed_in(connection), connection)
        self._looked, self._looked_at = look, time.monotonic()
        if look is None:
            self._look_closer(create=create, resume=resume)
        check_version(self.title, self.version_found, newest)

    @property
    def version_found(self) -> int:
        return self._looked.version if self._looked else self.version

    @property
    def server_now(self) -> datetime | None:
        passed = timedelta(seconds=time.monotonic() - self._looked_at)
        return self._looked.now + passed if self._looked else None

    def _look_closer(self, *, create: bool, resume: bool) -> None:
        names = set(self._relations())
        if firebird_sql.FACTS not in names:
            if names or not create:
                said = _("{place} is not a base of this program. Choose another one.")
                raise NotABase(said.format(place=self.address))
            self.run_ddl(firebird_sql.SYSTEM_TABLES)
        elif create and not (resume and self.version == HALF_MOVED):
            said = _("There is already a base {place}. Choose another name.")
            raise FileProblem(said.format(place=self.address))

    # --- transactions -----------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        shared: sa.Connection | None = getattr(self._shared, "connection", None)
        if shared is not None:
            yield shared
            return
        with self._sessions.visit(self._sessions.modes.read) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self.read() as connection:
            outer = getattr(self._shared, "connection", None)
            self._shared.connection = connection
            try:
                yield
            finally:
                self._shared.connection = outer

    def ask_first(self, works: Works, connection: sa.Connection | None = None) -> None:
        with self.read() if connection is None else nullcontext(connection) as asking:
            ask_first(asking, works)

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        with self._sessions.visit(self._sessions.modes.snapshot) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        try:
            with self._sessions.visit(self._sessions.modes.write) as connection:
                yield connection
                connection.commit()
        except BaseException:
            # A server that is killed forgets numbers handed out by what was not committed, and
            # gives them once more: the rest of such a block must not be used.
            with self._ids_lock:
                self._ids = range(0)
            raise

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """A row that is never committed keeps others from upgrading; it dies with its owner."""
        with self.write() as guard:
            try:
                firebird_sql.set_fact(guard, "upgrading", 1)
            except sa.exc.DBAPIError as error:
                if isinstance(understood(error), BaseBusy | Conflict):
                    raise upgrading() from error
                raise
            with self._sessions.visit(self._sessions.modes.ddl) as connection:
                event.listen(connection, "after_cursor_execute", self._keep_shape)
                yield connection
                connection.commit()
            self._sessions.reshaped()
            guard.rollback()

    def _keep_shape(
        self, connection: sa.Connection, cursor: Any, statement: str, *_others: Any
    ) -> None:
        """A table is there only after a commit: what follows in the same step needs it."""
        if firebird_sql.CHANGES_SHAPE.match(statement):
            cursor.close()
            driver: Any = connection.connection.driver_connection
            driver.commit()
            driver.begin(self._sessions.modes.ddl)

    def interrupt(self, connection: sa.Connection) -> None:
        self._sessions.interrupt(connection)

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
        wanted = f"SELECT GEN_ID({generator}, {int(count)}) FROM rdb$database"  # noqa: S608
        ((last,),) = fetch_rows(connection, wanted, (), ahead=True)
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

    def together(self, connection: sa.Connection) -> AbstractContextManager[None]:
        return joined(connection)

    def insert_many(
        self, connection: sa.Connection, table: sa.Table, columns: Sequence[str],
        rows: Iterable[Sequence[object]], *, replacing: bool = False,
    ) -> None:  # fmt: skip
        adding = firebird_sql.replacing if replacing else firebird_sql.inserting
        run_many(connection, adding(table, columns, connection.dialect), rows)

    def update_many(
        self, connection: sa.Connection, table: sa.Table, columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:  # fmt: skip
        run_many(connection, firebird_sql.updating(table, columns, connection.dialect), rows)

    def delete_keys(
        self, connection: sa.Connection, table: sa.Table, key_columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:  # fmt: skip
        run_many(connection, firebird_sql.deleting(table, key_columns, connection.dialect), rows)

    def lacking(self, connection: sa.Connection, table: sa.Table, keys: Keys) -> list[Key]:
        return lacking(connection, firebird_sql.asking(table, connection.dialect), keys)

    def among(
        self, column: sa.ColumnElement[int], *, alone: bool, name: str = "ids"
    ) -> sa.ColumnElement[bool]:
        if not alone:  # beside an outer join the list would be read last, after the whole table
            return super().among(column, alone=alone, name=name)
        return firebird_sql.among(column, name)

    def lock_rows(self, connection: sa.Connection, table: sa.Table, ids: Iterable[int]) -> None:
        """In the order of ids, so that two who want the same rows do not wait for each other."""
        run_many(connection, firebird_sql.locking(table, connection.dialect), zip(sorted(ids)))

    def rows(
        self, connection: sa.Connection, sql: str, parameters: Sequence[object]
    ) -> list[tuple[Any, ...]]:
        return fetch_rows(connection, sql, parameters)

    def columns(self, connection: sa.Connection, select: sa.Select[Any]) -> list[Sequence[Any]]:
        return packed_columns(connection, select)

    # --- shape of the base ------------------------------------------------------------------------

    def run_ddl(
        self,
        statements_: Sequence[sa.DDLElement | str],
        then: Callable[[sa.Connection], None] | None = None,
    ) -> None:
        """Tried again while others write to the tables: they are short, so a gap comes."""
        texts = [statements.text_of(element, self._dialect) for element in statements_]
        if any(_DROPS.search(text) for text in texts):
            self._sessions.let_go()  # nothing can go while a statement on it is kept prepared
        for attempt in range(_DDL_TRIES):
            try:
                with self._sessions.visit(self._sessions.modes.ddl) as connection:
                    for text in texts:
                        connection.exec_driver_sql(text)
                    if any(_MAKES.match(text) for text in texts):
                        connection.exec_driver_sql(GRANTS)
                    if then is not None:
                        then(connection)
                    connection.commit()
                    self._sessions.reshaped()
                    return
            except (BaseBusy, Conflict):
                if attempt == _DDL_TRIES - 1:
                    raise
            time.sleep(random.uniform(0.05, 0.2))

    def create_table(self, table: sa.Table) -> list[str]:
        return statements.table_statements(table, self._dialect)

    def add_columns(self, table: sa.Table, columns: Sequence[sa.Column[Any]]) -> list[str]:
        return firebird_sql.adding_columns(table, columns, self._dialect)

    def create_index(
        self, table: sa.Table, columns: Sequence[str], *, unique: bool = False, name: str = ""
    ) -> list[str]:
        name = name or statements.index_name(table, columns)
        kind = "UNIQUE" if unique else ""
        return [firebird_sql.making_index(table, columns, self._dialect, name=name, kind=kind)]

    def index_pair(self, table: sa.Table, columns: Sequence[str], *, name: str = "") -> list[str]:
        name = name or statements.index_name(table, columns, room=2)
        given = (table, columns, self._dialect)
        down = firebird_sql.making_index(*given, name=f"{name}_d", kind="DESCENDING")
        return [*self.create_index(table, columns, name=name), down]

    def triggers(self) -> list[str]:
        return [*TRIGGERS, GRANTS]

    def table_names(self) -> list[str]:
        return [name for name in self._relations() if name not in firebird_sql.OURS]

    content_named = staticmethod(firebird_sql.content_named)
    locking = staticmethod(firebird_sql.locked)
    whole_count = staticmethod(firebird_sql.whole_count)
    reached_rows = staticmethod(firebird_sql.reached_rows)

    def has_staff(self) -> bool:
        with self.read() as connection:
            return who_signed_in(connection).has_roles

    def _relations(self) -> list[str]:
        return self._listed(firebird_sql.relations(views=self.behind_views))

    def _listed(self, sql: str, *given: str) -> list[str]:
        with self.read() as connection:
            return list(connection.exec_driver_sql(sql, given).scalars())

    def column_names(self, table: str) -> list[str]:
        return self._listed(firebird_sql.COLUMNS, table.upper())

    def version_in(self, connection: sa.Connection) -> int:
        return firebird_sql.fact(connection, "version")

    def set_version(self, connection: sa.Connection, version: int) -> None:
        firebird_sql.set_fact(connection, "version", version)

    # --- the base as a whole ----------------------------------------------------------------------

    def analyze(self) -> None:
        if not self.behind_views:  # else the indexes are not the account's to renew
            names = self._listed(firebird_sql.USER_INDEXES)
            self.run_ddl([f'SET STATISTICS INDEX "{name}"' for name in names])

    def listen(self, names: Sequence[str], wake: Callable[[], None]) -> Listening | None:
        from crm_desktop.models.backend.firebird_listen import FirebirdListening

        return FirebirdListening(self._fdb, self._place, names, wake)

    def refresh_plans(self) -> None:
        self._sessions.reshaped()

    def integrity(self, *, deep: bool = False) -> list[str]:
        found = [] if self.table_names() else [_("The base holds no tables.")]
        return found + (validated(self._fdb, self._place) if deep else [])

    def copy_to(self, path: Path, progress: Progress | None = None) -> None:
        raise UserError(
            _("A base on a server is copied by the server's own backup. Ask its administrator.")
        )

    def safety_copy(self) -> None:
        """None: the administrator of the server makes the copies."""

    def size(self) -> int:
        with self.read() as connection:
            return int(connection.exec_driver_sql(firebird_sql.SIZE).scalar_one())

    def close(self) -> None:
        self._sessions.close()
