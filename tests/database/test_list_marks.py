"""A mark judges a loaded row exactly as the base would: every condition, every kind of field."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from crm_desktop.errors import UserError
from crm_desktop.models.query import Condition, Group, Query
from crm_desktop.services.lists.marks import Mark, Marker, check_mark, marks_from_json
from tests.database.list_world import TENDER, World, opened
from tests.firebird_server import FirebirdServer

COLUMNS = ("name", "place")
CONDITIONS: tuple[tuple[str, str, Any], ...] = (
    ("name", "contains", "ЕЛКА"), ("name", "starts", "аль"), ("name", "eq", "бета 7"),
    ("name", "ne", "бета 7"), ("place", "lt", 3), ("place", "ge", 3), ("place", "between", (1, 4)),
    ("place", "in", (1, 2)), ("place", "not_in", (1, 2)), ("place", "empty", None),
    ("place", "filled", None), ("share", "gt", "0.25"), ("price", "le", "10.10"),
    ("urgent", "eq", True), ("urgent", "empty", None), ("due", "period", "this_month"),
    ("opened", "period", "passed"),
    ("due", "lt", "2026-11-20"), ("due", "between", ("2026-11-05", None)),
    ("opened", "eq", "2026-11-19"), ("opened", "period", "last_7_days"),
    ("opened", "gt", "2026-11-15"), ("opened", "le", "2026-11-15"), ("kind", "in", ("open",)),
    ("kind", "not_in", ("open", "late")), ("tags", "in", ("tight",)), ("tags", "not_in", ("open",)),
    ("author", "me", None), ("author", "not_in", ("me",)), ("client.city", "contains", "а"),
    ("body", "contains", "альфа"),
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "firebird"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    if request.param == "sqlite":
        yield from opened(str(tmp_path_factory.mktemp("marks") / "base.crm"))
        return
    server: FirebirdServer = request.getfixturevalue("firebird")
    name = f"test_{secrets.token_hex(6)}"
    yield from opened(server.empty_base(name))
    server.remove(name)


def marked(world: World, *marks: Mark) -> dict[int, tuple[str, dict[int, str]]]:
    """The tones of every row, by record."""
    entity = world.catalogue[TENDER]
    marker = Marker(world.catalogue, entity, marks, COLUMNS, world.lists.context())
    rows = world.lists.open(Query(TENDER, tuple(marker.columns))).rows(0, 1000)
    return {row.id: marker.tones(row.cells) for row in rows}


def test_every_condition_marks_the_rows_that_the_base_finds(world: World) -> None:
    for path, op, value in CONDITIONS:
        where = Condition(path, op, value)
        found = set(world.lists.open(Query(TENDER, where=where)).ids())

        tones = marked(world, Mark(where, "bad"))

        assert {id_ for id_, (tone, _cells) in tones.items() if tone == "bad"} == found, where


def test_conditions_are_joined(world: World) -> None:
    parts = (Condition("urgent", "eq", True), Condition("place", "gt", 4))
    for where in (Group("or", parts), Group("and", parts), Group("not", parts[:1])):
        found = set(world.lists.open(Query(TENDER, where=where)).ids())

        tones = marked(world, Mark(where, "ok"))

        assert {id_ for id_, (tone, _cells) in tones.items() if tone} == found


def test_first_rule_wins_and_cells_have_their_own(world: World) -> None:
    always = Condition("name", "filled")

    tones = marked(world, Mark(always, "ok"), Mark(always, "bad"), Mark(always, "info", "place"),
                   Mark(always, "warn", "gone"))  # fmt: skip

    assert set(map(str, tones.values())) == {str(("ok", {1: "info"}))}


def test_what_needs_the_base_is_refused(world: World) -> None:
    entity, context = world.catalogue[TENDER], world.lists.context()

    with pytest.raises(UserError):
        check_mark(world.catalogue, entity, Condition("about", "eq", ("client", 1)), context)
    with pytest.raises(UserError):
        check_mark(world.catalogue, entity, Condition("nothing", "eq", 1), context)
    tones = marked(world, Mark(Condition("nothing", "eq", 1), "bad"))
    assert {tone for tone, _cells in tones.values()} == {""}


def test_rules_are_kept_and_foreign_ones_left_out() -> None:
    mark = Mark(Condition("city", "eq", "Omsk"), "bad", "city")

    rows = [mark.to_json(), {"tone": "pink", "where": {"city": "x"}}, {"tone": "ok"}, 7,
            {"tone": "ok", "where": {"field": "city", "op": "glows", "value": 1}}]  # fmt: skip

    assert marks_from_json(rows) == (mark,)
    assert marks_from_json(None) == ()
