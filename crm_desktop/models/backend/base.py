"""The contract of a back end: what services may ask of a base without knowing where it lives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.anchors import Anchors
from crm_desktop.models.backend.listening import Listening as Listening
from crm_desktop.models.backend.watchdog import Deadline

Progress = Callable[[int, int], None]
"""Called with (done, whole); the unit is the caller's."""

IN_LIST = 800
"""Most items of one IN list: Firebird 3 refuses more than 1,500, packed ids fill 8,191 letters."""

Key = Sequence[Any]
"""The values of a primary key, in the order of its columns."""
Keys = Sequence[Key]
Works = Iterable[Callable[[], object]]


class Backend(ABC):
    """One open base. Safe to use from several threads, a connection from one at a time.

    Every driver error that a person can act on comes out as a subclass of UserError; the rest
    are bugs and come out as they are.
    """

    address: str
    """Where the base is, fit to be shown: without a password."""
    title: str
    """A short name for the window's title."""
    ids_at_once: int
    """Up to this many matches a list fetches all its sorted ids; above it pages by key."""
    is_removable: bool
    """Whether the base may be pulled out of the computer at any moment."""
    combines_indexes: bool = False
    """Whether several conditions of one query are looked up in several indexes at once."""
    halves_well: bool = False
    """Whether half of a large question takes hardly more than half of its time."""
    covering: bool = False
    """Whether an index that holds all columns of a question answers it without the table."""
    login: str = ""
    """With which account it was opened, in lower case; '' where nobody signs in."""
    by_recovery_code: bool = False
    """Whether a recovery code of the second factor opened it, which is used up by that."""
    administers: bool = True
    """Whether whoever opened it may change its shape and let others in."""
    behind_views: bool = False
    """Whether whoever opened it has most tables through views only (`models/strict`)."""
    exclusive: bool = False
    """Whether one program at a time has the base open; then half-done work is a dead one's."""

    def passed(self, address: str) -> str:
        """The address of further connections: with the pass that the server gave for a code."""
        return address

    @property
    def engine(self) -> str:
        """What keeps the rows, by name and version; for support."""
        with self.read() as connection:
            version = ".".join(map(str, connection.dialect.server_version_info or ()))
            return f"{connection.dialect.name} {version}, SQLAlchemy {sa.__version__}"

    @property
    def parallel(self) -> bool:
        """Whether two writing transactions of one program work at once. Who writes through views
        has his rights judged by what the transaction itself has written."""
        return not (self.exclusive or self.behind_views)

    # --- transactions -----------------------------------------------------------------------------

    @abstractmethod
    def read(self) -> AbstractContextManager[sa.Connection]:
        """A connection for short reading, rolled back at the end."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Every `read` of this thread inside takes part in one transaction: beginning one is dear
        where the base is elsewhere. Nothing may be written inside."""
        yield

    def ask_first(self, works: Works, connection: sa.Connection | None = None) -> None:
        """Asks together what each of the works, which follow in this `reading` or on `connection`
        and only read, asks first: they are begun, and broken off there. Not of a file."""
        return

    @abstractmethod
    def write(self) -> AbstractContextManager[sa.Connection]:
        """One short writing transaction: committed at the end, rolled back on any error.

        Conflict: somebody is saving the same rows. BaseBusy: somebody writes for too long.
        """

    def made_wait(self, seconds: float) -> bool:
        """Whether a write here waits for another process, or had to within the last seconds."""
        return False

    def bulk(self) -> AbstractContextManager[object]:
        """Many writing transactions follow: they may take more memory and room until the end."""
        return nullcontext()

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[sa.Connection]:
        """A long reading transaction that sees the base as it stands now; for moving a base."""

    @abstractmethod
    def interrupt(self, connection: sa.Connection) -> None:
        """Ends what another thread runs on `connection`; there it raises Cancelled."""

    @contextmanager
    def deadline(self, connection: sa.Connection, seconds: float) -> Iterator[None]:
        """Ends the calls inside once `seconds` are over: DatabaseUnavailable there."""
        with Deadline(seconds, lambda: self.interrupt(connection)):
            yield

    # --- numbers ----------------------------------------------------------------------------------

    @abstractmethod
    def ids(self, connection: sa.Connection, count: int) -> range:
        """New record ids, never given twice; gaps are normal."""

    @abstractmethod
    def sequence(self, connection: sa.Connection, count: int) -> range:
        """New numbers of change rows. They grow, but others may commit a lower one later."""

    @abstractmethod
    def continue_numbers(self, connection: sa.Connection, *, ids: int, sequence: int) -> None:
        """Makes the next numbers greater than these, if they are not yet; after moving a base."""

    # --- rows in bulk -----------------------------------------------------------------------------

    def together(self, connection: sa.Connection) -> AbstractContextManager[None]:
        """Few rows that are written inside may be sent in one trip, with the next question or at
        the end; only then shows what is wrong with them."""
        return nullcontext()

    @abstractmethod
    def insert_many(
        self, connection: sa.Connection, table: sa.Table, columns: Sequence[str],
        rows: Iterable[Sequence[object]], *, replacing: bool = False,
    ) -> None:  # fmt: skip
        """Adds rows of Python values (Decimal, aware datetime ...), in the order of `columns`.
        `replacing`: instead of those that have the same keys."""

    @abstractmethod
    def update_many(
        self, connection: sa.Connection, table: sa.Table, columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:  # fmt: skip
        """Writes `columns` by id: each row is the id, then the values of `columns`."""

    @abstractmethod
    def delete_keys(
        self, connection: sa.Connection, table: sa.Table, key_columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:  # fmt: skip
        """Removes the rows whose `key_columns` (none of them NULL) equal one of `rows`."""

    def lock_rows(  # noqa: B027 - a back end with one writer has nothing to do
        self, connection: sa.Connection, table: sa.Table, ids: Iterable[int]
    ) -> None:
        """Keeps others from changing these rows until the transaction ends.

        Does nothing where a writing transaction keeps all others out anyway.
        """

    def locking(self, select: sa.Select[Any]) -> sa.Select[Any] | None:
        """A select of rows of one table that also keeps others from changing them; None where rows
        of this table are locked in a step of its own (`lock_rows`)."""
        return select

    @abstractmethod
    def lacking(self, connection: sa.Connection, table: sa.Table, keys: Keys) -> list[Key]:
        """Those of thousands of primary keys of which the table has no row, in their order."""

    def delete_many(self, connection: sa.Connection, table: sa.Table, ids: Iterable[int]) -> None:
        """Removes rows by id."""
        self.delete_keys(connection, table, ["id"], ((number,) for number in ids))

    def rows(
        self, connection: sa.Connection, sql: str, parameters: Sequence[object]
    ) -> list[tuple[Any, ...]]:
        """What a compiled SELECT gives, as the driver gives it.

        For a question that is asked with every key pressed: its text is prepared once.
        """
        return [tuple(row) for row in connection.exec_driver_sql(sql, tuple(parameters))]

    @abstractmethod
    def columns(self, connection: sa.Connection, select: sa.Select[Any]) -> list[Sequence[Any]]:
        """All rows of a long select by its columns, past SQLAlchemy and in no order: numbers and
        texts as they are, moments as whole seconds since 1970. An empty text may come as None.

        Numbers, texts and moments only: ValueError, or an error of the base, for other columns.
        """

    # --- shape of the base ------------------------------------------------------------------------

    @abstractmethod
    def run_ddl(
        self,
        statements: Sequence[sa.DDLElement | str],
        then: Callable[[sa.Connection], None] | None = None,
    ) -> None:
        """All of them or none, in a transaction of their own; `then` writes rows in the same one.

        `then` may write to tables that were there before, and may be called again after a failure.
        BaseBusy if others write to the tables concerned and do not end within some seconds.
        """

    @abstractmethod
    def create_table(self, table: sa.Table) -> list[str]:
        """The statements that make the table and the indexes declared in it."""

    @abstractmethod
    def add_columns(self, table: sa.Table, columns: Sequence[sa.Column[Any]]) -> list[str]:
        """The statements that add columns to a table that exists."""

    @abstractmethod
    def create_index(
        self, table: sa.Table, columns: Sequence[str], *, unique: bool = False, name: str = ""
    ) -> list[str]:
        """The statements that make one index; without `name` it is named after its columns."""

    @abstractmethod
    def index_pair(self, table: sa.Table, columns: Sequence[str], *, name: str = "") -> list[str]:
        """The statements for an order that is read both ways: one index, or one each way."""

    def triggers(self) -> list[str]:
        """Statements for what the back end does by itself; those that are there are made anew."""
        return []

    def has_staff(self) -> bool:
        """Whether others sign in with accounts of their own, whose rights the base keeps."""
        return False

    def content_named(self, digest: str) -> sa.Select[Any]:
        """Number, parts and size of the file of this digest, whoever may see it; only
        `behind_views`."""
        raise NotImplementedError

    @abstractmethod
    def table_names(self) -> list[str]:
        """The tables in the base, lower case, without those of the back end itself."""

    @abstractmethod
    def column_names(self, table: str) -> list[str]:
        """The columns of a table in their order, lower case; empty if there is no such table."""

    def index_columns(self, table: str) -> dict[str, tuple[str, ...]]:
        """The columns of each index of a table that exists, by its name; lower case."""
        with self.read() as connection:
            found = sa.inspect(connection).get_indexes(table)
        return {
            str(index["name"]).lower(): tuple(str(name).lower() for name in index["column_names"])
            for index in found
        }

    @property
    def version(self) -> int:
        """The version of the schema; 0 in a base that was only just made."""
        with self.read() as connection:
            return self.version_in(connection)

    @property
    def version_found(self) -> int:
        """The version that the schema had when the base was opened."""
        return self.version

    @property
    def server_now(self) -> datetime | None:
        """What the server's clock, which has no zone, says; None where it was not asked."""
        return None

    @abstractmethod
    def version_in(self, connection: sa.Connection) -> int:
        """The version as the transaction of `connection` sees it."""

    @abstractmethod
    def migrating(self) -> AbstractContextManager[sa.Connection]:
        """A transaction for the steps between two versions: DDL and rows mixed.

        All or nothing in a file; on a server every change of a table is kept at once, and
        BaseBusy is raised while another program upgrades the same base.
        """

    @abstractmethod
    def safety_copy(self) -> Path | None:
        """A verified copy beside the base, named by version and time; None on a server."""

    @abstractmethod
    def set_version(self, connection: sa.Connection, version: int) -> None:
        """Within the transaction of `connection`."""

    # --- reading in order -------------------------------------------------------------------------

    @abstractmethod
    def prefix(self, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
        """The column begins with `text`, found through its index."""

    def among(
        self, column: sa.ColumnElement[int], *, alone: bool, name: str = "ids"
    ) -> sa.ColumnElement[bool]:
        """The column is one of the ids bound as a list `name`, `IN_LIST` of them at most.

        `alone`: the statement reads no table but the column's own; then it may be quicker.
        """
        return column.in_(sa.bindparam(name, expanding=True))

    def whole_count(self, table: sa.Table) -> sa.Select[Any]:
        """The statement that tells how many rows of a table there are to see."""
        return sa.select(sa.func.count()).select_from(table)

    def reached_rows(self, table: sa.Table) -> sa.FromClause | None:
        """The numbers of the rows of a table that there are to see, as rows with an `id`; None
        where nothing finds them but a look at every row."""
        return None

    @abstractmethod
    def keyset(
        self, key: sa.ColumnElement[Any], id_column: sa.ColumnElement[int],
        values: tuple[object, int], *, descending: bool = False,
    ) -> sa.ColumnElement[bool]:  # fmt: skip
        """The rows after `values` = (key, id) in the order "key, id" (or both descending).

        Fast on an index pair over (key, id). NULL stands first, in the descending order last.
        """

    def keyset_parts(
        self, key: sa.ColumnElement[Any], id_column: sa.ColumnElement[int],
        values: tuple[object, int], *, descending: bool = False,
    ) -> list[sa.ColumnElement[bool]]:  # fmt: skip
        """The same in conditions one behind the other, quick among thousands of equal keys."""
        return [self.keyset(key, id_column, values, descending=descending)]

    @abstractmethod
    def anchors(
        self, connection: sa.Connection, parts: Sequence[sa.Select[tuple[Any, int]]],
        step: int, most: int,
    ) -> Anchors:  # fmt: skip
        """The (key, id) of rows 0, step, 2 * step ... of ordered selects, one behind the other. Of
        `most` rows, a multiple of `step`, or of fewer where others would have to wait."""

    @abstractmethod
    def all_ids(self, connection: sa.Connection, ordered: sa.Select[tuple[int]]) -> array[int]:
        """All ids of an ordered select of one id column, packed as 64-bit numbers."""

    def limit(self, select: sa.Select[Any], count: int, offset: int = 0) -> sa.Select[Any]:
        """The first `count` rows after `offset`; a large offset is slow, page by key instead."""
        return select.limit(count).offset(offset) if offset else select.limit(count)

    # --- the base as a whole ----------------------------------------------------------------------

    @abstractmethod
    def analyze(self) -> None:
        """Refreshes what the optimiser knows; after an import."""

    def listen(self, names: Sequence[str], wake: Callable[[], None]) -> Listening | None:
        """An ear for events that the base posts; None where nobody else can be at work.

        `wake` is called from a thread of the driver for each; `Listening.heard` then says which.
        """
        return None

    def refresh_plans(self) -> None:  # noqa: B027 - a file finds its way anew each time
        """Another process has written much: remembered ways to find things are thought over."""

    def spare_memory(self) -> None:  # noqa: B027 - a server's connections are closed by themselves
        """Gives back what only makes the next questions a little quicker."""

    @abstractmethod
    def integrity(self, *, deep: bool = False) -> list[str]:
        """What is wrong inside the base, in words; empty if nothing is. `deep` reads all of it."""

    @abstractmethod
    def copy_to(self, path: Path, progress: Progress | None = None) -> None:
        """A whole, verified copy as one file; UserError where the back end has none."""

    @abstractmethod
    def size(self) -> int:
        """How much room the base takes, in bytes."""

    @abstractmethod
    def close(self) -> None:
        """Ends all connections and lets others in. Does nothing the second time."""

    @property
    def worker_environment(self) -> Mapping[str, str]:
        """What a child process of ours needs in its environment to open the same base."""
        return {}
