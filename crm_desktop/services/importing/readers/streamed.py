"""Workbooks read row by row through openpyxl: those that calamine refuses or that are too wide.

Five times slower than calamine, but it needs no room for empty cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, time
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.base import (
    Cell,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
)
from crm_desktop.services.importing.readers.cells import sheet_cells, with_errors
from crm_desktop.services.importing.readers.limits import MAX_COLUMNS

_MIDNIGHT = time()
_BATCH = 500


class StreamedSheet(Sheet):
    """A worksheet of Office Open XML; the file is opened anew for each pass."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(name)
        self._path = path

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        with _opened(self._path) as book:
            sheet = book[self.name]
            sheet.reset_dimensions()  # what the file says of them may be false
            rows = enumerate(sheet.iter_rows(values_only=True), 1)
            while batch := self._next(rows):
                for number, values in batch:
                    if values:
                        yield number, with_errors(sheet_cells(map(_day, values[:MAX_COLUMNS])))

    def _next(self, rows: Iterator[tuple[int, tuple[Any, ...]]]) -> list[tuple[int, Any]]:
        try:
            with catch_warnings(action="ignore"):  # of parts that it leaves out
                return list(islice(rows, _BATCH))
        except Exception as error:  # openpyxl lets any error of broken XML through
            raise problems.problem(problems.DAMAGED, self._path) from error


class StreamedSource(Source):
    """A workbook that only openpyxl reads."""

    kind = "xlsx"

    def __init__(self, path: Path, options: ReadOptions) -> None:
        super().__init__(path, options)
        with _opened(path) as book:
            states = [(sheet.title, sheet.sheet_state != "visible") for sheet in book.worksheets]
        self._states = states

    @cached_property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """All worksheets; an empty one is told, others are not counted."""
        return tuple(self._info(name, hidden=hidden) for name, hidden in self._states)

    def sheet_at(self, index: int) -> Sheet:
        name, hidden = self._states[index]
        sheet = StreamedSheet(self.path, name)
        sheet.hidden = hidden
        return sheet

    def _info(self, name: str, *, hidden: bool) -> SheetInfo:
        columns = StreamedSheet(self.path, name).columns
        return SheetInfo(name, hidden, None if columns else 0, columns)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The workbook opened by openpyxl with stored values; FileProblem for whatever is wrong."""
    from openpyxl import load_workbook

    try:
        file = path.open("rb")  # openpyxl would judge the file by its name
    except OSError as error:
        raise problems.reading_failed(path, error) from error
    with file:
        try:
            with catch_warnings(action="ignore"):
                book = load_workbook(file, read_only=True, data_only=True)
        except Exception as error:  # openpyxl lets any error of broken XML through
            raise problems.problem(problems.DAMAGED, path) from error
        with closing(book):
            yield book


def _day(value: object) -> object:
    """A moment at midnight as the day it is, as calamine gives it."""
    return value.date() if isinstance(value, datetime) and value.time() == _MIDNIGHT else value
