"""Files as small offices have them: exports of other programs, lists that were made by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from crm_desktop.models.query import Query
from crm_desktop.services.exporting.export import export_query
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.importing.next_table import bounded
from crm_desktop.services.importing.other_object import said_of_others
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.worker import order_from_json, order_to_json
from crm_desktop.services.workspace import Workspace
from tests.import_desk import bring_in, one, order_of, records, title, workspace, write_csv

__all__ = ["workspace"]

SHARED = Path(__file__).parents[3] / "shared" / "data" / "spreadsheets"


def brought(workspace: Workspace, file: Path, **given: Any) -> dict[str, Any]:
    return run_import_command(workspace, {"into": "client", **given, "file": str(file)})


def test_texts_of_pages_come_in_plain(workspace: Workspace, tmp_path: Path) -> None:
    """Bitrix24 writes line breaks and quotes as a page has them; our own texts stay as they are."""
    file = write_csv(
        tmp_path / "b24.csv", ["Название компании", "Отрасль", "Комментарий"],
        ["ООО &quot;Ёж&quot;", "Мех &amp; шерсть", "Раз<br>два &amp; три"],
    )  # fmt: skip

    assert brought(workspace, file)["created"] == 1
    assert brought(workspace, file, map={"Название компании": "name"})["created"] == 1
    named, plain = (client["name"] for client in records(workspace, "client"))
    assert (named, plain) == ('ООО "Ёж"', "ООО &quot;Ёж&quot;")
    first = one(workspace, "client", name=named)
    assert first["note"] == "Раз\nдва & три"
    assert title(workspace, "reference", first["industry"]) == "Мех & шерсть"


def test_of_several_responsibles_the_first_is_taken(workspace: Workspace, tmp_path: Path) -> None:
    """Nobody becomes two people in one, and the others are named."""
    file = write_csv(
        tmp_path / "clients.csv", ["Клиент", "Ответственные"], ["Бук", "Орлов П., Чайкина Н."],
        ["Вяз", "Орлов П."],
    )  # fmt: skip

    result = brought(workspace, file)

    assert (result["created"], result["left_out"], result["others"]) == (2, 1, {"staff": 1})
    assert [(r["row"], "Чайкина" in r["reason"]) for r in result["rejects"]] == [(2, True)]
    owners = {client["responsible"] for client in records(workspace, "client")}
    assert [title(workspace, "staff", owner) for owner in owners] == ["Орлов П."]


def test_several_people_in_a_cell_become_as_many(workspace: Workspace, tmp_path: Path) -> None:
    """Megaplan calls the name of a client `Имя`, and puts its people into one cell."""
    file = write_csv(
        tmp_path / "megaplan.csv", ["Имя", "Телефоны", "Контактные лица"],
        ["ООО Бук", "8 916 111-22-33", "Морозов Илья, Льдов Степан"], ["ООО Вяз", "", "Ким Анна"],
    )  # fmt: skip

    result = brought(workspace, file)

    assert (result["created"], result["others"], result["unused"]) == (2, {"person": 3}, [])
    people = {p["name"]: p["client"] for p in records(workspace, "person")}
    assert people["Морозов Илья"] == people["Льдов Степан"] != people["Ким Анна"]


def test_a_name_in_a_messenger_is_nobody(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "b24.csv", ["Название компании", "Контакт Telegram", "Прим."],
        ["ООО Бук", "@buk", "ждёт"],
    )  # fmt: skip

    result = brought(workspace, file)

    assert (result["others"], result["unused"]) == ({}, ["Контакт Telegram"])
    assert one(workspace, "client")["note"] == "ждёт"


def test_days_of_a_mac_that_are_bare_numbers(workspace: Workspace, tmp_path: Path) -> None:
    """They are counted from 1904 as the workbook says, unless the mapping says otherwise."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["Name", "Birthday"], ["Ann", 31413], ["Bob", date(1990, 1, 2)]):
        book.active.append(row)
    book.save(tmp_path / "mac.xlsx")
    columns = [{"from": "Name", "to": "name"}, {"from": "Birthday", "to": "birthday"}]
    mapping = {"columns": columns, "epoch": 1900}

    brought(workspace, tmp_path / "mac.xlsx", into="person")
    brought(workspace, tmp_path / "mac.xlsx", into="person", map=mapping)

    days = [person["birthday"] for person in records(workspace, "person")]
    assert days == [date(1990, 1, 2)] * 2 + [date(1986, 1, 1), date(1990, 1, 2)]


@pytest.mark.parametrize("name", ["1904DateWindowing.xls", "DateFormatTests.xlsx"])
def test_where_days_begin_is_told_by_the_file(name: str) -> None:
    with open_source(SHARED / name) as source:
        assert source.options.since_1904
    with open_source(SHARED / "dates.xls") as source:
        assert not source.options.since_1904


