"""import and export by commands: shapes, options, refusals, and what goes out comes in again."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.catalogue.samples import TENDER
from tests.cli_desk import Cli, new_base
from tests.import_desk import write_csv

ROWS = (
    ("Company", "Phone", "City", "Employees"),
    ("Lily", "8 916 204-11-83", "Omsk", "12"),
    ("Rose", "8 495 780-32-15", "Perm", "seven"),
    ("Aster", "", "Omsk", "3"),
)
MAP = {"Company": "name", "Phone": "phone", "City": "city", "Employees": "employees"}


@pytest.fixture
def cli(base_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    return new_base(base_url, capsys)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three companies; one has no number of employees that could be read."""
    return write_csv(tmp_path / "clients.csv", *ROWS)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "map.json"
    path.write_text(json.dumps(MAP), encoding="utf-8")
    return path


def listed(cli: Cli, entity: str, *columns: str) -> list[dict[str, Any]]:
    rows = cli("list", entity, "--columns", ",".join(columns), "--sort", columns[0])["rows"]
    return [{name: row[name] for name in columns} for row in rows]


def test_import_tells_all_that_was_done(cli: Cli, file: Path, mapping: Path) -> None:
    told = cli("import", file, "--into", "client", "--map", mapping)

    assert told["operation"] > 0
    assert (told["read"], told["created"], told["updated"]) == (3, 2, 0)
    assert (told["skipped"], told["rejected"]) == (0, 1)
    assert told["seconds"] >= 0
    (reject,) = told["rejects"]
    assert reject.keys() == {"row", "field", "value", "reason"}
    assert (reject["row"], reject["field"], reject["value"]) == (3, "employees", "seven")
    assert listed(cli, "client", "name", "employees") == [
        {"name": "Aster", "employees": 3}, {"name": "Lily", "employees": 12},
    ]  # fmt: skip


def test_a_test_run_writes_nothing(cli: Cli, file: Path, mapping: Path) -> None:
    told = cli("import", file, "--into", "client", "--map", mapping, "--test")

    assert (told["created"], told["rejected"], told["operation"]) == (2, 1, None)
    assert cli("list", "client", "--count")["total"] == 0


def test_an_import_is_undone_whole(cli: Cli, file: Path, mapping: Path) -> None:
    known = cli.add("client", name="Lily", city="Perm")
    told = cli("import", file, "--into", "client", "--map", mapping,
               "--match", "name", "--on-match", "update")  # fmt: skip

    cli("undo", told["operation"])

    assert (told["created"], told["updated"]) == (1, 1)
    assert cli("list", "client", "--count")["total"] == 1
    assert cli("show", "client", known)["values"]["city"] == "Perm"


@pytest.mark.parametrize(
    ("on_match", "updated", "skipped", "created"),
    [("skip", 0, 1, 1), ("update", 1, 0, 1), ("create", 0, 0, 2)],
)
def test_known_records_are_met_as_asked(
    cli: Cli, file: Path, mapping: Path, on_match: str, updated: int, skipped: int, created: int
) -> None:  # fmt: skip
    cli.add("client", name="Lily")

    told = cli("import", file, "--into", "client", "--map", mapping,
               "--match", "name", "--on-match", on_match)  # fmt: skip

    assert (told["updated"], told["skipped"], told["created"]) == (updated, skipped, created)


