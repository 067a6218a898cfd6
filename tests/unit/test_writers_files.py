"""Exports: whole or not at all, readable by spreadsheets, and the same when imported again."""

# ruff: noqa: DTZ001 - workbooks know no time zones
from __future__ import annotations

import errno
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.errors import Cancelled, FileProblem
from crm_desktop.i18n import set_language
from crm_desktop.services.exporting.writers import common, workbook
from crm_desktop.services.exporting.writers.cards import write_cards
from crm_desktop.services.exporting.writers.delimited import write_delimited
from crm_desktop.services.exporting.writers.rows import write_rejects, write_rows
from crm_desktop.services.importing.readers.base import Cell, CellError
from crm_desktop.services.importing.readers.card import (
    EMAIL,
    MESSENGER,
    PHONE,
    URL,
    Card,
    CardAddress,
    CardValue,
)
from crm_desktop.services.importing.readers.header import guess_header
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.readers.vcard import cards

RISKY = [
    "=1+1",
    "+7 916 123-45-67",
    "-5 %",
    "@here",
    "\tx",
    "\rx",
    "'=x",
    "''+x",
    "'plain",
    "=cmd|' /C calc'!A0",
]
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30).map(str.strip)
TEXTS = st.one_of(
    WORDS, st.sampled_from(RISKY), st.just("one\ntwo"), st.just('"quoted"; yes, "no"')
)


def data(path: Path) -> list[tuple[Cell, ...]]:
    """The records of a file, without its header."""
    with open_source(path) as source:
        sheet = source.sheet(0)
        start = 2 if sheet.names is None else 1
        return [row.cells for row in sheet.rows(start=start)]


def names(path: Path) -> tuple[str, ...]:
    with open_source(path) as source:
        return guess_header(source.sheet(0)).names


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".tsv", ".json"])
def test_texts_come_back_as_they_were(tmp_path: Path, suffix: str) -> None:
    rows: list[Sequence[Cell]] = [[text, "end"] for text in RISKY]
    path = tmp_path / f"out{suffix}"
    written = write_rows(path, ["name", "x"], rows)
    assert written.rows == len(rows)
    expected = [(text.replace("\r", "\n") if suffix == ".xlsx" else text, "end") for text in RISKY]
    assert [
        (str(a).replace("\r", "\n") if suffix == ".xlsx" else a, b) for a, b in data(path)
    ] == expected
    assert names(path) == ("name", "x")


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".json"])
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=5))
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, rows: list[tuple[str, str, str]]
) -> None:
    path = tmp_path_factory.mktemp("out") / f"file{suffix}"
    numbered = [[f"r{number}", *row] for number, row in enumerate(rows)]
    write_rows(path, ["no", "a", "b", "c"], numbered)
    assert data(path) == [tuple(cell or None for cell in row) for row in numbered]


def test_a_spreadsheet_never_meets_a_formula(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.xlsx", ["x"], [[text] for text in RISKY])
    write_rows(tmp_path / "a.csv", ["=x"], [[text] for text in RISKY])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        import csv

        assert not [row for row in csv.reader(file, delimiter=";") if row[0][:1] in "=+-@\t\r"]


def test_numbers_and_moments_keep_their_types_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    values: list[Cell] = [
        5, 79161234567, Decimal("1234.50"), 0.25, True, date(2024, 2, 29),
        datetime(2024, 2, 29, 10, 5), time(9, 30), timedelta(hours=30),
    ]  # fmt: skip
    write_rows(path, [f"c{i}" for i in range(9)], [values], kinds=["", "", "money"])
    assert data(path) == [tuple(float(v) if isinstance(v, Decimal) else v for v in values)]


def test_what_a_workbook_cannot_hold_becomes_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    account, exact = 40702810123456789012, Decimal("0.1234567890123456789")
    write_rows(path, ["a", "b", "c", "d"], [[account, exact, date(1799, 6, 6), timedelta(-1)]])
    assert data(path) == [(str(account), str(exact), "1799-06-06", "-24:00:00")]


def test_texts_too_long_for_a_cell_are_cut_and_counted(tmp_path: Path) -> None:
    written = write_rows(tmp_path / "a.xlsx", ["a"], [["я" * 40_000], ["short"]])
    assert written == (2, 1)
    assert data(tmp_path / "a.xlsx")[0] == ("я" * 32_767,)


def test_a_workbook_is_ready_to_be_worked_with(tmp_path: Path) -> None:
    path = tmp_path / "Clients: all [new].xlsx"
    write_rows(path, ["Name", "Sum"], [["Romashka " * 4, Decimal("5")]], kinds=["", "money"])
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B2")
    assert sheet["A1"].font.bold
    assert sheet["B2"].number_format == "#,##0.00"
    assert 30 < sheet.column_dimensions["A"].width < 62
    assert sheet.title == "Clients  all  new"


def test_days_look_as_the_language_writes_them(tmp_path: Path) -> None:
    set_language("ru")
    write_rows(tmp_path / "a.xlsx", ["d"], [[date(2024, 2, 29)]])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet["A2"].number_format == "dd.mm.yyyy"


def test_moments_with_a_zone_are_shown_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    moment = datetime(2024, 2, 29, 10, 5, tzinfo=UTC)
    for suffix in (".xlsx", ".json"):
        write_rows(tmp_path / f"a{suffix}", ["m"], [[moment]])
    assert data(tmp_path / "a.xlsx") == [(moment.astimezone().replace(tzinfo=None),)]
    assert data(tmp_path / "a.json") == [("2024-02-29T10:05:00+00:00",)]


def test_decimal_commas_go_with_semicolons(tmp_path: Path) -> None:
    for delimiter, expected in ((";", "1234,5;-3"), (",", "1234.5,-3")):
        write_delimited(
            tmp_path / "a.csv", ["a", "b"], [[Decimal("1234.5"), -3]], delimiter=delimiter
        )
        assert expected in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_json_keeps_every_digit_and_every_name(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    exact = Decimal("12345678901234567890.12345678901234567890")
    write_rows(path, ["id", "id", "flag"], [[exact, 10**30, False], [None, float("nan"), "я"]])
    assert json.loads(path.read_text("utf-8"), parse_float=Decimal) == [
        {"id": exact, "id (2)": 10**30, "flag": False}, {"id": None, "id (2)": None, "flag": "я"},
    ]  # fmt: skip
    assert data(path) == [(exact, 10**30, False), (None, None, "я")]


def test_an_empty_list_is_an_empty_table(tmp_path: Path) -> None:
    for suffix in (".xlsx", ".csv", ".json"):
        path = tmp_path / f"a{suffix}"
        assert write_rows(path, ["a", "b"], []).rows == 0
    assert json.loads((tmp_path / "a.json").read_text()) == []


def test_a_format_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="a.docx has no format"):
        write_rows(tmp_path / "a.docx", ["a"], [])


def test_progress_is_told_every_thousand_rows(tmp_path: Path) -> None:
    told: list[int] = []
    write_rows(tmp_path / "a.csv", ["a"], ([i] for i in range(2500)), progress=told.append)
    assert told == [1000, 2000, 2500]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".json"])
