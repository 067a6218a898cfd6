"""What calamine does not tell of the cells of a workbook: failed formulas, numbers that are shown
in per cent, and formulas that no program has reckoned yet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from crm_desktop.services.importing.readers import archive, problems
from crm_desktop.services.importing.readers.base import (
    Cell,
    CellError,
    Percent,
    Unreckoned,
)
from crm_desktop.services.importing.readers.header import letter
from crm_desktop.services.importing.readers.limits import MAX_CELL_CHARACTERS

PERCENT, UNRECKONED = "%", "="
"""Marks beside the words of failed formulas, which begin with another sign."""
Marks = Mapping[tuple[int, int], str]
"""By row and column, both from 0."""

_STYLES = "xl/styles.xml"
PERCENT_FORMATS = frozenset((9, 10))  # 0% and 0.00%, which every workbook has (ECMA-376, 18.8.30)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
# Attributes end before the next sign and contents before the next cell: in a worksheet made to
# hold us up each of a million cells without an end would look through all that follow.
_WITHIN = rb"(?:[^<]++|<(?!/?(?:\w+:)?c\b))*+"
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*)>")
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)(?<!/)>\s*(<(?:\w+:)?f\b" + _WITHIN + rb")</(?:\w+:)?c>"
)
_FAILED_CELL = re.compile(
    rb"<(?:\w+:)?c\b((?=[^<>]*\st=[\"']e[\"'])[^<>]*(?<!/))>(" + _WITHIN + rb")</(?:\w+:)?c>"
)
_ADDRESS = re.compile(rb"\sr=[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_STYLE = re.compile(rb"\ss=[\"']([0-9]{1,6})[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_TYPED = re.compile(rb"\st=[\"'](?:str|e|b)[\"']")
_RECKONED_LATER = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*\sfullCalcOnLoad=[\"'](?:1|true)[\"']")
_SINCE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\sdate1904=[\"'](?:1|true)[\"']")
_FORMULAS = re.compile(rb"<(?:\w+:)?f[\s>/]")


class Legend(NamedTuple):
    """What of a workbook has to be looked for. `percents`: the styles shown in per cent.

    `later`: the writer left the reckoning to whoever opens the workbook; the noughts that stand
    beside its formulas are no results. `since_1904`: days are counted from 1904.
    """

    percents: frozenset[bytes] = frozenset()
    later: bool = False
    since_1904: bool = False

    def among(self, cells: bytes) -> dict[tuple[int, int], str]:
        """The marks of whole cells of a worksheet."""
        marks = dict(self._percents(cells)) if self.percents else {}
        if _FORMULAS.search(cells):
            marks.update(self._unreckoned(cells))
        if b"e" in cells:
            marks.update(_failed(cells))
        return marks

    def _percents(self, cells: bytes) -> Iterator[tuple[tuple[int, int], str]]:
        for match in _CELL.finditer(cells):
            style = _STYLE.search(match[1])
            if style is not None and style[1] in self.percents:
                address = _ADDRESS.search(match[1])
                if address is not None:
                    yield archive.place_of(address[1].decode()), PERCENT

    def _unreckoned(self, cells: bytes) -> Iterator[tuple[tuple[int, int], str]]:
        for match in _FORMULA_CELL.finditer(cells):
            if _TYPED.search(match[1]):
                continue  # an empty text is a result, too
            value, address = _VALUE.search(match[2]), _ADDRESS.search(match[1])
            shown = value[1].strip() if value else b""
            if address and (not shown or (self.later and shown == b"0")):
                yield archive.place_of(address[1].decode()), UNRECKONED


def legend_of(path: Path, opened: zipfile.ZipFile) -> Legend:
    """What of this workbook of Office Open XML has to be looked for; `archive.survey` passed it."""
    names = {name.lower(): name for name in opened.namelist()}
    settings = archive.read_part(path, opened, names["xl/workbook.xml"])
    later = bool(_RECKONED_LATER.search(settings))
    since_1904 = bool(_SINCE_1904.search(settings))
    if _STYLES not in names:
        return Legend(later=later, since_1904=since_1904)
    content = archive.read_part(path, opened, names[_STYLES])
    try:
        percents = _percent_styles(ElementTree.fromstring(content))
    except (ElementTree.ParseError, ValueError):  # its reader says what is broken, or does not mind
        percents = frozenset()
    return Legend(percents, later, since_1904)


def is_percent(form: str) -> bool:
    """Whether a number format shows in per cent: `0.0 %`, not `0" % of all"`."""
    return "%" in _QUOTED.sub("", form)


def marked_cells(path: Path, opened: zipfile.ZipFile, part: str, legend: Legend) -> Marks:
    """The marks of a whole worksheet."""
    marks: dict[tuple[int, int], str] = {}
    rest = b""
    for piece in archive.pieces(path, opened, part, overlap=0):
        text = rest + piece
        cut = max(text.rfind(b"</c>"), text.rfind(b":c>")) + 4 if b"c>" in text else 0
        rest = text[cut:]
        if len(rest) > MAX_CELL_CHARACTERS:
            raise problems.problem(problems.DAMAGED, path)
        marks.update(legend.among(text[:cut]))
    return marks


def by_row(marks: Marks) -> dict[int, dict[int, str]]:
    """The marks of each row, by column."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), mark in marks.items():
        rows.setdefault(row, {})[column] = mark
    return rows


def put_in(
    cells: list[Cell], marks: Mapping[int, str], sheet: str, row: int, first: int = 0
) -> None:
    """Gives the cells of a row what the marks say; `row` and `first`, the column that the cells
    begin with, are counted from 0. The cells become more where formulas stand behind them."""
    for column, mark in marks.items():
        place = column - first
        if mark == UNRECKONED and place >= 0:
            cells += [None] * (place + 1 - len(cells))
            cells[place] = Unreckoned(sheet, f"{letter(column)}{row + 1}")
        elif not 0 <= place < len(cells):
            continue
        elif mark == PERCENT:
            cells[place] = as_percent(cells[place])
        elif cells[place] is None:
            cells[place] = CellError(mark)


def unreckoned(marks: Marks) -> list[tuple[int, int]]:
    """Where formulas stand that nobody has reckoned: calamine knows nothing of their cells."""
    return [place for place, mark in marks.items() if mark == UNRECKONED]


def as_percent(cell: Cell) -> Cell:
    """A number as a format in per cent shows it; anything else as it is."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    shown = Decimal(repr(cell)) * 100
    return Percent(int(shown) if shown == shown.to_integral_value() else shown.normalize())


def _failed(cells: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _FAILED_CELL.finditer(cells):
        address, value = _ADDRESS.search(match[1]), _VALUE.search(match[2])
        if address:
            shown = value[1].decode("utf-8", "replace") if value else "#VALUE!"
            yield archive.place_of(address[1].decode()), shown


def _percent_styles(styles: ElementTree.Element) -> frozenset[bytes]:
    own = {
        int(one.get("numFmtId", "0")): one.get("formatCode", "")
        for one in styles.iter() if one.tag.rpartition("}")[2] == "numFmt"
    }  # fmt: skip
    shown = {number for number, form in own.items() if is_percent(form)}
    shown |= PERCENT_FORMATS - own.keys()
    listed = next((one for one in styles.iter() if one.tag.rpartition("}")[2] == "cellXfs"), ())
    return frozenset(
        b"%d" % place for place, one in enumerate(listed) if int(one.get("numFmtId", "0")) in shown
    )
