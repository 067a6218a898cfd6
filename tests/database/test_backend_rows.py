"""Rows in bulk: whatever goes in comes out the same, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.errors import BaseBusy, InvalidInput
from crm_desktop.models.backend.base import Backend
from tests.database.tables import (
    CLIENT,
    COLUMNS,
    TOKEN,
    WORD,
    add_clients,
    make_tables,
    names,
)

MOMENT = datetime(2026, 11, 21, 10, 0, 0, 123000, UTC)
FULL = (1, "Ромашка", "ромашка", "a", Decimal("1.05"), 0.1, date(1999, 12, 31), MOMENT, True, "b")


@pytest.fixture
def tables(backend: Backend) -> Iterator[Backend]:
    make_tables(backend)
    yield backend


def stored(backend: Backend) -> list[tuple[object, ...]]:
    with backend.read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(CLIENT).order_by(CLIENT.c.id))]


def insert(backend: Backend, *rows: tuple[object, ...]) -> None:
    with backend.write() as connection:
        backend.insert_many(connection, CLIENT, COLUMNS, rows)


@pytest.mark.parametrize(
    "row",
    [
        FULL,
        (2, None, "", None, None, None, None, None, None, None),
        (3, "", "", "", Decimal("0.00"), 0.0, date(1, 1, 1), MOMENT, False, ""),
        (4, "ё" * 200, "ъ" * 64, "я" * 1000, Decimal("-92233720368547758.07"), -1e-300, *FULL[6:]),
        (5, "a\tb\nc\x01d\x00e", "𝄞", "'\\\"?:p0", *FULL[4:]),
        (2**63 - 1, "x" * 126, "y" * 63, "z" * 253, *FULL[4:9], "длинный текст " * 20_000),
    ],
    ids=["plain", "nulls", "empty", "longest", "odd letters", "over the packing size"],
)
def test_values_survive_in_both_forms(tables: Backend, row: tuple[object, ...]) -> None:
    insert(tables, row)

    assert stored(tables) == [row]
    with tables.read() as connection:
        same = sa.select(CLIENT.c.id).where(CLIENT.c.paid == row[4], CLIENT.c.seen == row[7])
        assert connection.execute(same).scalars().all() == [row[0]]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=200), min_size=1, max_size=400
    )
)
def test_any_text_survives(tables: Backend, texts: list[str]) -> None:
    with tables.write() as connection:
        connection.execute(sa.delete(CLIENT))
    insert(tables, *((i, text, "", *FULL[3:]) for i, text in enumerate(texts)))

    assert names(tables) == texts


def test_a_moment_is_kept_as_utc_to_the_millisecond(tables: Backend) -> None:
    moscow = datetime(2026, 1, 1, 2, 0, 0, 999_999, timezone(timedelta(hours=3)))

    insert(tables, (*FULL[:7], moscow, *FULL[8:]))

    assert stored(tables)[0][7] == datetime(2025, 12, 31, 23, 0, 0, 999_000, UTC)


def test_a_moment_without_a_zone_is_refused(tables: Backend) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        insert(tables, (*FULL[:7], datetime(2026, 1, 1), *FULL[8:]))  # noqa: DTZ001

    assert stored(tables) == []


def test_money_is_rounded_half_up_and_summed_exactly(tables: Backend) -> None:
    insert(tables, *((i, *FULL[1:4], Decimal("0.105"), *FULL[5:]) for i in range(3)))

    with tables.read() as connection:
        total = connection.execute(sa.select(sa.func.sum(CLIENT.c.paid))).scalar_one()
    assert total == Decimal("0.33")


def test_update_many_writes_by_id_and_leaves_the_rest(tables: Backend) -> None:
    add_clients(tables, "one", "two", "three")

    with tables.write() as connection:
        rows = [(1, "first", Decimal("1.10")), (3, None, None)]
        tables.update_many(connection, CLIENT, ["name", "paid"], rows)

    assert [(row[1], row[4]) for row in stored(tables)] == [
        ("first", Decimal("1.10")),
        ("two", None),
        (None, None),
    ]


def test_delete_many_takes_more_than_an_in_list_holds(tables: Backend) -> None:
    add_clients(tables, *(f"c{number}" for number in range(3000)))

    with tables.write() as connection:
        tables.delete_many(connection, CLIENT, range(1, 2999))

    assert names(tables) == ["c2998", "c2999"]


def test_delete_keys_takes_exactly_the_named_rows(tables: Backend) -> None:
    rows = [("ром", 1, 7), ("ром", 1, 8), ("ром", 2, 7), ("р", 1, 7)]
    with tables.write() as connection:
        tables.insert_many(connection, WORD, TOKEN, rows)

        tables.delete_keys(connection, WORD, TOKEN, rows[1:3])

        left = connection.execute(sa.select(WORD).order_by(WORD.c.tok)).all()
    assert [tuple(row) for row in left] == [rows[3], rows[0]]


def test_a_generator_of_rows_streams_and_its_error_rolls_all_back(tables: Backend) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(5000):
            yield (number, *FULL[1:])
        raise RuntimeError("the file broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        _insert_lazily(tables, rows())

    assert stored(tables) == []


def _insert_lazily(backend: Backend, rows: Iterator[tuple[object, ...]]) -> None:
    with backend.write() as connection:
        backend.insert_many(connection, CLIENT, COLUMNS, rows)


def test_rows_in_bulk_alone_are_committed(tables: Backend) -> None:
    insert(tables, FULL)
    insert(tables, (2, *FULL[1:]))

    assert [row[0] for row in stored(tables)] == [1, 2]


def test_a_second_equal_key_says_so(tables: Backend) -> None:
    insert(tables, FULL)

    with pytest.raises((BaseBusy, InvalidInput)):
        insert(tables, FULL)
    with pytest.raises((BaseBusy, InvalidInput)), tables.write() as connection:
        connection.execute(sa.insert(CLIENT).values(id=1, name_key=""))


def test_an_unknown_column_is_a_bug_and_not_a_sentence(tables: Backend) -> None:
    with pytest.raises(sa.exc.DBAPIError), tables.read() as connection:
        connection.exec_driver_sql("SELECT nothing_like_this FROM client")
