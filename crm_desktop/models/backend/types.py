"""Column types that keep the same value on both back ends, to the kopeck and to the millisecond.

SQLite would keep NUMERIC as a binary fraction and a date as any text; Firebird cuts decimals and
knows no zone. So a decimal is a whole number of its smallest unit, a moment is UTC, a flag is 0/1.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

_LARGEST = 2**63 - 1


class Scaled(TypeDecorator[Decimal]):
    """A Decimal with a fixed number of digits after the point, as a whole number in a BIGINT.

    More digits are rounded half up. Sums and comparisons in SQL are exact. ValueError if the
    number does not fit 64 bits.
    """

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale
        self._unit = Decimal(1).scaleb(-scale)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        units = int(Decimal(value).quantize(self._unit, ROUND_HALF_UP).scaleb(self.scale))
        if abs(units) > _LARGEST:
            raise ValueError(f"{value} does not fit a column of {self.scale} decimals")
        return units

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.scale)


class Money(Scaled):
    """A sum of money, kept in hundredths."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(2)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, cut to milliseconds and kept as UTC.

    A text `YYYY-MM-DD HH:MM:SS.mmm` on SQLite (its own date functions read it and it sorts by
    time), a TIMESTAMP on Firebird. ValueError for a datetime without a zone.
    """

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(23))
        return dialect.type_descriptor(sa.DateTime())

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:
        return _moment_to_text if dialect.name == "sqlite" else _moment_to_naive

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        return _text_to_moment if dialect.name == "sqlite" else _naive_to_moment


class YesNo(TypeDecorator[bool]):
    """A bool as 0 or 1 in a SMALLINT; NULL stays None."""

    impl = sa.SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        return None if value is None else int(bool(value))

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> bool | None:
        return None if value is None else bool(value)


def _moment_to_naive(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a moment without a zone: {value.isoformat()}")
    utc = value.astimezone(UTC)
    return utc.replace(tzinfo=None, microsecond=utc.microsecond // 1000 * 1000)


@lru_cache(maxsize=256)  # the moment of a transaction is written in thousands of rows
def _moment_to_text(value: datetime | None) -> str | None:
    naive = _moment_to_naive(value)
    return None if naive is None else naive.isoformat(" ", "milliseconds")


@lru_cache(maxsize=256)
def _text_to_moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _naive_to_moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)
