"""Workbooks (xlsx, xls, ods) through calamine; what it cannot hold or read goes to `streamed`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from io import BytesIO
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetMetadata

from crm_desktop.services.importing.readers import hyperlinks, limits, problems, surveys
from crm_desktop.services.importing.readers.base import (
    Cell,
    Merge,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
)
from crm_desktop.services.importing.readers.cells import sheet_cells, with_errors
from crm_desktop.services.importing.readers.limits import COUNT_ALL_SHEETS_BYTES, MAX_DENSE_CELLS
from crm_desktop.services.importing.readers.marks import Marks, by_row, put_in, unreckoned
from crm_desktop.services.importing.readers.merges import filled, merges_of
from crm_desktop.services.importing.readers.panics import NotForCalamine, guarded, values_of
from crm_desktop.services.importing.readers.shared_texts import NotSliced
from crm_desktop.services.importing.readers.sliced import Looked, SlicedSheet
from crm_desktop.services.importing.readers.slices import Frame, Slices
from crm_desktop.services.importing.readers.streamed import StreamedSheet

_DURATION = re.compile(r"P(?:(\d+)D)?T(\d+)H(\d+)M(\d+)(?:\.\d*)?S")


class Known(NamedTuple):
    """What is known of a sheet beside its cells: see `surveys`."""

    marks: Marks
    links: Mapping[tuple[int, int], str]
    words: bool
    fill: bool


class WorkbookSheet(Sheet):
    """A sheet that calamine holds in memory; rows become Python values one by one."""

    def __init__(self, path: Path, sheet: CalamineSheet, known: Known) -> None:
        super().__init__(sheet.name)
        self._path = path
        self._sheet = sheet
        self._known = known
        unknown = unreckoned(known.marks)
        rows, columns = [row for row, _c in unknown], [column for _r, column in unknown]
        start = sheet.start or (min(rows, default=0), min(columns, default=0))
        self._first = min(start[1], *columns, start[1])
        self._lead = start[1] - self._first
        self._reaches = max(start[0] + sheet.height, *(row + 1 for row in rows), 0)
        self.height = self._reaches - start[0]

    @property
    def first_column(self) -> int:
        return self._first

    @cached_property
    def merged(self) -> tuple[Merge, ...]:
        """Its merged ranges from the top down."""
        return merges_of(self._sheet.merged_cell_ranges, self._first)

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        rows = enumerate(self._cells(), 1)
        return filled(rows, self.merged) if self._known.fill and self.merged else rows

    def _cells(self) -> Iterator[list[Cell]]:
        values = values_of(self._path, self.name, self._sheet.iter_rows())
        rows: Iterator[list[Cell]] = map(sheet_cells, values if self._sheet.height else ())
        if self._known.words:
            rows = map(with_errors, rows)
        if self._known.marks:
            rows = self._marked(rows)
        return self._linked(rows) if self._known.links else rows

    def _marked(self, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
        """Puts in what calamine does not tell, also left of its cells and below them."""
        marks = by_row(self._known.marks)
        further: Iterator[list[Cell]] = ([] for _endless in repeat(None))
        for number, cells in enumerate(chain(rows, further)):
            if number >= self._reaches:
                return
            cells[:0] = [None] * self._lead
            if number in marks:
                put_in(cells, marks[number], self.name, number, self._first)
            yield cells

    def _linked(self, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
        links = by_row(self._known.links)
        for number, cells in enumerate(rows):
            if number in links:
                hyperlinks.put_in(cells, links[number], self._first)
            yield cells


class _OpenSheet(WorkbookSheet):
    """A sheet of OpenDocument: durations of a day and more come as ISO text."""

    def _cells(self) -> Iterator[list[Cell]]:
        for cells in super()._cells():
            for place, cell in enumerate(cells):
                if isinstance(cell, str) and cell.startswith("P") and _DURATION.fullmatch(cell):
                    cells[place] = _duration(cell)
            yield cells


class WorkbookSource(Source):
    """A workbook opened by calamine, a big one of Office Open XML in slices. Raises
    NotForCalamine if that cannot be."""

    def __init__(self, path: Path, options: ReadOptions, kind: str) -> None:
        self.kind = kind
        self._survey = surveys.take(path, kind)
        known = options.since_1904 or self._survey.since_1904
        super().__init__(path, replace(options, since_1904=known))
        self._frame: Frame | None = None
        self._opened: CalamineWorkbook | None = None
        self._metadata = [
            (place, item) for place, item in enumerate(self._listed())
            if str(item.typ).endswith("WorkSheet")
        ]  # fmt: skip
        self._sheets: dict[int, Sheet] = {}

    @cached_property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """All worksheets; of a big workbook only the first visible one is measured."""
        hidden = [not str(item.visible).endswith(".Visible") for _i, item in self._metadata]
        first = hidden.index(False) if False in hidden else 0
        everything = self._survey.unpacked <= COUNT_ALL_SHEETS_BYTES
        return tuple(
            self._info(place, hidden=hidden[place], measured=everything or place == first)
            for place in range(len(self._metadata))
        )

    def sheet_at(self, index: int) -> Sheet:
        if index not in self._sheets:
            sheet = self._sheets[index] = self._load(index)
            place, item = self._metadata[index]
            sheet.hidden_rows = self._survey.hidden(place, item.name)
        return self._sheets[index]

    def close(self) -> None:
        self._sheets.clear()
        if self._frame is not None:
            self._frame.close()
        if self._opened is not None:
            with suppress(CalamineError):  # closed before
                self._opened.close()

    def _listed(self) -> list[SheetMetadata]:
        """All sheets; of a big workbook without opening it."""
        if self._survey.largest > limits.SLICED_FROM_BYTES:
            with suppress(NotSliced, NotForCalamine):
                self._frame = Frame(self.path)
                return guarded(self.path, self._frame.book).sheets_metadata
            self._frame = None
        return self._whole().sheets_metadata

    def _whole(self) -> CalamineWorkbook:
        if self._opened is None:
            self._opened = guarded(self.path, lambda: _open(self.path, self.kind))
        return self._opened

    def _info(self, place: int, *, hidden: bool, measured: bool) -> SheetInfo:
        name = self._metadata[place][1].name
        if not measured:
            return SheetInfo(name, hidden)
        sheet = self.sheet_at(place)
        sheet.hidden = hidden
        if not sheet.columns:
            return SheetInfo(name, hidden, 0, 0)
        rows = sheet.height if isinstance(sheet, WorkbookSheet | SlicedSheet) else None
        return SheetInfo(name, hidden, rows, sheet.columns)

    def _load(self, index: int) -> Sheet:
        place, item = self._metadata[index]
        if self._survey.cells(place, item.name) > MAX_DENSE_CELLS:
            if self.kind != "xlsx":
                raise problems.problem(problems.TOO_WIDE, self.path, sheet=item.name)
            return StreamedSheet(self.path, item.name)
        part = self._survey.part(item.name)
        if self._frame is not None and part:
            looked = Looked(
                self._survey.words, self._survey.legend(item.name), self.options.fill_merged
            )
            slices = Slices(self._frame, place, part, limits.SLICE_BYTES)
            with suppress(NotSliced):
                return SlicedSheet(item.name, slices, looked, lambda: self._other(place, item.name))
        return self._held(place, item.name)

    def _held(self, place: int, name: str) -> Sheet:
        """The sheet held by calamine as a whole."""
        sheet = guarded(self.path, lambda: self._whole().get_sheet_by_index(place))
        marks = self._survey.marks(place, name)
        known = Known(marks, self._survey.links(name), self._survey.words, self.options.fill_merged)
        return (_OpenSheet if self.kind == "ods" else WorkbookSheet)(self.path, sheet, known)

    def _other(self, place: int, name: str) -> Sheet:
        """The sheet by a reader that does not slice it."""
        try:
            return self._held(place, name)
        except NotForCalamine:
            return StreamedSheet(self.path, name)


def _open(path: Path, kind: str) -> CalamineWorkbook:
    """Calamine trusts the name of a file; one with another name is given as bytes."""
    if path.suffix.lower() == f".{kind}":
        return CalamineWorkbook.from_path(str(path))
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))


def _duration(text: str) -> Cell:
    match = _DURATION.fullmatch(text)
    if match is None:
        return text
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
