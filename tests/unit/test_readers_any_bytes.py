"""Whatever the bytes are: rows or FileProblem, never another exception, never a hang."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_desktop.errors import FileProblem
from crm_desktop.services.importing.readers import encoding
from crm_desktop.services.importing.readers.base import ReadOptions
from crm_desktop.services.importing.readers.header import guess_header
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.readers.vcard import cards
from tests.foreign_files import (
    ods,
    ods_row,
    xls,
    xls_error,
    xls_number,
    xls_text,
    xlsx,
    zipped,
)

quickly = settings(
    max_examples=120, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="B1"><v>1</v></c></row>'
LETTERS = st.text(st.sampled_from("ab1;,\t|\"'\n\r\0=+-@ яЫ.:/#"), max_size=120)
CARD_TEXT = st.text(st.sampled_from('BEGINVCARDTLF:;=,\\\n\r \t"0123я'), max_size=150)
MARKUP = st.lists(
    st.sampled_from(
        ["<table>", "</table>", "<tr>", "<td>", "<td colspan=3>", "<td rowspan=99999>", "<!--", "x",
         "<td", "&#0;", "&amp", "</td>", "<![CDATA[", "<script>", "]]>", '"', "<br>"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytes")


def read(path: Path, content: bytes, options: ReadOptions | None = None) -> None:
    """Reads everything there is; a FileProblem must name the file."""
    path.write_bytes(content)
    try:
        with open_source(path, options=options) as source:
            for place, _info in enumerate(source.sheets):
                sheet = source.sheet(place)
                header = guess_header(sheet)
                assert len(set(header.names)) == len(header.names) <= max(sheet.columns, 1)
                numbers = [row.number for row in sheet.rows()]
                assert numbers == sorted(set(numbers))
    except FileProblem as problem:
        assert path.name in problem.message


@quickly
@given(st.binary(max_size=400))
@example(b"\0")
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"{")
@example(b"[")
@example(b"<table")
@example(b"PK\x03\x04")
@example(b"BEGIN:VCARD")
def test_any_bytes(folder: Path, content: bytes) -> None:
    read(folder / "file", content)


@quickly
@given(LETTERS, st.sampled_from(["utf-8", "utf-16", "cp1251", "utf-8-sig", "koi8-r"]))
def test_any_delimited_text(folder: Path, text: str, encoding: str) -> None:
    read(folder / "file.csv", text.encode(encoding, "replace"))


@quickly
@given(
    LETTERS,
    st.builds(
        ReadOptions,
        encoding=st.sampled_from([None, "utf-8", "utf-16", "ascii", "nonsense", "hex", "idna"]),
        delimiter=st.sampled_from([None, ";", "\t", "a", "", "ab", '"', "\n"]),
        quote=st.sampled_from([None, "", '"', "'", "''", ";"]),
        max_rows=st.sampled_from([None, 0, 1]),
    ),
)
def test_any_choice_of_options(folder: Path, text: str, options: ReadOptions) -> None:
    read(folder / "file.csv", text.encode(), options)


@quickly
@given(CARD_TEXT)
def test_any_card(folder: Path, text: str) -> None:
    read(folder / "file.vcf", f"BEGIN:VCARD\n{text}\nEND:VCARD\n".encode())
    assert all(card.number for card in cards(folder / "file.vcf"))


@quickly
@given(st.binary(max_size=200))
def test_any_bytes_in_a_card(folder: Path, content: bytes) -> None:
    head = b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=windows-1251:"
    read(folder / "file.vcf", head + content)


@quickly
@given(MARKUP)
def test_any_page(folder: Path, text: str) -> None:
    read(folder / "file.xls", f"<html><table>{text}".encode())


@quickly
@given(st.text(st.sampled_from('[]{}",:1eE.-ntrue\\u \n'), max_size=80))
def test_any_json(folder: Path, text: str) -> None:
    read(folder / "file.json", f'[{{"a": {text}'.encode())


def spoil(content: bytes, changes: list[tuple[int, int]]) -> bytes:
    """The bytes with some of them changed."""
    spoiled = bytearray(content)
    for place, value in changes:
        spoiled[place % len(spoiled)] = value
    return bytes(spoiled)


CHANGES = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=6)


@quickly
@given(CHANGES)
def test_spoiled_workbooks(folder: Path, changes: list[tuple[int, int]]) -> None:
    sound = xlsx(folder / "sound.xlsx", f"<sheetData>{CELLS}</sheetData>").read_bytes()
    read(folder / "spoiled.xlsx", spoil(sound, changes))


@quickly
@given(st.sampled_from(range(4)), CHANGES)
def test_spoiled_parts_of_workbooks(
    folder: Path, which: int, changes: list[tuple[int, int]]
) -> None:
    sound = xlsx(folder / "sound.xlsx", f"<sheetData>{CELLS}</sheetData>")
    with zipfile.ZipFile(sound) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[which]
    parts[name] = spoil(parts[name], changes)
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for key, content in parts.items():
            archive.writestr(key, content)
    read(folder / "spoiled.xlsx", made.getvalue())


@quickly
@given(CHANGES)
def test_spoiled_old_workbooks(folder: Path, changes: list[tuple[int, int]]) -> None:
    records = [xls_text(0, 0, "Имя"), xls_number(1, 0, 1.5, date=True), xls_error(1, 1, 7)]
    sound = xls(folder / "sound.xls", records).read_bytes()
    # Within the headers and the records: elsewhere there is nothing to spoil.
    aimed = [(place % 1024 if place % 2 else 1536 + place % 300, value) for place, value in changes]
    read(folder / "spoiled.xls", spoil(sound, aimed))


@quickly
@given(CHANGES)
def test_spoiled_open_documents(folder: Path, changes: list[tuple[int, int]]) -> None:
    with zipfile.ZipFile(ods(folder / "sound.ods", ods_row("a", "b", "1"))) as archive:
        content = spoil(archive.read("content.xml"), changes).decode("latin-1")
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    read(folder / "spoiled.ods", zipped(folder / "made.ods", parts).read_bytes())


@quickly
@given(st.binary(max_size=300), st.booleans())
def test_every_encoding_found_can_be_used(content: bytes, whole: bool) -> None:
    assert isinstance(content.decode(encoding.detect(content, whole=whole).name, "replace"), str)
