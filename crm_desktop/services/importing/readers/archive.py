"""Zipped workbooks before they are opened: bombs, forbidden XML, real areas.

Every XML part is unpacked once, piece by piece, and looked at: only then is the file handed to
readers that hold it in memory. Sizes are those that really come out, not those that the archive
claims: zipfile stops at the size the directory names and compares checksums.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.limits import (
    MAX_CELL_CHARACTERS,
    MAX_DENSE_CELLS,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MAX_WORKBOOK_BYTES,
    RATIO_COUNTS_FROM_BYTES,
)

_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype")
_WIDE_FORBIDDEN = tuple(
    mark.decode().encode(encoding) for mark in _FORBIDDEN for encoding in ("utf-16-le", "utf-16-be")
)
_WORKSHEETS = "xl/worksheets/"
_OPEN_XML = "[Content_Types].xml"
_MACROS = ("Basic/", "Dialogs/")  # of OpenDocument: with a DOCTYPE each, and opened by no reader
# Addresses that make an area big: from column AA on, or from row 100,000 on.
_FAR = re.compile(rb' r="([A-Z]{2,3}[0-9]+|[A-Z]?[0-9]{6,7})"')
_ANY_ADDRESS = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{0,3}[0-9]{1,7})[\"']")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*[^<>/])?>")
_ODD_SIGNS = (b"\t", b"\n", b"\r", b"'", b"r =", b"r= ")  # no usual program writes them so
_PLACE = re.compile(r"([A-Z]{0,3})([0-9]{1,7})")
_FAILED_MARK = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_COLUMN = re.compile(rb' r="([A-Z]{1,3})[0-9]')
_ROWS_BELOW_FAR = 99_999
_PIECE_BYTES = 256 * 1024  # fits in the caches of the processor
_OVERLAP = 256  # bytes kept of a piece so that no address and no beginning of a row is cut in two
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\s(?=[^<>]*\bhidden=[\"'](?:1|true)[\"'])[^<>]*?\br=[\"']([0-9]{1,7})[\"'][^<>]*(?<!/)>"
)
_FORMULA = (b"<f>", b"<f ", b":f>", b":f ", b"<f/", b":f/")


@dataclass
class Area:
    """How far the cells of one part reach; `failed`: it holds failed formulas; `formulas`: any;
    `hidden`: the numbers of hidden rows.

    Columns up to Z that begin behind the first piece may be missed: no matter for the memory.
    """

    rows: int = _ROWS_BELOW_FAR
    columns: int = 1
    failed: bool = False
    formulas: bool = False
    hidden: set[int] = field(default_factory=set)

    @property
    def cells(self) -> int:
        return self.rows * self.columns


@dataclass
class Survey:
    """What the pass over the archive found.

    `areas`: by the name of the sheet's part. `signs`: a number sign is somewhere, so that words
    for failed formulas may be among the texts. `largest`: bytes of the biggest part.
    """

    areas: dict[str, Area] = field(default_factory=dict)
    unpacked: int = 0
    signs: bool = False
    largest: int = 0


def check(path: Path) -> zipfile.ZipFile:
    """The opened archive, once its directory promises nothing dangerous."""
    try:
        if path.stat().st_size > MAX_WORKBOOK_BYTES:
            raise problems.problem(problems.TOO_BIG, path)
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise problems.reading_failed(path, error) from error
    except BROKEN as error:
        raise problems.problem(problems.DAMAGED, path) from error
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    bomb = size > RATIO_COUNTS_FROM_BYTES and size / packed > MAX_RATIO
    if size > MAX_UNPACKED_BYTES or bomb or len(entries) > MAX_ENTRIES:
        archive.close()
        raise problems.problem(problems.DANGEROUS, path)
    if any(entry.flag_bits & 1 for entry in entries):
        archive.close()
        raise problems.problem(problems.PASSWORD, path)
    return archive


def survey(path: Path, archive: zipfile.ZipFile) -> Survey:
    """Unpacks every XML part once; raises FileProblem for forbidden XML and broken parts."""
    found = Survey()
    apart = () if _OPEN_XML in archive.namelist() else _MACROS
    for entry in archive.infolist():
        name = entry.filename
        if not name.lower().endswith((".xml", ".rels", ".vml")) or name.startswith(apart):
            continue
        area = Area() if name.startswith(_WORKSHEETS) else None
        before = found.unpacked
        for piece in pieces(path, archive, name):
            found.unpacked += len(piece)
            found.signs = found.signs or b"#" in piece
            if is_forbidden(piece):
                raise problems.problem(problems.DANGEROUS, path)
            if area is not None:
                _measure(area, piece)
        found.largest = max(found.largest, found.unpacked - before)
        if area is not None:
            if area.cells > MAX_DENSE_CELLS:
                area = _exact(path, archive, area, name)
            found.areas[name] = area
    return found


def _exact(path: Path, archive: zipfile.ZipFile, rough: Area, part: str) -> Area:
    """The area of filled cells alone: slower, for the few sheets that seem too wide.

    LibreOffice writes styled empty cells down to the last row; calamine leaves them out.
    """
    exact = replace(rough, rows=1, columns=1)
    rest = b""
    for piece in pieces(path, archive, part, overlap=0):
        text = rest + piece
        cut = max(text.rfind(b"<"), 0)
        text, rest = text[:cut], text[cut:]
        if len(rest) > MAX_CELL_CHARACTERS:
            return rough
        filled = _FILLED_CELL.findall(text)
        addresses = [match[1] for match in map(_ANY_ADDRESS.search, filled) if match]
        if len(addresses) < len(filled):
            return rough  # cells that follow one another without an address
        _extend(exact, set(addresses))
    return exact


def worksheet_parts(path: Path, archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet of a workbook of Office Open XML."""
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in read_xml(path, archive, "xl/_rels/workbook.xml.rels")
    }
    parts = {}
    for item in read_xml(path, archive, "xl/workbook.xml").iter():
        target = targets.get(item.get(_RELATION))
        if item.tag.rpartition("}")[2] == "sheet" and target:
            inside = PurePosixPath("/xl", target) if target[0] != "/" else PurePosixPath(target)
            parts[item.get("name", "")] = str(inside).lstrip("/")
    return parts


