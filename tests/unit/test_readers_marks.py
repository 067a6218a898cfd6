"""Per cent cells, and formulas that no program has reckoned: what the workbook means by them."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.services.importing.convert import Reading, cell_text, converter, several
from crm_desktop.services.importing.readers import limits
from crm_desktop.services.importing.readers.base import Percent, Unreckoned
from crm_desktop.services.importing.readers.opening import open_source
from tests.foreign_files import ods, ods_row, xls, xls_never_reckoned, xls_number, xls_text

READING = Reading(ParseContext(datetime(2026, 11, 1, tzinfo=UTC)))


def cells(path: Path) -> list[tuple[Any, ...]]:
    with open_source(path) as source:
        return [row.cells for row in source.sheet(0).rows()]


def percents(path: Path) -> Path:
    """Half, all and an eighth in formats of their own, and a plain 50."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        forms = ("0%", "0.00 %", '0.0"% of all"', "[Red]-0%")
        styles = [book.add_format({"num_format": form}) for form in forms]
        for row, value in enumerate((0.5, 1, 0.125, 0.07)):
            sheet.write_string(row, 0, "x")
            sheet.write_number(row, 1, value, styles[row])
        sheet.write_row(4, 0, ["x", 50])
    return path


@pytest.mark.parametrize("sliced", [False, True])
def test_a_per_cent_cell_is_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sliced: bool
) -> None:
    if sliced:
        monkeypatch.setattr(limits, "SLICED_FROM_BYTES", 0)
        monkeypatch.setattr(limits, "SLICE_BYTES", 400)

    shown = [row[1] for row in cells(percents(tmp_path / "book.xlsx"))]

    assert shown == [50, 100, 0.125, 7, 50]
    assert [type(cell) is Percent for cell in shown] == [True, True, False, True, False]
    assert [cell_text(cell) for cell in shown] == ["50%", "100%", "0.125", "7%", "50"]


def test_per_cent_cells_of_other_formats(tmp_path: Path) -> None:
    share = '<table:table-cell office:value-type="percentage" office:value="0.155"/>'
    number = '<table:table-cell office:value-type="float" office:value="50"/>'
    old = [xls_text(0, 0, "x"), xls_number(0, 1, 0.5, percent=True), xls_number(0, 2, 50.0)]

    assert cells(ods(tmp_path / "a.ods", ods_row("x", share, number))) == [
        ("x", Percent("15.5"), 50)
    ]
    assert cells(xls(tmp_path / "a.xls", old)) == [("x", Percent("50"), 50)]


def test_a_field_takes_per_cents_as_they_are_shown() -> None:
    deal = build_catalogue()["deal"]
    read = converter(deal.field("probability"), READING)

    assert (read(Percent("50.0")), read(Percent("100")), read(50)) == (50, 100, 50)
    with pytest.raises(InvalidInput):
        read(0.5)
    assert converter(deal.field("amount"), READING)(Percent("12.5")) == Decimal("12.50")


def formulas(path: Path) -> Path:
    """Formulas beside values, left of them, and in a row of their own."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Deals"
    sheet["B2"], sheet["C2"], sheet["D2"] = "name", "sum", "twice"
    sheet["B3"], sheet["C3"], sheet["D3"] = "Lily", 5, "=C3*2"
    sheet["A4"], sheet["B4"] = "=1+1", "Rose"
    sheet["C5"] = "=SUM(C3:C4)"
    book.save(path)
    return path


@pytest.mark.parametrize("sliced", [False, True])
def test_a_formula_that_nobody_reckoned_is_no_empty_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sliced: bool
) -> None:
    if sliced:
        monkeypatch.setattr(limits, "SLICED_FROM_BYTES", 0)

    found = cells(formulas(tmp_path / "book.xlsx"))

    said = [(one.sheet, one.address) for row in found for one in row if isinstance(one, Unreckoned)]
    assert said == [("Deals", "D3"), ("Deals", "A4"), ("Deals", "C5")]
    assert found[1] == (None, "Lily", 5, Unreckoned("Deals", "D3"))


def test_noughts_of_a_writer_that_reckons_nothing_are_no_results(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["a", 0])
        sheet.write_formula(0, 2, "=1+2")
        sheet.write_formula(0, 3, "=1+2", None, 3)
        sheet.write_formula(0, 4, '=""', None, "")

    assert cells(path)[0][:4] == ("a", 0, Unreckoned("S", "C1"), 3)


def test_unreckoned_formulas_of_other_formats(tmp_path: Path) -> None:
    empty = '<table:table-cell table:formula="of:=1" office:value-type="string"/>'
    nothing = '<table:table-cell table:formula="of:=1" office:value-type="float"/>'
    old = [xls_text(0, 0, "x"), xls_never_reckoned(0, 1)]

    (row,) = cells(ods(tmp_path / "a.ods", ods_row("x", empty, nothing)))

    assert (row[0], row[2]) == ("x", Unreckoned("List", "C1"))
    assert row[1] in (None, "")
    assert cells(xls(tmp_path / "a.xls", old, history=0)) == [("x", Unreckoned("List", "B1"))]
    assert cells(xls(tmp_path / "b.xls", old)) == [("x",)]


def test_the_sentence_names_sheet_and_cell_and_what_to_do() -> None:
    read = converter(build_catalogue()["deal"].field("amount"), READING)

    with pytest.raises(InvalidInput) as error:
        read(Unreckoned("Deals", "D3"))

    assert "cell D3 of the sheet “Deals”" in error.value.message
    assert "Open the file in Excel or LibreOffice, save it there" in error.value.message


def test_a_book_in_xml_says_per_cents_and_lacks_results(tmp_path: Path) -> None:
    path = tmp_path / "book.xls"
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="p">'
        '<NumberFormat ss:Format="Percent"/></Style></Styles><Worksheet ss:Name="S"><Table><Row>'
        '<Cell ss:StyleID="p"><Data ss:Type="Number">0.5</Data></Cell>'
        '<Cell ss:Formula="=RC[-1]"/></Row></Table></Worksheet></Workbook>'
    )

    assert cells(path) == [(Percent("50"), Unreckoned("S", "B1"))]


def test_words_that_lead_somewhere_know_where(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_url(1, 1, "https://lily.example/a?b=1&c=2", string="our site")
        sheet.write_url(1, 2, "mailto:a@lily.example?subject=x", string="write")
        sheet.write_url(1, 3, "https://other.example", string="rose.example")
        sheet.write_url(1, 4, "internal:Sheet1!A1", string="above")
    client = build_catalogue()["client"]
    web, mail = (converter(client.field(key), READING) for key in ("web", "email"))

    (row,) = cells(path)

    assert row == ("our site", "write", "rose.example", "above")
    assert (web(row[0]), web(row[2])) == (
        "https://lily.example/a?b=1&c=2", "https://rose.example",
    )  # fmt: skip
    assert several(client.field("email"), row[1]) == [mail(row[1])] == ["a@lily.example"]
    with pytest.raises(InvalidInput):
        web(row[3])
    assert converter(client.field("note"), READING)(row[0]) == "our site"
    assert pickle.loads(pickle.dumps(row))[0].address == row[0].address
