"""Reading long orders: the server counts, skips and packs, so that few and full rows travel.

A row costs fdb some fifteen microseconds of Python, on the server it costs three.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.anchors import Anchors
from crm_desktop.models.backend.binding import returned
from crm_desktop.models.backend.types import UtcDateTime, YesNo

_STRETCH_MS = 8
"""How long the server counts rows for later before others, who look at the list, have a turn."""
_NOW = "CAST('NOW' AS TIMESTAMP)"
_USUAL = 255  # letters of a parameter
_IDS_A_ROW = 200
_DIGITS = 20  # of a 64-bit number with its comma
_ROOM, _LONGEST = 8000, 32_000
"""Bytes of a packed row as a rule, and at most."""
_END, _END_BYTE = "x'FE'", b"\xfe"
QUOTED_OR_PLACE = re.compile(r"""'[^']*'|"[^"]*"|\?""")


def every_row(
    connection: sa.Connection, parts: Sequence[sa.Select[tuple[Any, int]]], step: int, most: int
) -> Anchors:
    """The (key, id) of rows 0, step, 2 * step ... of ordered selects of (key, id), one behind the
    other: of `most` rows and one, or of as many as the server manages in `_STRETCH_MS`."""
    columns = list(parts[0].selected_columns)
    types = [column.type for column in columns]
    parameters, texts, values = _inside_a_block(connection, *parts)
    passed = f"DATEDIFF(MILLISECOND FROM t TO {_NOW})"
    enough = f"r >= {int(most)} OR (r > 0 AND {passed} >= {_STRETCH_MS})"
    loops = " ".join(
        f"FOR {text} INTO :k, :i DO BEGIN"
        f" IF (n = 0) THEN BEGIN SUSPEND; IF ({enough}) THEN EXIT; END"
        f" n = n + 1; r = r + 1; IF (n = {int(step)}) THEN n = 0; END"
        for text in texts
    )
    block = (
        f"EXECUTE BLOCK {parameters} RETURNS"
        f" (k {_declared(types[0], connection.dialect)}, i BIGINT) AS"
        " DECLARE n INTEGER = 0; DECLARE r INTEGER = 0; DECLARE t TIMESTAMP;"
        f" BEGIN t = {_NOW}; {loops} k = NULL; i = NULL; SUSPEND; END"
    )
    rows = connection.exec_driver_sql(block, tuple(values)).all()
    whole = bool(rows) and rows[-1][1] is None
    found = returned(rows[:-1] if whole else rows, types, connection.dialect)
    return Anchors([(key, number) for key, number in found], whole)


def all_ids(connection: sa.Connection, ordered: sa.Select[tuple[int]]) -> array[int]:
    """All ids of an ordered select of ids, a couple of hundred to a row.

    OCTETS and short strings, because a longer one would be copied again for every id.
    """
    parameters, (select,), values = _inside_a_block(connection, ordered)
    block = (
        f"EXECUTE BLOCK {parameters} RETURNS"
        f" (s VARCHAR({_IDS_A_ROW * _DIGITS}) CHARACTER SET OCTETS) AS"
        " DECLARE n INTEGER = 0; DECLARE i BIGINT; BEGIN s = '';"
        f" FOR {select} INTO :i DO BEGIN s = s || :i || ','; n = n + 1;"
        f" IF (n = {_IDS_A_ROW}) THEN BEGIN SUSPEND; s = ''; n = 0; END END"
        " IF (n > 0) THEN SUSPEND; END"
    )
    rows = connection.exec_driver_sql(block, tuple(values)).scalars()
    return array("q", (int(number) for row in rows for number in bytes(row).split(b",")[:-1]))


