"""Workbooks: values as they were meant, whatever the format and however the file was made."""

# ruff: noqa: DTZ001 - workbooks know no time zones
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from crm_desktop.errors import FileProblem
from crm_desktop.services.importing.readers import workbook
from crm_desktop.services.importing.readers.base import CellError, Merge, ReadOptions
from crm_desktop.services.importing.readers.opening import open_source
from tests.foreign_files import (
    ods,
    ods_row,
    xls,
    xls_error,
    xls_failed,
    xls_number,
    xls_text,
    xlsx,
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


def cells(path: Path, sheet: str | int = 0) -> list[tuple[object, ...]]:
    with open_source(path) as source:
        return [row.cells for row in source.sheet(sheet).rows()]


def row_xml(number: int, *values: str) -> str:
    """A row of numbers and, in quotation marks, texts."""
    inner = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{value[1:-1]}</t></is></c>'
        if value.startswith('"')
        else f'<c r="{chr(65 + i)}{number}"><v>{value}</v></c>'
        for i, value in enumerate(values)
    )
    return f'<row r="{number}">{inner}</row>'


def test_values_keep_their_types(book: Path) -> None:
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet()
        forms = {name: made.add_format({"num_format": name}) for name in
                 ("dd.mm.yyyy", "dd.mm.yyyy hh:mm:ss", "hh:mm", "[h]:mm")}  # fmt: skip
        sheet.write_string(0, 0, "007")
        sheet.write_number(0, 1, 79161234567.0)
        sheet.write_number(0, 2, 0.1 + 0.2)
        sheet.write_datetime(0, 3, datetime(2024, 2, 29), forms["dd.mm.yyyy"])
        sheet.write_datetime(0, 4, datetime(2024, 2, 29, 10, 5, 7), forms["dd.mm.yyyy hh:mm:ss"])
        sheet.write_number(0, 5, 0.75, forms["hh:mm"])
        sheet.write_number(0, 6, 1.5, forms["[h]:mm"])
        sheet.write_boolean(0, 7, False)
    moments = (date(2024, 2, 29), datetime(2024, 2, 29, 10, 5, 7), time(18), timedelta(hours=36))
    assert cells(book) == [("007", 79161234567, 0.3, *moments, False)]


def test_long_whole_numbers_have_no_exponent(book: Path) -> None:
    xlsx(book, f"<sheetData>{row_xml(1, '1.23456789012346E+19', '40702810123456789')}</sheetData>")
    assert cells(book) == [(12345678901234600000, 40702810123456790)]


def test_days_are_counted_from_1904_where_the_book_says_so(book: Path) -> None:
    with xlsxwriter.Workbook(str(book), {"date_1904": True}) as made:
        form = made.add_format({"num_format": "dd.mm.yyyy"})
        made.add_worksheet().write_datetime(0, 0, datetime(2024, 3, 1), form)
    assert cells(book) == [(date(2024, 3, 1),)]


@pytest.mark.parametrize(("first", "since_1904"), [("1904-01-01", True), ("1899-12-30", False)])
def test_open_documents_say_since_when_days_are_counted(
    tmp_path: Path, first: str, since_1904: bool
) -> None:
    settings = (
        "<table:calculation-settings>"
        f'<table:null-date table:value-type="date" table:date-value="{first}"/>'
        "</table:calculation-settings>"
    )
    file = ods(tmp_path / "days.ods", ods_row("name", "day"), settings)

    assert open_source(file).options.since_1904 is since_1904


def test_failed_formulas_are_errors_in_their_places(book: Path) -> None:
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet()
        sheet.write(3, 2, "name")
        sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 2, "=NA()", None, "#N/A")
        sheet.write(4, 3, 5)
    with open_source(book) as source:
        rows = [tuple(row) for row in source.sheet(0).rows()]
    assert rows == [(4, ("name", CellError("#DIV/0!"))), (5, (CellError("#N/A"), 5))]


def test_old_workbooks_have_errors_and_1904_too(tmp_path: Path) -> None:
    records = [xls_text(0, 0, "Имя"), xls_number(1, 0, 1.0, date=True), xls_error(1, 1, 0x07),
               xls_failed(1, 2, 0x2A), xls_number(1, 3, 79161234567.0)]  # fmt: skip
    path = xls(tmp_path / "old.xls", records, base_1904=True)
    assert cells(path) == [
        ("Имя", None, None, None),
        (date(1904, 1, 2), CellError("#DIV/0!"), CellError("#N/A"), 79161234567),
    ]


def test_open_document_values_keep_their_types(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "open.ods",
        ods_row(
            "00012", "#DIV/0!",
            '<table:table-cell office:value-type="float" office:value="79161234567"/>',
            '<table:table-cell office:value-type="date" office:date-value="2024-02-29"/>',
            '<table:table-cell office:value-type="time" office:time-value="PT36H05M00S"/>',
            '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
        )
        + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>',
    )  # fmt: skip
    long = timedelta(hours=36, minutes=5)
    expected = ("00012", CellError("#DIV/0!"), 79161234567, date(2024, 2, 29), long, True)
    assert cells(path) == [expected]


def test_false_dimensions_and_blank_edges_are_left_out(book: Path) -> None:
    data = row_xml(3, '"a"', '"b"') + row_xml(5, "1", "2") + '<row r="9"><c r="Z9" s="0"/></row>'
    xlsx(book, f'<dimension ref="A1:XFD1048576"/><sheetData>{data}</sheetData>')
    with open_source(book) as source:
        assert source.sheets[0].columns == 2
        assert [row.number for row in source.sheet(0).rows()] == [3, 5]


