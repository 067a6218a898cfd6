"""The SQL of SQLite that is not a method: counters, and places in an order."""

from __future__ import annotations

import sys
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.sqlite_file import COUNTERS

_FIRST_SURROGATE = 0xD800
_AFTER_SURROGATES = 0xE000


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
