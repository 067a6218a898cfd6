"""The SQL of SQLite that is not a method: counters, and places in an order."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.sqlite_file import COUNTERS
from crm_desktop.models.backend.types import UtcDateTime

_FIRST_SURROGATE = 0xD800
_AFTER_SURROGATES = 0xE000
_JULIAN_1970 = 2440587.5  # exact to some ten microseconds; `strftime` would take twice as long


def numbers(connection: sa.Connection, name: str, count: int) -> range:
    """The counter moves with the transaction: what is rolled back is given again."""
    following = connection.exec_driver_sql(
        f"UPDATE {COUNTERS} SET following = following + ? WHERE name = ? RETURNING following",  # noqa: S608
        (count, name),
    ).scalar_one()
    return range(following - count, following)


def following_text(text: str) -> str:
    """The least text above all that begin with `text`; empty if there is none."""
    kept = text.rstrip(chr(sys.maxunicode))
    if not kept:
        return ""
    letter = ord(kept[-1]) + 1
    return kept[:-1] + chr(_AFTER_SURROGATES if letter == _FIRST_SURROGATE else letter)


def beyond(
    key: sa.ColumnElement[Any],
    id_column: sa.ColumnElement[int],
    values: tuple[object, int],
    *,
    descending: bool,
) -> sa.ColumnElement[bool]:
    """The rows after `values`: a comparison of pairs goes down one index."""
    value, number = values
    if value is None:
        later = id_column < number if descending else id_column > number
        here = sa.and_(key.is_(None), later)
        return here if descending else sa.or_(here, key.is_not(None))
    pair, place = sa.tuple_(key, id_column), (value, number)
    if not descending:
        return pair > place
    below = pair < place
    return sa.or_(below, key.is_(None)) if getattr(key, "nullable", False) else below


def json_columns(connection: sa.Connection, select: sa.Select[Any]) -> list[Sequence[Any]]:
    """As `Backend.columns` wants them. One answer in JSON takes half the time of its rows one by
    one, and while SQLite makes it other threads of Python work."""
    rows = select.subquery()
    wanted = sa.select(*(sa.func.json_group_array(_plain(column)) for column in rows.columns))
    return [json.loads(text) for text in connection.execute(wanted).one()]


def _plain(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, UtcDateTime):
        days = sa.func.julianday(column, type_=sa.Float())
        return sa.cast((days - _JULIAN_1970) * 86400.0 + 0.0005, sa.BigInteger)
    return sa.type_coerce(column, sa.types.NullType())
