"""Tables that are web pages, XML of Excel 2003 or JSON, mostly under the name of a workbook."""

# ruff: noqa: DTZ001 - workbooks know no time zones
from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crm_desktop.errors import FileProblem
from crm_desktop.services.importing.readers import limits, objects
from crm_desktop.services.importing.readers.base import Cell, CellError, Merge
from crm_desktop.services.importing.readers.header import guess_header
from crm_desktop.services.importing.readers.opening import open_source

WORKBOOK = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>{doctype}'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Лист"><Table>'
    "{rows}</Table></Worksheet></Workbook>"
)


def cells(path: Path, content: str | bytes) -> list[tuple[Cell, ...]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with open_source(path) as source:
        return [row.cells for row in source.sheet(source.main_sheet).rows()]


def test_a_web_page_called_xls_is_read(tmp_path: Path) -> None:
    page = (
        '<html><head><meta charset="windows-1251"></head><body><table><tr><th>Имя<th>Телефон'
        "<tr><td>ООО &laquo;Ромашка&raquo;</td><td>&nbsp;8&nbsp;800 <b>5</b><br>доб. 1</td></tr>"
        "</table></body></html>"
    )
    found = cells(tmp_path / "report.xls", page.encode("cp1251"))
    assert found == [("Имя", "Телефон"), ("ООО «Ромашка»", "8 800 5\nдоб. 1")]


def test_cells_over_several_rows_and_columns_keep_the_others_in_place(tmp_path: Path) -> None:
    path = tmp_path / "report.xls"
    found = cells(
        path,
        "<table><tr><td rowspan=2>Name<td colspan=2>Contacts<tr><td>Phone<td>Mail"
        "<tr><td>A<td>1<td>2</table>",
    )
    assert found[1:] == [(None, "Phone", "Mail"), ("A", "1", "2")]
    with open_source(path) as source:
        assert source.sheet(0).merged == (Merge(1, 0, 2, 0), Merge(1, 1, 1, 2))
        assert guess_header(source.sheet(0)).names == ("Name", "Contacts Phone", "Contacts Mail")


def test_every_table_of_a_page_is_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "p.html"
    path.write_text("<table><tr><td>1<table><tr><td>inner</table></table><table></table><p>x")
    with open_source(path) as source:
        assert [info.name for info in source.sheets] == ["p", "p 2"]
        assert next(source.sheet(1).rows()).cells == ("inner",)


def test_a_page_without_a_table_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="is no table"):
        cells(tmp_path / "p.html", "<html><body>hello</body></html>")


def test_a_table_that_promises_too_many_cells_is_refused(tmp_path: Path) -> None:
    wide = "<tr>" + "<td colspan=16000 rowspan=60000>x" + "<tr><td>y" * 5000
    with pytest.raises(FileProblem, match="too wide an area"):
        cells(tmp_path / "p.html", f"<table>{wide}</table>")


def test_xml_of_excel_2003_keeps_types_and_places(tmp_path: Path) -> None:
    def data(sort: str, text: str, more: str = "") -> str:
        return f'<Cell{more}><Data ss:Type="{sort}">{text}</Data></Cell>'

    second = ' ss:Index="2"'
    cells_of_row = (
        data("DateTime", "2024-02-29T00:00:00.000", second),
        data("DateTime", "2024-02-29T10:05:00.000"),
        data("Boolean", "1"),
        data("Error", "#N/A"),
    )
    rows = (
        f"<Row>{data('String', '007')}{data('Number', '79161234567')}</Row>"
        f'<Row ss:Index="4">{"".join(cells_of_row)}</Row>'
    )
    path = tmp_path / "old.xls"
    assert cells(path, WORKBOOK.format(doctype="", rows=rows)) == [
        ("007", 79161234567, None, None, None),
        (None, date(2024, 2, 29), datetime(2024, 2, 29, 10, 5), True, CellError("#N/A")),
    ]
    with open_source(path) as source:
        assert (source.kind, source.sheets[0].name) == ("xml", "Лист")
        assert [row.number for row in source.sheet(0).rows()] == [1, 4]


def test_entities_in_xml_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "lol">]>'
    with pytest.raises(FileProblem, match="was not opened"):
        cells(tmp_path / "bomb.xls", WORKBOOK.format(doctype=bomb, rows="<Row/>"))


def test_cut_xml_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="is damaged"):
        cells(tmp_path / "cut.xls", WORKBOOK.format(doctype="", rows="<Row/>")[:-30])


def test_a_list_of_objects_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    content = (
        '[{"a": 1.50, "b": "07"}, {"c": [1, "", 2], "a": null, "b": ""},'
        ' {"a": true, "c": {"d": "я"}}, {"c": [{"value": "x", "kind": 1}]}, {"c": [[1], 2]}]'
    )
    assert cells(path, content) == [
        (Decimal("1.50"), "07", None),
        (None, None, "1, 2"),
        (True, None, "я"),
        (None, None, "x"),
        (None, None, "[[1], 2]"),
    ]
    with open_source(path) as source:
        header = guess_header(source.sheet(0))
    assert header == (0, ("a", "b", "c"), 1, 1.0)


@pytest.mark.parametrize(
    "content",
    [
        '{"data": [{"a": 1}, {"a": 2}], "total": 2, "next": null}',
        '{"_page": 1, "_links": {"self": "x"}, "_embedded": {"contacts": [{"a": 1}, {"a": 2}]}}',
    ],
)
def test_an_answer_of_a_web_service_is_the_list_in_it(tmp_path: Path, content: str) -> None:
    assert cells(tmp_path / "answer.json", content) == [(1,), (2,)]


def test_an_object_with_lists_of_its_own_is_one_record(tmp_path: Path) -> None:
    found = cells(tmp_path / "one.json", '{"name": "Lily", "phones": [{"value": "1"}]}')
    assert found == [("Lily", "1")]


@pytest.mark.parametrize("name", ["lines.jsonl", "lines.json"])
def test_one_object_a_line_is_a_table_too(tmp_path: Path, name: str) -> None:
    assert cells(tmp_path / name, '{"a": 1}\n{"a": 2}\n') == [(1,), (2,)]


def test_a_long_list_is_read_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "MEBIBYTE", 64)
    records = [{"id": number, "text": "я" * (number % 90)} for number in range(300)]
    found = cells(tmp_path / "long.json", json.dumps(records, indent=1, ensure_ascii=False))
    assert found == [(r["id"], r["text"] or None) for r in records]


@pytest.mark.parametrize(
    "content", ['[{"a": 1}, {"a"', '[{"a": 1}, 5]', '[{"a": 1} what]', '{"a": 1}\nrest']
)
def test_what_is_no_list_of_objects_is_named_by_its_record(tmp_path: Path, content: str) -> None:
    with pytest.raises(FileProblem, match="x.json cannot be understood from record 2 on"):
        cells(tmp_path / "x.json", content)


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="x.json"):
        cells(tmp_path / "x.json", '[{"a":' + "[" * 100_000)


def test_huge_numbers_and_records_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cells(tmp_path / "x.json", '[{"a": %s, "b": 1e999999}]' % ("9" * 5000)) == [
        ("9" * 5000, "1e999999")
    ]
    monkeypatch.setattr(objects, "MAX_RECORD_CHARACTERS", 1000)
    monkeypatch.setattr(objects, "MEBIBYTE", 100)
    with pytest.raises(FileProblem, match="from record 1 on"):
        cells(tmp_path / "x.json", '[{"a": "' + "x" * 5000)
    assert limits.MAX_RECORD_CHARACTERS > 1000
