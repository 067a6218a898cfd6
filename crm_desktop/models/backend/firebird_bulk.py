"""Many rows to a Firebird server in few trips: packed into one parameter, taken apart there.

fdb needs a trip and some hundred microseconds of Python for each row. Here up to 32 KB of rows go
as one byte string into an EXECUTE BLOCK. Each value stands behind its length, so nothing has to be
escaped and any text survives; the string is OCTETS, because only there SUBSTRING costs the same
wherever it begins. A row that does not fit goes alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.binding import Binder, binders
from crm_desktop.models.backend.by_columns import ByColumns
from crm_desktop.models.backend.firebird_cursor import fetch_rows as fetch_rows
from crm_desktop.models.backend.firebird_cursor import run, shelf_of

ROOM = 32765
_ASKED = 150  # keys asked for together; a primary key is short
_PART = 5000  # rows looked at together
_WORTH_SHARING = 200  # rows from which a statement of their own pays
_SHARED_ROOM = 16_000  # bytes of a message left for what all rows share
_TYPE_KEY = "crm_firebird_type"
_SHORT = 254  # the longest value whose length, plus one, is one byte
_HEADS = [bytes((length + 1,)) for length in range(_SHORT + 1)]
_WIDE_HEADS = [(length + 1).to_bytes(2, "big") for length in range(_SHORT + 1)]
_MOST_WAITING = 3  # parcels packed before the server has taken the ones before

Send = Callable[[str, Sequence[object]], None]
"""Runs a statement with its parameters."""


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
    kinds = _kinds(work, connection.dialect)
    turns = binders(work.table, work.columns, connection.dialect)
    parts = _parts(rows)
    first = next(parts, [])
    if not first or len(first[0]) < _WORTH_SHARING:
        _run_part(partial(run, connection), work.sql, _turned(first, turns), kinds)
        return
    with _Sender(connection) as sender:
        for part in chain((first,), parts):
            _run_part(sender, work.sql, _turned(part, turns), kinds)


def _parts(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Some thousand rows at a time, by columns."""
    if isinstance(rows, ByColumns):
        for start in range(0, rows.count, _PART):
            yield rows.part(start, start + _PART)
        return
    left = iter(rows)
    while part := list(islice(left, _PART)):
        yield list(zip(*part, strict=True))


def packed(
    connection: sa.Connection, work: Work, rows: Sequence[Sequence[object]]
) -> tuple[tuple[tuple[str, bool], ...], bytes]:
    """Declared type and width of each column, and all rows in one string; it may be too long."""
    kinds = _kinds(work, connection.dialect)
    columns = _columns(rows, binders(work.table, work.columns, connection.dialect))
    return tuple(kinds), b"".join(_records(columns, kinds))


def lacking(
    connection: sa.Connection, work: Work, rows: Sequence[Sequence[Any]]
) -> list[Sequence[Any]]:
    """Those of the rows whose number, from 1 on in each parcel, the statement tells as `r`."""
    kinds = _kinds(work, connection.dialect)
    answering = "RETURNS (r INTEGER) AS DECLARE"
    text = _usual_block(tuple(kinds), work.sql).replace("AS DECLARE", answering, 1)
    text = text.replace("BEGIN", "BEGIN r = 0;", 1)
    found: list[Sequence[Any]] = []
    for first in range(0, len(rows), _ASKED):
        part = rows[first : first + _ASKED]
        turns = binders(work.table, work.columns, connection.dialect)
        parcel = b"".join(_records(_columns(part, turns), kinds))
        found += [part[number - 1] for (number,) in fetch_rows(connection, text, [parcel])]
    return found


def _kinds(work: Work, dialect: sa.Dialect) -> list[tuple[str, bool]]:
    columns = [work.table.c[name] for name in work.columns]
    return [(_declared(column, dialect), _is_wide(column.type)) for column in columns]


def _columns(
    rows: Sequence[Sequence[object]], turns: Sequence[Binder | None]
) -> list[Sequence[Any]]:
    """The values by columns, as the driver takes them."""
    return _turned(list(zip(*rows, strict=True)), turns)


def _turned(
    columns: Sequence[Sequence[Any]], turns: Sequence[Binder | None]
) -> list[Sequence[Any]]:
    return [
        column if turn is None else list(map(turn, column))
        for column, turn in zip(columns, turns, strict=False)
    ]


