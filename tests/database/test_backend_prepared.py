"""Statements prepared once on a server, rows read whole, a transaction that readers share."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from crm_desktop.errors import BaseBusy, Cancelled
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from tests.database.tables import CLIENT, add_clients, make_tables, names
from tests.firebird_server import FirebirdServer

ODD = (
    "SELECT CAST(-7 AS SMALLINT), CAST(-70000 AS INTEGER), CAST(-7000000000 AS BIGINT),"
    " CAST(1.5 AS NUMERIC(18, 2)), CAST(2.25 AS DOUBLE PRECISION), TRUE,"
    " DATE '1812-09-07', TIME '23:59:58.1234', TIMESTAMP '1850-01-02 03:04:05.6789',"
    " TIMESTAMP '2026-11-22 08:00:00', CAST('ёлка' AS VARCHAR(20)), CAST('ёж' AS CHAR(5)),"
    " CAST('' AS VARCHAR(3)), CAST(x'00FF' AS VARCHAR(4) CHARACTER SET OCTETS),"
    " CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR(5)), CAST(NULL AS TIMESTAMP),"
    " CAST('много' AS BLOB SUB_TYPE TEXT CHARACTER SET UTF8) FROM rdb$database"
)


@pytest.fixture
def name(firebird: FirebirdServer) -> Iterator[str]:
    made = f"prepared_{secrets.token_hex(6)}"
    yield made
    firebird.remove(made)


@pytest.fixture
def base(firebird: FirebirdServer, name: str) -> Iterator[Backend]:
    with closing(open_backend(firebird.empty_base(name), create=True)) as backend:
        make_tables(backend)
        add_clients(backend, "a", "b", "c")
        yield backend


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the driver prepares from now on."""
    from fdb import fbcore

    texts: list[str] = []
    usual = fbcore.PreparedStatement.__init__

    def noted(self: Any, text: str, *others: Any) -> None:
        texts.append(text)
        usual(self, text, *others)

    monkeypatch.setattr(fbcore.PreparedStatement, "__init__", noted)
    return texts


