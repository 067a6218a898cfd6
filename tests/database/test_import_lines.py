"""Lines of deals brought in from a file: totals and amounts follow as if they had been typed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from crm_desktop.services.importing.results import DONE
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, one, records, write_csv

D = Decimal


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def test_amounts_follow_from_lines_of_a_file(base: Workspace, tmp_path: Path) -> None:
    for name in ("Flat 12", "Office"):
        base.records.create("deal", {"name": name})
    write_csv(
        tmp_path / "lines.csv",
        ["Deal", "Name", "Quantity", "Price", "Discount, %"],
        ["Flat 12", "Windows", "2", "18500", "5"],
        ["Office", "Partition", "3", "12800.10", ""],
        ["Flat 12", "Installation", "2", "4200", ""],
    )

    result = bring_in(base, tmp_path / "lines.csv", "deal_line")

    assert (result.state, result.created) == (DONE, 3)
    assert [line["total"] for line in records(base, "deal_line")] == [
        D("35150.00"), D("38400.30"), D("8400.00"),
    ]  # fmt: skip
    assert [line["position"] for line in records(base, "deal_line")] == [1, 1, 2]
    assert one(base, "deal", name="Flat 12")["amount"] == D("43550.00")
    assert one(base, "deal", name="Office")["amount"] == D("38400.30")
    base.undo.undo(result.operation)
    assert one(base, "deal", name="Office")["amount"] is None


def test_deals_of_a_file_come_to_the_first_stage(base: Workspace, tmp_path: Path) -> None:
    write_csv(tmp_path / "deals.csv", ["Name", "Amount"], ["Flat 12", "1000"], ["Office", ""])

    result = bring_in(base, tmp_path / "deals.csv", "deal")

    assert (result.state, result.created, result.rejects) == (DONE, 2, ())
    deals = records(base, "deal")
    assert [deal["name"] for deal in deals] == ["Flat 12", "Office"]
    assert {deal["pipeline"] for deal in deals} == {one(base, "pipeline")["id"]}
    assert [(way["deal"], way["stage"]) for way in records(base, "deal_stage")] == [
        (deal["id"], deal["stage"]) for deal in deals
    ]


def test_a_stage_is_one_of_the_pipeline_that_the_row_names(base: Workspace, tmp_path: Path) -> None:
    create = base.records.create
    ways = {name: create("pipeline", {"name": name}).ids[0] for name in ("Windows", "Doors")}
    known = {
        way: create("stage", {"name": "Handed over", "pipeline": id_, "position": 1}).ids[0]
        for way, id_ in ways.items()
    }
    write_csv(
        tmp_path / "deals.csv",
        ["Name", "Stage", "Pipeline"],
        ["Flat 12", "Handed over", "Windows"],
        ["Office", "Handed over", "Doors"],
        ["House", "Handed over", ""],
    )

    result = bring_in(base, tmp_path / "deals.csv", "deal")

    assert (result.created, len(result.rejects)) == (2, 1)
    assert "several records" in result.rejects[0].reason
    found = {deal["name"]: (deal["pipeline"], deal["stage"]) for deal in records(base, "deal")}
    assert found == {
        "Flat 12": (ways["Windows"], known["Windows"]),
        "Office": (ways["Doors"], known["Doors"]),
    }