def read_part(path: Path, archive: zipfile.ZipFile, part: str) -> bytes:
    """A small part; call `survey` first, which refuses big ones."""
    return b"".join(pieces(path, archive, part, overlap=0))


def read_xml(path: Path, archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """A small part as a tree; call `survey` first, which refuses entities."""
    try:
        return ElementTree.fromstring(read_part(path, archive, part))
    except (ElementTree.ParseError, LookupError, *BROKEN) as error:
        raise problems.problem(problems.DAMAGED, path) from error


def place_of(address: str) -> tuple[int, int]:
    """Row and column, both from 0, of an address such as B12."""
    match = _PLACE.fullmatch(address)
    if match is None:
        return (0, 0)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError,
    RuntimeError, OverflowError,
)  # fmt: skip


def pieces(
    path: Path, archive: zipfile.ZipFile, part: str, *, overlap: int = _OVERLAP,
    size: int = _PIECE_BYTES,
) -> Iterator[bytes]:  # fmt: skip
    """The unpacked part in pieces of so many bytes that overlap a little."""
    tail = b""
    try:
        with archive.open(part) as file:
            while chunk := file.read(size):
                yield tail + chunk
                tail = chunk[max(len(chunk) - overlap, 0) :]
    except OSError as error:
        raise problems.reading_failed(path, error) from error
    except BROKEN as error:
        raise problems.problem(problems.DAMAGED, path) from error


def is_forbidden(piece: bytes) -> bool:
    """A document type or an entity is declared: no program writes those in a workbook."""
    if b"<!" in piece and any(mark in piece for mark in _FORBIDDEN):
        return True
    return b"\0" in piece[:256] and any(mark in piece for mark in _WIDE_FORBIDDEN)


def _measure(area: Area, piece: bytes) -> None:
    area.failed = area.failed or b't="e"' in piece
    area.formulas = area.formulas or any(mark in piece for mark in _FORMULA)
    if b"hidden=" in piece:
        area.hidden.update(map(int, _HIDDEN_ROW.findall(piece)))
    addresses = set(_FAR.findall(piece))
    if area.columns == 1:
        addresses.update(column + b"1" for column in set(_COLUMN.findall(piece)))
    if any(sign in piece for sign in _ODD_SIGNS):
        addresses.update(_ANY_ADDRESS.findall(piece))
        area.failed = area.failed or bool(_FAILED_MARK.search(piece))
    _extend(area, addresses)


def _extend(area: Area, addresses: set[bytes]) -> None:
    for address in addresses:
        row, column = place_of(address.decode())
        area.rows = max(area.rows, row + 1)
        area.columns = max(area.columns, column + 1)
