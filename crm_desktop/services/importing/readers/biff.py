"""What calamine does not tell of old workbooks (xls): failed formulas, numbers shown in per cent,
formulas that were never reckoned, and how far cells reach.

Records of BIFF 5 and 8 are walked, nothing else is read of them. Source: [MS-XLS] 2.3 and 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.marks import (
    PERCENT,
    PERCENT_FORMATS,
    UNRECKONED,
    is_percent,
)

_BOUNDSHEET, _FORMULA, _BOOLERR, _MULRK = 0x85, 0x06, 0x205, 0xBD
_NUMBER, _RK, _XF, _FORMAT = 0x203, 0x27E, 0xE0, 0x41E
_CELLS = frozenset((_FORMULA, _BOOLERR, _MULRK, _NUMBER, 0xFD, 0x204, _RK, 0xD6))
_NUMBERS = frozenset((_FORMULA, _NUMBER, _RK))
_BIFF8 = 0x0600
_EOF = 0x0A
_ROW, _ROW_HIDDEN, _DATEMODE = 0x208, 0x20, 0x22
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_WORKSHEET = 0


@dataclass
class BiffSheet:
    """One worksheet: how far its cells reach, its marks, the numbers of its hidden rows from 1."""

    name: str = ""
    rows: int = 0
    columns: int = 0
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    since_1904: bool = False


def streams(path: Path) -> frozenset[str]:
    """The names of the streams in a compound file; raises FileProblem if it is broken."""
    with _opened(path) as compound:
        return frozenset(entry[0] for entry in compound.listdir())


def walk(path: Path) -> list[BiffSheet]:
    """Every worksheet of the workbook, in its order."""
    stream = _workbook(path)
    percents = _percent_styles(stream)
    sheets = [_sheet(stream, start, name, percents) for start, name in _starts(stream)]
    since_1904 = _is_since_1904(stream)
    for sheet in sheets:
        sheet.since_1904 = since_1904
    if not _is_reckoned(stream):
        for sheet, (start, _name) in zip(sheets, _starts(stream), strict=True):
            sheet.marks.update(dict.fromkeys(_formulas(stream, start), UNRECKONED))
    return sheets


def _opened(path: Path) -> Any:
    import olefile  # type: ignore[import-untyped]

    try:
        return olefile.OleFileIO(path)
    except OSError as error:
        if path.is_file() and path.stat().st_size:
            raise problems.problem(problems.DAMAGED, path) from error
        raise problems.reading_failed(path, error) from error
    except Exception as error:
        raise problems.problem(problems.DAMAGED, path) from error


def _workbook(path: Path) -> bytes:
    with _opened(path) as compound:
        name = next((n for n in ("Workbook", "Book") if compound.exists(n)), None)
        if name is None:
            raise problems.problem(problems.DAMAGED, path)
        try:
            return bytes(compound.openstream(name).read())
        except Exception as error:
            raise problems.problem(problems.DAMAGED, path) from error


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of the records from `start` on."""
    place, end = start, len(stream) - 4
    while place <= end:
        kind, length = struct.unpack_from("<HH", stream, place)
        place += 4
        if place + length > len(stream):
            return
        yield kind, place, length
        place += length


def _is_since_1904(stream: bytes) -> bool:
    """Whether days are counted from 1904."""
    for kind, place, length in _records(stream, 0):
        if kind == _DATEMODE and length >= 2:
            return bool(struct.unpack_from("<H", stream, place)[0])
        if kind == _EOF:
            break
    return False


def _starts(stream: bytes) -> list[tuple[int, str]]:
    """Where the worksheets begin, and their names; -1 for sheets of other kinds."""
    starts = []
    for kind, place, length in _records(stream, 0):
        if kind == _BOUNDSHEET and length >= 6:
            start, _state, sort = struct.unpack_from("<IBB", stream, place)
            name = stream[place + 6 : place + length]
            starts.append((start if sort == _WORKSHEET else -1, _name(name)))
        if kind == _EOF:
            break
    return starts