def test_rejects_are_written_with_their_reasons(
    cli: Cli, file: Path, mapping: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rejects.xlsx"

    cli("import", file, "--into", "client", "--map", mapping, "--rejects", out)

    workbook = openpyxl.load_workbook(out)
    rows = list(workbook.active.iter_rows(values_only=True))
    assert rows[0][:4] == ROWS[0]
    assert rows[1][0] == "Rose"
    assert rows[1][-1]


def test_sheet_and_header_row_are_chosen(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append(["nothing"])
    sheet = workbook.create_sheet("Clients")
    for row in (["Our clients"], [], ["Name", "City"], ["Lily", "Omsk"]):
        sheet.append(row)
    workbook.save(path)

    by_name = cli("import", path, "--into", "client", "--sheet", "Clients", "--header-row", 3)
    by_number = cli("import", path, "--into", "client", "--sheet", 2, "--test")

    assert (by_name["created"], by_number["created"]) == (1, 1)
    assert listed(cli, "client", "name", "city") == [{"name": "Lily", "city": "Omsk"}]


def test_without_a_mapping_headings_are_guessed(cli: Cli, file: Path) -> None:
    told = cli("import", file, "--into", "client")

    assert told["created"] == 2
    assert listed(cli, "client", "name", "phone")[1]["phone"] == "+79162041183"


def test_progress_goes_to_standard_error(cli: Cli, file: Path, mapping: Path) -> None:
    told = cli.on_base("import", "--json", "--progress", file, "--into", "client", "--map", mapping)

    assert told.value["created"] == 2
    assert json.loads(told.err.splitlines()[-1])["read"] == 3


def test_a_person_reads_counts_reasons_and_the_way_back(
    cli: Cli, file: Path, mapping: Path
) -> None:
    first, second, last = cli.lines("import", file, "--into", "client", "--map", mapping)

    assert first == "Read 3, created 2, updated 0, skipped 0, rejected 1"
    assert second == "  row 3: Employees: “seven” is not a number"
    assert last.startswith("Undo it with: crm-desktop undo ")


def test_what_cannot_be_read_is_refused(cli: Cli, file: Path, tmp_path: Path) -> None:
    empty, fake, bad = tmp_path / "empty.xlsx", tmp_path / "fake.xlsx", tmp_path / "bad.json"
    empty.touch()
    with zipfile.ZipFile(fake, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    bad.write_text('{"columns": 5}', encoding="utf-8")

    def error(*arguments: object) -> str:
        return str(cli.refusal("import", *arguments)["error"])

    assert "empty.xlsx" in error(empty, "--into", "client")
    assert "fake.xlsx" in error(fake, "--into", "client")
    assert "nowhere.csv" in error(tmp_path / "nowhere.csv", "--into", "client")
    assert "unicorn" in error(file, "--into", "unicorn")
    assert "bad.json" in error(file, "--into", "client", "--map", tmp_path / "no" / "bad.json")
    assert cli.misuse("import", file, "--into", "client", "--map", bad)["field"] == "map"
    assert "Nine" in error(file, "--into", "client", "--sheet", "Nine")
    assert error(file, "--into", "client", "--match", "horn")
    assert cli("list", "client", "--count")["total"] == 0


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_export_and_import_are_each_others_inverse(cli: Cli, tmp_path: Path, ending: str) -> None:
    long = "a long note\nin lines " * 90
    cli.add("client", name="Lily", phone="8 916 204-11-83", revenue="1500.50", note=long,
            status="Active")  # fmt: skip
    cli.add("client", name="=SUM(A1)", city="Омск, «центр»;")
    before = [cli("show", "client", row["id"])["values"] for row in cli("list", "client")["rows"]]
    out = tmp_path / f"clients.{ending}"

    told = cli("export", "client", "--out", out)
    cli("delete", "client", *(row["id"] for row in cli("list", "client")["rows"]))
    cli("import", out, "--into", "client")

    assert told == {"records": 2, "file": str(out)}
    after = [cli("show", "client", row["id"])["values"] for row in cli("list", "client")["rows"]]
    assert after == before


def test_a_user_made_object_goes_out_and_comes_in(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "tender.json").write_text(json.dumps(TENDER), encoding="utf-8")
    cli("object", "add", tmp_path / "tender.json")
    cli.add("client", name="Lily")
    id_ = cli.add("tender", name="Roof", client="Lily", amount="128000.5", marks="urgent",
                  state="sent", due="2026-02-28", share="0.125", won="yes")  # fmt: skip
    before = cli("show", "tender", id_)["values"]

    cli("export", "tender", "--out", tmp_path / "tenders.xlsx")
    cli("delete", "tender", id_)
    told = cli("import", tmp_path / "tenders.xlsx", "--into", "tender")

    assert told["created"] == 1
    (row,) = cli("list", "tender")["rows"]
    assert cli("show", "tender", row["id"])["values"] == before


def test_export_of_people_as_cards(cli: Cli, tmp_path: Path) -> None:
    cli.add("person", name="Петрова Анна", phone="8 916 204-11-83", email="anna@lily.example")
    out = tmp_path / "people.vcf"

    cli("export", "person", "--out", out)
    told = cli("import", out, "--into", "person", "--match", "phone")

    assert "BEGIN:VCARD" in out.read_text(encoding="utf-8")
    assert (told["read"], told["skipped"]) == (1, 1)


def test_export_takes_conditions_columns_and_views(cli: Cli, tmp_path: Path) -> None:
    cli.add("client", name="Lily", city="Omsk")
    cli.add("client", name="Rose", city="Perm")
    out = tmp_path / "some.csv"

    cli("export", "client", "--out", out, "--where", '{"city": "Omsk"}', "--columns", "name,city")

    with out.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [["Name", "City"], ["Lily", "Omsk"]]


def test_export_to_nowhere_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert cli.refusal("export", "client", "--out", tmp_path / "a.docx")["error"]
    assert cli.refusal("export", "client", "--out", tmp_path / "no" / "a.csv")["error"]
    assert cli.refusal("export", "unicorn", "--out", tmp_path / "a.csv")["error"]
    assert list(tmp_path.glob("a.*")) == []
