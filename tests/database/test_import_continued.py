"""Rows that go on with the client above, and rows that head those below them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from crm_desktop.services.importing.importer import Importer
from crm_desktop.services.workspace import Workspace
from tests.import_desk import bring_in, one, order_of, records, title, workspace, write_csv

__all__ = ["workspace"]

HEAD = ("Организация", "Город", "ФИО", "Должность", "Телефон", "Примечание")
ROWS = (
    HEAD,
    ("ООО Альфа", "Томск", "Зайцев Олег", "директор", "8 382 251 11 11", ""),
    ("", "", "Белова Нина", "бухгалтер", "8 913 800 00 01", "звонить утром"),
    ("", "", "Крылов Вадим", "", "", ""),
    ("ИП Дроздова", "Кемерово", "", "", "8 923 600 11 22", ""),
    ("", "", "Лебедев Пётр", "", "8 913 670 00 00", ""),
)


def people_of(workspace: Workspace) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in records(workspace, "person"):
        found.setdefault(title(workspace, "client", person["client"]), []).append(person["name"])
    return found


@pytest.mark.parametrize("block", [2, 5000])
@pytest.mark.parametrize("on_match", ["skip", "update", "create"])
def test_people_stand_in_the_rows_below_their_client(
    workspace: Workspace, tmp_path: Path, on_match: str, block: int
) -> None:
    file = write_csv(tmp_path / "list.csv", *ROWS)
    mapping = order_of(workspace, file, "client").mapping.with_options(on_match=on_match)

    tested = Importer(workspace, block=block).test_run(order_of(workspace, file, "client", mapping))
    result = bring_in(workspace, file, "client", mapping, block=block)

    assert (result.created, result.updated, result.rejected) == (2, 3, 0)
    assert (tested.created, tested.updated, tested.rejected) == (2, 3, 0)
    assert people_of(workspace) == {
        "ООО Альфа": ["Зайцев Олег", "Белова Нина", "Крылов Вадим"],
        "ИП Дроздова": ["Лебедев Пётр"],
    }
    second = one(workspace, "person", name="Белова Нина")
    assert one(workspace, "client", name="ИП Дроздова")["phone"] == "+79236001122"
    assert (second["phone"], second["job_title"]) == ("+79138000001", "бухгалтер")
    assert second["note"] == "звонить утром"

    workspace.undo.undo(result.operation or 0)
    assert not records(workspace, "client") and not records(workspace, "person")


def test_a_further_number_below_is_the_clients(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "list.csv", HEAD, ("ООО Альфа", "Томск", "", "", "8 382 251 11 11", ""),
        ("", "", "", "", "8 913 800 00 01", ""), ("ООО Бета", "", "Ким Ян", "", "", ""),
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert result.rejected == 0
    assert [c["value"] for c in records(workspace, "channel")] == ["+73822511111", "+79138000001"]
    assert len({c["owner"] for c in records(workspace, "channel")}) == 1


def test_what_is_below_a_refused_row_goes_to_nobody_else(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = write_csv(
        tmp_path / "list.csv", HEAD, ("ООО Альфа", "Томск", "Ли Ян", "", "8 382 251 11 11", ""),
        ("ООО Бета", "", "", "", "не знаю", ""), ("", "", "Ким Ян", "", "", ""),
        ("Итого", "", "", "", "", "2"), ("", "", "Ро Ян", "", "", ""),
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert people_of(workspace) == {"ООО Альфа": ["Ли Ян"]}
    reasons = {reject.row: reject.reason for reject in result.rejects}
    assert reasons[4] == "The row goes on with row 3, which was refused"
    assert reasons[6] == "Fill in the field “Name”"


def test_a_row_that_says_more_than_people_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "list.csv", HEAD, ("ООО Альфа", "Томск", "Ли Ян", "", "8 382 251 11 11", ""),
        ("", "Омск", "Ким Ян", "", "", ""),
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert [reject.row for reject in result.rejects] == [3]
    assert people_of(workspace) == {"ООО Альфа": ["Ли Ян"]}


def test_headings_of_groups_are_no_clients(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Организация", "Город", "Телефон", "№"), ("Северные",), ("ООО Альфа", "Томск"),
                (None, None, None, "Южные"), ("Школа № 5",)):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A2:D2")
    book.save(tmp_path / "list.xlsx")

    result = bring_in(workspace, tmp_path / "list.xlsx", "client")

    assert [c["name"] for c in records(workspace, "client")] == ["ООО Альфа", "Школа № 5"]
    told = "The row heads those below it: it is no record"
    assert [(r.row, r.reason) for r in result.rejects] == [(2, told), (4, told)]


def test_a_refused_person_comes_in_again_from_the_refused_rows(
    workspace: Workspace, tmp_path: Path
) -> None:
    head = (*HEAD, "ИНН")
    file = write_csv(
        tmp_path / "list.csv", head,
        ("ООО Альфа", "Томск", "Зайцев Олег", "", "8 382 251 11 11", "", "7707083893"),
        ("", "", "Белова Нина", "", "что-то 12", "", ""),
        ("", "", "Крылов Вадим", "", "12 что-то", "", ""),
    )  # fmt: skip
    mapping = order_of(workspace, file, "client").mapping.with_options(match=("tax_id",))
    rejects = tmp_path / "refused.xlsx"

    first = bring_in(workspace, file, "client", mapping, rejects=rejects)
    assert (first.created, first.rejected) == (1, 2)
    book = openpyxl.load_workbook(rejects)
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == ["ООО Альфа"] * 2
    for row in book.active.iter_rows(min_row=2):
        row[4].value = "8 913 800 00 01"
    book.save(rejects)
    second = bring_in(workspace, rejects, "client", mapping)

    assert (second.created, second.updated, second.rejected) == (0, 2, 0), second.rejects
    assert people_of(workspace) == {"ООО Альфа": ["Зайцев Олег", "Белова Нина", "Крылов Вадим"]}


GROUPED = (
    ("Название", "Город", "Телефон"),
    ("Север", "", ""),
    ("ООО Альфа", "Томск", "8 382 251 11 11"),
    ("Томск", "", ""),
    ("ООО Бета", "Томск", "8 382 251 11 12"),
    ("ООО Гамма", "", ""),
)


def test_a_row_of_a_name_alone_is_told_or_refused(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "list.csv", *GROUPED)
    wanted = order_of(workspace, file, "client")
    strict = order_of(workspace, file, "client", wanted.mapping.with_options(name_only="refuse"))

    tested = Importer(workspace, block=2).test_run(wanted)
    assert tested.name_only_rows == ((2, "Север"), (6, "ООО Гамма"))
    assert [one.row for one in tested.rejects] == [4]  # the next row has it as its town
    assert Importer(workspace).test_run(strict).created == 2
    assert Importer(workspace).run(wanted).created == 4


def test_a_table_of_names_has_no_headings(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "list.csv", ("Название", "Город"), ("Томск", ""), ("Бета", "Томск"))

    result = bring_in(workspace, file, "client")

    assert (result.created, result.name_only) == (2, 0)
