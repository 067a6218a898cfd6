"""Transactions, numbers and the shape of a base: the same promises on both back ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest
import sqlalchemy as sa

from crm_desktop.errors import (
    BaseBusy,
    BaseProblem,
    BaseTooNew,
    Cancelled,
    Conflict,
    DatabaseUnavailable,
)
from crm_desktop.models.backend import firebird_sql, sqlite
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from tests.database.tables import CLIENT, COLUMNS, WORD, add_clients, make_tables, names

ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 FROM {one} UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
    " SELECT count(*) FROM n a, n b, n c, n d"
)


@pytest.fixture
def tables(backend: Backend) -> Iterator[Backend]:
    make_tables(backend)
    yield backend


def endless(connection: sa.Connection) -> None:
    """A query that takes hours, on either back end."""
    one = "client" if connection.dialect.name == "sqlite" else "rdb$database"
    text = ENDLESS.format(one=one)
    connection.exec_driver_sql(text).all()


def aside(work: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    """Runs `work` in another thread; what it raises is in the list."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed over to the test
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def test_what_fails_is_rolled_back(tables: Backend) -> None:
    with pytest.raises(RuntimeError), tables.write() as connection:
        tables.insert_many(connection, CLIENT, ["id", "name_key"], [(1, "a")])
        connection.execute(sa.insert(CLIENT).values(id=2, name_key="b"))
        raise RuntimeError

    assert names(tables) == []


def test_a_reader_does_not_see_what_is_not_committed(tables: Backend) -> None:
    with tables.write() as connection:
        connection.execute(sa.insert(CLIENT).values(id=2, name="x", name_key="b"))
        assert names(tables) == []

    assert names(tables) == ["x"]


def test_a_snapshot_stays_as_it_was(tables: Backend) -> None:
    add_clients(tables, "old")
    with tables.snapshot() as connection:
        count = sa.select(sa.func.count()).select_from(CLIENT)
        assert connection.execute(count).scalar() == 1
        add_clients(tables, "new", first=2)
        assert connection.execute(count).scalar() == 1


def test_writing_in_a_reading_block_is_not_kept(tables: Backend) -> None:
    with suppress(sa.exc.DBAPIError), tables.read() as connection:
        connection.execute(sa.insert(CLIENT).values(id=2, name_key="b"))

    assert names(tables) == []


def test_eight_threads_save_without_losing_anything(tables: Backend) -> None:
    def save(first: int) -> None:
        for number in range(first, first + 15):
            add_clients(tables, f"c{number}", first=number)
            names(tables)

    threads = [aside(lambda first=first: save(first)) for first in range(0, 800, 100)]
    for thread, _errors in threads:
        thread.join()

    assert [error for _thread, errors in threads for error in errors] == []
    assert len(names(tables)) == 120


def test_two_who_save_the_same_row_do_not_overwrite_each_other(tables: Backend) -> None:
    """The second waits; Firebird then tells him of the conflict, SQLite lets him see the new."""
    add_clients(tables, "a")
    change = sa.update(CLIENT).where(CLIENT.c.id == 1, CLIENT.c.name == "a")
    with tables.write() as mine:
        mine.execute(change.values(name="mine"))
        hits: list[int] = []

        def theirs() -> None:
            with tables.write() as connection:
                hits.append(connection.execute(change.values(name="theirs")).rowcount)

        thread, errors = aside(theirs)
        thread.join(0.3)
    thread.join()

    assert names(tables) == ["mine"]
    assert hits == [0] or isinstance(errors[0], Conflict)


def test_locked_rows_keep_others_out_until_the_end(tables: Backend) -> None:
    add_clients(tables, "a", "b")
    with tables.write() as mine:
        tables.lock_rows(mine, CLIENT, [2, 1, 99])
        thread, errors = aside(lambda: add_name(tables, 1, "theirs"))
        thread.join(0.3)
        assert thread.is_alive()
        mine.execute(sa.update(CLIENT).where(CLIENT.c.id == 1).values(name="mine"))
    thread.join()

    assert names(tables)[0] == ("mine" if errors else "theirs")
    assert all(isinstance(error, Conflict) for error in errors)