def test_a_stopped_export_leaves_the_old_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("old")

    def rows() -> Iterator[list[Cell]]:
        yield ["one"]
        raise Cancelled

    with pytest.raises(Cancelled):
        write_rows(path, ["a"], rows())
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".json"])
@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "no room left"), (errno.EACCES, "may not write"), (errno.EIO, "an error")],
)
def test_what_the_disk_refuses_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, code: int, words: str
) -> None:
    def fail(path: Path) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr(common, "_settle", fail)
    with pytest.raises(FileProblem, match=words):
        write_rows(tmp_path / f"a{suffix}", ["a"], [["b"]])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_while_the_workbook_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(FileProblem, match="no room left on the disk for a.xlsx"):
        write_rows(tmp_path / "a.xlsx", ["a"], [["b"]])
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_replaced_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(FileProblem, match="a.csv cannot be replaced"):
        write_rows(tmp_path / "a.csv", ["a"], [["b"]])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="The folder .*nowhere is not there"):
        write_rows(tmp_path / "nowhere" / "a.csv", ["a"], [["b"]])


def test_a_workbook_has_no_more_rows_than_excel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    with pytest.raises(FileProblem, match="at most"):
        write_rows(tmp_path / "a.xlsx", ["a"], [[i] for i in range(3)])


def test_refused_rows_can_be_corrected_and_imported_again(tmp_path: Path) -> None:
    path = tmp_path / "rejects.xlsx"
    row: list[Cell] = ["007", "not a date", 5, CellError("#N/A")]
    write_rejects(
        path, ["code", "date", "sum", "x"], [(row, "“not a date” is no date"), (["1"], "why")]
    )
    assert names(path) == ("code", "date", "sum", "x", "Why the row was refused")
    assert data(path) == [(*row, "“not a date” is no date"), ("1", None, None, None, "why")]


FULL = Card(
    number=1, version="4.0", full_name="Иванов, Иван; «Главный»", last_name="Иванов",
    first_name="Иван", middle_name="Петрович", prefix="г-н", suffix="мл.", nickname="Ваня",
    organisation="ООО «Ромашка, Лютик»", department="Отдел\\сбыт", job_title="Директор; зам",
    role="sales", birthday=date(1980, 3, 22), note="Первая строка\nвторая, длинная " + "ы" * 90,
    categories=("VIP, старый", "Москва"), uid="urn:uuid:1",
    values=(
        CardValue(PHONE, ("work", "pref"), "+7 916 123-45-67"), CardValue(PHONE, (), "8 (800) 1"),
        CardValue(EMAIL, ("home",), "ivan@example.com"),
        CardValue(URL, (), "https://example.com/a;b?c=1,2"),
        CardValue(MESSENGER, ("home",), "xmpp:ivan@example.com"),
    ),
    addresses=(
        CardAddress(("work",), "а/я 5", "", "ул. Ленина, 5; стр. 2", "Уфа", "РБ", "450000", "РФ"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_cards_come_back_as_they_were(tmp_path: Path, version: str) -> None:
    path = tmp_path / "out.vcf"
    assert write_cards(path, [FULL, Card(full_name="Only Name")], version=version).rows == 2
    full, bare = cards(path)
    assert (full.version, bare.full_name, bare.number) == (version, "Only Name", 2)
    for name in """full_name last_name organisation department job_title note categories birthday
            addresses uid nickname middle_name prefix suffix role""".split():
        assert getattr(full, name) == getattr(FULL, name), name
    assert [(v.kind, v.value, set(v.types)) for v in full.values] == [
        (v.kind, v.value, set(v.types)) for v in FULL.values
    ]


def test_lines_of_cards_are_short_and_whole_characters(tmp_path: Path) -> None:
    path = tmp_path / "out.vcf"
    write_cards(path, [FULL])
    lines = path.read_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(WORDS.filter(bool), min_size=4, max_size=4))
def test_any_text_of_a_card_comes_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("cards") / "out.vcf"
    card = Card(
        full_name=texts[0], last_name=texts[1], note=f"{texts[2]}\nx", categories=(texts[3],)
    )
    write_cards(path, [card])
    found = next(cards(path))
    assert (found.full_name, found.last_name, found.note, found.categories) == (
        card.full_name, card.last_name, card.note, card.categories,
    )  # fmt: skip