def packed_columns(connection: sa.Connection, select: sa.Select[Any]) -> list[Sequence[Any]]:
    """All rows of a select by its columns, as `Backend.columns` wants them, many to a row.

    A value ends with a byte that no text in UTF-8 holds. ValueError for a column of another kind
    than number, text and moment, and for rows too long to be packed.
    """
    types = [column.type for column in select.selected_columns]
    widths = [_width(kind) for kind in types]
    if sum(widths) + len(widths) > _LONGEST:
        raise ValueError("the rows are too long to be packed")
    room = max(_ROOM, sum(widths) + len(widths))
    parameters, (text,), values = _inside_a_block(connection, select)
    places = range(len(types))
    variables = " ".join(
        f"DECLARE c{n} {'TIMESTAMP' if _is_moment(types[n]) else _octets(widths[n])};"
        for n in places
    )
    packed = " || ".join(f"COALESCE({_said(n, types[n])}, '') || {_END}" for n in places)
    block = (
        f"EXECUTE BLOCK {parameters} RETURNS (s {_octets(room)}) AS {variables}"
        f" DECLARE r {_octets(room)}; BEGIN s = '';"
        f" FOR {text} INTO {', '.join(f':c{n}' for n in places)} DO BEGIN r = {packed};"
        f" IF (OCTET_LENGTH(s) + OCTET_LENGTH(r) > {room}) THEN BEGIN SUSPEND; s = r; END"
        " ELSE s = s || r; END IF (s <> '') THEN SUSPEND; END"
    )
    rows = connection.exec_driver_sql(block, tuple(values)).scalars()
    pieces = b"".join(bytes(row) for row in rows).split(_END_BYTE)
    return [_taken(pieces[n : -1 : len(types)], types[n]) for n in places]


def _is_moment(kind: sa.types.TypeEngine[Any]) -> bool:
    return isinstance(kind, UtcDateTime)


def _octets(width: int) -> str:
    return f"VARCHAR({width}) CHARACTER SET OCTETS"


def _width(kind: sa.types.TypeEngine[Any]) -> int:
    """Bytes of the longest value; ValueError for a kind that is not packed."""
    if isinstance(kind, sa.String) and kind.length:
        return 4 * kind.length
    if isinstance(kind, sa.Integer | YesNo | UtcDateTime):
        return _DIGITS
    raise ValueError(f"{kind!r} is not packed")


def _said(place: int, kind: sa.types.TypeEngine[Any]) -> str:
    if _is_moment(kind):
        return f"DATEDIFF(SECOND FROM TIMESTAMP '1970-01-01 00:00:00' TO c{place})"
    return f"c{place}"


def _taken(pieces: Sequence[bytes], kind: sa.types.TypeEngine[Any]) -> Sequence[Any]:
    """The values of one column."""
    if isinstance(kind, sa.String):
        return [piece.decode() if piece else None for piece in pieces]
    return [int(piece) if piece else None for piece in pieces]


def _inside_a_block(
    connection: sa.Connection, *selects: sa.Select[Any]
) -> tuple[str, list[str], Sequence[Any]]:
    """The declared parameters, the selects that name them, and their values for the driver."""
    texts, values = [], list[Any]()
    for select in selects:
        compiled: Any = select.compile(dialect=connection.dialect)
        state = compiled.construct_expanded_state()
        kinds = {name: bind.type for name, bind in compiled.binds.items()}
        for name, expanded in state.parameter_expansion.items():
            kinds.update(dict.fromkeys(expanded, kinds[name]))
        places = count(len(values))
        values += [
            _for_the_driver(value, kinds[name], connection.dialect)
            for name, value in zip(
                state.positiontup or (), state.positional_parameters, strict=True
            )
        ]
        texts.append(_naming(places, state.statement))
    declared = ", ".join(f"p{place} {_kind(value)} = ?" for place, value in enumerate(values))
    return f"({declared})" if declared else "", texts, values


def _naming(places: Iterator[int], text: str) -> str:
    return QUOTED_OR_PLACE.sub(
        lambda found: f":p{next(places)}" if found[0] == "?" else found[0], text
    )


def _for_the_driver(value: Any, kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Any:
    turn = kind.dialect_impl(dialect).bind_processor(dialect)
    return value if turn is None else turn(value)


def _kind(value: Any) -> str:
    """A type that takes this value; the select casts it to what it needs."""
    if isinstance(value, str):
        return f"VARCHAR({max(len(value), _USUAL)})"  # one statement for all that is not long
    if isinstance(value, datetime):
        return "TIMESTAMP"
    if isinstance(value, date):
        return "DATE"
    if isinstance(value, float):
        return "DOUBLE PRECISION"
    return "BIGINT"


def _declared(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> str:
    if isinstance(kind, sa.types.NullType) or (isinstance(kind, sa.String) and not kind.length):
        return "VARCHAR(1000)"
    return str(kind.compile(dialect=dialect))
