"""Rows from which nothing follows come in by columns; what comes of them is what always did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.services.importing import importer
from crm_desktop.services.importing.plain import PlainPlan
from crm_desktop.services.importing.results import ImportResult
from crm_desktop.services.importing.rowplan import Prepared, RowPlan
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, one, order_of, records, title, write_csv

HEADER = ["Name", "Legal name", "Tax number", "Phone", "E-mail", "City", "Status", "Floor"]
MATCH = {
    "columns": [
        {"from": name, "to": field}
        for name, field in zip(
            HEADER,
            ("name", "legal_name", "tax_id", "phone", "email", "city", "status", "floor"),
            strict=True,
        )
    ],
    "match": ["tax_id"],
    "on_match": "update",
}
NUMBERS = ("id", "_at", "status", "version")
WHAT_SHOWS = ("search_doc", "search_posting", "search_form", "client", "contact_channel")


def row_of(i: int) -> list[str]:
    phone = f"+7 916 204-{i:04}" if i % 4 else ""
    mail = f"info{i}@elka.example" if i % 3 else ""
    return [f"«Ёлка {i}»", f"ООО Ёлка № {i}", str(7_700_000_000 + i), phone, mail,
            "Орёл" if i % 5 else "", f"Status {i % 3}", str(i) if i % 2 else ""]  # fmt: skip


ODD = [
    ["", "No name", "7700000500", "", "", "", "", ""],
    ["Later", "", "7700000003", "+7 916 111-22-33", "", "Тула", "New", "7"],
    ["Twice", "", "7700000600", "", "a@b.example", "", "", ""],
    ["Twice more", "", "7700000600", "", "", "", "", ""],
    ["Two numbers", "", "7700000700", "+7 916 204-9000, +7 495 100-9000", "", "", "", ""],
    ["Wrong", "", "7700000800", "no number at all", "", "", "", ""],
    ["No tax number", "", "", "", "", "", "", ""],
]


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    field = {"key": "floor", "type": "integer", "label": "Floor"}
    made.constructor.add_field(made.catalogue["client"], field)
    yield made
    made.close()


def rows_of(workspace: Workspace, file: Path, mapping: dict[str, object]) -> list[Prepared]:
    """The rows of a file that are plain."""
    order = order_of(workspace, file, "client", mapping)
    plan = RowPlan(
        workspace.catalogue, order.entity, order.mapping,
        header=order.header.names, context=workspace.parse_context(),
    )  # fmt: skip
    rows = [plan.prepare(row) for row in order.sheet.rows(start=order.header.first_data_row)]
    known = PlainPlan.of(plan)
    return known.pick([row for row in rows if not row.problems])[0] if known else []


def ahead(
    workspace: Workspace, file: Path, monkeypatch: pytest.MonkeyPatch, block: int = 5000
) -> ImportResult:
    """Brings the file in with a process that reads it."""
    monkeypatch.setattr(importer, "LONG", 1)
    monkeypatch.setattr(importer, "LONG_BYTES", 1)
    return bring_in(workspace, file, "client", MATCH, block=block)


def content(workspace: Workspace) -> list[list[tuple[object, ...]]]:
    """All that is found and sorted by, without numbers of records and moments."""
    side = workspace.tables.side["client"]
    tables = [workspace.tables.metadata.tables[name] for name in WHAT_SHOWS]
    found = []
    with workspace.backend.read() as connection:
        for table in (*tables, side):
            left = [c for c in table.c if not c.name.endswith(NUMBERS) or c.name == "tax_id"]
            rows = [tuple(row) for row in connection.execute(sa.select(*left))]
            found.append(sorted(rows, key=repr))
    return found


def deltas(workspace: Workspace, operation: int | None) -> list[tuple[int, str, str]]:
    """The change rows of an operation without the numbers of records."""
    rows = workspace.tables.system("change_row").c
    wanted = sa.select(rows.ent, rows.kind, rows.delta).where(rows.op == operation)
    with workspace.backend.read() as connection:
        found = connection.execute(wanted).all()
    return sorted((row.ent, row.kind, re.sub(r'("status":|"client",)\d+', "", row.delta))
                  for row in found)  # fmt: skip


def statuses(workspace: Workspace) -> list[tuple[str, str]]:
    """The names of clients with those of their statuses."""
    found = records(workspace, "client")
    return sorted((r["name"], title(workspace, "reference", r["status"])) for r in found
                  if r["status"])  # fmt: skip


def test_the_base_is_the_same_by_columns_and_row_by_row(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_csv(tmp_path / "list.csv", HEADER, *map(row_of, range(60)), *ODD)
    here = bring_in(workspace, file, "client", MATCH, block=40)
    made_here = content(workspace), statuses(workspace)
    counts = (here.created, here.updated, here.rejected)
    workspace.undo.undo(here.operation or 0)

    there = ahead(workspace, file, monkeypatch, block=40)

    assert (there.created, there.updated, there.rejected) == counts
    assert (content(workspace), statuses(workspace)) == made_here
    assert [r.row for r in there.rejects] == [r.row for r in here.rejects]
    assert check_base(workspace).problems == []


def test_the_history_is_the_same_too(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_csv(tmp_path / "list.csv", HEADER, *map(row_of, range(60)))
    first = bring_in(workspace, file, "client", MATCH)
    workspace.undo.undo(first.operation or 0)

    second = ahead(workspace, file, monkeypatch)

    assert deltas(workspace, second.operation) == deltas(workspace, first.operation)


def test_most_rows_are_plain(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "list.csv", HEADER, *map(row_of, range(20)), *ODD)

    found = rows_of(workspace, file, MATCH)

    named = [row.parts[0].values["name"] for row in found]
    assert named == [*(f"«Ёлка {i}»" for i in range(20)), "Later", "Twice", "Twice more",
                     "No tax number"]  # fmt: skip


@pytest.mark.parametrize("more", [{"empty_wipes": True}, {"on_new": "skip"}, {"match": ["phone"]}])
def test_some_orders_have_no_plain_rows(
    workspace: Workspace, tmp_path: Path, more: dict[str, object]
) -> None:
    file = write_csv(tmp_path / "list.csv", HEADER, *map(row_of, range(5)))

    assert rows_of(workspace, file, {**MATCH, **more}) == []


def test_an_import_by_columns_is_undone_and_done_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_csv(tmp_path / "list.csv", HEADER, *map(row_of, range(60)))
    made = ahead(workspace, file, monkeypatch)
    before = content(workspace)

    undone = workspace.undo.undo(made.operation or 0)
    gone = records(workspace, "client")
    workspace.undo.undo(undone.operation)

    assert gone == []
    assert content(workspace) == before
    assert one(workspace, "client", name="«Ёлка 7»")["x_floor"] == 7
    assert check_base(workspace).problems == []


def test_a_record_of_the_base_is_changed_and_not_made_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.records.create("client", {"name": "Old", "tax_id": "7700000005"})
    file = write_csv(tmp_path / "list.csv", HEADER, *map(row_of, range(20)))

    result = ahead(workspace, file, monkeypatch, block=10)

    assert (result.created, result.updated) == (19, 1)
    assert one(workspace, "client", tax_id="7700000005")["name"] == "«Ёлка 5»"
