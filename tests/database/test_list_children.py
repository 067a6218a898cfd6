"""Columns over children on both back ends: their values, their order, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.query import Query, Sort, columns_from_text
from crm_desktop.services.exporting.export import export_query
from crm_desktop.services.lists import plan as list_plan
from crm_desktop.services.lists.children import (
    ChildPath,
    child_column,
    column_path,
    offered_columns,
)
from crm_desktop.services.titles import Linked
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
CALLS = 'count(activity.about, {"kind": "call"})'


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    workspace = ready_base(base_url, language="en")
    yield workspace
    workspace.close()


@pytest.fixture
def clients(base: Workspace) -> list[int]:
    """A with three activities, B with one, C with none."""
    ids = list(base.records.apply([Create("client", {"name": name}) for name in "ABC"]).ids)
    ann = base.records.create("staff", {"name": "Ann Lee"}).ids[0]
    happened = [(0, "note", 1), (0, "call", 5), (0, "call", 3), (1, "note", 2)]
    base.records.apply([
        Create("activity", {
            "subject": f"{kind} {day}", "kind": kind, "moment": NOON + timedelta(days=day),
            "about": Ref("client", ids[who]), "author": ann,
        })
        for who, kind, day in happened
    ])  # fmt: skip
    return ids


def values(base: Workspace, *columns: str, **more: Any) -> list[tuple[Any, ...]]:
    query = Query("client", ("name", *columns), **more)
    return [row.cells for row in base.lists.open(query).first(10)]


def test_children_are_counted_all_or_those_of_a_condition(
    base: Workspace, clients: list[int]
) -> None:
    found = values(base, "count(activity.about)", CALLS)

    assert found == [("A", 3, 2), ("B", 1, 0), ("C", 0, 0)]


def test_last_is_the_last_by_its_day(base: Workspace, clients: list[int]) -> None:
    found = values(base, "last(activity.about).subject", "last(activity.about).moment")

    assert found == [
        ("A", "call 5", NOON + timedelta(days=5)), ("B", "note 2", NOON + timedelta(days=2)),
        ("C", None, None),
    ]  # fmt: skip


def test_last_link_is_named(base: Workspace, clients: list[int]) -> None:
    found = values(base, "last(activity.about).author")

    assert isinstance(found[0][1], Linked)
    assert [cell[1] and cell[1].text for cell in found] == ["Ann Lee", "Ann Lee", None]


def test_least_and_greatest_day(base: Workspace, clients: list[int]) -> None:
    found = values(base, "min(activity.about).moment", "max(activity.about).moment")

    assert found[0][1:] == (NOON + timedelta(days=1), NOON + timedelta(days=5))


def test_list_is_sorted_by_a_calculated_column(base: Workspace, clients: list[int]) -> None:
    by_count = values(base, sort=(Sort("count(activity.about)"),))
    by_last = values(base, sort=(Sort("last(activity.about).moment", True),))

    assert [cells[0] for cells in by_count] == ["C", "B", "A"]
    assert [cells[0] for cells in by_last] == ["A", "B", "C"]


def test_sorted_list_takes_a_new_record_in(base: Workspace, clients: list[int]) -> None:
    cursor = base.lists.open(Query("client", ("name",), sort=(Sort("count(activity.about)"),)))
    cursor.prepare()

    made = base.records.create("client", {"name": "D"}).ids[0]

    assert cursor.apply_change([made])
    assert [row.cells[0] for row in cursor.rows(0, 9)] == ["C", "D", "B", "A"]


def test_too_long_a_list_is_not_sorted_by_it(
    base: Workspace, clients: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_plan, "MOST_BY_CHILDREN", 2)

    with pytest.raises(InvalidInput, match="up to 2 records"):
        values(base, sort=(Sort("count(activity.about)"),))


def is_new(
    known: set[tuple[object, ...]], catalogue: Catalogue, entity: EntityDef, text: str
) -> bool:
    """Whether no column was met that asks the same of a field of the same type by the same link."""
    path = column_path(catalogue, entity, text)
    assert isinstance(path, ChildPath)
    of = path.of
    kind = None if of is None else (of.type_name, of.storage, of.extra)
    asked = (path.child.entity.key, path.child.field.key, path.function, kind)
    if asked in known:
        return False
    known.add(asked)
    return True


def test_every_column_that_is_offered_can_be_read(base: Workspace, clients: list[int]) -> None:
    known: set[tuple[object, ...]] = set()
    for entity in base.catalogue:
        columns = [
            text
            for link in base.catalogue.links_to(entity)
            for text in offered_columns(base.catalogue, entity, link)
            if is_new(known, base.catalogue, entity, text)
        ]
        found = base.lists.open(Query(entity.key, (entity.title_field, *columns))).first(2)
        assert all(len(row.cells) == 1 + len(columns) for row in found)
        sortable = [
            c
            for c in columns
            if column_path(base.catalogue, entity, c).sortable  # type: ignore[attr-defined]
        ]
        for column in sortable[:6]:
            query = Query(entity.key, (entity.title_field,), sort=(Sort(column),))
            assert len(base.lists.open(query).first(2)) == len(found)


@pytest.mark.parametrize("column", [
    "count(", "many(activity.about)", "count(nothing.about)", "sum(activity.about)",
    "sum(activity.about).subject", "count(activity.about, {)", "last(activity.about).nothing",
])  # fmt: skip
def test_what_makes_no_sense_is_refused(base: Workspace, column: str) -> None:
    with pytest.raises(UserError):
        base.lists.open(Query("client", ("name", column)))


def test_export_writes_it_under_its_heading(
    base: Workspace, clients: list[int], tmp_path: Path
) -> None:
    export_query(base, Query("client", ("name", CALLS)), tmp_path / "c.csv")

    lines = (tmp_path / "c.csv").read_text("utf-8-sig").splitlines()
    assert lines[:2] == ["Name;Activities: number (Call)", "A;2"]


def test_columns_are_taken_apart_outside_brackets_only() -> None:
    text = f"name, {CALLS},count(activity.about)"

    assert columns_from_text(text) == ("name", CALLS, "count(activity.about)")


def test_column_with_a_condition_is_read_back(base: Workspace) -> None:
    catalogue = base.catalogue
    path = column_path(catalogue, catalogue["client"], CALLS)

    again = child_column("count", path.child, where=path.where)  # type: ignore[attr-defined]

    assert column_path(catalogue, catalogue["client"], again).where == path.where  # type: ignore[attr-defined]
    assert Query.from_json(Query("client", (again,)).to_json()).columns == (again,)