def test_rows_and_cells_without_addresses_are_counted(book: Path) -> None:
    xlsx(
        book,
        "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>",
    )
    assert cells(book) == [(1, 2), (3, None)]


def test_merged_ranges_are_told_and_filled_on_demand(book: Path) -> None:
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["company", "person"])
        sheet.merge_range(1, 0, 2, 0, "Romashka")
        sheet.write_column(1, 1, ["Ann", "Bob"])
    with open_source(book) as source:
        assert source.sheet(0).merged == (Merge(2, 0, 3, 0),)
        assert [row.cells for row in source.sheet(0).rows()][2] == (None, "Bob")
    with open_source(book, options=ReadOptions(fill_merged=True)) as source:
        assert [row.cells for row in source.sheet(0).rows()][2] == ("Romashka", "Bob")


@pytest.mark.parametrize(("lines", "chosen"), [(3, 2), (60, 0)])
def test_advice_before_the_table_gives_way_to_it(book: Path, lines: int, chosen: int) -> None:
    with xlsxwriter.Workbook(str(book)) as made:
        advice = made.add_worksheet("How to fill it in")
        for row in range(lines):
            advice.write(row, 0, f"Mind the {row}. column")
        made.add_worksheet("Title").write(0, 0, "Clients")
        made.add_worksheet("Clients").write_row(0, 0, ("Name", "Telephone"))

    with open_source(book) as source:
        assert source.main_sheet == chosen


def test_sheets_are_found_by_name_and_place(book: Path) -> None:
    with xlsxwriter.Workbook(str(book)) as made:
        made.add_worksheet("Empty")
        made.add_worksheet("Secret").hide()
        made.add_worksheet("Клиенты").write(0, 0, "here")
        made.add_chartsheet("Chart")
    with open_source(book) as source:
        assert [(info.name, info.hidden) for info in source.sheets] == [
            ("Empty", False), ("Secret", True), ("Клиенты", False),
        ]  # fmt: skip
        assert source.main_sheet == 2
        assert next(source.sheet("клиенты").rows()).cells == ("here",)
        with pytest.raises(FileProblem, match="has no sheet “None”. It has: Empty, Secret"):
            source.sheet("None")


def test_what_calamine_refuses_is_read_by_the_other_reader(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet("List")
        day = made.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(1, 1, ["a", 5.0])
        sheet.write_datetime(2, 1, datetime(2024, 1, 2), day)
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    def refuse(path: Path, kind: str) -> None:
        raise workbook.CalamineError("unexpected")

    monkeypatch.setattr(workbook, "_open", refuse)
    with open_source(book) as source:
        assert type(source).__name__ == "StreamedSource"
        rows = [tuple(row) for row in source.sheet("List").rows()]
    assert rows == [(2, (None, "a", 5)), (3, (None, date(2024, 1, 2), CellError("#DIV/0!")))]


def test_a_cell_far_away_does_not_use_up_the_memory(book: Path) -> None:
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(99_999, 16_383, "far")
    with open_source(book) as source:
        rows = list(source.sheet(0).rows())
    assert [row.number for row in rows] == [1, 100_000]
    assert rows[1].cells[-1] == "far"


def test_an_address_written_oddly_is_seen_too(book: Path) -> None:
    xlsx(book, "<sheetData><row r='1048576'><c r = 'XFD1048576'><v>1</v></c></row>"
         "<row r='1'><c r='A1'><v>1</v></c></row></sheetData>")  # fmt: skip
    with open_source(book) as source:
        assert type(source.sheet(0)).__name__ == "StreamedSheet"


def test_repeated_cells_of_open_document_are_limited(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16000">'
        "<text:p>x</text:p></table:table-cell>"
    )
    with pytest.raises(FileProblem, match="The sheet “List” of wide.ods"):
        open_source(ods(tmp_path / "wide.ods", ods_row(cell, repeated=1_000_000)))


def test_scattered_cells_of_old_workbooks_are_limited(tmp_path: Path) -> None:
    records = [xls_number(0, 0, 1.0), xls_number(65_535, 65_000, 1.0)]
    with pytest.raises(FileProblem, match="The sheet “List” of wide.xls"):
        open_source(xls(tmp_path / "wide.xls", records))


def test_an_excel_book_under_another_name_is_known_by_its_content(tmp_path: Path) -> None:
    for name in ("book.xls", "book.csv", "book"):
        assert cells(xlsx(tmp_path / name, f"<sheetData>{row_xml(1, '5')}</sheetData>")) == [(5,)]
    path = xls(tmp_path / "old.xlsx", [xls_number(0, 0, 5.0)])
    assert cells(path) == [(5,)]


@pytest.mark.parametrize("value", [1e300, -1e300, 1e12, -5.0, float("inf")])
def test_a_day_beyond_the_calendar_is_a_number_or_named_by_its_row(
    tmp_path: Path, value: float
) -> None:
    path = xls(tmp_path / "old.xls", [xls_text(0, 0, "when"), xls_number(1, 0, value, date=True)])
    try:
        assert cells(path)[0] == ("when",)
    except FileProblem as problem:
        assert "Row 2 of the sheet “List” in old.xls" in problem.message
