"""Rows of Python values on their way to a driver, through the column types but past SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

Binder = Callable[[Any], Any]


def binders(table: sa.Table, columns: Sequence[str], dialect: sa.Dialect) -> list[Binder | None]:
    """What turns a value of each column into the driver's; None where nothing has to be done."""
    types = [table.c[name].type.dialect_impl(dialect) for name in columns]
    return [kind.bind_processor(dialect) for kind in types]


def bound(
    rows: Iterable[Sequence[object]], processors: Sequence[Binder | None]
) -> Iterator[Sequence[Any]]:
    """The rows with every value turned."""
    active = [(place, turn) for place, turn in enumerate(processors) if turn is not None]
    if not active:
        return iter(rows)
    return _turned(rows, active)


def _turned(
    rows: Iterable[Sequence[object]], active: Sequence[tuple[int, Binder]]
) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for place, turn in active:
            values[place] = turn(values[place])
        yield values


def returned(
    rows: Iterable[Sequence[Any]], types: Sequence[sa.types.TypeEngine[Any]], dialect: sa.Dialect
) -> list[tuple[Any, ...]]:
    """The driver's rows as Python values of the column types."""
    turns = [kind.dialect_impl(dialect).result_processor(dialect, None) for kind in types]
    return [
        tuple(
            value if turn is None else turn(value) for value, turn in zip(row, turns, strict=True)
        )
        for row in rows
    ]
