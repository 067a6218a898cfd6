"""A workbook holds exactly the view: columns, order, groups as an outline with sums, colours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.exporting.export import export_query
from crm_desktop.services.lists.marks import Mark
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

VIEW = Query("client", ("name", "revenue"), sort=(Sort("name", True),), groups=("city",))
MARKS = (Mark(Condition("city", "eq", "Omsk"), "bad"),
         Mark(Condition("revenue", "gt", 15), "ok", "revenue"))  # fmt: skip


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    workspace = ready_base(base_url, language="en")
    towns = ("Omsk", "Kazan", "Omsk")
    workspace.records.apply([
        Create("client", {"name": f"C{n}", "city": town, "revenue": Decimal(10 * n + 10)})
        for n, town in enumerate(towns)
    ])  # fmt: skip
    yield workspace
    workspace.close()


def sheet(base: Workspace, path: Path, query: Query, *marks: Mark) -> Any:
    export_query(base, query, path, marks=marks)
    return load_workbook(path).active


def test_groups_are_an_outline_with_sums(base: Workspace, tmp_path: Path) -> None:
    found = sheet(base, tmp_path / "c.xlsx", VIEW)

    values = [[cell.value for cell in row] for row in found.iter_rows()]
    assert values == [
        ["Name", "Annual revenue"], ["Kazan (1)", 20], ["C1", 20], ["Omsk (2)", 40], ["C2", 30],
        ["C0", 10],
    ]  # fmt: skip
    levels = [found.row_dimensions[row].outlineLevel for row in range(2, 7)]
    assert levels == [0, 1, 0, 1, 1]
    assert found["A2"].font.bold and not found["A3"].font.bold


def test_marks_are_grounds_of_cells(base: Workspace, tmp_path: Path) -> None:
    flat = VIEW.replace(groups=(), sort=(Sort("name"),))

    found = sheet(base, tmp_path / "c.xlsx", flat, *MARKS)

    grounds = [[cell.fill.fgColor.rgb for cell in row] for row in found.iter_rows(min_row=2)]
    assert grounds[0] == ["FFF8DCD9", "FFF8DCD9"]
    assert grounds[1] == ["00000000", "FFDAF0E1"]
    assert grounds[2] == ["FFF8DCD9", "FFDAF0E1"]


def test_other_files_hold_the_records_alone(base: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"

    count = export_query(base, VIEW, path, marks=MARKS)

    lines = path.read_text("utf-8-sig").splitlines()
    assert (count, [line.split(";")[0] for line in lines]) == (3, ["Name", "C1", "C2", "C0"])
