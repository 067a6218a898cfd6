"""Texts made to hold a program up are read in a moment, however often a sign is repeated."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from crm_desktop.errors import FileProblem
from crm_desktop.models.text.kinds import told_kind
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.intake.mail import html_text
from crm_desktop.services.intake.text import read_text
from tests.foreign_files import ods, xlsx

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LETTERS = 100_000
SECONDS = 2.0  # of a processor; each of these took from ten seconds to many minutes


@pytest.mark.parametrize("sign", ["<a ", "</a ", "<!--", "<![CDATA[", '<a b="', "<script></ "])
@pytest.mark.parametrize("end", ["", ">"])
def test_a_page_of_tags_without_an_end(sign: str, end: str) -> None:
    since = process_time()
    html_text(sign * (LETTERS // len(sign)) + end)
    assert process_time() - since < SECONDS


def test_a_table_of_tags_without_an_end(tmp_path: Path) -> None:
    path = tmp_path / "clients.xls"
    path.write_text("<table><tr><td>Acme</td></tr></table>" + "<a " * (LETTERS // 3))
    since = process_time()
    assert [row.cells for row in open_source(path).sheet_at(0).rows()] == [("Acme",)]
    assert process_time() - since < SECONDS


@pytest.mark.parametrize("cell", ['<c r="A1" ', "<c><f>", '<c t="e" '])
def test_a_worksheet_of_cells_without_an_end(tmp_path: Path, cell: str) -> None:
    rows = f"<sheetData><row>{cell * (LETTERS // len(cell))}</c></row></sheetData>"
    path = xlsx(tmp_path / "clients.xlsx", rows)
    since = process_time()
    with contextlib.suppress(FileProblem):
        list(open_source(path).sheet_at(0).rows())
    assert process_time() - since < SECONDS


@pytest.mark.parametrize("part", ["<table:table-row>", '<table:table-row a="', "<table:table "])
def test_a_table_of_rows_without_an_end(tmp_path: Path, part: str) -> None:
    path = ods(tmp_path / "clients.ods", part * (LETTERS // len(part)))
    since = process_time()
    with contextlib.suppress(FileProblem):
        list(open_source(path).sheet_at(0).rows())
    assert process_time() - since < SECONDS


@pytest.mark.parametrize("sign", ["(", " ", "IP ", "1 ", "x: y "])
@pytest.mark.parametrize(
    "read", [lambda text: told_kind([text]), lambda text: read_text(text, now=NOW)]
)
def test_one_sign_after_another(read: Callable[[str], object], sign: str) -> None:
    since = process_time()
    read("x" + sign * (LETTERS // len(sign)) + "!")
    assert process_time() - since < SECONDS


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>One <b>two</b></p><!-- no --> three", "One two three"),
        ('<p title="a < b">One</p>', "One"),
        ("<p>1 < 2</p>", "1 < 2"),
        ("One <a href", "One <a href"),
    ],
)
def test_what_is_closed_and_what_is_text_is_read_as_it_stands(page: str, words: str) -> None:
    assert html_text(page) == words
