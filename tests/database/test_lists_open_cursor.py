"""A cursor while records change under it, its links, totals, texts and what it refuses."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy as sa

from crm_desktop.errors import Cancelled, InvalidInput, NotFound
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.lists.service import ListCursor, Measure
from crm_desktop.services.titles import Linked
from tests.database.list_world import TENDER, World, opened
from tests.firebird_server import FirebirdServer


@pytest.fixture(scope="module", params=["sqlite", "firebird"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for all tests here: the judge learns of every change they make."""
    if request.param == "sqlite":
        yield from opened(str(tmp_path_factory.mktemp("lists") / "base.crm"))
        return
    server: FirebirdServer = request.getfixturevalue("firebird")
    name = f"test_{secrets.token_hex(6)}"
    yield from opened(server.empty_base(name))
    server.remove(name)


@pytest.fixture
def world(shared: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(shared.backend, "ids_at_once", shared.backend.ids_at_once)
    shared.search.found = []
    return shared


def shown(cursor: ListCursor) -> list[int]:
    return [row.id for row in cursor.rows(0, 1000)]


def change(world: World, id_: int, name: str) -> None:
    """As the writer would: the name, its key, a new version."""
    table = world.tables.main[TENDER]
    with world.backend.write() as connection:
        columns = ("version", "f_1", "f_1_key")
        world.backend.update_many(connection, table, columns, [(id_, 2, name, name.lower())])
    world.judge.records[TENDER][id_] = {**world.judge.records[TENDER][id_], "name": name}


def delete(world: World, id_: int) -> None:
    with world.backend.write() as connection:
        world.backend.delete_many(connection, world.tables.main[TENDER], [id_])
    del world.judge.records[TENDER][id_]


@pytest.mark.parametrize("at_once", [10**7, 40])
def test_own_changes_keep_the_cursor_right(world: World, at_once: int) -> None:
    world.backend.ids_at_once = at_once
    query = Query(TENDER, ("name",))
    cursor = world.lists.open(query)
    cursor.prepare()
    shown(cursor)

    late, early, gone = (world.tenders.pop() for _ in range(3))
    change(world, late, "яяя")
    change(world, early, "аа")
    delete(world, gone)
    made = world.add(TENDER, [{"name": "дельта"}])
    kept = cursor.apply_change([late, early, gone, *made])

    assert kept
    assert shown(cursor) == world.judge.answer(query)
    assert cursor.total == cursor.count() == len(world.judge.answer(query))


@pytest.mark.parametrize("at_once", [10**7, 40])
@pytest.mark.parametrize("told", [(0, 1), (1, 0)])
def test_changes_told_later_than_others_leave_the_order_right(
    world: World, at_once: int, told: tuple[int, int]
) -> None:
    """Of two saves one after another the first is heard while the base has both."""
    world.backend.ids_at_once = at_once
    query = Query(TENDER, ("name",))
    made = world.add(TENDER, [{"name": f"жук {number}"} for number in range(1, 10)])
    cursor = world.lists.open(query)
    cursor.prepare()
    shown(cursor)
    moved = made[0], made[7]
    change(world, moved[0], "жук 35")
    change(world, moved[1], "а")

    for one in told:
        if not cursor.apply_change([moved[one]]):
            cursor = world.lists.open(query)
            cursor.prepare()

    assert shown(cursor) == world.judge.answer(query)


def test_a_change_takes_a_record_out_of_a_filtered_list(world: World) -> None:
    query = Query(TENDER, ("name",), Condition("name", "starts", "альфа"), (Sort("due", True),))
    cursor = world.lists.open(query)
    cursor.prepare()
    first = shown(cursor)[0]

    change(world, first, "другая")

    assert cursor.apply_change([first])
    assert shown(cursor) == world.judge.answer(query)
    assert cursor.position(first) is None


def test_links_are_named_and_paths_followed(world: World) -> None:
    query = Query("client", ("status", "status.name", "responsible", "created_by"))
    rows = world.lists.open(query).first(60)
    row = next(r for r in rows if r.cells[1] and r.cells[2])

    status, name, responsible, created_by = row.cells

    assert isinstance(status, Linked) and status.text == name and status.tone == "ok"
    assert responsible.ref.entity == "staff" and responsible.ref.id in world.staff
    assert created_by is None


def test_a_link_to_a_lost_record_is_shown_by_number(world: World) -> None:
    made = world.add("client", [{"name": "один", "status": 999_999}])
    query = Query("client", ("status",), Condition("id", "in", tuple(made)))

    (row,) = world.lists.open(query).first(5)

    assert row.cells[0].text == "#999999"


def test_a_lost_link_does_not_hide_the_record_from_a_list_by_that_link(world: World) -> None:
    made = world.add("client", [{"name": "один", "status": 999_999}])
    cursor = world.lists.open(Query("client", ("name",), None, (Sort("status"),)))

    assert made[0] in shown(cursor)
    assert cursor.prepare() and made[0] in cursor.ids()


def test_long_texts_come_as_their_beginning(world: World) -> None:
    made = world.add(TENDER, [{"name": "x", "body": "слово " * 400}])
    query = Query(TENDER, ("body", "client.note"), Condition("id", "in", tuple(made)))

    (row,) = world.lists.open(query).first(5)

    assert row.cells == (("слово " * 400)[:120], None)


def test_a_long_text_is_searched_past_its_beginning(world: World) -> None:
    made = world.add(TENDER, [{"name": "x", "body": "слово " * 400 + "Последнее"}])
    query = Query(TENDER, ("name",), Condition("body", "contains", "последнее"))

    assert shown(world.lists.open(query)) == made


def test_totals_of_everything_and_of_a_selection(world: World) -> None:
    cursor = world.lists.open(Query(TENDER, ("price",)))
    prices = {i: r["price"] for i, r in world.judge.records[TENDER].items() if r.get("price")}
    some = list(prices)[:3]
    measures = [Measure("price", name) for name in ("sum", "count", "average", "min", "max")]

    whole, part = cursor.totals(None, measures), cursor.totals(some, measures)

    assert whole[measures[0]] == sum(prices.values())
    assert whole[measures[1]] == len(prices)
    assert whole[measures[2]] == Decimal(sum(prices.values())) / len(prices)
    assert part[measures[0]] == sum(prices[i] for i in some)
    assert (part[measures[3]], part[measures[4]]) == (
        min(prices[i] for i in some), max(prices[i] for i in some),
    )  # fmt: skip


@pytest.mark.parametrize("at_once", [10**7, 40])
def test_some_ids_and_the_rows_of_some_records(world: World, at_once: int) -> None:
    world.backend.ids_at_once = at_once
    query = Query(TENDER, ("name",))
    wanted = world.judge.answer(query)
    cursor = world.lists.open(query)

    for _time in ("before", "after"):
        assert list(cursor.ids(150, 7)) == wanted[150:157]
        assert list(cursor.ids(400)) == wanted[400:]
        cursor.prepare()
    assert [row.id for row in cursor.rows_of([wanted[9], 0, wanted[2]])] == [wanted[9], wanted[2]]


def test_a_typed_text_narrows_by_search_and_keeps_its_rank(world: World) -> None:
    world.search.found = [world.tenders[n] for n in (9, 3, 200, 4)]

    ranked = world.lists.open(Query(TENDER, ("name",), text="что-то"))
    narrowed = Query(TENDER, ("name",), Condition("urgent", "eq", True), text="что-то")

    assert shown(ranked) == world.search.found
    urgent = [i for i in world.search.found if world.judge.records[TENDER][i]["urgent"]]
    assert shown(world.lists.open(narrowed)) == urgent


def test_a_typed_text_with_a_sort_is_sorted(world: World) -> None:
    world.search.found = world.tenders[10:60]
    query = Query(TENDER, ("name",), None, (Sort("due", True), Sort("name")))

    found = shown(world.lists.open(query.replace(text="что-то")))

    assert found == [i for i in world.judge.answer(query) if i in set(world.search.found)]


@pytest.mark.parametrize(
    "query",
    [
        Query(TENDER, ("nothing",)),
        Query(TENDER, (), Condition("nothing", "eq", 1)),
        Query(TENDER, (), Condition("name", "between", (1, 2))),
        Query(TENDER, (), Condition("place", "eq", "много")),
        Query(TENDER, (), Condition("kind", "in", ("nothing",))),
        Query(TENDER, (), Condition("due", "period", "some_day")),
        Query(TENDER, (), Condition("place", "between", (1,))),
        Query(TENDER, (), Condition("name", "contains", "")),
        Query(TENDER, (), Condition("about.name", "eq", "x")),
        Query(TENDER, (), Condition("about", "eq", ("nothing", 3))),
        Query(TENDER, (), None, (Sort("body"),)),
        Query(TENDER, (), None, (Sort("about"),)),
        Query("nothing"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(world: World, query: Query) -> None:
    with pytest.raises((InvalidInput, NotFound)) as refused:
        world.lists.open(query).first(1)

    assert len(refused.value.message) > 15


def test_a_big_base_on_a_server_says_what_it_can_sort_by(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_desktop.services.lists.plan.MOST_SORTED", 100)
    world.backend.ids_at_once = 100
    free, few = Query(TENDER, ("name",), None, (Sort("share"),)), Condition("kind", "in", ("open",))

    assert world.lists.open(free.replace(sort=(Sort("due"),))).first(10)
    assert world.lists.open(free.narrowed(few, Condition("urgent", "eq", True))).first(10)
    with pytest.raises(InvalidInput, match="Price"):
        world.lists.open(free).first(10)


def test_a_call_can_be_interrupted(world: World) -> None:
    seen: list[sa.Connection | None] = []
    cursor = world.lists.open(Query(TENDER, ("name",)), on_start=seen.append)

    cursor.first(5)

    assert seen[0] is not None and seen[-1] is None


def test_preparing_stops_when_asked_and_goes_on_later(world: World) -> None:
    world.backend.ids_at_once = 40
    cursor = world.lists.open(Query(TENDER, ("name",)))

    assert cursor.prepare(lambda: True) is False and not cursor.prepared
    assert cursor.prepare() and cursor.total == len(world.judge.records[TENDER])


def test_an_interrupted_read_is_told_as_cancelled(world: World) -> None:
    def stop(connection: sa.Connection | None) -> None:
        if connection is not None:
            raise Cancelled

    with pytest.raises(Cancelled):
        world.lists.open(Query(TENDER), on_start=stop).first(5)
