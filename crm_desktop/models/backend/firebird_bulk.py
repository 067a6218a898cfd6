"""Many rows to a Firebird server in few trips: packed into one parameter, taken apart there.

fdb needs a trip and some hundred microseconds of Python for each row. Here up to 32 KB of rows go
as one byte string into an EXECUTE BLOCK. Each value stands behind its length, so nothing has to be
escaped and any text survives; the string is OCTETS, because only there SUBSTRING costs the same
wherever it begins. A row that does not fit goes alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.binding import binders, bound
from crm_desktop.models.backend.firebird_cursor import fetch_rows as fetch_rows
from crm_desktop.models.backend.firebird_cursor import run, shelf_of

ROOM = 32765
_PART = 5000  # rows looked at together
_WORTH_SHARING = 200  # rows from which a statement of their own pays
_SHARED_ROOM = 16_000  # bytes of a message left for what all rows share
_TYPE_KEY = "crm_firebird_type"
_SHORT = 254  # the longest value whose length, plus one, is one byte


@dataclass(frozen=True, slots=True)
class Work:
    """One statement to run for every row, its parameters in the order of `columns`."""

    table: sa.Table
    columns: Sequence[str]
    sql: str
    """With `{0}`, `{1}` ... where the values go."""
    locks: bool = False
    """What follows counts on it: it never waits for other work."""


def run_many(connection: sa.Connection, work: Work, rows: Iterable[Sequence[object]]) -> None:
    """Runs `work` for all rows, in order, within the transaction of `connection`."""
    waiting = shelf_of(connection.connection).waiting
    if waiting is not None and not work.locks:
        rows = list(rows)
        if not rows or waiting.takes(work, rows):
            return
    dialect = connection.dialect
    ready = iter(bound(rows, binders(work.table, work.columns, dialect)))
    kinds = _kinds(work, dialect)
    while part := list(islice(ready, _PART)):
        _run_part(connection, work.sql, part, kinds)


def packed(
    connection: sa.Connection, work: Work, rows: Sequence[Sequence[object]]
) -> tuple[tuple[tuple[str, bool], ...], bytes]:
    """Declared type and width of each column, and all rows in one string; it may be too long."""
    kinds = _kinds(work, connection.dialect)
    wide = [is_wide for _type, is_wide in kinds]
    ready = bound(rows, binders(work.table, work.columns, connection.dialect))
    return tuple(kinds), b"".join(_pack(row, wide) for row in ready)


def _kinds(work: Work, dialect: sa.Dialect) -> list[tuple[str, bool]]:
    columns = [work.table.c[name] for name in work.columns]
    return [(_declared(column, dialect), _is_wide(column.type)) for column in columns]


def _run_part(
    connection: sa.Connection,
    sql: str,
    rows: Sequence[Sequence[Any]],
    columns: Sequence[tuple[str, bool]],
) -> None:
    """Columns with one value in all rows are handed over once: an import fills few of many."""
    shared = _shared(rows, columns) if len(rows) >= _WORTH_SHARING else {}
    own = [place for place in range(len(columns)) if place not in shared]
    wide = [columns[place][1] for place in own]
    text = _block(columns, shared, sql) if shared else _usual_block(tuple(columns), sql)
    parcel = _Parcel(connection, text, [v for v in shared.values() if v is not None])
    for row in rows:
        record = _pack([row[place] for place in own] if shared else row, wide)
        if len(record) <= ROOM:
            parcel.add(record)
        else:
            parcel.send()
            run(connection, _plain(len(columns), sql), row)
    parcel.send()


def _shared(rows: Sequence[Sequence[Any]], columns: Sequence[tuple[str, bool]]) -> dict[int, Any]:
    """The values that all rows have in common, by the place of their column."""
    first, found, size = rows[0], {}, 0
    for place, (kind, _wide) in enumerate(columns):
        value = first[place]
        if kind.startswith("BLOB") or any(row[place] != value for row in rows):
            continue
        size += 0 if value is None else 4 * len(str(value)) + 4 * _declared_length(kind)
        if size <= _SHARED_ROOM:
            found[place] = value
    return found if len(found) < len(columns) else {}


def _declared_length(kind: str) -> int:
    """Letters of a declared text; other types take little room."""
    digits = kind.partition("(")[2].partition(")")[0]
    return int(digits) if digits.isdigit() else 8


class _Parcel:
    """Rows on their way together, as many as one parameter holds."""

    def __init__(self, connection: sa.Connection, sql: str, shared: list[Any]) -> None:
        self._connection = connection
        self._sql = sql
        self._shared = shared
        self._records: list[bytes] = []
        self._size = 0

    def add(self, record: bytes) -> None:
        if self._size + len(record) > ROOM:
            self.send()
        self._records.append(record)
        self._size += len(record)

    def send(self) -> None:
        if self._records:
            run(self._connection, self._sql, [b"".join(self._records), *self._shared])
        self._records, self._size = [], 0


def _declared(column: sa.Column[Any], dialect: sa.Dialect) -> str:
    """The type of the variable that takes the column's value on the server."""
    known = column.info.get(_TYPE_KEY)
    if known is None:
        known = str(column.type.compile(dialect=dialect))
        if known.startswith("BLOB SUB_TYPE 1"):
            known = "BLOB SUB_TYPE TEXT CHARACTER SET UTF8"
        column.info[_TYPE_KEY] = known
    return str(known)


