"""Parameters of fdb laid side by side in one buffer, which the client library takes as it is.

fdb makes half a dozen objects of ctypes for every value of every execution: forty microseconds a
value, and a search hands over two hundred. Here a statement that is kept prepared keeps its buffer
as well, and a value is copied to its place. What is rare - blobs, texts for a number or a date -
is left to fdb, and so are the words of its refusals.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from crm_desktop.models.backend.firebird_rows import (
    BOOLEAN,
    DATE,
    DOUBLE,
    FIRST_DAY,
    NUMBERS,
    TEXT,
    TIME,
    TIMESTAMP,
    VARYING,
    whole_eights,
)

_FLOAT = 482
_LENGTH = struct.Struct("<H")
_PROCEDURE = 8  # isc_info_sql_stmt_exec_procedure

Put = Callable[[Any], None]
"""Copies a value to its place."""


class _Foreign(Exception):
    """A value that only fdb knows how to hand over."""


class ParameterWriter:
    """Executes one prepared statement."""

    def __init__(self, statement: Any, driver: Any) -> None:
        from fdb import fbcore

        self._statement = statement
        self._core = fbcore
        self._dialect = driver.sql_dialect
        area = statement._in_sqlda
        columns = list(area.sqlvar[: area.sqld])
        sizes = [whole_eights(column.sqllen + 2) for column in columns]
        start = whole_eights(2 * len(columns))
        self._buffer = buffer = ctypes.create_string_buffer(start + sum(sizes))
        self._flags = struct.Struct(f"<{len(columns)}h")
        self._usual = (0,) * len(columns)
        self._puts: list[Put] = []
        view, first, at = memoryview(buffer).cast("B"), ctypes.addressof(buffer), start
        for number, (column, size) in enumerate(zip(columns, sizes, strict=True)):
            kind = column.sqltype & ~1
            self._puts.append(_put(column, kind, view, at, driver._python_charset or "ascii"))
            column.sqltype = (VARYING if kind == TEXT else kind) | 1
            column.sqlind = ctypes.cast(first + 2 * number, type(column.sqlind))
            column.sqldata = ctypes.cast(first + at, type(column.sqldata))
            at += size
        self._area = ctypes.cast(ctypes.pointer(area), fbcore.XSQLDA_PTR)

    @classmethod
    def of(cls, statement: Any, driver: Any) -> ParameterWriter | None:
        """None where there is nothing to hand over, or where a row comes back at once."""
        is_answered = statement.statement_type == _PROCEDURE and statement._out_sqlda.sqld > 0
        return None if is_answered or not statement._in_sqlda.sqld else cls(statement, driver)

    def execute(self, values: Sequence[Any]) -> bool:
        """Runs the statement; False, with nothing done, if fdb has to hand the values over."""
        flags = self._usual
        try:
            if None in values:
                flags = tuple(-1 if value is None else 0 for value in values)
            self._flags.pack_into(self._buffer, 0, *flags)
            for put, value in zip(self._puts, values, strict=True):
                if value is not None:
                    put(value)
        except (_Foreign, struct.error, OverflowError, ValueError):
            return False
        statement, core = self._statement, self._core
        status, transaction = statement._isc_status, statement.cursor._transaction
        core.api.isc_dsql_execute2(
            status, transaction._tr_handle, statement._stmt_handle, self._dialect, self._area, None
        )
        if core.db_api_error(status):
            said = "Error while executing SQL statement:"
            raise core.exception_from_status(core.DatabaseError, status, said)
        statement._PreparedStatement__output_cache = None
        statement._PreparedStatement__executed = True
        statement._PreparedStatement__closed = False
        statement._last_fetch_status = core.ISC_STATUS(statement.NO_FETCH_ATTEMPTED_YET)
        return True


def _put(column: Any, kind: int, view: memoryview, at: int, charset: str) -> Put:
    if kind in (TEXT, VARYING):
        return _text(view, at, column.sqllen, charset)
    if kind in NUMBERS:
        code = struct.Struct(f"<{NUMBERS[kind]}")
        if column.sqlsubtype or column.sqlscale:
            return _scaled(code, view, at, 10 ** abs(column.sqlscale))
        return lambda value: code.pack_into(view, at, value)
    if kind in (DOUBLE, _FLOAT):
        code = struct.Struct("<d" if kind == DOUBLE else "<f")
        return lambda value: code.pack_into(view, at, value)
    if kind == BOOLEAN:
        code = struct.Struct("<?")
        return lambda value: code.pack_into(view, at, bool(value))
    return _moment(kind, view, at)


def _text(view: memoryview, at: int, room: int, charset: str) -> Put:
    begin = at + 2

    def put(value: Any) -> None:
        raw = value
        if not isinstance(raw, bytes):
            raw = (value if isinstance(value, str) else str(value)).encode(charset)
        length = len(raw)
        if length > room:
            raise _Foreign
        _LENGTH.pack_into(view, at, length)
        view[begin : begin + length] = raw

    return put


def _scaled(code: struct.Struct, view: memoryview, at: int, unit: int) -> Put:
    def put(value: Any) -> None:
        if isinstance(value, Decimal):
            code.pack_into(view, at, int((value * unit).to_integral()))
        elif isinstance(value, int | float):
            code.pack_into(view, at, int(value * unit))
        else:
            raise _Foreign

    return put


def _moment(kind: int, view: memoryview, at: int) -> Put:
    """A day since that from which Firebird counts, a ten-thousandth of a second, or both."""
    both, one = struct.Struct("<iI"), struct.Struct("<i")

    def put(value: Any) -> None:
        if kind == TIMESTAMP and isinstance(value, date):
            fraction = _fraction(value) if isinstance(value, datetime) else 0
            both.pack_into(view, at, value.toordinal() - FIRST_DAY, fraction)
        elif kind == DATE and isinstance(value, date):
            one.pack_into(view, at, value.toordinal() - FIRST_DAY)
        elif kind == TIME and isinstance(value, time):
            one.pack_into(view, at, _fraction(value))
        else:
            raise _Foreign

    return put


def _fraction(value: datetime | time) -> int:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * 10_000 + value.microsecond // 100
