"""A long select by its columns agrees with its rows, whatever texts there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from tests.database.tables import CLIENT, make_tables

START = datetime(2026, 1, 1, 7, 30, tzinfo=UTC)
KEYS = ("ключ", "it's ?", "", "a|b\x1f\n,þÿ", "ж" * 60)
SELECT = sa.select(CLIENT.c.id, CLIENT.c.name_key, CLIENT.c.seen)


def fill(backend: Backend, count: int) -> None:
    make_tables(backend)
    rows = [
        (n, KEYS[n % 5], None if n % 7 == 0 else START + timedelta(minutes=n), Decimal(n))
        for n in range(count)
    ]
    with backend.write() as connection:
        backend.insert_many(connection, CLIENT, ["id", "name_key", "seen", "paid"], rows)


def test_columns_hold_what_the_rows_hold(backend: Backend) -> None:
    fill(backend, 400)
    select = SELECT.where(CLIENT.c.id >= 5, CLIENT.c.name_key != "it's ?").order_by(CLIENT.c.id)
    with backend.read() as connection:
        rows = connection.execute(select).all()
        ids, keys, seen = backend.columns(connection, select)

    assert list(ids) == [row[0] for row in rows] and len(ids) > 300
    assert [key or "" for key in keys] == [row[1] for row in rows]
    assert list(seen) == [row[2] and int(row[2].timestamp()) for row in rows]


def test_nothing_found_gives_empty_columns(backend: Backend) -> None:
    fill(backend, 3)
    with backend.read() as connection:
        found = backend.columns(connection, SELECT.where(CLIENT.c.id < 0))

    assert [list(column) for column in found] == [[], [], []]


def test_the_same_select_finds_other_rows_with_other_values(backend: Backend) -> None:
    fill(backend, 20)
    with backend.read() as connection:
        for some in ([1, 2, 3], [7], [4, 5, 6, 8]):
            found = backend.columns(connection, SELECT.where(CLIENT.c.id.in_(some)))
            assert sorted(found[0]) == some
