"""Tables under the name of a workbook that are a web page, or XML of Excel 2003.

Both hold everything as text or say the type themselves; nothing outside the file is fetched, and
document types with entities of their own are refused.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from crm_desktop.models.text.pages import closed_page
from crm_desktop.services.importing.readers import archive, problems
from crm_desktop.services.importing.readers.base import (
    Cell,
    Merge,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
    Unreckoned,
)
from crm_desktop.services.importing.readers.cells import number_cell, text_cell
from crm_desktop.services.importing.readers.encoding import detect, marked
from crm_desktop.services.importing.readers.header import letter
from crm_desktop.services.importing.readers.limits import (
    MAX_COLUMNS,
    MAX_DENSE_CELLS,
    MAX_MARKUP_BYTES,
    SAMPLE_BYTES,
)
from crm_desktop.services.importing.readers.marks import as_percent, is_percent
from crm_desktop.services.importing.readers.textscan import usable

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BREAKS = frozenset(("br", "p", "div", "li"))
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MAX_ROWS = 1_048_576


class TooWide(Exception):
    """The tables promise more cells than memory should hold."""


class Budget:
    """How many cells the tables of one file may still have."""

    def __init__(self) -> None:
        self.left = MAX_DENSE_CELLS

    def spend(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            raise TooWide


class ListedSheet(Sheet):
    """A sheet whose rows are in memory."""

    def __init__(self, name: str, budget: Budget) -> None:
        super().__init__(name)
        self.budget = budget
        self.lines: list[tuple[int, list[Cell]]] = []
        self.ranges: list[Merge] = []

    @property
    def merged(self) -> tuple[Merge, ...]:
        return tuple(self.ranges)

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        return iter(self.lines)


class ListedSource(Source):
    """A file whose tables are in memory; only the encoding is found out."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        super().__init__(path, options)
        content = _content(path)
        encoding = options.encoding or self.encoding_of(content)
        encoding = usable(path, encoding, content[:SAMPLE_BYTES])
        self.options = replace(options, encoding=encoding)
        try:
            tables = self.tables(content, encoding)
        except TooWide as error:
            raise problems.problem(problems.TOO_WIDE, path, sheet=path.stem) from error
        self._tables = [table for table in tables if table.columns]
        if not self._tables:
            raise problems.problem(problems.NOT_TEXT, path)

    @staticmethod
    @abstractmethod
    def encoding_of(content: bytes) -> str:
        """The encoding that the file names or that its letters show."""

    @abstractmethod
    def tables(self, content: bytes, encoding: str) -> list[ListedSheet]:
        """All tables of the file."""

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """The tables that have cells."""
        return tuple(SheetInfo(t.name, t.hidden, len(t.lines), t.columns) for t in self._tables)

    def sheet_at(self, index: int) -> Sheet:
        return self._tables[index]


class PageSource(ListedSource):
    """The tables of a web page, one sheet each."""

    kind = "html"

    @staticmethod
    def encoding_of(content: bytes) -> str:
        named = _CHARSET.search(content[:4096])
        mark = marked(content)
        if mark or not named:
            return mark or detect(content[:SAMPLE_BYTES], whole=False).name
        return named[1].decode("ascii").lower()

    def tables(self, content: bytes, encoding: str) -> list[ListedSheet]:
        parser = _Tables(self.path.stem)
        page = content.decode(encoding, errors="replace").replace("\0", "")
        parser.feed(closed_page(page))
        parser.close()
        return parser.tables


class XmlSource(ListedSource):
    """A file of XML without a document type of its own."""

    @staticmethod
    def encoding_of(content: bytes) -> str:
        return marked(content) or "utf-8"  # the parser reads the declaration itself

    def tables(self, content: bytes, encoding: str) -> list[ListedSheet]:
        if archive.is_forbidden(content):
            raise problems.problem(problems.DANGEROUS, self.path)
        try:
            root = ElementTree.fromstring(content)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise problems.problem(problems.DAMAGED, self.path) from error
        return self.tables_in(root)

    @abstractmethod
    def tables_in(self, root: ElementTree.Element) -> list[ListedSheet]:
        """The tables; `TooWide` if they hold too many cells."""


class XmlWorkbookSource(XmlSource):
    """XML Spreadsheet 2003, as many business programs write it."""

    kind = "xml"

    def tables_in(self, root: ElementTree.Element) -> list[ListedSheet]:
        budget, percents = Budget(), _percent_styles(root)
        return [_xml_sheet(sheet, budget, percents) for sheet in root.iter(f"{_SS}Worksheet")]


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_MARKUP_BYTES:
            raise problems.problem(problems.TOO_BIG, path)
        return path.read_bytes()
    except OSError as error:
        raise problems.reading_failed(path, error) from error


