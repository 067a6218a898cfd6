"""The first questions of several readings in one trip: the same answers as without it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, Conflict
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.services.workspace import create_base, open_base
from crm_desktop.services.writing.staging import Create, Update
from tests.database.tables import CLIENT, COLUMNS, add_clients, make_tables
from tests.firebird_server import FirebirdServer
from tests.proxy import Proxy, proxy

MOMENT = datetime(2026, 11, 21, 10, 0, 0, 123000, UTC)
FULL = (1, "Ёлка ' ?", "ёлка", "a", Decimal("-1.05"), 0.1, date(1812, 9, 7), MOMENT, True, "б")
EMPTY = (2, None, "", None, None, None, None, None, None, None)
PLAIN = [c for c in CLIENT.c if not isinstance(c.type, sa.Text | sa.Float | sa.Double)]


@pytest.fixture
def line(firebird: FirebirdServer) -> Iterator[Proxy]:
    with proxy(firebird.host, firebird.port) as between:
        yield between


@pytest.fixture
def far(firebird: FirebirdServer, line: Proxy) -> Iterator[Backend]:
    """A base over a line whose trips are counted."""
    name = f"ahead_{secrets.token_hex(6)}"
    firebird.empty_base(name)
    with closing(open_backend(firebird.url(name, port=line.port), create=True)) as backend:
        make_tables(backend)
        yield backend
    firebird.remove(name)


def one(backend: Backend, id_: int, columns: list[Any] | None = None) -> list[Any]:
    """A reading with a single question."""
    wanted = sa.select(*(columns or PLAIN)).where(CLIENT.c.id == id_)
    with backend.read() as connection:
        return [tuple(row) for row in connection.execute(wanted)]


def test_answers_are_those_of_the_usual_way_on_any_back_end(backend: Backend) -> None:
    make_tables(backend)
    with backend.write() as connection:
        backend.insert_many(connection, CLIENT, COLUMNS, [FULL, EMPTY])
    usual = [one(backend, number) for number in (1, 2, 3)]

    with backend.reading():
        backend.ask_first(lambda n=n: one(backend, n) for n in (1, 2, 3))  # type: ignore[misc]
        found = [one(backend, number) for number in (1, 2, 3)]

    assert found == usual
    assert [len(rows) for rows in found] == [1, 1, 0]


def test_all_first_questions_make_one_trip(far: Backend, line: Proxy) -> None:
    add_clients(far, "a", "b", "c")
    for _time in range(2):  # the second time everything is prepared
        with far.reading():
            one(far, 1)
            before = line.trips
            far.ask_first(lambda n=n: one(far, n) for n in (1, 2, 3))  # type: ignore[misc]
            found = [one(far, number)[0][0] for number in (1, 2, 3)]
            trips = line.trips - before

    assert found == [1, 2, 3]
    assert trips == 1


def test_what_cannot_be_packed_and_what_is_asked_again_goes_the_usual_way(far: Backend) -> None:
    with far.write() as connection:
        far.insert_many(connection, CLIENT, COLUMNS, [FULL])
    whole = list(CLIENT.c)
    with far.reading():
        far.ask_first([lambda: one(far, 1, whole), lambda: one(far, 1), lambda: one(far, 2)])

        assert one(far, 1, whole) == [FULL]
        assert one(far, 1) == one(far, 1)


def test_many_rows_come_in_several_answers(far: Backend) -> None:
    with far.write() as connection:
        rows = [(n, "ж" * 200, "ж", "д" * 1000) for n in range(1, 60)]
        far.insert_many(connection, CLIENT, ["id", "name", "name_key", "note"], rows)
    wanted = sa.select(*PLAIN).where(CLIENT.c.id > 0).order_by(CLIENT.c.id)

    def everything() -> list[Any]:
        with far.read() as connection:
            return [tuple(row) for row in connection.execute(wanted)]

    usual = everything()
    with far.reading():
        far.ask_first([everything, lambda: one(far, 7)])
        assert everything() == usual
        assert one(far, 7) == [usual[6]]


def test_what_was_asked_before_a_write_is_asked_again_after_it(far: Backend) -> None:
    add_clients(far, "a", "b")

    def name(connection: sa.Connection, id_: int) -> Any:
        return connection.execute(sa.select(CLIENT.c.name).where(CLIENT.c.id == id_)).scalar()

    with far.write() as connection:
        far.ask_first([lambda: name(connection, 1), lambda: name(connection, 2)], connection)
        assert name(connection, 2) == "b"
        far.update_many(connection, CLIENT, ["name"], [(1, "new")])
        assert name(connection, 1) == "new"


def test_a_writer_reads_nothing_ahead_of_a_lock_that_goes_another_way(
    far: Backend, line: Proxy
) -> None:
    add_clients(far, "a", "b")

    def name(connection: sa.Connection, id_: int) -> Any:
        return connection.execute(sa.select(CLIENT.c.name).where(CLIENT.c.id == id_)).scalar()

    with far.write() as connection:
        before = line.trips
        works = [lambda: far.lock_rows(connection, CLIENT, [1]),
                 lambda: name(connection, 1), lambda: name(connection, 2)]  # fmt: skip
        far.ask_first(works, connection)

        assert line.trips == before
        far.ask_first(works[1:], connection)
        assert line.trips > before


def test_a_record_is_locked_as_it_is_read(firebird: FirebirdServer, firebird_url: str) -> None:
    with closing(create_base(firebird_url, language="en")) as base:
        made = base.records.apply([Create("client", {"name": "A"})] * 2)

        def locked(connection: sa.Connection, id_: int) -> object:
            return base.reader.load_locked("client", [id_], connection)

        with base.backend.write() as first:
            works = [partial(locked, first, id_) for id_ in made.ids]
            base.backend.ask_first(works, first)
            with pytest.raises((BaseBusy, Conflict)), base.backend.write() as second:
                locked(second, made.ids[1])


def test_a_save_makes_few_trips(firebird: FirebirdServer, firebird_url: str, line: Proxy) -> None:
    with closing(create_base(firebird_url, language="en")) as base:
        values = {"name": "A", "phone": "+79161234567"}
        ids = base.records.apply([Create("client", values) for _n in range(2)]).ids
    far = firebird_url.replace(f":{firebird.port}/", f":{line.port}/")
    with closing(open_base(far)) as base:
        for number in (1, 2, 3):  # the first time everything is prepared
            before = line.trips
            base.records.apply([Update("client", ids[0], {"phone": f"+7916000000{number}"})])
            trips = line.trips - before
        found = base.reader.get("client", ids[0])

    assert found is not None
    assert found.values["phone"] == "+79160000003"
    assert trips <= 6