def _is_wide(kind: sa.types.TypeEngine[Any]) -> bool:
    """Whether a value may take more bytes than one byte can count."""
    length = getattr(kind, "length", None)
    return isinstance(kind, sa.String | sa.LargeBinary) and not (length and length * 4 < _SHORT)


def _block(columns: Sequence[tuple[str, bool]], shared: dict[int, Any], sql: str) -> str:
    """Takes one value after another off `p` at `a`; length 0 means NULL, n + 1 means n bytes.

    What all rows share comes as parameters of their own, NULL not at all.
    """
    own = [(place, *kind) for place, kind in enumerate(columns) if place not in shared]
    variables = " ".join(f"DECLARE c{place} {kind};" for place, kind, _wide in own)
    steps = " ".join(step(str(place), is_wide) for place, _kind, is_wide in own)
    given = {place: columns[place][0] for place, value in shared.items() if value is not None}
    names = [
        f":c{place}" if place not in shared else f":k{place}" if place in given else "NULL"
        for place in range(len(columns))
    ]
    more = "".join(f", k{place} {kind} = ?" for place, kind in given.items())
    return (
        f"EXECUTE BLOCK (p VARCHAR({ROOM}) CHARACTER SET OCTETS = ?{more}) AS"
        " DECLARE a INTEGER = 1; DECLARE l INTEGER; DECLARE e INTEGER;"
        f" {variables} BEGIN e = OCTET_LENGTH(p); WHILE (a <= e) DO BEGIN"
        f" {steps} {sql.format(*names)}; END END"
    )


@lru_cache(maxsize=256)
def _usual_block(columns: tuple[tuple[str, bool], ...], sql: str) -> str:
    """With nothing shared: the same few statements are written by every save."""
    return _block(columns, {}, sql)


def step(place: str, is_wide: bool) -> str:
    """Takes the next value off the parcel into the variable `c<place>`."""
    length = "l = ASCII_VAL(SUBSTRING(p FROM a FOR 1)) - 1; a = a + 1;"
    if is_wide:
        length = (
            "l = ASCII_VAL(SUBSTRING(p FROM a FOR 1)) * 256"
            " + ASCII_VAL(SUBSTRING(p FROM a + 1 FOR 1)) - 1; a = a + 2;"
        )
    return (
        f"{length} IF (l < 0) THEN c{place} = NULL; ELSE BEGIN"
        f" c{place} = SUBSTRING(p FROM a FOR l); a = a + l; END"
    )


def _plain(count: int, sql: str) -> str:
    return sql.format(*("?" for _ in range(count)))


def _pack(row: Sequence[Any], wide: Sequence[bool]) -> bytes:
    record = bytearray()
    for value, is_wide in zip(row, wide, strict=True):
        if value is None:
            record += b"\0\0" if is_wide else b"\0"
            continue
        raw = _raw(value)
        length = len(raw) + 1
        if is_wide:
            if length > ROOM:
                return b"\0" * (ROOM + 1)
            record += length.to_bytes(2, "big")
        else:
            record.append(length)
        record += raw
    return bytes(record)


def _raw(value: Any) -> bytes:
    if type(value) is str:
        return value.encode()
    if type(value) is int:
        return b"%d" % value
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds").encode()
    return value if isinstance(value, bytes) else str(value).encode()