class _Tables(HTMLParser):
    """Collects the cells of all tables; a table in a cell becomes a sheet of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[ListedSheet] = []
        self._name = name
        self._budget = Budget()
        self._open: list[ListedSheet] = []
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            number = len(self.tables) + 1
            name = self._name if number == 1 else f"{self._name} {number}"
            self._open.append(ListedSheet(name, self._budget))
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            lines = self._open[-1].lines
            lines.append((len(lines) + 1, []))
        elif tag in ("td", "th") and self._open:
            self._begin_cell(dict(attrs))
        elif tag in _BREAKS and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(_SPACES.sub(" ", data))

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        if not self._open[-1].lines:
            self._open[-1].lines.append((1, []))
        self._text = []
        self._span = (_count(attributes.get("rowspan")), _count(attributes.get("colspan")))

    def _end_cell(self) -> None:
        if self._text is None or not self._open:
            return
        sheet = self._open[-1]
        number, cells = sheet.lines[-1]
        self._skip_covered(sheet, number, cells)
        text = "\n".join(line.strip() for line in "".join(self._text).split("\n")).strip()
        self._text = None
        down, right = self._span
        if len(cells) + right > MAX_COLUMNS:
            return
        if down * right > 1:
            left = len(cells)
            sheet.ranges.append(Merge(number, left, number + down - 1, left + right - 1))
        self._budget.spend(right)
        cells.append(text_cell(text.replace("\u00a0", " ")))
        cells.extend([None] * (right - 1))

    def _skip_covered(self, sheet: ListedSheet, number: int, cells: list[Cell]) -> None:
        """Leaves out the places that a cell from a row above reaches down to."""
        above = [merge for merge in sheet.ranges[-256:] if merge.top < number <= merge.bottom]
        for merge in sorted(above, key=lambda merge: merge.left):
            if merge.left <= len(cells) <= merge.right:
                covered = merge.right + 1 - len(cells)
                self._budget.spend(covered)
                cells.extend([None] * covered)


def _count(value: str | None) -> int:
    number = int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else 1
    return max(1, min(number, MAX_COLUMNS))


def _percent_styles(root: ElementTree.Element) -> frozenset[str]:
    """The styles that show numbers in per cent."""
    found = set()
    for style in root.iter(f"{_SS}Style"):
        form = style.find(f"{_SS}NumberFormat")
        code = form.get(f"{_SS}Format", "") if form is not None else ""
        if code == "Percent" or is_percent(code):
            found.add(style.get(f"{_SS}ID", ""))
    return frozenset(found)


def _xml_sheet(
    element: ElementTree.Element, budget: Budget, percents: frozenset[str]
) -> ListedSheet:
    sheet = ListedSheet(element.get(f"{_SS}Name", ""), budget)
    number = 0
    for row in element.iter(f"{_SS}Row"):
        number = _index(row, number + 1)
        if number > _MAX_ROWS:
            break
        sheet.lines.append((number, _xml_cells(row, sheet, number, percents)))
    sheet.lines.sort(key=lambda line: line[0])
    return sheet


def _xml_cells(
    row: ElementTree.Element, sheet: ListedSheet, number: int, percents: frozenset[str]
) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iter(f"{_SS}Cell"):
        place = _index(cell, len(cells) + 1)
        if place > MAX_COLUMNS:
            break
        cells.extend([None] * (place - 1 - len(cells)))
        across, down = _span(cell, "MergeAcross"), _span(cell, "MergeDown")
        if across or down:
            sheet.ranges.append(Merge(number, len(cells), number + down, len(cells) + across))
        content = cell.find(f"{_SS}Data")
        value = None if content is None else _xml_value(content)
        if value in (None, "") and cell.get(f"{_SS}Formula") and not _is_text(content):
            value = Unreckoned(sheet.name, f"{letter(len(cells))}{number}")
        cells.append(as_percent(value) if cell.get(f"{_SS}StyleID") in percents else value)
        cells.extend([None] * min(across, MAX_COLUMNS - len(cells)))
        sheet.budget.spend(1)
    sheet.budget.spend(len(cells))
    return cells


def _is_text(content: ElementTree.Element | None) -> bool:
    """An empty text is a result of a formula, too."""
    return content is not None and content.get(f"{_SS}Type") == "String"


def _index(element: ElementTree.Element, otherwise: int) -> int:
    told = element.get(f"{_SS}Index", "")
    return max(int(told), 1) if told.isascii() and told.isdigit() and len(told) < 8 else otherwise


def _span(element: ElementTree.Element, name: str) -> int:
    told = element.get(f"{_SS}{name}", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0


def _xml_value(element: ElementTree.Element) -> Cell:
    text = "".join(element.itertext())
    form = element.get(f"{_SS}Type", "String")
    with suppress(ValueError, OverflowError):
        if form == "Number":
            return number_cell(float(text))
        if form == "DateTime":
            moment = datetime.fromisoformat(text)  # without a zone: the clock of its maker
            return moment.date() if moment.time() == time() else moment
    if form == "Boolean":
        return text.strip() == "1"
    return text_cell(text)
