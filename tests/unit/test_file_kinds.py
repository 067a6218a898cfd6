"""What a file is, by its bytes; what could run is recognised under any name."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.services.files.kinds import FileKind, recognise
from crm_desktop.services.files.opening import why_not_opened


def kind(name: str, content: bytes) -> FileKind:
    return recognise(name, BytesIO(content))


def packed(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.exe", b"hello"),
        ("report.pdf.scr", b"%PDF-1.4"),
        ("photo.jpg", b"MZ\x90\x00\x03"),
        ("notes.txt", b"\x7fELF\x02"),
        ("notes", b"#!/bin/sh\nrm -rf ~"),
        ("notes.txt", b"\xef\xbb\xbf  @ECHO OFF\r\n"),
        ("link.txt", b"L\x00\x00\x00\x01\x14\x02\x00"),
        ("shortcut", b"[Desktop Entry]\nExec=x"),
        ("tool.zip", packed("META-INF/MANIFEST.MF", "Main.class")),
        ("a.JS", b"alert(1)"),
        ("a.settingcontent-ms", b"<PCSettings>"),
    ],
)
def test_what_could_run_is_a_program(name: str, content: bytes) -> None:
    found = kind(name, content)

    assert found.danger
    assert found.kind == "program"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.bin2", b"%PDF-1.7\n", "pdf"),
        ("a", b"\x89PNG\r\n\x1a\n\x00", "image"),
        ("a.csv", "Имя;Телефон\n".encode("cp1251"), "sheet"),
        ("a.txt", b"MZ is how Mark Zbikowski signed", "text"),
        ("a.zip", packed("readme.txt"), "archive"),
        ("a.docx", packed("[Content_Types].xml", "word/document.xml"), "document"),
        ("a.xyz", b"\x00\x01\x02", "other"),
        ("empty.txt", b"", "text"),
    ],
)
def test_kinds(name: str, content: bytes, expected: str) -> None:
    found = kind(name, content)

    assert (found.kind, found.danger) == (expected, False)


def test_macros_are_seen_whatever_the_ending() -> None:
    parts = ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")

    assert kind("innocent.docx", packed(*parts)).macros
    assert not kind("innocent.docx", packed(*parts[:2])).macros


@given(st.text(max_size=20), st.binary(max_size=300))
def test_any_bytes_are_something(name: str, content: bytes) -> None:
    assert kind(name, content).kind


@given(st.binary(max_size=200))
def test_broken_archives_are_archives(rest: bytes) -> None:
    assert kind("a.zip", b"PK\x03\x04" + rest).kind in ("archive", "program")


def test_documents_of_the_office_are_told_apart(tmp_path: Path) -> None:
    from docx import Document
    from openpyxl import Workbook

    Document().save(str(tmp_path / "a.docx"))
    Workbook().save(str(tmp_path / "b.xlsx"))
    for name, expected in (("a.docx", "document"), ("b.xlsx", "sheet")):
        with (tmp_path / name).open("rb") as file:
            assert recognise(name, file).kind == expected


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        (r"C:\docs\offer.docx", True), (r"\\server\papers\scan.pdf", True),
        ("/home/ann/plan", True),
        ("https://disk.example/x", True), ("HTTP://disk.example/setup.exe", True),
        (r"\\server\papers\offer.pdf.exe", False), ("C:run.bat", False), ("/tmp/x.desktop", False),
        ("offer.exe. ", False), ("offer.js::$DATA", False), ("x.settingcontent-ms", False),
        ("search-ms://query=x", False), ("file://server/x.exe", False), ("ms-word://ofe", False),
    ],
)  # fmt: skip
def test_a_path_that_anybody_wrote_starts_no_program(address: str, opens: bool) -> None:
    assert (why_not_opened(address) == "") is opens
