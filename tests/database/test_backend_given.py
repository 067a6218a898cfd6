"""Parameters handed over to a Firebird server in one buffer: as fdb hands them over, errors too."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.firebird_cursor import fdb_error, fetch_rows
from crm_desktop.models.backend.firebird_given import ParameterWriter

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
VALUES: list[tuple[str, list[Any]]] = [
    ("SMALLINT", [0, -1, 32767, -32768, True, "12", 7.9, 40_000]),
    ("INTEGER", [0, -1, 2**31 - 1, -(2**31), "-12", 2**31]),
    ("BIGINT", [0, -1, 2**63 - 1, -(2**63), False, "77", Decimal("3"), 2**63]),
    ("NUMERIC(18, 4)", [Decimal("-1.05"), Decimal("0.00005"), Decimal("10.00015"), 5, 2.5, "1.25",
                        Decimal(10) ** 16]),
    ("NUMERIC(4, 2)", [Decimal("12.34"), Decimal("99999")]),
    ("DOUBLE PRECISION", [0.1, -1e300, 3, Decimal("2.5"), "1.5"]),
    ("FLOAT", [0.5, -2, 1e300]),
    ("DATE", [FIRST, LAST, date(1858, 11, 17), date(2024, 2, 29), datetime(2026, 11, 23, 8, 35),  # noqa: DTZ001
              "2026-11-23", 5]),
    ("TIME", [time(0, 0), time(23, 59, 59, 999_999), "10:11:12", 5]),
    ("TIMESTAMP", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_900),  # noqa: DTZ001
                   datetime(1812, 9, 7, 6, 0, 0, 123_456), date(2026, 11, 23), "2026-11-23 10:00"]),  # noqa: DTZ001
    ("BOOLEAN", [True, False, 1, 0, "true"]),
    ("VARCHAR(8)", ["", "a", "Ёлка", "жжжжжжжж", "bytes 8+", b"raw", 12345, Decimal("1.50"),
                    date(2026, 11, 23), "ж" * 9, "x" * 33]),
    ("CHAR(4)", ["", "ab", "абвг", 12, "x" * 17]),
    ("VARCHAR(8) CHARACTER SET OCTETS", [b"", b"\x00\xff\xfe", b"12345678", "text", b"1" * 9]),
    ("BLOB SUB_TYPE TEXT", ["", "Ёлка" * 5000]),
]  # fmt: skip


@pytest.fixture
def base(firebird_url: str) -> Iterator[Backend]:
    backend = open_backend(firebird_url, create=True)
    yield backend
    backend.close()


def outcome(connection: sa.Connection, kind: str, value: Any) -> tuple[Any, ...]:
    """What comes back, or what is said."""
    length = "OCTET_LENGTH(v)" if "CHAR" in kind else "0"
    sql = f"SELECT v, {length} FROM (SELECT CAST(? AS {kind}) AS v FROM rdb$database)"
    try:
        return tuple(fetch_rows(connection, sql, [value]))
    except (
        fdb_error(),
        struct.error,
        OverflowError,
        ValueError,
        TypeError,
        AttributeError,
    ) as wrong:
        return type(wrong), str(wrong.args[0]).splitlines()[-1]


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=[kind for kind, _values in VALUES])
def test_every_value_arrives_as_fdb_sends_it(
    base: Backend, monkeypatch: pytest.MonkeyPatch, kind: str, values: list[Any]
) -> None:
    """One after another by the same statement, nothing among them and at the end."""
    given = [*values, None, values[0], None]
    with base.read() as connection:
        found = [outcome(connection, kind, value) for value in given]
    base.refresh_plans()
    monkeypatch.setattr(ParameterWriter, "of", classmethod(lambda *_any: None))
    with base.read() as connection:
        usual = [outcome(connection, kind, value) for value in given]

    assert found == usual
    assert found[-3:-1] == [found[-1], found[0]]


def test_a_value_leaves_nothing_behind_for_the_next_one(base: Backend) -> None:
    kinds = ("VARCHAR(20)", "INTEGER", "VARCHAR(20)")
    sql = f"SELECT {', '.join(f'CAST(? AS {kind})' for kind in kinds)} FROM rdb$database"
    rows = [("a long one", 2**31 - 1, "жжж"), ("", 0, None), (None, None, ""), ("x", -1, "y")]
    with base.read() as connection:
        assert [fetch_rows(connection, sql, row) for row in rows] == [[row] for row in rows]


def test_too_many_and_too_few_values_are_refused(base: Backend) -> None:
    sql = "SELECT CAST(? AS INTEGER) + CAST(? AS INTEGER) FROM rdb$database"
    with base.read() as connection:
        for values in ([1] * 11, [1]):
            with pytest.raises((fdb_error(), IndexError)):
                fetch_rows(connection, sql, values)
        assert fetch_rows(connection, sql, [1, 2]) == [(3,)]


def test_what_only_fdb_hands_over_is_left_to_it_and_back(base: Backend) -> None:
    """A text for a number is put into the number by the server."""
    sql = "SELECT CAST(? AS INTEGER) FROM rdb$database"
    with base.read() as connection:
        found = [fetch_rows(connection, sql, [value]) for value in (5, "6", 7, None)]
    assert found == [[(5,)], [(6,)], [(7,)], [(None,)]]
