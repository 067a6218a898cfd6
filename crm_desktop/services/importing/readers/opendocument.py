"""How far the cells of an OpenDocument sheet reach, before calamine makes room for all of them, and
what calamine does not tell of them.

A cell or row may say that it is repeated a million times; empty ones at the end count for nothing.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.limits import MAX_MARKUP_BYTES
from crm_desktop.services.importing.readers.marks import PERCENT, UNRECKONED

_TABLE_END = re.compile(rb"</(?:\w+:)?table>")
_TABLE = re.compile(rb"<(?:\w+:)?table\s[^<>]*?\bname=\"([^\"]*)\"")
_ROW = re.compile(
    rb"<(?:\w+:)?table-row\b((?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*+)>"
    rb"((?:[^<]++|<(?!/?(?:\w+:)?table-row\b))*+)</(?:\w+:)?table-row>"
)
"""Attributes end before the next sign and rows before the next row, however a sheet is made."""
_CELL = re.compile(
    rb"<(?:\w+:)?(?:covered-)?table-cell\b((?:[^<>\"'/]|\"[^<\"]*\"|'[^<']*')*+)(/?)>"
)
_ROWS = re.compile(rb"number-rows-repeated\s*=\s*[\"']([0-9]{1,9})[\"']")
_COLUMNS = re.compile(rb"number-columns-repeated\s*=\s*[\"']([0-9]{1,9})[\"']")
_HIDDEN = re.compile(rb"visibility\s*=\s*[\"'](?:collapse|filter)[\"']")
_PERCENT = re.compile(rb"office:value-type\s*=\s*[\"']percentage[\"']")
_RECKONED = re.compile(rb"value\s*=|value-type\s*=\s*[\"']string[\"']")
_TEXT = re.compile(rb"<(?:\w+:)?p\b[^<>/]*>[^<]")
_TOLD = (b"percentage", b":formula")  # rows in which calamine may not tell all
_MOST_REPEATED = 10_000  # marks of one row or cell that is repeated
_SINCE_1904 = re.compile(rb"<(?:\w+:)?null-date\b[^<>]*?\bdate-value\s*=\s*[\"']1904-01-01")
_VALUE = re.compile(rb"value(?:-type)?\s*=|<(?:\w+:)?p\b")


@dataclass
class OpenSheet:
    """Rows and columns of one table up to its last filled cell, its marks, the numbers of its
    hidden rows from 1. `since_1904`: its days are counted from then."""

    name: str = ""
    rows: int = 0
    columns: int = 0
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    since_1904: bool = False


def areas(path: Path, archive: zipfile.ZipFile) -> list[OpenSheet]:
    """Every table of the document, in its order; `archive.survey` must have passed it."""
    try:
        if archive.getinfo("content.xml").file_size > MAX_MARKUP_BYTES:
            raise problems.problem(problems.TOO_BIG, path)
        content = archive.read("content.xml")
    except (KeyError, zipfile.BadZipFile) as error:
        raise problems.problem(problems.DAMAGED, path) from error
    _check_whole(path, content)
    found = [_area(table) for table in _TABLE_END.split(content)[:-1]]
    since_1904 = bool(_SINCE_1904.search(content))
    for sheet in found:
        sheet.since_1904 = since_1904
    return found


def _check_whole(path: Path, content: bytes) -> None:
    """WORKAROUND: calamine looks for ever for the end of a tag that has none."""
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        raise problems.problem(problems.DAMAGED, path) from error


def _area(table: bytes) -> OpenSheet:
    begun = _TABLE.search(table)
    found = OpenSheet(html.unescape(begun[1].decode("utf-8", "replace")) if begun else "")
    passed = 0
    for match in _ROW.finditer(table):
        repeated = _ROWS.search(match[1])
        above, passed = passed, passed + (int(repeated[1]) if repeated else 1)
        if any(told in match[2] for told in _TOLD):
            marks = dict(_marks(match[2]))
            lines = range(above, min(passed, above + _MOST_REPEATED))
            found.marks.update(((row, at), mark) for row in lines for at, mark in marks.items())
        if _VALUE.search(match[2]):
            found.rows = passed
            if _HIDDEN.search(match[1]):
                found.hidden.update(range(above + 1, min(passed, above + _MOST_REPEATED) + 1))
            found.columns = max(found.columns, _width(match[2]))
    return found


def _marks(row: bytes) -> Iterator[tuple[int, str]]:
    """The columns of a row that are shown in per cent, or hold a formula without a value."""
    passed = 0
    for match in _CELL.finditer(row):
        repeated = _COLUMNS.search(match[1])
        above, passed = passed, passed + (int(repeated[1]) if repeated else 1)
        mark = PERCENT if _PERCENT.search(match[1]) else ""
        if b":formula" in match[1] and not _RECKONED.search(match[1]):
            following = row[match.end() : match.end() + 64].lstrip()
            mark = UNRECKONED if match[2] or not _TEXT.match(following) else mark
        if mark:
            yield from ((at, mark) for at in range(above, min(passed, above + _MOST_REPEATED)))


def _width(row: bytes) -> int:
    """Cells up to the last one that is filled."""
    if b"-repeated" not in row:
        return row.count(b"table-cell ") + row.count(b"table-cell>")
    passed = width = 0
    for match in _CELL.finditer(row):
        repeated = _COLUMNS.search(match[1])
        passed += int(repeated[1]) if repeated else 1
        if not match[2] or _VALUE.search(match[1]):
            width = passed
    return width