def add_name(backend: Backend, number: int, name: str) -> None:
    with backend.write() as connection:
        backend.update_many(connection, CLIENT, ["name"], [(number, name)])


def test_interrupt_ends_a_call_of_another_thread(tables: Backend) -> None:
    add_clients(tables, "a")
    begun: list[sa.Connection] = []

    def work() -> None:
        with tables.read() as connection:
            begun.append(connection)
            endless(connection)

    thread, errors = aside(work)
    while thread.is_alive():  # the call may not have reached the driver yet
        for connection in begun:
            tables.interrupt(connection)
        thread.join(0.05)

    assert [type(error) for error in errors] == [Cancelled]
    assert names(tables) == ["a"]


def test_a_deadline_ends_a_slow_call(tables: Backend) -> None:
    add_clients(tables, "a")
    begun = time.monotonic()

    with (
        pytest.raises(DatabaseUnavailable),
        tables.read() as connection,
        tables.deadline(connection, 0.2),
    ):
        endless(connection)

    assert time.monotonic() - begun < 60  # it would never end
    assert names(tables) == ["a"]


def test_a_deadline_that_is_kept_does_nothing(tables: Backend) -> None:
    with tables.read() as connection:
        with tables.deadline(connection, 30):
            pass
        assert connection.execute(sa.select(sa.func.count()).select_from(CLIENT)).scalar() == 0


# --- numbers --------------------------------------------------------------------------------------


def test_ids_are_never_given_twice(tables: Backend, base_url: str) -> None:
    given: list[int] = []
    for count in (1, 5, 99, 250, 1, 0, 3):
        with tables.write() as connection:
            given += tables.ids(connection, count)
    tables.close()
    again = open_backend(base_url)
    with again.write() as connection:
        given += again.ids(connection, 10)
    again.close()

    assert len(given) == len(set(given)) == 369
    assert given == sorted(given)
    assert given[0] == 1


def test_the_sequence_of_changes_has_no_holes_by_blocks(tables: Backend) -> None:
    with tables.write() as connection:
        assert list(tables.sequence(connection, 3)) == [1, 2, 3]
    with tables.write() as connection:
        assert tables.sequence(connection, 1000) == range(4, 1004)


def test_numbers_go_on_above_those_of_a_moved_base(tables: Backend) -> None:
    with tables.write() as connection:
        tables.ids(connection, 1)
        tables.continue_numbers(connection, ids=5000, sequence=70)
        tables.continue_numbers(connection, ids=7, sequence=7)
    with tables.write() as connection:
        assert tables.ids(connection, 1).start == 5001
        assert tables.sequence(connection, 1).start == 71


# --- shape ----------------------------------------------------------------------------------------


def test_tables_and_columns_are_listed_without_our_own(tables: Backend) -> None:
    assert tables.table_names() == ["client", "word"]
    assert tables.column_names("client") == COLUMNS
    assert tables.column_names("nothing") == []


def test_columns_added_to_a_filled_table_are_there_for_the_next_statement(tables: Backend) -> None:
    add_clients(tables, "a")
    size = sa.Column("size", sa.BigInteger, server_default="7", nullable=False)

    tables.run_ddl(tables.add_columns(CLIENT, [sa.Column("city", sa.String(50)), size]))

    assert tables.column_names("client") == [*COLUMNS, "city", "size"]
    with tables.read() as connection:
        row = connection.exec_driver_sql("SELECT city, size FROM client").one()
        assert tuple(row) == (None, 7)


def test_ddl_is_wholly_there_or_not_at_all(tables: Backend) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        tables.run_ddl(["CREATE TABLE half (id BIGINT NOT NULL)", "CREATE TABLE (nonsense"])

    assert tables.table_names() == ["client", "word"]