def test_hidden_rows_come_in_and_are_told(workspace: Workspace, tmp_path: Path) -> None:
    """Whoever has filtered a list sees less than what comes in; hidden rows above it do not
    count."""
    book = openpyxl.Workbook()
    for row in (["Our clients"], ["Клиент", "Телефон"], ["Бук", "1"], ["Вяз", "2"], ["Дуб", "3"]):
        book.active.append(row)
    for number in (1, 4, 5):
        book.active.row_dimensions[number].hidden = True
    book.save(tmp_path / "filtered.xlsx")

    tried = brought(workspace, tmp_path / "filtered.xlsx", header_row=2, test=True)

    assert (tried["read"], tried["hidden_rows"]) == (3, 2)


def test_an_address_without_a_street_keeps_no_row_out(workspace: Workspace, tmp_path: Path) -> None:
    """Google Contacts has a column for everything, most of them blank."""
    head = ["Organization Name", "Address 1 - Street", "Address 1 - Region",
            "Address 1 - Postal Code", "Address 1 - Extended Address",
            "Website 1 - Value"]  # fmt: skip
    file = write_csv(
        tmp_path / "google.csv", head, ["ООО Полёт", "Мира, 5", "", "101000", "", r"http\://a.ru"]
    )

    assert brought(workspace, file)["rejects"] == []
    client = one(workspace, "client")
    assert (client["address"], client["web"]) == ("Мира, 5", "http://a.ru")


def test_a_second_table_is_left_for_itself(workspace: Workspace, tmp_path: Path) -> None:
    """Suppliers below the clients, under a heading of their own; the process that writes for the
    window reads no further either."""
    book = openpyxl.Workbook()
    for row in (["Company", "Contact person", "Phone"], ["Oak", "Ann Lee", "020 7946 0123"],
                ["Elm", "Bob Fox", ""], [], ["Suppliers"], ["Name", "City", "Phone"],
                ["Steel", "Leeds", "0113 496 0000"]):  # fmt: skip
        book.active.append(row)
    file = tmp_path / "two.xlsx"
    book.save(file)

    first = brought(workspace, file)
    second = brought(workspace, file, header_row=6)
    cut, below = bounded(workspace.catalogue, order_of(workspace, file, "client"))

    assert (first["read"], first["others"]) == (2, {"person": 2})
    assert (first["next_table"]["row"], second["read"], second["next_table"]) == (6, 1, None)
    assert one(workspace, "client", name="Steel")["city"] == "Leeds"
    assert below is not None and "Suppliers" not in below.said()
    sheet = order_from_json(workspace, order_to_json(cut)).sheet
    assert [row.number for row in sheet.rows(start=2)] == [2, 3]


def test_headings_that_are_repeated_part_no_table(workspace: Workspace, tmp_path: Path) -> None:
    """A printed list has them on every page; a gap alone is no end either."""
    head = ["Company", "City", "Phone"]
    book = openpyxl.Workbook()
    for row in (head, ["Oak", "York", ""], [], head, ["Elm", "Leeds", ""], [], ["Ash", "Hull", ""]):
        book.active.append(row)
    book.save(tmp_path / "pages.xlsx")

    cut, below = bounded(
        workspace.catalogue, order_of(workspace, tmp_path / "pages.xlsx", "client")
    )

    assert below is None and cut.options.max_rows is None


def test_organisations_among_people_are_told_and_come_in_as_such(
    workspace: Workspace, tmp_path: Path
) -> None:
    """What names nobody is refused once, and the refused rows fit where they belong."""
    file = write_csv(
        tmp_path / "people.csv",
        ("First Name", "Last Name", "Company", "Business Phone", "Job Title"),
        ("Ann", "Lee", "Acme", "", "CEO"),
        ("", "", "Beta", "+7 495 123-45-67", ""),
        ("", "", "Gamma", "", "CFO"),
    )

    result = bring_in(workspace, file, "person", rejects=tmp_path / "rest.xlsx")
    again = bring_in(workspace, tmp_path / "rest.xlsx", "client")

    assert (result.created, result.rejected, result.fits) == (1, 2, {"client": 1})
    assert [*said_of_others(workspace.catalogue, result.fits)] == [
        ("1 refused row names one of “Clients” alone. Bring it in there", "client")
    ]
    assert again.fits == {}
    assert one(workspace, "client", name="Beta")["phone"] == "+74951234567"


@pytest.mark.parametrize("columns", [("name", "city", "note"), ("name", "note"), ("name",)])
def test_a_list_that_was_exported_keeps_signs_of_pages(
    workspace: Workspace, tmp_path: Path, columns: tuple[str, ...]
) -> None:
    """Its columns are called as ours are, and none of them is the number of the record."""
    typed = {"name": "Альфа <i>и</i> &amp; Бета", "note": "a <b>bold</b> &amp; b", "city": "Тверь"}
    made = workspace.records.create("client", typed).ids
    export_query(workspace, Query("client", columns=columns), tmp_path / "list.csv")
    workspace.records.delete("client", made)

    assert brought(workspace, tmp_path / "list.csv")["created"] == 1
    found = one(workspace, "client", name=typed["name"])
    assert {key: found[key] for key in columns} == {key: typed[key] for key in columns}