def _run_part(
    send: Send, sql: str, columns: Sequence[Sequence[Any]], kinds: Sequence[tuple[str, bool]]
) -> None:
    """Columns with one value in all rows are handed over once: an import fills few of many."""
    if not columns:
        return
    shared = _shared(columns, kinds) if len(columns[0]) >= _WORTH_SHARING else {}
    own = [place for place in range(len(kinds)) if place not in shared]
    text = _block(kinds, shared, sql) if shared else _usual_block(tuple(kinds), sql)
    parcel = _Parcel(send, text, [v for v in shared.values() if v is not None])
    records = _records([columns[place] for place in own], [kinds[place] for place in own])
    for at, record in enumerate(records):
        if len(record) <= ROOM:
            parcel.add(record)
        else:
            parcel.send()
            send(_plain(len(kinds), sql), [column[at] for column in columns])
    parcel.send()


def _shared(columns: Sequence[Sequence[Any]], kinds: Sequence[tuple[str, bool]]) -> dict[int, Any]:
    """The values that all rows have in common, by the place of their column."""
    found, size = {}, 0
    for place, ((kind, _wide), column) in enumerate(zip(kinds, columns, strict=True)):
        value = column[0]
        if kind.startswith("BLOB") or column.count(value) < len(column):
            continue
        size += 0 if value is None else 4 * len(str(value)) + 4 * _declared_length(kind)
        if size <= _SHARED_ROOM:
            found[place] = value
    return found if len(found) < len(kinds) else {}


def _declared_length(kind: str) -> int:
    """Letters of a declared text; other types take little room."""
    digits = kind.partition("(")[2].partition(")")[0]
    return int(digits) if digits.isdigit() else 8


class _Sender:
    """Sends parcels in a thread of its own: the next one is packed while the server takes this one
    apart. The end waits for all of them, and raises what the first that failed has raised."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parcels")
        self._waiting: deque[Future[None]] = deque()
        self._is_well = True

    def __call__(self, sql: str, parameters: Sequence[object]) -> None:
        while len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._send, sql, parameters))

    def _send(self, sql: str, parameters: Sequence[object]) -> None:
        if self._is_well:  # nothing goes behind a parcel that failed
            self._is_well = False
            run(self._connection, sql, parameters)
            self._is_well = True

    def __enter__(self) -> _Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            for one in self._waiting:
                one.result()


class _Parcel:
    """Rows on their way together, as many as one parameter holds."""

    def __init__(self, send: Send, sql: str, shared: list[Any]) -> None:
        self._send = send
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
            self._send(self._sql, [b"".join(self._records), *self._shared])
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


def _records(columns: Sequence[Sequence[Any]], kinds: Sequence[tuple[str, bool]]) -> list[bytes]:
    """Each row as bytes; one with a value that is too long for any parcel is too long itself."""
    packed = [
        _packed_column(column, is_wide)
        for column, (_t, is_wide) in zip(columns, kinds, strict=True)
    ]
    return list(map(b"".join, zip(*packed, strict=True)))


def _packed_column(column: Sequence[Any], is_wide: bool) -> list[bytes]:
    """Every value behind its length, plus one; NULL is length 0."""
    types = set(map(type, column))
    if types == {str}:
        raws = [value.encode() for value in column]
    elif types == {int}:
        raws = [b"%d" % value for value in column]
    else:
        return [_packed_value(value, is_wide) for value in column]
    longest = max(map(len, raws))
    if longest >= len(_HEADS):
        return [_packed_value(raw, is_wide) for raw in raws]
    heads = _WIDE_HEADS if is_wide else _HEADS
    return [heads[len(raw)] + raw for raw in raws]


def _packed_value(value: Any, is_wide: bool) -> bytes:
    if value is None:
        return b"\0\0" if is_wide else b"\0"
    raw = _raw(value)
    if len(raw) >= ROOM:
        return b"\0" * (ROOM + 1)
    return (len(raw) + 1).to_bytes(2 if is_wide else 1, "big") + raw


def _raw(value: Any) -> bytes:
    if type(value) is str:
        return value.encode()
    if type(value) is int:
        return b"%d" % value
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds").encode()
    return value if isinstance(value, bytes) else str(value).encode()
