"""Writes that wait for each other: in their order, before the next question, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, InvalidInput
from crm_desktop.models.backend.base import Backend
from crm_desktop.services.workspace import Workspace
from tests.database.side_by_side import asked, mine
from tests.database.tables import CLIENT, COLUMNS, TOKEN, WORD, add_clients, make_tables, names

__all__ = ["asked", "mine"]

MOMENT = datetime(2026, 11, 21, 10, 0, 0, 123000, UTC)
FULL = (1, "Ёлка", "ёлка", "a", Decimal("-1.05"), 0.1, date(1812, 9, 7), MOMENT, True, "б" * 9000)
EMPTY = (2, None, "", None, None, None, None, None, None, None)


@pytest.fixture
def tables(backend: Backend) -> Iterator[Backend]:
    make_tables(backend)
    yield backend


def words(backend: Backend) -> list[Any]:
    with backend.read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(WORD).order_by(WORD.c.tok))]


def test_every_value_comes_out_as_it_went_in(tables: Backend) -> None:
    with tables.write() as connection, tables.together(connection):
        tables.insert_many(connection, CLIENT, COLUMNS, [FULL, EMPTY])
        tables.insert_many(connection, WORD, TOKEN, [("ёлка", 1, 1), ("", -5, 2**60)])
        tables.insert_many(connection, WORD, TOKEN, iter(()))

    with tables.read() as connection:
        found = connection.execute(sa.select(CLIENT).order_by(CLIENT.c.id)).all()
    assert [tuple(row) for row in found] == [FULL, EMPTY]
    assert words(tables) == [("", -5, 2**60), ("ёлка", 1, 1)]


def test_they_keep_their_order_and_a_question_sees_them(tables: Backend) -> None:
    add_clients(tables, "a", "b")
    with tables.write() as connection, tables.together(connection):
        tables.update_many(connection, CLIENT, ["name"], [(1, "first")])
        tables.delete_keys(connection, CLIENT, ["id"], [(2,)])
        seen = connection.execute(sa.select(CLIENT.c.name)).scalars().all()
        tables.insert_many(connection, CLIENT, ["id", "name", "name_key"], [(2, "new", "new")])
        tables.update_many(connection, CLIENT, ["name"], [(2, "newer")])
        tables.update_many(connection, CLIENT, ["name"], [(1, "last")])

    assert seen == ["first"]
    assert names(tables) == ["last", "newer"]


def test_what_does_not_fit_goes_as_well(tables: Backend) -> None:
    with tables.write() as connection, tables.together(connection):
        for number in range(1, 6):
            row = (number, "x" * 200, "x", "д" * 1000, "ж" * 7000)
            columns = ["id", "name", "name_key", "note", "body"]
            tables.insert_many(connection, CLIENT, columns, [row])
        tables.insert_many(connection, WORD, TOKEN, [(f"w{n}", 1, n) for n in range(300)])

    assert len(names(tables)) == 5
    assert len(words(tables)) == 300


def test_many_small_works_make_no_statement_that_is_too_long(tables: Backend) -> None:
    with tables.write() as connection, tables.together(connection):
        for number in range(1, 41):
            tables.insert_many(connection, CLIENT, COLUMNS, [(number, *EMPTY[1:])])
            tables.insert_many(connection, WORD, TOKEN, [(f"w{number}", 1, number)])

    assert len(names(tables)) == len(words(tables)) == 40


def test_all_or_nothing(tables: Backend) -> None:
    add_clients(tables, "a")
    with (
        pytest.raises((BaseBusy, InvalidInput)),
        tables.write() as connection,
        tables.together(connection),
    ):
        tables.update_many(connection, CLIENT, ["name"], [(1, "changed")])
        tables.insert_many(connection, WORD, TOKEN, [("same", 1, 1)])
        tables.insert_many(connection, WORD, TOKEN, [("same", 1, 1)])

    assert names(tables) == ["a"]
    assert words(tables) == []


def test_an_error_of_the_block_sends_nothing_and_the_next_writer_begins_anew(
    tables: Backend,
) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        tables.write() as connection,
        tables.together(connection),
    ):
        tables.insert_many(connection, WORD, TOKEN, [("lost", 1, 1)])
        raise ZeroDivisionError
    with tables.write() as connection:
        tables.insert_many(connection, WORD, TOKEN, [("kept", 1, 1)])

    assert words(tables) == [("kept", 1, 1)]


def test_a_save_makes_few_trips(mine: Workspace, asked: list[str]) -> None:
    """Eight to a server where each table had its own: beginning and end are no statements. What was
    asked ahead is answered without one."""
    id_ = mine.records.create("client", {"name": "Acme", "phone": "+79162041183"}).ids[0]

    asked.clear()
    mine.records.update("client", id_, {"phone": "+74957803215"})

    assert len(asked) <= 4, asked
    assert "INSERT INTO change_row" in asked[-1] and "INSERT INTO operation_log" in asked[-1]