def _name(content: bytes) -> str:
    """The name after its length; only BIFF 8 says there how many bytes a letter has."""
    count = content[0] if content else 0
    if len(content) == 2 + 2 * count and content[1] & 1:
        return content[2:].decode("utf-16-le", "replace")
    return content[len(content) - count :].decode("cp1252", "replace")


def _sheet(stream: bytes, start: int, name: str, percents: frozenset[int]) -> BiffSheet:
    found = BiffSheet(name)
    if start < 0:
        return found
    for kind, place, length in _records(stream, start):
        if kind == _EOF:
            break
        if kind == _ROW and length >= 14:
            if struct.unpack_from("<H", stream, place + 12)[0] & _ROW_HIDDEN:
                found.hidden.add(struct.unpack_from("<H", stream, place)[0] + 1)
        elif kind in _CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", stream, place)
            last = column
            if kind == _MULRK:
                last = struct.unpack_from("<H", stream, place + length - 2)[0]
            found.rows = max(found.rows, row + 1)
            found.columns = max(found.columns, last + 1)
            code = _error(stream, kind, place, length)
            if code is not None:
                found.marks[row, column] = _ERRORS.get(code, "#N/A")
            elif percents:
                styles = _styles(stream, kind, place, length)
                shown = [at for at, style in enumerate(styles, column) if style in percents]
                found.marks.update(dict.fromkeys(((row, at) for at in shown), PERCENT))
    return found


def _styles(stream: bytes, kind: int, place: int, length: int) -> list[int]:
    """The styles of the numbers in a record, which stand side by side."""
    if kind in _NUMBERS:
        return [struct.unpack_from("<H", stream, place + 4)[0]]
    if kind == _MULRK:
        ends = range(place + 4, place + length - 7, 6)
        return [struct.unpack_from("<H", stream, at)[0] for at in ends]
    return []


def _percent_styles(stream: bytes) -> frozenset[int]:
    """The styles of cells that are shown in per cent."""
    forms, styles, version = set(PERCENT_FORMATS), [], 0
    for kind, place, length in _records(stream, 0):
        if not version and length >= 2:
            version = struct.unpack_from("<H", stream, place)[0]
        if kind == _XF and length >= 4:
            styles.append(struct.unpack_from("<H", stream, place + 2)[0])
        elif kind == _FORMAT and length >= 4:
            number = struct.unpack_from("<H", stream, place)[0]
            said = is_percent(_form(stream[place + 2 : place + length], version))
            (forms.add if said else forms.discard)(number)
        elif kind == _EOF:
            break
    return frozenset(place for place, form in enumerate(styles) if form in forms)


def _form(content: bytes, version: int) -> str:
    """A number format: after its length, and in BIFF 8 how many bytes a letter has."""
    if version < _BIFF8:
        return content[1:].decode("cp1252", "replace")
    return content[3:].decode("utf-16-le" if content[2] & 1 else "latin-1", "replace")


def _is_reckoned(stream: bytes) -> bool:
    """Whether the program that wrote the workbook reckons: some only write formulas, each with an
    empty text beside it, and say nothing of a file's history."""
    head = next(_records(stream, 0), None)
    if head is None or head[2] < 16 or any(stream[head[1] + 8 : head[1] + 12]):
        return True
    return any(
        stream[place + 6] != 3 or stream[place + 12 : place + 14] != b"\xff\xff"
        for start, _name in _starts(stream)
        for place in _formulas(stream, start).values()
    )


def _formulas(stream: bytes, start: int) -> dict[tuple[int, int], int]:
    """The formulas of one worksheet: where their records lie."""
    found: dict[tuple[int, int], int] = {}
    if start >= 0:
        for kind, place, length in _records(stream, start):
            if kind == _EOF:
                break
            if kind == _FORMULA and length >= 14:
                row, column = struct.unpack_from("<HH", stream, place)
                found[row, column] = place
    return found


def _error(stream: bytes, kind: int, place: int, length: int) -> int | None:
    """The code of a failed formula or of an error typed in."""
    if kind == _FORMULA and length >= 14:
        result = stream[place + 6 : place + 14]
        return result[2] if result[6:8] == b"\xff\xff" and result[0] == 2 else None
    if kind == _BOOLERR and length >= 8:
        return stream[place + 6] if stream[place + 7] else None
    return None
