"""Operations: the groups of changes that people recognise, name and undo.

An operation is one save, one import, one undo. A long one takes several transactions; its state
stays `running` until it ends, and one found running after a crash is undone (`undo.recover`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.schema import Tables
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.writing.changes import Title

RUNNING, DONE, UNDONE = "running", "done", "undone"
SAVE, BY_ITSELF = "save", "auto"
"""The kinds of what a person writes at once, and of what the program does without being asked:
that is in the list of operations and can be undone there, but Ctrl+Z passes it over."""
BROUGHT_IN = "import"
"""The kind of an operation whose records come from a file, with a past of their own."""
RESTORE = "restore"
"""The kind of an operation that brings back what is in the recycle bin."""
HAND_OVER = "hand_over"
"""The kind of an operation by which somebody's open work goes to others. What these have finished
since stays theirs when it is undone."""
COLUMNS = (
    "id", "started_at", "finished_at", "author", "seat", "kind", "title", "state", "total",
    "undoes", "undone_by",
)  # fmt: skip


@dataclass
class Operation:
    """One operation as it stands in the base."""

    id: int
    started_at: datetime
    author: int | None
    seat: str
    kind: str
    title: Title
    state: str = RUNNING
    total: int = 0
    finished_at: datetime | None = None
    undoes: int | None = None
    undone_by: int | None = None


class OperationLog:
    """Begins, ends, lists operations."""

    def __init__(self, backend: Backend, tables: Tables, seat: str, author: int | None) -> None:
        self._backend = backend
        self._table = tables.system("operation_log")
        self.seat = seat
        self.author = author

    def begin(
        self,
        connection: sa.Connection,
        title: Title,
        now: datetime,
        *,
        kind: str = SAVE,
        undoes: int | None = None,
    ) -> Operation:
        """A new operation of the transaction of `connection`; `keep` writes it down."""
        (id_,) = self._backend.ids(connection, 1)
        return Operation(id_, now, self.author, self.seat, kind, title, undoes=undoes)

    def keep(
        self, connection: sa.Connection, operation: Operation, total: int, now: datetime
    ) -> None:
        """Writes the operation of one transaction as a whole; nothing if it changed nothing."""
        operation.state, operation.total, operation.finished_at = DONE, total, now
        if total:
            self._insert(connection, operation)

    def _insert(self, connection: sa.Connection, operation: Operation) -> None:
        self._backend.insert_many(connection, self._table, COLUMNS, [self._row(operation)])

    def start(self, title: Title, now: datetime, kind: str, undoes: int | None = None) -> Operation:
        """A new operation that will take several transactions."""
        with self._backend.write() as connection:
            operation = self.begin(connection, title, now, kind=kind, undoes=undoes)
            self._insert(connection, operation)
        return operation

    @staticmethod
    def _row(operation: Operation) -> tuple[Any, ...]:
        return (
            operation.id, operation.started_at, operation.finished_at, operation.author,
            operation.seat, operation.kind, operation.title.to_text(), operation.state,
            operation.total, operation.undoes, operation.undone_by,
        )  # fmt: skip

    def finish(
        self, connection: sa.Connection, operation: Operation, total: int, now: datetime
    ) -> None:
        """An operation of several transactions is wholly there; none is left if nothing changed."""
        operation.state, operation.total, operation.finished_at = DONE, total, now
        if total == 0 and operation.undoes is None:
            self._backend.delete_many(connection, self._table, [operation.id])
            return
        self._backend.update_many(
            connection, self._table, ("title", "state", "total", "finished_at"),
            [(operation.id, operation.title.to_text(), DONE, total, now)],
        )  # fmt: skip

    def end(self, operation: Operation, now: datetime) -> None:
        """Ends an operation of several transactions."""
        with self._backend.write() as connection:
            self.finish(connection, operation, operation.total, now)

    def mark_undone(self, connection: sa.Connection, id_: int, by: int | None) -> None:
        """The operation was undone by another, or (`by` None) that was taken back."""
        state = UNDONE if by is not None else DONE
        self._backend.update_many(
            connection, self._table, ("state", "undone_by"), [(id_, state, by)]
        )

    def get(self, id_: int) -> Operation:
        """One operation; `NotFound` if there is none of this number."""
        with self._backend.read() as connection:
            row = connection.execute(
                sa.select(*(self._table.c[c] for c in COLUMNS)).where(self._table.c.id == id_)
            ).first()
        if row is None:
            raise NotFound(_("There is no operation {number}").format(number=id_))
        return self._operation(row)

    def last(self, limit: int = 100) -> list[Operation]:
        """The newest operations first."""
        table = self._table
        wanted = sa.select(*(table.c[c] for c in COLUMNS)).order_by(table.c.id.desc())
        with self._backend.read() as connection:
            rows = connection.execute(self._backend.limit(wanted, limit)).all()
        return [self._operation(row) for row in rows]

    def find(
        self,
        text: str = "",
        *,
        kind: str = "",
        author: int | None = None,
        check: Callable[[], None] | None = None,
    ) -> list[int]:
        """The ids of all operations of that kind and person, the newest first.

        `text` is looked for in their titles, in the language in use: they are put into words one
        by one, so `check`, called once a thousand, may raise `Cancelled`.
        """
        table = self._table
        wanted = sa.select(table.c.id, table.c.title) if text.strip() else sa.select(table.c.id)
        if kind:
            wanted = wanted.where(table.c.kind == kind)
        if author is not None:
            wanted = wanted.where(table.c.author == author)
        with self._backend.read() as connection:
            rows = connection.execute(wanted.order_by(table.c.id.desc())).all()
        if not text.strip():
            return [row.id for row in rows]
        words, found = norm(text).split(), []
        for number, row in enumerate(rows):
            if check is not None and number % 1000 == 0:
                check()
            title = norm(Title.from_text(row.title).text())
            if all(word in title for word in words):
                found.append(row.id)
        return found

    def several(self, ids: Sequence[int]) -> list[Operation]:
        """These operations, in this order; those that are gone are left out."""
        table, found = self._table, {}
        wanted = sa.select(*(table.c[c] for c in COLUMNS))
        with self._backend.read() as connection:
            for start in range(0, len(ids), IN_LIST):
                part = list(ids[start : start + IN_LIST])
                for row in connection.execute(wanted.where(table.c.id.in_(part))):
                    found[row.id] = self._operation(row)
        return [found[id_] for id_ in ids if id_ in found]

    def authors(self) -> list[int]:
        """The colleagues in whose name anything was done."""
        wanted = sa.select(self._table.c.author).distinct()
        with self._backend.read() as connection:
            return [id_ for id_ in connection.execute(wanted).scalars() if id_ is not None]

    def running(self) -> list[Operation]:
        """Operations that were never finished, oldest first."""
        with self._backend.read() as connection:
            rows = connection.execute(asked_running(self._table)).all()
        return [self._operation(row) for row in rows]

    @staticmethod
    def _operation(row: Any) -> Operation:
        return Operation(
            row.id, row.started_at, row.author, row.seat, row.kind, Title.from_text(row.title),
            row.state, row.total, row.finished_at, row.undoes, row.undone_by,
        )  # fmt: skip


def asked_running(table: sa.FromClause) -> sa.Select[Any]:
    """The question of `OperationLog.running`."""
    wanted = sa.select(*(table.c[c] for c in COLUMNS)).where(table.c.state == RUNNING)
    return wanted.order_by(table.c.id)
