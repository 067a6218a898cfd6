"""Paste of a spreadsheet into cells of a list, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from crm_desktop.services.lists.paste import apply_paste, plan_paste, read_block, spread
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    workspace = ready_base(base_url, language="en")
    yield workspace
    workspace.close()


def clients(base: Workspace, *names: str) -> list[int]:
    return list(base.records.apply([Create("client", {"name": name}) for name in names]).ids)


def test_block_of_a_spreadsheet_is_taken_apart() -> None:
    text = 'Omsk\t"two\nlines"\r\nKazan\t"a ""b"""\r\n'

    assert read_block(text) == [["Omsk", "two\nlines"], ["Kazan", 'a "b"']]
    assert spread([["x"]], 2, 2) == [["x", "x"], ["x", "x"]]
    assert spread([["x"], ["y"]], 3, 1) == [["x"], ["y"]]


def test_paste_changes_all_cells_at_once_and_is_undone_at_once(base: Workspace) -> None:
    ids = clients(base, "A", "B")
    entity = base.catalogue["client"]
    block = [["Omsk", "100.50"], ["Kazan", "7"]]

    plan = plan_paste(base, entity, ids, ["city", "revenue"], block)
    operation = apply_paste(base, plan, create=False)

    values = base.reader.many("client", ids, ["city", "revenue"])
    assert values[ids[0]] == {"city": "Omsk", "revenue": Decimal("100.5")}
    assert values[ids[1]] == {"city": "Kazan", "revenue": Decimal(7)}
    assert operation is not None
    base.undo.undo(operation)
    assert base.reader.many("client", ids, ["city"])[ids[0]] == {"city": None}


def test_what_cannot_be_read_is_named_by_cell_and_the_rest_goes_on(base: Workspace) -> None:
    ids = clients(base, "A", "B")

    plan = plan_paste(base, base.catalogue["client"], ids, ["name", "revenue"],
                      [["", "much"], ["B", "5"]])  # fmt: skip

    assert [(e.record, e.field) for e in plan.errors] == [(ids[0], "name"), (ids[0], "revenue")]
    assert plan.values == {ids[1]: {"revenue": Decimal(5)}}
    assert (plan.same, [c.new for c in plan.changes]) == (1, ["5"])


def test_links_are_found_by_name_and_made_if_asked(base: Workspace) -> None:
    ids = clients(base, "A", "B", "C")
    ann = base.records.create("staff", {"name": "Ann Lee"}).ids[0]
    block = [["ann lee"], ["Bob Ray"], ["Bob Ray"]]

    plan = plan_paste(base, base.catalogue["client"], ids, ["responsible"], block)
    apply_paste(base, plan, create=True)

    found = base.reader.many("client", ids, ["responsible"])
    assert found[ids[0]]["responsible"] == ann
    assert found[ids[1]] == found[ids[2]]
    assert [m.name for m in plan.missing] == ["Bob Ray"]
    assert base.titles.find("staff", "Bob Ray") == [found[ids[1]]["responsible"]]


def test_computed_columns_are_passed_over_and_said(base: Workspace) -> None:
    ids = clients(base, "A")

    plan = plan_paste(base, base.catalogue["client"], ids, ["created_at", "city"], [["x", "Omsk"]])

    assert plan.skipped == ("created_at",)
    assert plan.values == {ids[0]: {"city": "Omsk"}}


def test_many_rows_are_one_operation(base: Workspace) -> None:
    ids = clients(base, *(f"Client {n}" for n in range(700)))
    plan = plan_paste(base, base.catalogue["client"], ids, ["city"], spread([["Omsk"]], 700, 1))

    operation = apply_paste(base, plan, create=False)

    assert operation is not None
    assert base.operations.get(operation).total >= 700
    base.undo.undo(operation)
    assert {row["city"] for row in base.reader.many("client", ids, ["city"]).values()} == {None}
