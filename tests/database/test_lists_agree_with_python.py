"""Any query gives the same rows as the same query worked out in Python over all records."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.models.query import Condition, Group, Query, Sort, Where
from crm_desktop.services.lists.service import ListCursor
from tests.database.list_world import BIG, KINDS, TENDER, WORDS, World, opened
from tests.firebird_server import FirebirdServer

DAYS = ("2026-11-01", "2026-11-16", "2026-11-20", "2026-12-04")
TEXTS = st.sampled_from((*WORDS, "а", "ALPHA", "альф", "_1", "%", "ра", "7", "Хвост", "бета 1"))
FIGURES = ("eq", "ne", "lt", "le", "gt", "ge")
SORTABLE = tuple(
    "name place share price urgent due opened kind client author title2 id client.name"
    " client.x_rating client.status".split()
)
CLIENT_SORTS = ("name", "status", "responsible", "city", "x_rating", "x_nick", "x_vip", "id")


@pytest.fixture(scope="module")
def on_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from opened(str(tmp_path_factory.mktemp("lists") / "base.crm"))


@pytest.fixture(scope="module")
def on_server(firebird: FirebirdServer) -> Iterator[World]:
    name = f"test_{secrets.token_hex(6)}"
    yield from opened(firebird.empty_base(name))
    firebird.remove(name)


def texts(path: str) -> st.SearchStrategy[Where]:
    one = st.builds(
        Condition, st.just(path), st.sampled_from(("contains", "starts", "eq", "ne")), TEXTS
    )
    many = st.builds(
        Condition, st.just(path), st.sampled_from(("in", "not_in")),
        st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    )  # fmt: skip
    return st.one_of(one, many, bare(path))


def bare(path: str) -> st.SearchStrategy[Where]:
    return st.builds(Condition, st.just(path), st.sampled_from(("empty", "filled")))


def figures(path: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Where]:
    one = st.builds(Condition, st.just(path), st.sampled_from(FIGURES), values)
    between = st.builds(
        Condition, st.just(path), st.just("between"),
        st.tuples(st.none() | values, st.none() | values),
    )  # fmt: skip
    return st.one_of(one, between, bare(path))


def members(path: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Where]:
    several = st.lists(values, min_size=1, max_size=3).map(tuple)
    named = st.builds(Condition, st.just(path), st.sampled_from(("in", "not_in")), several)
    return st.one_of(named, bare(path))


def conditions(world: World) -> st.SearchStrategy[Where]:
    clients, staff = st.sampled_from(world.clients), st.sampled_from(world.staff)
    refs = st.sampled_from([("client", world.clients[0]), ("staff", world.staff[1])])
    flag_paths = st.sampled_from(("urgent", "client.x_vip"))
    flags = st.builds(Condition, flag_paths, st.just("eq"), st.booleans())
    held = st.sampled_from(("ёлка", "100%", "но"))
    return st.one_of(
        texts("name"), texts("title2"), texts("client.name"), texts("client.status.name"),
        texts("client.x_nick"), flags,
        figures("place", st.integers(-4, 10)), figures("id", st.sampled_from(world.tenders)),
        figures("price", st.sampled_from([Decimal("0.01"), Decimal("99.99"), Decimal(50)])),
        figures("share", st.sampled_from([Decimal("0.25"), Decimal("0.5")])),
        figures("due", st.sampled_from(DAYS)), figures("opened", st.sampled_from(DAYS)),
        figures("client.x_rating", st.integers(1, 3)),
        members("kind", st.sampled_from(KINDS)), members("tags", st.sampled_from(KINDS)),
        members("client", clients), members("author", staff), members("client.responsible", staff),
        st.builds(Condition, st.just("about"), st.just("eq"), refs), bare("about"),
        st.builds(Condition, st.just("body"), st.just("contains"), held),
    )  # fmt: skip


def wheres(leaves: st.SearchStrategy[Where]) -> st.SearchStrategy[Where | None]:
    """No condition, one, or up to two storeys of and, or, not."""

    def grown(inner: st.SearchStrategy[Where]) -> st.SearchStrategy[Where]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        joined = st.builds(Group, st.sampled_from(("and", "or")), several)
        return joined | st.builds(Group, st.just("not"), st.tuples(inner))

    return st.none() | leaves | grown(leaves) | grown(leaves | grown(leaves))


def sorts(paths: tuple[str, ...]) -> st.SearchStrategy[tuple[Sort, ...]]:
    key = st.builds(Sort, st.sampled_from(paths), st.booleans())
    return st.lists(key, max_size=2, unique_by=lambda s: s.path).map(tuple)


def check(world: World, query: Query, start: int) -> None:
    """First page, a page anywhere, the count and all ids, before and after `prepare`."""
    wanted = world.judge.answer(query)
    cursor = world.lists.open(query)

    assert ids(cursor, 0, 30) == wanted[:30]
    assert ids(cursor, start, 40) == wanted[start : start + 40]
    assert cursor.count() == len(wanted)
    assert ids(cursor, max(0, len(wanted) - 7), 20) == wanted[-7:]
    assert cursor.prepare()
    assert ids(cursor, start, 40) == wanted[start : start + 40]
    assert cursor.total == len(wanted)
    assert list(cursor.ids()) == wanted
    if start < len(wanted):
        assert cursor.position(wanted[start]) == start


def ids(cursor: ListCursor, start: int, count: int) -> list[int]:
    return [row.id for row in cursor.rows(start, count)]


def agree_on_tenders(world: World, data: st.DataObject) -> None:
    where = data.draw(wheres(conditions(world)))
    query = Query(TENDER, ("name", "client", "client.name"), where, data.draw(sorts(SORTABLE)))

    check(world, query, data.draw(st.integers(0, BIG)))


def agree_on_clients(world: World, data: st.DataObject) -> None:
    leaves = st.one_of(
        figures("x_rating", st.integers(1, 3)), texts("x_nick"), texts("name"), texts("city"),
        st.builds(Condition, st.just("x_vip"), st.just("eq"), st.booleans()),
        members("status", st.sampled_from(world.books)),
    )  # fmt: skip
    where, sort = data.draw(wheres(leaves)), data.draw(sorts(CLIENT_SORTS))
    query = Query("client", ("x_rating",), where, sort)

    check(world, query, data.draw(st.integers(0, 60)))


def often(count: int) -> settings:
    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, deadline=None, suppress_health_check=slow)


TITLES = ((), (Sort("name"),))
AT_ONCE = pytest.mark.parametrize("at_once", [10**7, 40], ids=["ids", "places"])
"""All sorted ids at once, or known places on the way."""


@AT_ONCE
@often(60)
@given(data=st.data())
def test_every_kind_of_field_on_a_file(on_file: World, at_once: int, data: st.DataObject) -> None:
    on_file.backend.ids_at_once = at_once

    agree_on_tenders(on_file, data)


@AT_ONCE
@often(30)
@given(data=st.data())
def test_user_made_fields_on_a_file(on_file: World, at_once: int, data: st.DataObject) -> None:
    on_file.backend.ids_at_once = at_once

    agree_on_clients(on_file, data)


@AT_ONCE
@often(12)
@given(data=st.data())
def test_every_kind_of_field_on_a_server(
    on_server: World, at_once: int, data: st.DataObject
) -> None:
    on_server.backend.ids_at_once = at_once

    agree_on_tenders(on_server, data)


@AT_ONCE
@often(8)
@given(data=st.data())
def test_user_made_fields_on_a_server(on_server: World, at_once: int, data: st.DataObject) -> None:
    on_server.backend.ids_at_once = at_once

    agree_on_clients(on_server, data)


@often(40)
@given(data=st.data())
def test_links_to_many_records_on_a_file(on_file: World, data: st.DataObject) -> None:
    """The clients are more than an order is cut into segments for: it goes along a join."""
    on_file.backend.ids_at_once = 10**7
    where = data.draw(wheres(conditions(on_file)))
    sort = (Sort("client", data.draw(st.booleans())), *data.draw(st.sampled_from(TITLES)))
    query = Query(TENDER, ("name", "client"), where, sort)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crm_desktop.services.lists.order.MOST_SEGMENTS", 20)
        check(on_file, query, data.draw(st.integers(0, BIG)))
