"""Files that are broken, foreign or meant to do harm get a sentence, quickly, and nothing else."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from crm_desktop.errors import FileProblem
from crm_desktop.services.importing.readers import archive, surveys
from crm_desktop.services.importing.readers.opening import open_source
from tests.foreign_files import compound, ods, ods_row, xlsx, zipped

ROWS = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
MACROS = "Basic/Standard/script-lb.xml"
BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def refusal(path: Path) -> str:
    with pytest.raises(FileProblem) as caught:
        open_source(path)
    assert path.name in caught.value.message
    return caught.value.message


def test_entities_are_refused_in_any_part(tmp_path: Path) -> None:
    inside = xlsx(tmp_path / "a.xlsx", ROWS, head=BOMB)
    beside = xlsx(tmp_path / "b.xlsx", ROWS, extra={"xl/sharedStrings.xml": BOMB + "<sst/>"})
    late = xlsx(tmp_path / "c.xlsx", ROWS, head="<!--" + " " * 2_000_000 + "-->" + BOMB)
    for path in (inside, beside, late):
        assert "was not opened" in refusal(path)


def test_macros_of_an_opendocument_book_are_no_harm(tmp_path: Path) -> None:
    macros = {MACROS: '<!DOCTYPE library:library PUBLIC "x" "y"><a/>'}
    book = ods(tmp_path / "macros.ods", ods_row("Name", "Phone") + ods_row("Acme", "1"))
    with zipfile.ZipFile(book, "a") as opened:
        opened.writestr(MACROS, macros[MACROS])

    with open_source(book) as source:
        assert [row.cells for row in source.sheet(0).rows()] == [("Name", "Phone"), ("Acme", "1")]
    posing = xlsx(tmp_path / "posing.xlsx", ROWS, extra=macros)
    assert "was not opened" in refusal(posing)


def test_entities_are_refused_in_wide_letters_too(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "w.xlsx", ROWS)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("xl/extra.xml", (BOMB + "<x/>").encode("utf-16"))
    assert "was not opened" in refusal(path)


def test_a_part_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "bomb.xlsx", ROWS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("xl/media/image1.bin", bytes(80_000_000))
    assert "was not opened" in refusal(path)


def test_sizes_that_the_directory_tells_falsely_are_found(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "lie.xlsx", ROWS, extra={"xl/theme.xml": "x" * 70_000})
    content = bytearray(path.read_bytes())
    place = content.find(
        (70_000).to_bytes(4, "little"), content.rfind(b"PK\x01\x02", 0, len(content))
    )
    place = content.rfind((70_000).to_bytes(4, "little")) if place < 0 else place
    content[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    assert "is damaged" in refusal(path)


def test_too_many_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 20)
    parts = {f"xl/part{number}.xml": "<x/>" for number in range(30)}
    assert "was not opened" in refusal(xlsx(tmp_path / "many.xlsx", ROWS, extra=parts))


def test_too_big_a_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_WORKBOOK_BYTES", 100)
    assert "is too big" in refusal(xlsx(tmp_path / "big.xlsx", ROWS))


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_off_is_damaged(tmp_path: Path, share: float) -> None:
    path = xlsx(tmp_path / "cut.xlsx", ROWS)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "is damaged" in refusal(path)


def test_a_broken_part_is_damaged(tmp_path: Path) -> None:
    broken = xlsx(tmp_path / "broken.xlsx", "<sheetData><row r=")
    nameless = xlsx(tmp_path / "nameless.xlsx", ROWS, extra={"xl/workbook.xml": "<workbook"})
    odd = ods(tmp_path / "odd.ods", "<table:table-row><table:table-cell")
    for path in (broken, nameless, odd):
        assert "is damaged" in refusal(path)


def test_a_tag_without_an_end_in_an_opendocument_book_is_damaged(tmp_path: Path) -> None:
    book = ods(tmp_path / "cut.ods", ods_row("Name") + "<table:table-row ")

    assert "is damaged" in refusal(book)


def test_a_cut_compound_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "cut.xls"
    for length in (8, 300, 512, 1024, 1600, 3000):
        path.write_bytes(compound("Workbook", b"\x09\x08\x10\x00" * 300)[:length])
        assert "is damaged" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", "is empty"),
        ("a.pdf", b"%PDF-1.7 and so on", "is a PDF document"),
        ("a.csv", b"{\\rtf1 text}", "is a text document"),
        ("a.xls", b"\x89PNG\r\n\x1a\n0000", "is a picture"),
        ("a.csv.gz", b"\x1f\x8b\x08rest", "is an archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1crest", "is an archive"),
        ("a.crm", b"SQLite format 3\0rest", "is a database"),
        ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00", "saved by Excel 4 or older"),
        ("a.xml", b"<?xml version='1.0'?><orders/>", "is XML of a kind"),
        ("~$a.xlsx", b"\x05admin" + bytes(160), "is open in another program"),
        (".~lock.a.ods#", b",ann,pc,20.11.2026 10:00,;", "is open in another program"),
        ("a.xls", b"MIME-Version: 1.0\nX-Document-Type: Workbook\n\n<html>", "in a single file"),
        ("a.txt", "1CClientBankExchange\r\nВерсияФормата=1.03".encode("cp1251"), "bank and 1C"),
        ("a.eml", b"Received: from a\nSubject: hello\n\ntext", "is an e-mail message"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "is a calendar"),
        ("a.vcf", b"nothing of the kind", "is damaged"),
        ("a.doc", compound("WordDocument", b""), "is a text document"),
        ("a.ppt", compound("PowerPoint Document", b""), "is a presentation"),
        ("a.msg", compound("__properties_version1.0", b""), "is an e-mail message"),
        ("a.xlsx", compound("EncryptedPackage", b""), "protected with a password"),
        ("a.xls", compound("Something", b""), "is damaged"),
    ],
)
def test_each_foreign_file_has_its_sentence(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert words in refusal(path)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"word/document.xml": "<x/>"}, "is a text document"),
        ({"ppt/presentation.xml": "<x/>"}, "is a presentation"),
        ({"xl/workbook.bin": ""}, "(XLSB)"),
        ({"Index/Document.iwa": ""}, "Apple Numbers"),
        ({"clients.csv": "a,b"}, "is an archive"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "is a text document"),
        ({}, "is damaged"),
    ],
)
def test_each_foreign_archive_has_its_sentence(
    tmp_path: Path, parts: dict[str, str], words: str
) -> None:
    assert words in refusal(zipped(tmp_path / "file.xlsx", parts))


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.xlsx")
    assert "There is no file gone.xlsx" in refusal(tmp_path / "gone.xlsx")


@pytest.mark.skipif(sys.platform == "win32", reason="rights are given otherwise there")
def test_a_file_without_the_right_to_read_it_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the administrator may read everything")
    path = xlsx(tmp_path / "closed.xlsx", ROWS)
    path.chmod(0)
    assert "cannot be opened" in refusal(path)


def test_an_encrypted_part_asks_for_a_copy_without_password(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "locked.xlsx", ROWS)
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(content)
    assert "protected with a password" in refusal(path)


def test_an_error_of_the_disk_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setitem(surveys._KINDS, "ods", fail)
    assert "the disk or the network" in refusal(ods(tmp_path / "a.ods", ods_row("x")))
