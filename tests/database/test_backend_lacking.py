"""Which of many keys a table does not have, and many rows of which one is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crm_desktop.errors import UserError
from crm_desktop.models.backend.base import Backend
from tests.database.tables import CLIENT, add_clients, make_tables, names

MANY = 777
WORD = sa.Table(
    "named",
    sa.MetaData(),
    sa.Column("tok", sa.String(20), primary_key=True),
    sa.Column("ent", sa.SmallInteger, primary_key=True),
    sa.Column("rid", sa.BigInteger, primary_key=True),
)
TOKEN = ("tok", "ent", "rid")
ODD = ("", "'", "ё?", "a'); DROP", "词\u200d", "я" * 20, "𝄞" * 20)


@pytest.fixture
def tables(backend: Backend) -> Iterator[Backend]:
    make_tables(backend)
    backend.run_ddl(backend.create_table(WORD))
    yield backend


def test_keys_that_a_table_lacks(tables: Backend) -> None:
    rows = [(f"т{number % 50}", number % 2, number) for number in range(MANY)]
    with tables.write() as connection:
        tables.insert_many(connection, WORD, TOKEN, rows[::3])

        found = tables.lacking(connection, WORD, rows)

    assert [tuple(key) for key in found] == [row for at, row in enumerate(rows) if at % 3]


def test_odd_keys_are_found_whole(tables: Backend) -> None:
    rows = [(word, 0, number) for number, word in enumerate(ODD)]
    with tables.write() as connection:
        tables.insert_many(connection, WORD, TOKEN, rows)
        others = [(word, 1, number) for number, word in enumerate(ODD)]

        assert tables.lacking(connection, WORD, rows) == []
        assert tables.lacking(connection, WORD, others) == others
        assert tables.lacking(connection, WORD, []) == []


def test_nothing_of_many_rows_stays_if_one_is_wrong(tables: Backend) -> None:
    add_clients(tables, "first")
    new = [(id_, f"c{id_}", "") for id_ in range(2, 20_000)]
    new[10_000] = (1, "there already", "")

    with pytest.raises(UserError), tables.write() as connection:
        tables.insert_many(connection, CLIENT, ["id", "name", "name_key"], iter(new))

    assert names(tables) == ["first"]


def test_a_row_for_no_parcel_goes_in_its_turn(tables: Backend) -> None:
    new = [(id_, "c", "", "x" * (40_000 if id_ == 300 else 3)) for id_ in range(1, 600)]

    with tables.write() as connection:
        tables.insert_many(connection, CLIENT, ["id", "name", "name_key", "body"], iter(new))

    assert len(names(tables)) == 599
