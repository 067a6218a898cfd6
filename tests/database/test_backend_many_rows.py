"""Changes and deletions of so many rows that one statement takes several of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.by_columns import ByColumns, Same
from tests.database.tables import CLIENT, TOKEN, WORD, add_clients, make_tables, names

MANY = 1234


@pytest.fixture
def tables(backend: Backend) -> Iterator[Backend]:
    make_tables(backend)
    yield backend


def test_each_of_many_rows_gets_its_own_values(tables: Backend) -> None:
    add_clients(tables, *(f"c{number}" for number in range(MANY)))
    first = {number: f"c{number - 1}" for number in range(1, MANY + 1)}

    with tables.write() as connection:
        new = [(id_, f"new {id_}" if id_ % 3 else None, Decimal(id_)) for id_ in list(first)[1:-1]]
        tables.update_many(connection, CLIENT, ["name", "paid"], iter(new))
        rows = connection.execute(sa.select(CLIENT.c.id, CLIENT.c.name, CLIENT.c.paid)).all()

    changed = {id_: (name, paid) for id_, name, paid in new}
    assert {row[0]: tuple(row[1:]) for row in rows} == {
        id_: changed.get(id_, (name, None)) for id_, name in first.items()
    }


def test_many_rows_go_by_the_whole_of_their_keys(tables: Backend) -> None:
    rows = [(f"т{number % 50}", number % 2, number) for number in range(MANY)]
    gone = rows[3:-3:2]
    with tables.write() as connection:
        tables.insert_many(connection, WORD, TOKEN, rows)
        missing = [(token, 1 - place, number) for token, place, number in gone]

        tables.delete_keys(connection, WORD, TOKEN, iter([*gone, *missing]))

        left = {tuple(row) for row in connection.execute(sa.select(WORD))}
    assert left == set(rows) - set(gone)


def test_many_rows_go_by_their_numbers(tables: Backend) -> None:
    add_clients(tables, *(f"c{number}" for number in range(MANY)))

    with tables.write() as connection:
        tables.delete_many(connection, CLIENT, reversed(range(3, MANY + 100)))

    assert names(tables) == ["c0", "c1"]


@pytest.mark.parametrize("count", [0, 1, 150, MANY])
def test_rows_are_added_by_columns_as_by_rows(tables: Backend, count: int) -> None:
    numbers = range(count)
    paid = [Decimal(number) / 4 if number % 3 else None for number in numbers]
    given = ByColumns([numbers, Same("key"), [f"c{number}" for number in numbers], paid], count)
    names = ["id", "name_key", "name", "paid"]

    with tables.write() as connection:
        tables.insert_many(connection, CLIENT, names, given)
        rows = connection.execute(sa.select(*(CLIENT.c[name] for name in names))).all()

    assert sorted(map(tuple, rows)) == list(given)
