"""The import as the command line asks for it, and the same in a process of its own."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from crm_desktop.errors import FileProblem, InvalidInput, NotFound, UserError
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import records, write_csv


@pytest.fixture
def workspace(sqlite_url: str) -> Iterator[Workspace]:
    made = ready_base(sqlite_url, language="en")
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "list.csv", ["Name", "City"], ["Acme", "Omsk"], ["", "Perm"])


def run(workspace: Workspace, file: Path, **options: Any) -> dict[str, Any]:
    return run_import_command(workspace, Namespace(file=str(file), **options))


def test_the_answer_has_all_that_was_promised(workspace: Workspace, file: Path) -> None:
    rejects = file.with_name("rejects.xlsx")

    value = run(workspace, file, into="Clients", rejects=str(rejects))

    assert json.loads(json.dumps(value)) == value
    assert {k: value[k] for k in ("read", "created", "updated", "skipped", "rejected")} == {
        "read": 2, "created": 1, "updated": 0, "skipped": 0, "rejected": 1,
    }  # fmt: skip
    assert value["rejects"] == [
        {
            "row": 3, "field": "name", "label": "Name", "value": "",
            "reason": "Fill in the field “Name”",
        }
    ]  # fmt: skip
    assert workspace.operations.get(value["operation"]).total >= 1
    assert rejects.exists()


def test_a_test_writes_nothing(workspace: Workspace, file: Path) -> None:
    value = run(workspace, file, into="client", test=True)

    assert (value["created"], value["operation"]) == (1, None)
    assert records(workspace, "client") == []


def test_a_mapping_file_match_and_sheet_are_obeyed(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "x.csv", ["Title above"], ["A", "B"], ["Acme", "Omsk"])
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"A": "name", "B": "city"}), "utf-8")
    options = {"into": "client", "map": str(mapping), "sheet": "1", "header_row": 2}

    first = run(workspace, file, **options)
    second = run(workspace, file, **options, match="name", on_match="skip")

    assert (first["created"], second["created"], second["skipped"]) == (1, 0, 1)
    assert records(workspace, "client")[0]["city"] == "Omsk"


def test_what_was_mapped_once_is_mapped_again(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "x.csv", ["Foo", "Bar"], ["Acme", "Omsk"])
    run(workspace, file, into="client", map={"Foo": "name", "Bar": "city"})

    run(workspace, file, into="client")

    assert [row["city"] for row in records(workspace, "client")] == ["Omsk", "Omsk"]


@pytest.mark.parametrize(
    ("content", "error"), [(b"", FileProblem), (b"PK\x03\x04 broken", FileProblem)]
)
def test_a_bad_file_is_refused_and_nothing_written(
    workspace: Workspace, tmp_path: Path, content: bytes, error: type[UserError]
) -> None:
    file = tmp_path / "bad.xlsx"
    file.write_bytes(content)

    with pytest.raises(error, match="bad"):
        run(workspace, file, into="client")
    assert records(workspace, "client") == []


def test_unknown_objects_and_bad_mappings_are_refused(workspace: Workspace, file: Path) -> None:
    with pytest.raises(NotFound):
        run(workspace, file, into="nothing")
    with pytest.raises(FileProblem, match="gone"):
        run(workspace, file, into="client", map="gone.json")
    with pytest.raises(InvalidInput):
        run(workspace, file, into="client", map=[1])
    with pytest.raises(NotFound):
        run(workspace, file, into="client", match="nothing")


def test_the_sheet_that_names_the_records_is_taken_and_the_others_are_told(
    workspace: Workspace, tmp_path: Path
) -> None:
    book = Workbook()
    book.active.append(["Clients in all", 2])
    book.active.append(["Day", 5])
    clients = book.create_sheet("List")
    for row in (["Company", "Phone"], ["Acme", "+1 202-555-0143"], ["Total", 1]):
        clients.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    rejects = tmp_path / "rejects.xlsx"

    value = run(workspace, path, into="client", rejects=str(rejects))

    assert (value["sheet"], value["other_sheets"]) == ("List", ["Sheet"])
    assert (value["created"], value["rejected"]) == (1, 1)
    again = run(workspace, rejects, into="client")
    assert (again["created"], again["rejected"], again["unused"]) == (0, 1, [])
