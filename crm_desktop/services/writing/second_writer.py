"""A second transaction of a long operation, in which a server writes the search beside the records.

A server works on one transaction with one processor. What records are found by takes it as long as
the records themselves, so the two are written at the same time. Both are kept or neither, but for
a crash between the two commits: an operation that was still running is then taken back at the next
opening, so the order is such that this finds everything. An undo that was cut off is gone through
again and looks only at records: its search is committed before them. Everything else is undone by
its change rows, and what is found by text is compared with the text that is there: its records are
committed before their search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.models.backend.base import Backend
from crm_desktop.services.operations import Operation
from crm_desktop.services.serial_executor import SerialExecutor


@dataclass(frozen=True)
class SecondWriter:
    """Begins the second transaction when there is something to write in it."""

    backend: Backend
    before: ExitStack
    """Ended before the records are committed."""
    holder: ExitStack
    """Where the second transaction ends: there, or after the records are committed."""

    def run(self, call: Callable[[sa.Connection], None]) -> None:
        """Begins the call in a thread; nothing is committed before it has ended well."""
        connection = self.holder.enter_context(self.backend.write())
        executor = self.before.enter_context(SerialExecutor())
        executor.run(lambda: call(connection))


@contextmanager
def writing(
    backend: Backend, operation: Operation | None
) -> Iterator[tuple[sa.Connection, SecondWriter | None]]:
    """A writing transaction, and what begins a second one if the back end works on two at once.

    `operation`: the one that the transaction is a part of; None if it is one of its own.
    DatabaseUnavailable if it cannot be told what was kept.
    """
    with ExitStack() as after:
        with backend.write() as connection, ExitStack() as before:
            second = None
            if operation is not None and backend.parallel:
                holder = after if operation.undoes is None else before
                second = SecondWriter(backend, before, holder)
            yield connection, second
        try:
            after.close()
        except UserError as error:  # the records are in: nothing of it may be tried again
            raise DatabaseUnavailable(error.message) from error
