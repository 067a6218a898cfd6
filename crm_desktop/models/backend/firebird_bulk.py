"""Many rows to a Firebird server in few trips: packed into one parameter, taken apart there.

fdb needs a trip and some hundred microseconds of Python for each row. Here up to 32 KB of rows go
as one byte string into an EXECUTE BLOCK. Each value stands behind its length, so nothing has to be
escaped and any text survives; the string is OCTETS, because only there SUBSTRING costs the same
wherever it begins. A row that does not fit goes alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.binding import binders, bound
from crm_desktop.models.backend.dialect import refuse_long

_ROOM = 32765
_KEPT = 100
_KEPT_KEY = "crm_prepared"
_SHAPE_KEY = "crm_shape"
_SHORT = 254  # the longest value whose length, plus one, is one byte


@dataclass(frozen=True, slots=True)
class Work:
    """One statement to run for every row, its parameters in the order of `columns`."""

    table: sa.Table
    columns: Sequence[str]
    sql: str
    """With `{0}`, `{1}` ... where the values go."""


def run_many(connection: sa.Connection, work: Work, rows: Iterable[Sequence[object]]) -> None:
    """Runs `work` for all rows, in order, within the transaction of `connection`."""
    dialect = connection.dialect
    ready = bound(rows, binders(work.table, work.columns, dialect))
    declared = [_declared(work.table.c[name], dialect) for name in work.columns]
    wide = [_is_wide(work.table.c[name].type) for name in work.columns]
    packed = _Statement(connection, _block(declared, wide, work.sql))
    single = _Statement(connection, _plain(len(declared), work.sql))
    parcel = _Parcel(packed)
    for row in ready:
        record = _pack(row, wide)
        if len(record) <= _ROOM:
            parcel.add(record)
        else:
            parcel.send()
            single.run(list(row))
    parcel.send()


def fetch_rows(
    connection: sa.Connection, sql: str, parameters: Sequence[object]
) -> list[tuple[Any, ...]]:
    """The rows of a SELECT, prepared at its first use; preparing may cost more than asking."""
    return _Statement(connection, sql).rows(list(parameters))


def keep_prepared(connection: sa.Connection, shape: int) -> None:
    """Drops what was prepared on this connection before the tables took their present `shape`."""
    kept = connection.connection.info
    if kept.get(_SHAPE_KEY) != shape:
        kept.pop(_KEPT_KEY, None)
        kept[_SHAPE_KEY] = shape


class _Parcel:
    """Rows on their way together, as many as one parameter holds."""

    def __init__(self, statement: _Statement) -> None:
        self._statement = statement
        self._records: list[bytes] = []
        self._size = 0

    def add(self, record: bytes) -> None:
        if self._size + len(record) > _ROOM:
            self.send()
        self._records.append(record)
        self._size += len(record)

    def send(self) -> None:
        if self._records:
            self._statement.run([b"".join(self._records)])
        self._records, self._size = [], 0


class _Statement:
    """Prepared at its first use, and kept with the connection for the next time."""

    def __init__(self, connection: sa.Connection, sql: str) -> None:
        refuse_long(sql)
        self._sql = sql
        self._connection = connection

    def run(self, parameters: list[Any]) -> None:
        cursor, prepared = self._prepared()
        cursor.execute(prepared, parameters)

    def rows(self, parameters: list[Any]) -> list[tuple[Any, ...]]:
        cursor, prepared = self._prepared()
        cursor.execute(prepared, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _prepared(self) -> tuple[Any, Any]:
        pooled = self._connection.connection
        kept: OrderedDict[str, tuple[Any, Any]]
        kept = pooled.info.setdefault(_KEPT_KEY, OrderedDict())
        if self._sql in kept:
            kept.move_to_end(self._sql)
        else:
            driver: Any = pooled.driver_connection
            cursor = driver.cursor()
            kept[self._sql] = (cursor, cursor.prep(self._sql))
            if len(kept) > _KEPT:
                kept.popitem(last=False)
        return kept[self._sql]


def _declared(column: sa.Column[Any], dialect: sa.Dialect) -> str:
    """The type of the variable that takes the column's value on the server."""
    text = str(column.type.compile(dialect=dialect))
    return "BLOB SUB_TYPE TEXT CHARACTER SET UTF8" if text.startswith("BLOB SUB_TYPE 1") else text


def _is_wide(kind: sa.types.TypeEngine[Any]) -> bool:
    """Whether a value may take more bytes than one byte can count."""
    length = getattr(kind, "length", None)
    return isinstance(kind, sa.String | sa.LargeBinary) and not (length and length * 4 < _SHORT)


def _block(declared: Sequence[str], wide: Sequence[bool], sql: str) -> str:
    """Takes one value after another off `p` at `a`; length 0 means NULL, n + 1 means n bytes."""
    variables = " ".join(f"DECLARE c{place} {kind};" for place, kind in enumerate(declared))
    steps = []
    for place, is_wide in enumerate(wide):
        if is_wide:
            steps.append(
                "l = ASCII_VAL(SUBSTRING(p FROM a FOR 1)) * 256"
                " + ASCII_VAL(SUBSTRING(p FROM a + 1 FOR 1)) - 1; a = a + 2;"
            )
        else:
            steps.append("l = ASCII_VAL(SUBSTRING(p FROM a FOR 1)) - 1; a = a + 1;")
        steps.append(
            f"IF (l < 0) THEN c{place} = NULL; ELSE BEGIN"
            f" c{place} = SUBSTRING(p FROM a FOR l); a = a + l; END"
        )
    statement = sql.format(*(f":c{place}" for place in range(len(declared))))
    return (
        f"EXECUTE BLOCK (p VARCHAR({_ROOM}) CHARACTER SET OCTETS = ?) AS"
        " DECLARE a INTEGER = 1; DECLARE l INTEGER; DECLARE e INTEGER;"
        f" {variables} BEGIN e = OCTET_LENGTH(p); WHILE (a <= e) DO BEGIN"
        f" {' '.join(steps)} {statement}; END END"
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
            if length > _ROOM:
                return b"\0" * (_ROOM + 1)
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
