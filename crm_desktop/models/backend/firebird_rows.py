"""Rows of fdb taken apart at once: the client library writes all values into one buffer.

Values come out exactly as fdb's own. A row with a blob in it is left to fdb.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

TEXT, VARYING, _SHORT, _LONG, _INT64 = 452, 448, 500, 496, 580
DOUBLE, TIMESTAMP, DATE, TIME, BOOLEAN = 480, 510, 570, 560, 32764
NUMBERS = {_SHORT: "h", _LONG: "i", _INT64: "q"}
_BLOB = 520
_PLAIN = {
    **NUMBERS, DOUBLE: "d", TIMESTAMP: "q", DATE: "i", TIME: "I", BOOLEAN: "?", _BLOB: "q"
}  # fmt: skip
_OCTETS = 1
_BYTES_A_LETTER = {4: 4, 69: 4, 3: 3}  # UTF8, GB18030, UNICODE_FSS
_EXHAUSTED = 100
FIRST_DAY = 678576  # 17 November 1858, the day that Firebird counts from
_EPOCH = datetime(1858, 11, 17)  # noqa: DTZ001 - the driver gives moments without a zone
_HALF, _WHOLE = 2**31, 2**32

Turn = Callable[[Any], Any]


class _Place(NamedTuple):
    """Where a value lies in the buffer, and what makes a Python value of it."""

    code: str
    size: int
    turn: Turn | None


class RowReader:
    """Fetches the rows of one prepared statement."""

    def __init__(self, statement: Any, driver: Any, buffer: Any, places: list[_Place]) -> None:
        from fdb import fbcore

        self._statement = statement
        self._dialect = driver.sql_dialect
        self._buffer = buffer
        self._core = fbcore
        self._area = ctypes.cast(ctypes.pointer(statement._out_sqlda), fbcore.XSQLDA_PTR)
        self._flags = struct.Struct(f"{len(places)}h")
        padded = "".join(f"{p.code}{p.size - struct.calcsize('<' + p.code)}x" for p in places)
        self._values = struct.Struct(f"<{padded}")
        self._start = whole_eights(2 * len(places))
        self._turns = [(n, p.turn) for n, p in enumerate(places) if p.turn is not None]
        area = statement._out_sqlda
        self._blobs = [n for n, c in enumerate(area.sqlvar[: area.sqld]) if c.sqltype & ~1 == _BLOB]

    @classmethod
    def of(cls, statement: Any, driver: Any) -> RowReader | None:
        """None if the result holds what only fdb can read."""
        area = statement._out_sqlda
        columns = list(area.sqlvar[: area.sqld])
        if not columns or not all((c.sqltype & ~1) in (TEXT, VARYING, *_PLAIN) for c in columns):
            return None
        sizes = [whole_eights(column.sqllen + 2) for column in columns]
        start = whole_eights(2 * len(columns))
        buffer = ctypes.create_string_buffer(start + sum(sizes))
        view, first = memoryview(buffer).cast("B"), ctypes.addressof(buffer)
        places, at = [], start
        for number, (column, size) in enumerate(zip(columns, sizes, strict=True)):
            kind = type(column.sqlind)
            column.sqlind = ctypes.cast(first + 2 * number, kind)
            column.sqldata = ctypes.cast(first + at, type(column.sqldata))
            places.append(_place(column, size, view, at, driver._python_charset or "ascii"))
            at += size
        return cls(statement, driver, buffer, places)

    def rows(self, most: int) -> list[tuple[Any, ...]]:
        """The next rows, `most` of them at most; all that are left if that is -1."""
        statement, core = self._statement, self._core
        found: list[tuple[Any, ...]] = []
        if statement._last_fetch_status == _EXHAUSTED:
            return found
        fetch, status = core.api.isc_dsql_fetch, statement._isc_status
        handle, dialect, area = statement._stmt_handle, self._dialect, self._area
        while len(found) != most:
            said = fetch(status, handle, dialect, area)
            if said == 0:
                found.append(self._row())
                continue
            if said != _EXHAUSTED:
                raise core.exception_from_status(core.DatabaseError, status, "Cursor.fetchone:")
            statement._last_fetch_status = _EXHAUSTED
            statement._free_handle()
            break
        return found

    def _row(self) -> tuple[Any, ...]:
        flags = self._flags.unpack_from(self._buffer)
        for place in self._blobs:
            if flags[place] != -1:
                whole = self._statement._PreparedStatement__xsqlda2tuple
                found: tuple[Any, ...] = whole(self._statement._out_sqlda)
                return found
        values = list(self._values.unpack_from(self._buffer, self._start))
        if -1 not in flags:
            for place, turn in self._turns:
                values[place] = turn(values[place])
            return tuple(values)
        for place, turn in self._turns:
            if flags[place] != -1:
                values[place] = turn(values[place])
        return tuple(
            None if flag == -1 else value for flag, value in zip(flags, values, strict=True)
        )


def whole_eights(size: int) -> int:
    """Rounded up, so that every value lies where a processor reads it best."""
    return (size + 7) // 8 * 8


def _place(column: Any, size: int, view: memoryview, at: int, charset: str) -> _Place:
    kind = column.sqltype & ~1
    octets = column.sqlsubtype == _OCTETS
    if kind == VARYING:
        return _Place("H", size, _varying(view, at + 2, charset, octets=octets))
    if kind == TEXT:
        letters = column.sqllen // _BYTES_A_LETTER.get(column.sqlsubtype, 1)
        return _Place("B", size, _fixed(view[at : at + column.sqllen], charset, letters, octets))
    if kind in NUMBERS and (column.sqlsubtype or column.sqlscale):
        unit = 10 ** abs(column.sqlscale)
        return _Place(_PLAIN[kind], size, lambda value: Decimal(value) / unit)
    turns: dict[int, Turn] = {TIMESTAMP: _moment, DATE: _day, TIME: _time}
    return _Place(_PLAIN[kind], size, turns.get(kind))


def _varying(view: memoryview, at: int, charset: str, *, octets: bool) -> Turn:
    if octets:
        return lambda length: bytes(view[at : at + length])
    return lambda length: str(view[at : at + length], charset, "replace")


def _fixed(view: memoryview, charset: str, letters: int, octets: bool) -> Turn:
    if octets:
        return lambda _first: bytes(view)[:letters]
    return lambda _first: str(view, charset, "replace")[:letters]


def _day(value: int) -> date:
    return date.fromordinal(value + FIRST_DAY)


def _moment(value: int) -> datetime:
    days = value % _WHOLE
    days -= _WHOLE if days >= _HALF else 0
    return _EPOCH + timedelta(days=days, microseconds=(value >> 32) * 100)


def _time(value: int) -> time:
    seconds, fraction = divmod(value, 10_000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction * 100)
