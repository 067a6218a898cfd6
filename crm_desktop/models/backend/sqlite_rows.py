"""Many rows into a table of SQLite in few statements.

Most of what a row costs here is not the base but handing its values over one by one. So several
rows go with one statement, and a value that all of them have, such as the moment of their making,
goes with them once. Python's lock is let go during a statement and taken back behind it, which a
thread has to wait for: with a statement for each row it would do nothing but wait.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, repeat
from typing import Any

from crm_desktop.models.backend.binding import Binder, bound
from crm_desktop.models.backend.by_columns import ByColumns, Column, Same

_PARAMETERS = 2000  # of one statement, if this SQLite takes so many
_KEYS = 50  # rows found by one statement; with more it takes longer to plan than to find them
_ASKED = 200  # keys asked for by one statement
_PART = 5000  # rows looked at together
_WORTH_SHARING = 200  # a save writes fewer, and keeps few statements prepared


def insert_rows(
    base: sqlite3.Connection,
    head: str,
    rows: Iterable[Sequence[Any]],
    processors: Sequence[Binder | None],
) -> None:
    """Runs `head`, an `INSERT ... VALUES `, for all rows, in order."""
    if isinstance(rows, ByColumns) and rows.count >= _WORTH_SHARING:
        _insert_columns(base, head, rows.lists, rows.count, processors)
        return
    left = iter(rows)
    while part := list(islice(left, _PART)):
        if len(part) < _WORTH_SHARING:
            row = f"({', '.join('?' * len(processors))})"
            base.executemany(head + row, bound(part, processors))
        else:
            _insert_columns(base, head, list(zip(*part, strict=True)), len(part), processors)


def _insert_columns(
    base: sqlite3.Connection, head: str, columns: Sequence[Column], count: int,
    processors: Sequence[Binder | None],
) -> None:  # fmt: skip
    """A statement's values lie side by side, row by row: each column is laid among them at once."""
    shared, own = _shared(columns, processors)
    given, width = list(shared.values()), max(1, len(own))
    together = max(1, (_most(base) - len(given)) // width)
    one, several = (
        head + _places(len(processors), tuple(shared), rows) for rows in (1, together)
    )  # fmt: skip
    whole = count - count % together
    for start in range(0, whole, together):
        values = [None] * (together * len(own))
        for place, column in enumerate(own):
            values[place::width] = column[start : start + together]
        base.execute(several, given + values)
    left = (column[whole:] for column in own)
    rest = zip(*left, strict=True) if own else repeat((), count - whole)
    base.executemany(one, ([*given, *row] for row in rest))


def _shared(
    columns: Sequence[Column], processors: Sequence[Binder | None]
) -> tuple[dict[int, Any], list[Sequence[Any]]]:
    """The values that all rows have, by the places of their columns; and the other columns."""
    shared: dict[int, Any] = {}
    own: list[Sequence[Any]] = []
    for place, (column, turn) in enumerate(zip(columns, processors, strict=True)):
        same = column if isinstance(column, Same) else _same(column)
        if same is not None:
            shared[place] = same.value if turn is None else turn(same.value)
        elif not isinstance(column, Same):
            own.append(column if turn is None else list(map(turn, column)))
    return shared, own


def _same(column: Sequence[Any]) -> Same | None:
    first = column[0]
    alike = column[-1] == first and column.count(first) == len(column)
    return Same(first) if alike else None


def update_rows(
    base: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    processors: Sequence[Binder | None],
) -> None:
    """Sets the `columns` of the rows whose ids stand first; as for an insert, a transaction that
    fails is rolled back whole."""
    left = iter(bound(rows, processors))
    together = max(1, min(_WORTH_SHARING, _most(base) // len(processors)))

    def several() -> str:
        values = _places(len(processors), (), together)
        settings = ", ".join(f"{name} = v.column{place}" for place, name in enumerate(columns, 2))
        return (
            f"UPDATE OR FAIL {table} SET {settings} FROM (VALUES {values}) AS v "  # noqa: S608
            f"WHERE {table}.id = v.column1"
        )

    settings = ", ".join(f"{name} = ?{place}" for place, name in enumerate(columns, 2))
    one = f"UPDATE OR FAIL {table} SET {settings} WHERE id = ?1"  # noqa: S608
    _run_together(base, several, one, together, left)


def delete_rows(
    base: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    processors: Sequence[Binder | None],
) -> None:
    """Deletes the rows of which the `columns` have these values, a few together in their order."""
    term = " AND ".join(f"{name} = ?" for name in columns)
    head = f"DELETE FROM {table} WHERE "  # noqa: S608

    def several() -> str:
        if len(columns) == 1:
            return f"{head}{columns[0]} IN ({', '.join('?' * _KEYS)})"
        return head + " OR ".join([f"({term})"] * _KEYS)

    _run_together(base, several, head + term, _KEYS, iter(bound(rows, processors)))


def lacking_rows(
    base: sqlite3.Connection, table: str, columns: Sequence[str], keys: Sequence[Sequence[Any]]
) -> list[Sequence[Any]]:
    """The keys of which the table has no row; their values as the driver takes them."""
    given = [f"column{place}" for place in range(1, len(columns) + 1)]
    term = " AND ".join(f"{name} = {one}" for name, one in zip(columns, given, strict=True))
    found: list[Sequence[Any]] = []
    for part in _evenly(keys):
        values = _places(len(columns), (), len(part))
        sql = (
            f"SELECT {', '.join(given)} FROM (VALUES {values}) "  # noqa: S608
            f"WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {term})"
        )
        found += base.execute(sql, list(chain.from_iterable(part)))
    return found


def _evenly(keys: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """The keys in parts of a few lengths: each length is a statement of its own, which is kept."""
    start = 0
    while left := len(keys) - start:
        length = _ASKED if left >= _ASKED else 1 << (left.bit_length() - 1)
        yield keys[start : start + length]
        start += length


def _run_together(
    base: sqlite3.Connection,
    several: Callable[[], str],
    one: str,
    together: int,
    rows: Iterator[Sequence[Any]],
) -> None:
    """Runs `several` for so many rows at a time, and `one` for each that is left."""
    part = list(islice(rows, together))
    text = several() if len(part) == together else ""
    while len(part) == together:
        base.execute(text, list(chain.from_iterable(part)))
        part = list(islice(rows, together))
    base.executemany(one, part)


def _most(base: sqlite3.Connection) -> int:
    return min(_PARAMETERS, base.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))


@lru_cache(maxsize=64)
def _places(width: int, shared: tuple[int, ...], count: int) -> str:
    """`(?1, ?3), (?1, ?4)` for two rows of two columns, of which the first is shared with another
    one; the numbers of what is shared come first."""
    numbers = {place: number for number, place in enumerate(shared, 1)}

    def rows() -> Iterator[str]:
        following = len(shared)
        for _row in range(count):
            row = []
            for place in range(width):
                following += place not in numbers
                row.append(f"?{numbers.get(place, following)}")
            yield f"({', '.join(row)})"

    return ", ".join(rows())
