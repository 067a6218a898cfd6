"""Reading long orders: the server counts, skips and packs, so that few and full rows travel.

A row costs fdb some fifteen microseconds of Python, on the server it costs three.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.binding import returned

_IDS_A_ROW = 200
_DIGITS = 20  # of a 64-bit number with its comma
_QUOTED_OR_PLACE = re.compile(r"""'[^']*'|"[^"]*"|\?""")


def every_row(
    connection: sa.Connection, ordered: sa.Select[tuple[Any, int]], step: int
) -> list[tuple[Any, int]]:
    """The (key, id) of rows 0, step, 2 * step ... of an ordered select of (key, id)."""
    columns = list(ordered.selected_columns)
    types = [column.type for column in columns]
    parameters, select, values = _inside_a_block(connection, ordered)
    block = (
        f"EXECUTE BLOCK {parameters} RETURNS"
        f" (k {_declared(types[0], connection.dialect)}, i BIGINT) AS"
        f" DECLARE n INTEGER = 0; BEGIN FOR {select} INTO :k, :i DO BEGIN"
        f" IF (n = 0) THEN SUSPEND; n = n + 1; IF (n = {int(step)}) THEN n = 0; END END"
    )
    rows = connection.exec_driver_sql(block, tuple(values)).all()
    return [(key, number) for key, number in returned(rows, types, connection.dialect)]


def all_ids(connection: sa.Connection, ordered: sa.Select[tuple[int]]) -> array[int]:
    """All ids of an ordered select of ids, a couple of hundred to a row.

    OCTETS and short strings, because a longer one would be copied again for every id.
    """
    parameters, select, values = _inside_a_block(connection, ordered)
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


def _inside_a_block(
    connection: sa.Connection, select: sa.Select[Any]
) -> tuple[str, str, Sequence[Any]]:
    """The declared parameters, the select that names them, and their values for the driver."""
    compiled: Any = select.compile(dialect=connection.dialect)
    state = compiled.construct_expanded_state()
    kinds = {name: bind.type for name, bind in compiled.binds.items()}
    for name, expanded in state.parameter_expansion.items():
        kinds.update(dict.fromkeys(expanded, kinds[name]))
    values = [
        _for_the_driver(value, kinds[name], connection.dialect)
        for name, value in zip(state.positiontup or (), state.positional_parameters, strict=True)
    ]
    places = iter(range(len(values)))
    text = _QUOTED_OR_PLACE.sub(
        lambda found: f":p{next(places)}" if found[0] == "?" else found[0], state.statement
    )
    declared = ", ".join(f"p{place} {_kind(value)} = ?" for place, value in enumerate(values))
    return f"({declared})" if declared else "", text, values


def _for_the_driver(value: Any, kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Any:
    turn = kind.dialect_impl(dialect).bind_processor(dialect)
    return value if turn is None else turn(value)


def _kind(value: Any) -> str:
    """A type that takes this value; the select casts it to what it needs."""
    if isinstance(value, str):
        return f"VARCHAR({max(len(value), 1)})"
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
