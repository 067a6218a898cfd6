"""Whether anybody has written since an operation began, other than it and its undo.

Then nothing can stand in the way of the undo, and a hundred thousand records need not be asked
for one by one. Every transaction tells in its link of the chain how many changes it has made; if
the two operations made as many together, they made them all.
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.schema import Tables

WORTH_ASKING = 500
"""Changes of an operation; a smaller one asks for its own records as quickly."""


class Alone:
    """Asked before each block, within its transaction. Only for bases whose transactions follow
    one another: elsewhere an earlier number may be committed later."""

    def __init__(self, tables: Tables, target: int, undo: int) -> None:
        self._rows = tables.system("change_row").c
        self._links = tables.system("chain").c
        self._operations = (target, undo)
        self._target = target
        self._seen = -1
        self._is_so = True

    def check(self, connection: sa.Connection) -> bool:
        """Whether all that was written since the operation began is its own or its undo's."""
        if self._is_so:
            if self._seen < 0:
                self._seen = self._before(connection)
            self._is_so = self._look(connection)
        return self._is_so

    def _before(self, connection: sa.Connection) -> int:
        first = sa.select(sa.func.min(self._rows.seq)).where(self._rows.op == self._target)
        return int(connection.execute(first).scalar() or 0) - 1

    def _look(self, connection: sa.Connection) -> bool:
        links, rows = self._links, self._rows
        written = sa.select(sa.func.sum(links.amount), sa.func.max(links.id))
        amount, last = connection.execute(written.where(links.id > self._seen)).one()
        own = 0
        for operation in self._operations:
            made = sa.select(sa.func.count()).where(rows.op == operation, rows.seq > self._seen)
            own += connection.execute(made).scalar_one()
        self._seen = last or self._seen
        return int(amount or 0) == own