def test_a_table_in_use_a_moment_ago_can_be_dropped(tables: Backend) -> None:
    add_clients(tables, "a")

    tables.run_ddl(["DROP TABLE client"])

    assert tables.table_names() == ["word"]


def test_ddl_waits_for_a_writer_and_passes(tables: Backend) -> None:
    add_clients(tables, "a")
    with tables.write() as connection:
        connection.execute(sa.update(CLIENT).values(name="b"))
        thread, errors = aside(
            lambda: tables.run_ddl(tables.create_index(CLIENT, ["name"], name="ix_by_name"))
        )
        thread.join(0.3)
    thread.join()

    assert errors == []


def test_long_index_names_are_cut_and_differ(tables: Backend) -> None:
    one = tables.index_pair(WORD, ["tok", "ent", "rid", "a_long_column_name"])
    two = tables.index_pair(WORD, ["tok", "ent", "rid", "a_long_column_nama"])

    index_names = [text.split(" INDEX ")[1].split()[0] for text in one + two]
    assert len(set(index_names)) == len(index_names)
    assert max(map(len, index_names)) <= 31


def test_the_version_is_kept_with_the_transaction(tables: Backend) -> None:
    assert tables.version == 0
    with tables.write() as connection:
        tables.set_version(connection, 3)
    with pytest.raises(RuntimeError), tables.write() as connection:
        tables.set_version(connection, 4)
        raise RuntimeError

    assert tables.version == 3


def test_a_newer_base_is_refused(tables: Backend, base_url: str) -> None:
    with tables.write() as connection:
        tables.set_version(connection, 9)
    tables.close()

    with pytest.raises(BaseTooNew):
        open_backend(base_url, newest=8)
    open_backend(base_url, newest=9).close()


def test_making_a_base_where_one_is_refused(backend: Backend, base_url: str) -> None:
    backend.close()

    with pytest.raises(Exception, match="already") as error:
        open_backend(base_url, create=True)
    assert not isinstance(error.value, BaseProblem)


def test_upkeep_of_a_healthy_base(tables: Backend) -> None:
    add_clients(tables, *(f"c{number}" for number in range(500)))

    tables.analyze()

    assert tables.integrity() == []
    assert tables.integrity(deep=True) == []
    assert tables.size() > 10_000
    assert tables.title and tables.title in tables.address


def test_closing_twice_is_harmless(backend: Backend, base_url: str) -> None:
    backend.close()
    backend.close()

    with closing(open_backend(base_url)) as again, again.read() as connection:
        assert connection.closed is False


def test_busy_is_an_error_of_its_own(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One writer who does not end holds up the others; they are told after some seconds."""
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 0.3)
    monkeypatch.setattr(firebird_sql, "_SAVE_SECONDS", 1)
    with closing(open_backend(base_url, create=True)) as tables:
        make_tables(tables)
        add_clients(tables, "a")
        with tables.write() as connection:
            connection.execute(sa.update(CLIENT).values(name="b"))
            with pytest.raises((BaseBusy, Conflict)), tables.write() as second:
                second.execute(sa.update(CLIENT).values(name="c"))

        assert names(tables) == ["b"]


def test_reads_inside_a_reading_need_no_further_connection(backend: Backend) -> None:
    with backend.reading(), backend.read() as one, backend.read() as other:
        assert (one is other) is not backend.exclusive
    with backend.read() as one, backend.read() as other:
        assert one is not other


def test_a_reading_of_one_thread_is_not_shared_with_another(backend: Backend) -> None:
    met: list[sa.Connection] = []

    def look() -> None:
        with backend.read() as connection:
            met.append(connection)

    with backend.reading(), backend.read() as ours:
        thread, errors = aside(look)
        thread.join(10)
        assert not errors
        assert met[0] is not ours
