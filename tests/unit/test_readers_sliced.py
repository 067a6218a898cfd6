"""Big workbooks are read slice by slice: the same values, no more memory for more rows."""

# ruff: noqa: DTZ001 - workbooks know no time zones
from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from crm_desktop.errors import FileProblem
from crm_desktop.services.importing.readers import limits
from crm_desktop.services.importing.readers.base import CellError, ReadOptions, Source
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.readers.sliced import SlicedSheet
from crm_desktop.services.importing.readers.workbook import WorkbookSheet
from tests.foreign_files import SHARED, needs_shared, xlsx

ROOT = Path(__file__).parents[2]
TEXT = '<c r="{at}" t="s"><v>{number}</v></c>'
FILL = (ReadOptions(), ReadOptions(fill_merged=True))


@pytest.fixture
def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any workbook is big, and a slice is a few rows."""
    monkeypatch.setattr(limits, "SLICED_FROM_BYTES", 0)
    monkeypatch.setattr(limits, "SLICE_BYTES", 700)


def told(source: Source) -> Iterator[Any]:
    """All that a source says of its sheets."""
    yield source.sheets, source.main_sheet, source.options, source.remarks
    for index in range(len(source.sheets)):
        sheet = source.sheet(index)
        yield sheet.first_column, sheet.merged, sheet.columns
        rows = []
        try:
            for row in sheet.rows():
                rows.append((row, [type(cell) for cell in row.cells]))
        except FileProblem as problem:
            rows.append(problem.message)
        yield rows


def heard(path: Path, options: ReadOptions) -> tuple[list[Any], int]:
    """What is told of a file, and how many of its sheets were read in slices."""
    try:
        with open_source(path, options=options) as source:
            sheets = [source.sheet(index) for index in range(len(source.sheets))]
            return list(told(source)), sum(isinstance(one, SlicedSheet) for one in sheets)
    except FileProblem as problem:
        return [problem.message], 0


def both_ways(path: Path, options: ReadOptions, monkeypatch: pytest.MonkeyPatch) -> int:
    """Compares what is told in slices with what is told of the whole; how many were slices."""
    by_slices, sliced = heard(path, options)
    with monkeypatch.context() as usual:
        usual.setattr(limits, "SLICED_FROM_BYTES", 1 << 40)
        assert (by_slices, 0) == heard(path, options)
    return sliced


@needs_shared
@pytest.mark.usefixtures("in_slices")
def test_real_workbooks_have_the_same_values_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    sliced = 0
    for path in sorted(SHARED.rglob("*.xlsx")):
        sliced += sum(both_ways(path, options, monkeypatch) for options in FILL)
    assert sliced >= 20


@pytest.mark.parametrize("first", [0, 2])
@pytest.mark.usefixtures("in_slices")
def test_a_workbook_of_everything_has_the_same_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    path = tmp_path / "all.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": bool(first)}) as made:
        sheet, day = made.add_worksheet("All"), made.add_format({"num_format": "dd.mm.yyyy"})
        long, bold = made.add_format({"num_format": "[h]:mm"}), made.add_format({"bold": True})
        for row in range(3, 200):
            if row % 17 == 0:
                continue  # an empty row
            sheet.write(row, first, f"Firm {row % 23} & <Sons>" if row % 3 else row * 1.1)
            sheet.write_datetime(row, first + 1, datetime(2024, 1, 1 + row % 28), day)
            sheet.write_number(row, first + 2, row / 7, long)
            sheet.write_boolean(row, first + 3, bool(row % 2))
            if row % 5 == 0:
                sheet.write_formula(row, first + 4, "=1/0", None, "#DIV/0!")
                sheet.write_rich_string(row, first + 5, "a ", bold, "b", " c")
                sheet.write(row, first + 6 + row % 9, "#N/A" if row % 2 else ' t="s" ')
        sheet.merge_range(60, first, 90, first, "over many slices")
        sheet.merge_range(100, first + 1, 100, first + 5, "wide")
        made.add_worksheet("Empty")
        made.add_worksheet("One").write(7, 3, "cell")
        made.add_chartsheet("Chart")

    assert [both_ways(path, options, monkeypatch) for options in FILL] == [3, 3]
    with open_source(path) as source:
        rows = {row.number: row.cells for row in source.sheet("All").rows()}
    assert rows[11][0] == "Firm 10 & <Sons>"
    assert rows[11][1] == date(2024, 1, 11)
    assert rows[11][4:6] == (CellError("#DIV/0!"), "a b c")
    assert rows[8][2] == timedelta(days=1)


def rows_xml(numbers: list[int], prefix: str = "") -> str:
    """Rows of a number and a text."""
    cells = (
        f'<{prefix}c r="A{n}"><{prefix}v>{n}</{prefix}v></{prefix}c><{prefix}c r="B{n}" '
        f't="inlineStr"><{prefix}is><{prefix}t>row {n}</{prefix}t></{prefix}is></{prefix}c>'
        for n in numbers
    )
    return "".join(
        f'<{prefix}row r="{n}">{inner}</{prefix}row>'
        for n, inner in zip(numbers, cells, strict=True)
    )


ODD = {
    "a remark late": rows_xml([*range(1, 60)]) + "<!-- </row> -->" + rows_xml([*range(60, 80)]),
    "a row again": rows_xml([*range(1, 60), 59, 60, 61]),
    "rows without numbers": rows_xml([*range(1, 60)]).replace("<row r=", "<row spans="),
    "a text that is not there": rows_xml([*range(1, 60)])
    + f'<row r="60">{TEXT.format(at="A60", number=5)}</row>',
    "a text without a number": rows_xml([*range(1, 60)]) + '<row r="60"><c r="A60" t="s"/></row>',
    "another quotation mark": rows_xml([*range(1, 60)])
    + "<row r=\"60\"><c r='A60' t='s'><v>0</v></c></row>",
    "a column before the first one": rows_xml([*range(1, 60)]).replace('"A', '"C')
    + '<row r="60"><c r="A60"><v>1</v></c></row>',
    "a day beyond the calendar": rows_xml([*range(1, 60)])
    + '<row r="60"><c r="A60" t="d"><v>99999-13-13</v></c></row>',
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.usefixtures("in_slices")
def test_what_cannot_be_sliced_is_read_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    path = xlsx(tmp_path / "odd.xlsx", f"<sheetData>{ODD[case]}</sheetData>")
    both_ways(path, ReadOptions(), monkeypatch)


@pytest.mark.usefixtures("in_slices")
def test_tags_with_a_prefix_are_sliced_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = f"<x:sheetData>{rows_xml([*range(1, 90)], 'x:')}</x:sheetData>"
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    whole = f'<x:worksheet xmlns:x="{name}">{sheet}</x:worksheet>'
    path = xlsx(tmp_path / "x.xlsx", "", extra={"xl/worksheets/sheet1.xml": whole})
    assert both_ways(path, ReadOptions(), monkeypatch) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows shows the name until it is closed")
@pytest.mark.usefixtures("in_slices")
def test_texts_on_the_disk_have_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    source = open_source(workbook_of(tmp_path, 200))
    assert next(source.sheet(0).rows()).cells[0] == "text 0"
    assert list(folder.iterdir()) == []
    source.close()


@pytest.mark.usefixtures("in_slices")
def test_several_threads_read_one_sheet(tmp_path: Path) -> None:
    with open_source(workbook_of(tmp_path, 400)) as source, ThreadPoolExecutor(4) as pool:
        sheet = source.sheet(0)
        found = list(pool.map(lambda _n: [row.cells[0] for row in sheet.rows()], range(8)))
    assert found == [[f"text {number}" for number in range(0, 2400, 6)]] * 8


def workbook_of(folder: Path, rows: int) -> Path:
    """A workbook as Excel writes it: each cell names a text of its own."""
    cells = [
        "".join(TEXT.format(at=f"{'ABCDEF'[c]}{r}", number=(r - 1) * 6 + c) for c in range(6))
        for r in range(1, rows + 1)
    ]
    data = "".join(f'<row r="{r}">{inner}</row>' for r, inner in enumerate(cells, 1))
    texts = "".join(f"<si><t>text {number}</t></si>" for number in range(rows * 6))
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{name}" count="1" uniqueCount="{rows * 6}">{texts}</sst>'
    sheet = f"<sheetData>{data}</sheetData>"
    return xlsx(folder / f"{rows}.xlsx", sheet, extra={"xl/sharedStrings.xml": shared})


READ = """
import sys
from pathlib import Path
from crm_desktop.services.importing.readers import limits
from crm_desktop.services.importing.readers.opening import open_source
limits.SLICED_FROM_BYTES, limits.SLICE_BYTES = {slices}
with open_source(Path(sys.argv[1])) as source:
    sheet = source.sheet(0)
    last = [row.cells[5] for row in sheet.rows()][-1:]
    most = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    print(type(sheet).__name__, *last, most, sep="|")
"""


def read_apart(path: Path, from_bytes: int = 1 << 20) -> tuple[str, str, float]:
    """The kind of sheet, its last cell and the most MiB that a process took for reading it."""
    command = [sys.executable, "-c", READ.format(slices=(from_bytes, 1 << 18)), str(path)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kind, last, most = said.strip().split("|")
    return kind, last, int(most) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells the most memory of a process")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    few, many = (workbook_of(tmp_path, rows) for rows in (16_000, 48_000))
    kind, last, less = read_apart(few)
    other, end, more = read_apart(many)
    _held, same, held = read_apart(many, 1 << 40)
    assert (kind, last, other, end) == ("SlicedSheet", "text 95999", "SlicedSheet", "text 287999")
    assert same == end
    assert more - less < 6
    assert held - more > 10


def test_small_workbooks_are_held(tmp_path: Path) -> None:
    with open_source(workbook_of(tmp_path, 100)) as source:
        assert isinstance(source.sheet(0), WorkbookSheet)
