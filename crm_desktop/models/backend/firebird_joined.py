"""Small writes of one transaction in one trip: each trip waits for its turn on a busy server.

A save writes a dozen rows into eight tables, and every table was a trip of its own. Here they wait
until the next question or the end of the block, and go as one EXECUTE BLOCK: one parameter holds a
section for each table, behind two bytes that say how long it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.firebird_bulk import ROOM, Work, packed, run_many, step
from crm_desktop.models.backend.firebird_cursor import run, shelf_of

_MOST_ROWS = 60
"""Of one table; more of them fill a parcel of their own."""
_LENGTH = 2
_LONGEST = 40_000
"""Bytes of a statement: the driver takes 64 KB, and a longer one is dear to prepare."""
_A_COLUMN = 300
"""Bytes of a statement that one column takes at most."""

Kinds = tuple[tuple[str, bool], ...]
"""Of each column: the declared type, and whether its values may be long."""


class Waiting:
    """The writes of one transaction that were not sent yet, in their order."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._sections: list[tuple[Kinds, str, bytes]] = []
        self._works: list[tuple[Work, Sequence[Sequence[object]]]] = []
        self._size = self._text = 0

    def takes(self, work: Work, rows: Sequence[Sequence[object]]) -> bool:
        """Whether the rows wait from now on; False: they are to be sent as they are."""
        if len(rows) > _MOST_ROWS:
            return False
        kinds, raw = packed(self._connection, work, rows)
        if len(raw) + _LENGTH > ROOM:
            return False
        text = len(work.sql) + _A_COLUMN * (len(kinds) + 1)
        if self._size + len(raw) + _LENGTH > ROOM or self._text + text > _LONGEST:
            self.send()
        self._sections.append((kinds, work.sql, raw))
        self._works.append((work, rows))
        self._size += len(raw) + _LENGTH
        self._text += text
        return True

    def send(self) -> None:
        """Everything that waits, in one trip; what is alone in its usual statement."""
        sections, works = self._sections, self._works
        self._sections, self._works, self._size, self._text = [], [], 0, 0
        if len(works) == 1:
            shelf = shelf_of(self._connection.connection)
            shelf.waiting = None
            try:
                run_many(self._connection, *works[0])
            finally:
                shelf.waiting = self
        elif works:
            text = _block(tuple((kinds, sql) for kinds, sql, _raw in sections))
            parts = (len(raw).to_bytes(_LENGTH, "big") + raw for _kinds, _sql, raw in sections)
            run(self._connection, text, [b"".join(parts)])


@contextmanager
def joined(connection: sa.Connection) -> Iterator[None]:
    """Small writes inside wait for each other; nothing is sent if the block ends in an error."""
    shelf = shelf_of(connection.connection)
    shelf.waiting = waiting = Waiting(connection)
    try:
        yield
        waiting.send()
    finally:
        shelf.waiting = None


@lru_cache(maxsize=128)
def _block(works: tuple[tuple[Kinds, str], ...]) -> str:
    """Section by section: its length, then its rows to the end of it."""
    variables, steps = [], []
    for number, (kinds, sql) in enumerate(works):
        names = [f"{number}_{place}" for place in range(len(kinds))]
        pairs = list(zip(names, kinds, strict=True))
        variables += [f"DECLARE c{name} {kind};" for name, (kind, _wide) in pairs]
        taken = " ".join(step(name, is_wide) for name, (_kind, is_wide) in pairs)
        done: Any = sql.format(*(f":c{name}" for name in names))
        steps.append(
            "e = a + 2 + ASCII_VAL(SUBSTRING(p FROM a FOR 1)) * 256"
            " + ASCII_VAL(SUBSTRING(p FROM a + 1 FOR 1)); a = a + 2;"
            f" WHILE (a < e) DO BEGIN {taken} {done}; END"
        )
    return (
        f"EXECUTE BLOCK (p VARCHAR({ROOM}) CHARACTER SET OCTETS = ?) AS"
        " DECLARE a INTEGER = 1; DECLARE l INTEGER; DECLARE e INTEGER;"
        f" {' '.join(variables)} BEGIN {' '.join(steps)} END"
    )