def driver_of(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def test_values_are_those_of_the_driver(base: Backend) -> None:
    without_blob = ODD.replace(", CAST('много' AS BLOB SUB_TYPE TEXT CHARACTER SET UTF8)", "")
    with base.read() as connection:
        driver = driver_of(connection)
        wanted = driver.main_transaction.cursor().execute(without_blob).fetchone()
        read_whole = tuple(connection.exec_driver_sql(without_blob).one())
        left_to_it = tuple(connection.exec_driver_sql(ODD).one())

    assert read_whole == wanted
    assert [type(value) for value in read_whole] == [type(value) for value in wanted]
    assert left_to_it == (*wanted, "много")
    assert read_whole[3] == Decimal("1.5")
    assert read_whole[6:9] == (
        date(1812, 9, 7), time(23, 59, 58, 123400), datetime(1850, 1, 2, 3, 4, 5, 678900),  # noqa: DTZ001
    )  # fmt: skip


def test_rows_with_and_without_a_blob_come_in_one_result(base: Backend) -> None:
    long = "ы" * 100_000
    with base.write() as connection:
        connection.execute(sa.update(CLIENT).where(CLIENT.c.id == 2).values(body=long))
    with base.read() as connection:
        found = connection.execute(sa.select(CLIENT.c.name, CLIENT.c.body).order_by(CLIENT.c.id))

        assert found.all() == [("a", None), ("b", long), ("c", None)]


def test_a_question_is_prepared_once(base: Backend, prepared: list[str]) -> None:
    for _time in range(5):
        assert names(base) == ["a", "b", "c"]

    assert len(prepared) <= 1


def test_reading_and_writing_share_what_is_prepared(base: Backend, prepared: list[str]) -> None:
    question = "SELECT count(*) FROM client"
    with base.read() as connection:
        before = connection.exec_driver_sql(question).scalar()
    with base.write() as connection:
        connection.execute(sa.delete(CLIENT).where(CLIENT.c.id == 1))
        inside = connection.exec_driver_sql(question).scalar()
    with base.read() as connection:
        after = connection.exec_driver_sql(question).scalar()

    assert (before, inside, after) == (3, 2, 2)
    assert prepared.count(question) == 1


def test_two_results_of_one_question_do_not_mix(base: Backend) -> None:
    question = "SELECT name FROM client ORDER BY name"
    with base.read() as connection:
        first = connection.exec_driver_sql(question)
        one = first.fetchone()
        second = connection.exec_driver_sql(question)

        assert one is not None and one[0] == second.fetchone()[0]  # type: ignore[index]
        assert len(first.all()) == len(second.all()) == 2


def test_a_result_left_half_read_is_forgotten(base: Backend) -> None:
    question = "SELECT name FROM client ORDER BY name"
    for _time in range(3):
        with base.read() as connection:
            assert connection.exec_driver_sql(question).fetchone() is not None
    with base.write() as connection:
        connection.exec_driver_sql(question).fetchone()

    with base.read() as connection:
        assert len(connection.exec_driver_sql(question).all()) == 3


def test_a_changed_table_is_seen_by_the_next_question(base: Backend) -> None:
    question = "SELECT * FROM client"
    with base.read() as connection:
        width = len(connection.exec_driver_sql(question).first() or ())
    base.run_ddl(["ALTER TABLE client ADD later INTEGER"])

    with base.read() as connection:
        assert len(connection.exec_driver_sql(question).first() or ()) == width + 1


def test_what_is_kept_prepared_hinders_no_change_of_shape(base: Backend) -> None:
    """An index that a question goes through, a column that it names, the table itself."""
    question = "SELECT name, note FROM client WHERE name_key = 'a'"
    index = next(n for n in base.index_columns("client") if n.startswith("ix_"))
    with base.read() as connection:
        connection.exec_driver_sql(question).all()

    base.run_ddl([f"DROP INDEX {index}"])
    with base.read() as connection:
        connection.exec_driver_sql(question).all()
    base.run_ddl(["ALTER TABLE client DROP note"])
    names(base)
    base.run_ddl(["DROP TABLE client"])

    assert "client" not in base.table_names()


def test_what_another_process_wrote_is_planned_for(base: Backend, prepared: list[str]) -> None:
    names(base)
    prepared.clear()

    base.refresh_plans()
    names(base)
    names(base)

    assert len(prepared) == 1


def test_a_failed_statement_can_be_asked_again(base: Backend) -> None:
    twice = "INSERT INTO client (id, name_key) VALUES (1, 'x')"
    for _time in range(2):
        with pytest.raises(BaseBusy), base.write() as connection:
            connection.exec_driver_sql(twice)

    assert names(base) == ["a", "b", "c"]


def test_readers_see_what_was_committed_meanwhile(base: Backend) -> None:
    assert names(base) == ["a", "b", "c"]
    with base.read() as reading:
        add_clients(base, "d", first=4)
        found = reading.execute(sa.select(sa.func.count()).select_from(CLIENT)).scalar()

    assert found == 4
    assert names(base) == ["a", "b", "c", "d"]


def test_a_reader_that_stays_holds_up_no_garbage(base: Backend) -> None:
    """The oldest active transaction moves on, so that old versions of rows can go."""
    oldest = "SELECT mon$oldest_active, mon$next_transaction FROM mon$database"
    with base.read() as reading:
        reading.execute(sa.select(CLIENT.c.id)).all()
        for number in range(10, 60):
            add_clients(base, "x", first=number)
        with base.snapshot() as connection:
            active, following = connection.exec_driver_sql(oldest).one()

    assert following - active < 20


def test_long_work_holds_up_the_garbage_until_it_ends(base: Backend) -> None:
    """Its pages are then cleared once, not after each of its transactions."""

    def behind(number: int) -> int:
        add_clients(base, "x", first=number)
        with base.snapshot() as connection:  # a new one each time: a reader that stays sees no news
            oldest = "SELECT mon$next_transaction - mon$oldest_snapshot FROM mon$database"
            return int(connection.exec_driver_sql(oldest).scalar_one())

    with base.bulk():
        during = [behind(number) for number in range(10, 30)]
    after = behind(30)

    assert during[-1] - during[0] >= 19
    assert after < during[0] + 5


def test_nothing_is_written_by_a_reader(base: Backend) -> None:
    with pytest.raises(DatabaseError, match="read-only"), base.read() as connection:
        connection.execute(sa.delete(CLIENT))

    assert names(base) == ["a", "b", "c"]


def test_an_interrupted_reader_leaves_nothing_behind(base: Backend) -> None:
    slow = "SELECT count(*) FROM rdb$fields a, rdb$fields b, rdb$fields c, rdb$fields d"
    with pytest.raises(Cancelled), base.read() as connection:
        threading.Timer(0.2, lambda: base.interrupt(connection)).start()
        connection.exec_driver_sql(slow).scalar()

    assert names(base) == ["a", "b", "c"]
