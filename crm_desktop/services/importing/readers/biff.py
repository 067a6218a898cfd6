"""What calamine does not tell of old workbooks (xls): failed formulas, and how far cells reach.

Records of BIFF 5 and 8 are walked, nothing else is read of them. Source: [MS-XLS] 2.3 and 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.archive import Errors

_BOUNDSHEET, _FORMULA, _BOOLERR, _MULRK = 0x85, 0x06, 0x205, 0xBD
_CELLS = frozenset((_FORMULA, _BOOLERR, _MULRK, 0x203, 0xFD, 0x204, 0x27E, 0xD6))
_EOF = 0x0A
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_WORKSHEET = 0


@dataclass
class BiffSheet:
    """One worksheet: how far its cells reach, and its failed formulas."""

    name: str = ""
    rows: int = 0
    columns: int = 0
    errors: Errors = field(default_factory=dict)


def streams(path: Path) -> frozenset[str]:
    """The names of the streams in a compound file; raises FileProblem if it is broken."""
    with _opened(path) as compound:
        return frozenset(entry[0] for entry in compound.listdir())


def walk(path: Path) -> list[BiffSheet]:
    """Every worksheet of the workbook, in its order."""
    stream = _workbook(path)
    return [_sheet(stream, start, name) for start, name in _starts(stream)]


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


def _sheet(stream: bytes, start: int, name: str) -> BiffSheet:
    found = BiffSheet(name)
    if start < 0:
        return found
    for kind, place, length in _records(stream, start):
        if kind == _EOF:
            break
        if kind in _CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", stream, place)
            last = column
            if kind == _MULRK:
                last = struct.unpack_from("<H", stream, place + length - 2)[0]
            found.rows = max(found.rows, row + 1)
            found.columns = max(found.columns, last + 1)
            code = _error(stream, kind, place, length)
            if code is not None:
                found.errors[row, column] = _ERRORS.get(code, "#N/A")
    return found


def _error(stream: bytes, kind: int, place: int, length: int) -> int | None:
    """The code of a failed formula or of an error typed in."""
    if kind == _FORMULA and length >= 14:
        result = stream[place + 6 : place + 14]
        return result[2] if result[6:8] == b"\xff\xff" and result[0] == 2 else None
    if kind == _BOOLERR and length >= 8:
        return stream[place + 6] if stream[place + 7] else None
    return None
