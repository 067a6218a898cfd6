"""Foreign files made by code, as small as they can be: nothing binary lies in the repository."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

SHARED = Path(
    os.environ.get("CRM_DESKTOP_SHARED_DATA")
    or Path(__file__).resolve().parents[2] / "shared" / "data"
)
NO_SHARED = "the folder of real files is not beside the repository (CRM_DESKTOP_SHARED_DATA)"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=NO_SHARED)

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_SECTOR = 512
_END_OF_CHAIN, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xlsx(
    path: Path, sheet_data: str, *, head: str = "", extra: dict[str, str] | None = None
) -> Path:
    """A workbook of one sheet whose XML is given; `extra` adds or replaces parts."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{_SPREADSHEET}">{sheet_data}'
        "</worksheet>",
    }
    return zipped(path, {**parts, **(extra or {})})


def ods(path: Path, rows: str, settings: str = "") -> Path:
    """An OpenDocument workbook with one table `List` of the given rows, behind its settings."""
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}:office:1.0" '
        f'xmlns:table="{_OFFICE}:table:1.0" xmlns:text="{_OFFICE}:text:1.0"><office:body>'
        f'<office:spreadsheet>{settings}<table:table table:name="List">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<m:manifest xmlns:m="{_OFFICE}:manifest:1.0"/>'
    return zipped(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        },
    )


def ods_row(*cells: str, repeated: int = 1) -> str:
    """A row of texts for `ods`; cells that begin with < are taken as they are."""
    inner = "".join(
        cell
        if cell.startswith("<")
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
        "</table:table-cell>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def zipped(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def xls(
    path: Path, cells: Iterable[bytes], *, base_1904: bool = False, stream: str = "Workbook",
    history: int = 0x41,
) -> Path:  # fmt: skip
    """A BIFF 8 workbook of one sheet `List` made of the given cell records. `history`: what the
    program that wrote it says of itself; nothing where it only writes."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, history, 6))
    style = b"".join(
        _record(0x00E0, struct.pack("<HHH", 0, form, 0) + bytes(14)) for form in (0, 14, 9)
    )
    head = begin + _record(0x0022, struct.pack("<H", base_1904)) + style
    name = b"\x04\x00List"
    start = len(head) + 4 + 6 + len(name) + 4
    head += _record(0x0085, struct.pack("<IH", start, 0) + name) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0x41, 6))
    sheet += b"".join(cells) + _record(0x000A, b"")
    path.write_bytes(compound(stream, head + sheet))
    return path


def xls_number(
    row: int, column: int, value: float, *, date: bool = False, percent: bool = False
) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 2 if percent else date, value))


def xls_text(row: int, column: int, text: str) -> bytes:
    content = text.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + content)


def xls_error(row: int, column: int, code: int) -> bytes:
    """A cell that holds an error itself."""
    return _record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def xls_never_reckoned(row: int, column: int) -> bytes:
    """A formula as a program writes it that cannot reckon."""
    content = struct.pack("<HHH", row, column, 0) + bytes((3, 0, 0, 0, 0, 0, 0xFF, 0xFF))
    return _record(0x0006, content + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00")


def xls_failed(row: int, column: int, code: int) -> bytes:
    """A formula that failed."""
    result = bytes((2, 0, code, 0, 0, 0, 0xFF, 0xFF))
    tokens = b"\x1e\x01\x00"  # the number 1
    content = struct.pack("<HHH", row, column, 0) + result + struct.pack("<HIH", 0, 0, len(tokens))
    return _record(0x0006, content + tokens)


def compound(name: str, content: bytes) -> bytes:
    """A compound file with one stream, big enough not to be a short one."""
    content = content.ljust(max(4096, -(-len(content) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(content) // _SECTOR
    fat = [_FAT, _END_OF_CHAIN, *range(3, sectors + 2), _END_OF_CHAIN]
    table = b"".join(struct.pack("<I", entry) for entry in fat)
    table = table.ljust(_SECTOR, b"\xff")
    entries = _entry("Root Entry", 5, 1, _END_OF_CHAIN, 0) + _entry(name, 2, _FREE, 2, len(content))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END_OF_CHAIN, 0, _END_OF_CHAIN, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return header + table + entries.ljust(_SECTOR, b"\0") + content


def _entry(name: str, sort: int, child: int, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le")
    entry = label.ljust(64, b"\0") + struct.pack("<HBB", len(label) + 2, sort, 1)
    entry += struct.pack("<III", _FREE, _FREE, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
