"""Workbooks (xlsx, xls, ods) through calamine; what it cannot hold or read goes to `streamed`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from crm_desktop.services.importing.readers import problems, surveys
from crm_desktop.services.importing.readers.archive import Errors
from crm_desktop.services.importing.readers.base import (
    Cell,
    CellError,
    Merge,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
)
from crm_desktop.services.importing.readers.cells import sheet_cells, with_errors
from crm_desktop.services.importing.readers.limits import COUNT_ALL_SHEETS_BYTES, MAX_DENSE_CELLS
from crm_desktop.services.importing.readers.merges import filled
from crm_desktop.services.importing.readers.streamed import StreamedSheet

T = TypeVar("T")
_DURATION = re.compile(r"P(?:(\d+)D)?T(\d+)H(\d+)M(\d+)(?:\.\d*)?S")


class NotForCalamine(Exception):
    """Calamine does not read this file or sheet; another reader may."""


class Known(NamedTuple):
    """What is known of a sheet beside its cells: see `surveys`."""

    errors: Errors
    words: bool
    fill: bool


class WorkbookSheet(Sheet):
    """A sheet that calamine holds in memory; rows become Python values one by one."""

    def __init__(self, path: Path, sheet: CalamineSheet, known: Known) -> None:
        super().__init__(sheet.name)
        self._path = path
        self._sheet = sheet
        self._known = known
        self._first = sheet.start[1] if sheet.start else 0
        self.height = sheet.height

    @property
    def first_column(self) -> int:
        return self._first

    @cached_property
    def merged(self) -> tuple[Merge, ...]:
        """Its merged ranges from the top down."""
        ranges = self._sheet.merged_cell_ranges or []
        first = self._first
        merges = [Merge(a[0] + 1, a[1] - first, b[0] + 1, b[1] - first) for a, b in ranges]
        return tuple(sorted(merge for merge in merges if merge.left >= 0))

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        rows = enumerate(self._cells(), 1)
        return filled(rows, self.merged) if self._known.fill and self.merged else rows

    def _cells(self) -> Iterator[list[Cell]]:
        rows = map(sheet_cells, self._values()) if self.height else iter(())
        if self._known.words:
            rows = map(with_errors, rows)
        return self._failed(rows) if self._known.errors else rows

    def _values(self) -> Iterator[list[Any]]:
        number = 0
        try:
            for values in self._sheet.iter_rows():
                number += 1
                yield values
        except BaseException as error:
            if not _is_panic(error):
                raise
            raise problems.problem(
                problems.BAD_ROW, self._path, row=number + 1, sheet=self.name
            ) from error

    def _failed(self, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
        """Puts in the failed formulas: calamine leaves their cells empty."""
        by_row: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in self._known.errors.items():
            by_row.setdefault(row, []).append((column - self._first, text))
        for number, cells in enumerate(rows):
            for place, text in by_row.get(number, ()):
                if 0 <= place < len(cells) and cells[place] is None:
                    cells[place] = CellError(text)
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
    """A workbook opened by calamine. Raises NotForCalamine if that cannot be."""

    def __init__(self, path: Path, options: ReadOptions, kind: str) -> None:
        super().__init__(path, options)
        self.kind = kind
        self._survey = surveys.take(path, kind)
        self._book = guarded(path, lambda: _open(path, kind))
        listed = enumerate(self._book.sheets_metadata)
        self._metadata = [(i, item) for i, item in listed if str(item.typ).endswith("WorkSheet")]
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
            self._sheets[index] = self._load(index)
        return self._sheets[index]

    def close(self) -> None:
        self._sheets.clear()
        with suppress(CalamineError):  # closed before
            self._book.close()

    def _info(self, place: int, *, hidden: bool, measured: bool) -> SheetInfo:
        name = self._metadata[place][1].name
        if not measured:
            return SheetInfo(name, hidden)
        sheet = self.sheet_at(place)
        sheet.hidden = hidden
        if not sheet.columns:
            return SheetInfo(name, hidden, 0, 0)
        rows = sheet.height if isinstance(sheet, WorkbookSheet) else None
        return SheetInfo(name, hidden, rows, sheet.columns)

    def _load(self, index: int) -> Sheet:
        place, item = self._metadata[index]
        if self._survey.cells(place, item.name) > MAX_DENSE_CELLS:
            if self.kind != "xlsx":
                raise problems.problem(problems.TOO_WIDE, self.path, sheet=item.name)
            return StreamedSheet(self.path, item.name)
        sheet = guarded(self.path, lambda: self._book.get_sheet_by_index(place))
        errors = self._survey.errors(place, item.name)
        known = Known(errors, self._survey.words, self.options.fill_merged)
        return (_OpenSheet if self.kind == "ods" else WorkbookSheet)(self.path, sheet, known)


def guarded(path: Path, work: Callable[[], T]) -> T:
    """Does the work; what goes wrong inside calamine becomes FileProblem or NotForCalamine."""
    try:
        return work()
    except PasswordError as error:
        raise problems.problem(problems.PASSWORD, path) from error
    except OSError as error:
        raise problems.reading_failed(path, error) from error
    except CalamineError as error:
        raise NotForCalamine(str(error)) from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise NotForCalamine(str(error)) from error


def _is_panic(error: BaseException) -> bool:
    """A panic in Rust comes as an exception that is no Exception; it cannot be imported."""
    return type(error).__name__ == "PanicException"


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
