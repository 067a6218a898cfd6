"""Delimited text: encodings, separators, quotation marks, and everything that is broken in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import set_language
from crm_desktop.services.importing.readers import delimited, textscan
from crm_desktop.services.importing.readers.base import CellError, ReadOptions, Source
from crm_desktop.services.importing.readers.conventions import date_order, decimal_sign
from crm_desktop.services.importing.readers.dialect import Dialect, detect
from crm_desktop.services.importing.readers.opening import open_source

Rows = list[tuple[object, ...]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def opened(file: Path, content: str | bytes, **options: str) -> Source:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_source(file, options=ReadOptions(**options))  # type: ignore[arg-type]


def rows(file: Path, content: str | bytes, **options: str) -> Rows:
    return [row.cells for row in opened(file, content, **options).sheet(0).rows()]


def test_empty_cells_are_none_and_short_rows_are_filled_up(file: Path) -> None:
    found = rows(file, "a,b,c\n1,,3\n4\n")
    assert found == [("a", "b", "c"), ("1", None, "3"), ("4", None, None)]


def test_longer_rows_keep_their_cells(file: Path) -> None:
    content = "a,b\n" + "1,2\n" * 600 + "1,2,3,4\n"
    assert rows(file, content)[-1] == ("1", "2", "3", "4")


def test_numbers_of_rows_count_blank_ones_and_cells_of_several_lines_once(file: Path) -> None:
    source = opened(file, 'a,b\n\n"one\ntwo",2\n,,\nx,y\n')
    assert [row.number for row in source.sheet(0).rows()] == [1, 3, 5]


def test_reading_begins_at_a_row_and_ends_after_so_many(file: Path) -> None:
    sheet = opened(file, "a\n1\n2\n3\n4\n").sheet(0)
    assert [row.number for row in sheet.rows(start=3, limit=2)] == [3, 4]
    assert [row.number for row in sheet.rows(limit=1)] == [1]


def test_no_more_rows_than_the_options_allow(file: Path) -> None:
    file.write_text("a,b\n1,2\n3,4\n")
    source = open_source(file, options=ReadOptions(max_rows=2))
    assert len(list(source.sheet(0).rows())) == 2


def test_blank_columns_at_both_edges_are_left_out(file: Path) -> None:
    sheet = opened(file, ";;a;b;\n;;1;2;\n").sheet(0)
    assert [row.cells for row in sheet.rows()] == [("a", "b"), ("1", "2")]
    assert sheet.first_column == 2


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_separator_is_found(file: Path, delimiter: str) -> None:
    lines = [("name", "city", "sum"), ("ООО «А», Б", "Уфа", "x"), ("И; П", "Омск", "y")]
    quoted = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    source = opened(file, quoted)
    assert source.options.delimiter == delimiter
    assert [row.cells for row in source.sheet(0).rows()] == lines


def test_decimal_commas_do_not_count_as_separators(file: Path) -> None:
    source = opened(file, "name;sum;rate\nA;1,5;2,5\nB;3,25;4,75\n")
    assert (source.options.delimiter, source.options.decimal) == (";", ",")


def test_the_separator_line_of_excel_is_followed_and_counted(file: Path) -> None:
    source = opened(file, "sep=|\na|b;c\n1|2;3\n")
    assert [tuple(row) for row in source.sheet(0).rows()] == [
        (2, ("a", "b;c")), (3, ("1", "2;3")),
    ]  # fmt: skip


def test_single_quotation_marks_are_found(file: Path) -> None:
    assert rows(file, "a;b\n'x;1';'y'\n'z;2';'w'\n")[1:] == [("x;1", "y"), ("z;2", "w")]


def test_marks_within_names_are_no_quotation(file: Path) -> None:
    content = 'a;b\nООО "Ромашка";1\n"Лютик" ООО;2\n'
    assert rows(file, content, quote="")[1:] == [('ООО "Ромашка"', "1"), ('"Лютик" ООО', "2")]


def test_a_mark_that_is_never_closed_is_named_by_its_row(file: Path) -> None:
    content = "a;b\n" + "1;2\n" * 3000 + '"open;2\n' + "1;2\n" * 10
    with pytest.raises(FileProblem, match="Row 3002 of table.csv"):
        list(opened(file, content).sheet(0).rows())


def test_unquoted_reading_is_chosen_where_marks_do_not_match(file: Path) -> None:
    found = rows(file, 'name;size\nTV 42";1\n"Screen;2\nPipe;3\n')
    assert found[2] == ('"Screen', "2")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_understood(file: Path, ending: str) -> None:
    assert rows(file, ending.join(["a,b", "1,2", ""])) == [("a", "b"), ("1", "2")]


def test_nul_characters_are_left_out_and_counted(file: Path) -> None:
    source = opened(file, b"a,b\n\0,2\n3\0,4\n" + b"x,y\n" * 100)
    assert [row.cells for row in source.sheet(0).rows(limit=3)][1:] == [(None, "2"), ("3", "4")]
    assert source.remarks == ["2 characters with the code zero were left out."]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866"],
)
def test_russian_text_is_read_in_every_encoding(file: Path, encoding: str) -> None:
    text = "Наименование;Город;Телефон\nООО Ромашка;Москва;+7 916 123-45-67\nИП Ёлкин;Уфа;1\n"
    found = rows(file, text.encode(encoding))
    assert found == [tuple(line.split(";")) for line in text.splitlines()]


@pytest.mark.parametrize(
    "word", ["Иванов", "ИВАНОВ ИВАН", "Да", "телефон", "ООО Ромашка", "Цой", "Эхо", "Юлия", "Фёдор"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "cp866"])
def test_single_words_are_enough(file: Path, encoding: str, word: str) -> None:
    assert rows(file, f"id,x\n1,{word}\n".encode(encoding))[1] == ("1", word)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Année,Müller,Größe,São Paulo,naïve"),
        ("cp1250", "Łódź,Kraków,Žižka,Dvořák,Škoda"),
        ("iso8859-7", "Λεωνιδας,Αλεξανδρος,Ευστοργιος"),
        ("cp932", "日本語テキスト,東京都千代田区,株式会社"),
    ],
)
def test_other_languages_are_told_apart(file: Path, encoding: str, words: str) -> None:
    assert rows(file, f"{words}\n".encode(encoding)) == [tuple(words.split(","))]


def test_a_foreign_letter_far_behind_decides_the_encoding(file: Path) -> None:
    content = b"id,name\n" + b"1,plain\n" * 60_000 + "2,Иванов\n".encode("cp1251")
    assert list(opened(file, content).sheet(0).rows())[-1].cells == ("2", "Иванов")


def test_one_broken_sign_does_not_change_utf8(file: Path) -> None:
    content = "имя\n".encode() + "Иванов\n".encode() * 50 + b"\xd0\n"
    source = opened(file, content)
    assert source.options.encoding == "utf-8"
    assert source.remarks == ["Some characters are damaged in the file and stand as “�”."]


def test_an_encoding_can_be_chosen(file: Path) -> None:
    assert rows(file, "Цех".encode("koi8-r"), encoding="koi8-r") == [("Цех",)]
    with pytest.raises(FileProblem, match="in the encoding klingon"):
        opened(file, b"a", encoding="klingon")
    with pytest.raises(FileProblem, match="in the encoding hex"):
        opened(file, b"a", encoding="hex")


def test_words_for_failed_formulas_are_errors(file: Path) -> None:
    assert rows(file, "a;b\n#Н/Д;#tag\n#DIV/0!;Err:502\n")[1:] == [
        (CellError("#Н/Д"), "#tag"), (CellError("#DIV/0!"), CellError("Err:502")),
    ]  # fmt: skip


def test_one_apostrophe_before_a_formula_sign_is_taken_away(file: Path) -> None:
    found = rows(file, "a;b;c\n'=1+1;''+7;O'Neil\n'x;-5;it's\n")
    assert found[1:] == [("=1+1", "'+7", "O'Neil"), ("'x", "-5", "it's")]


def test_a_line_without_an_end_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textscan, "MAX_LINE_BYTES", 1000)
    with pytest.raises(FileProblem, match="a line that does not end"):
        opened(file, b"a,b\n" + b"x" * 2000)


def test_bytes_of_no_text_are_refused(file: Path) -> None:
    with pytest.raises(FileProblem, match="is no table that can be imported"):
        opened(file, bytes(range(1, 32)) * 100)


def test_nine_thousand_columns_are_read(file: Path) -> None:
    found = rows(file, ",".join(map(str, range(9000))) + "\n" + ",".join(["x"] * 9000) + "\n")
    assert [len(row) for row in found] == [9000, 9000]


def test_memory_does_not_grow_with_the_file(file: Path) -> None:
    import tracemalloc

    file.write_bytes(b"some,words,in,a,row\n" * 50_000)
    source = open_source(file)
    tracemalloc.start()
    count = sum(1 for _row in source.sheet(0).rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 800_000


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["31.12.2024", "01.02.2024"], "dmy"),
        (["01/31/2024", "02/03/2024"], "mdy"),
        (["2024-01-31"], "ymd"),
        (["31/12/2024 10:15"], "dmy"),
        (["01.02.2024"], "dmy"),
    ],
)
def test_date_order_is_found(texts: list[str], order: str) -> None:
    found = date_order(texts)
    assert (found.order, found.sure) == (order, True)


def test_an_ambiguous_order_is_the_local_one_and_said_so(file: Path) -> None:
    source = opened(file, "when\n01/02/2024\n03/04/2024\n")
    assert source.options.date_order == "dmy"
    assert source.remarks == [
        "Dates such as 01/02/2024 were read with the day first; change this if it is wrong."
    ]
    assert opened(file, "when\n01/02/2024\n", date_order="mdy").remarks == []


def test_one_date_far_below_decides_for_its_column(file: Path) -> None:
    far = "when;code\n" + "03/04/1975;7B\n" * 700

    assert opened(file, far + "05/14/1980;x\n").options.date_order == "mdy"
    assert opened(file, far + "05/04/1980;12/31/1980\n").options.date_order == "dmy"
    assert opened(file, far + '05/14/1980;"never ends\n').remarks  # its row is refused later


def test_remarks_are_in_the_chosen_language(file: Path) -> None:
    set_language("ru")
    assert "01/02/2024" in opened(file, "when\n01/02/2024\n").remarks[0]
    assert "Dates" not in opened(file, "when\n01/02/2024\n").remarks[0]


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["1,5", "2,75"], ","),
        (["1.5"], "."),
        (["1 234,56"], ","),
        (["1,234.56"], "."),
        (["200.000.000"], ","),
        (["1 250,000"], ","),
        (["1250,000"], ","),
        (["1,250,000"], "."),
        (["text", "5"], "."),
    ],
)
def test_decimal_sign_is_found(texts: list[str], sign: str) -> None:
    assert decimal_sign(texts).sign == sign


def test_telephones_with_full_stops_tell_nothing_of_fractions() -> None:
    phones = ["802.555.0164", "8.916.555.0141", "+1.603.555.0189"]

    assert not decimal_sign(phones).sure
    assert decimal_sign([*phones, "12.50"]).sign == "."


def test_one_number_far_below_decides_for_its_column(file: Path) -> None:
    """Codes in another column, of activities here, have no say in it."""
    far = "sum;code\n" + "1.250;62.01\n" * 700

    assert opened(file, far + "1.250,50;62.01\n").options.decimal == ","
    assert opened(file, far + "12.5;62.01\n").options.decimal == "."
    assert opened(file, far + "1,234.5;62.01\n").remarks == []


def test_numbers_that_can_be_read_both_ways_are_told(file: Path) -> None:
    read = opened(file, "sum;name\n1.250;a\n900;b\n")
    assert (read.options.decimal, read.remarks) == (
        ",", ["Numbers such as 1.250 were read as thousands; change this if it is wrong."],
    )  # fmt: skip
    assert opened(file, "sum;name\n1,250;a\n").remarks == [
        "Numbers such as 1,250 were read as fractions; change this if it is wrong."
    ]
    assert opened(file, "sum;name\n1.250;a\n", decimal=".").remarks == []


def test_options_survive_json_without_the_password() -> None:
    options = ReadOptions(encoding="cp1251", delimiter=";", password="secret", max_rows=5)
    assert options.plain() == {"encoding": "cp1251", "delimiter": ";", "max_rows": 5}
    assert ReadOptions.from_plain({**options.plain(), "unknown": 1}).delimiter == ";"


def test_a_file_that_vanishes_while_it_is_read_is_named(file: Path) -> None:
    sheet = delimited.DelimitedSource(_written(file), ReadOptions()).sheet(0)
    file.unlink()
    with pytest.raises(FileProblem, match="There is no file table.csv"):
        list(sheet.rows())


def test_dialect_of_nothing_is_the_usual_one() -> None:
    assert detect("") == Dialect(",", '"')


def _written(file: Path) -> Path:
    file.write_text("a,b\n1,2\n")
    return file


def test_a_quotation_mark_that_is_not_closed_spoils_no_other_row(tmp_path: Path) -> None:
    lines = ("Компания;Город", '"ООО ""Бета"";Омск', "ООО Гамма;Пермь")
    path = tmp_path / "list.csv"
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    with open_source(path) as source:
        found = [row.cells for row in source.sheet(0).rows()]
    assert found[1:] == [('ООО "Бета"', "Омск"), ("ООО Гамма", "Пермь")]
