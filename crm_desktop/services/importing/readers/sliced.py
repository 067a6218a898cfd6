"""A big worksheet of Office Open XML, of which no more than a slice is held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from python_calamine import CalamineSheet

from crm_desktop.services.importing.readers.base import Cell, Merge, Sheet
from crm_desktop.services.importing.readers.cells import sheet_cells, with_errors
from crm_desktop.services.importing.readers.marks import Legend, by_row, put_in, unreckoned
from crm_desktop.services.importing.readers.merges import filled, merges_of
from crm_desktop.services.importing.readers.panics import is_panic, values_of
from crm_desktop.services.importing.readers.shared_texts import NotSliced
from crm_desktop.services.importing.readers.slices import Slices


class Looked(NamedTuple):
    """What is known of a sheet beside its cells: whether texts may be words for failed formulas,
    what calamine does not tell, whether merged ranges are to be filled."""

    words: bool
    legend: Legend | None
    fill: bool


class Bounds(NamedTuple):
    """The rectangle around the filled cells, from 0, both ends inclusive; none: all -1."""

    top: int
    left: int
    bottom: int
    right: int


NOTHING = Bounds(-1, -1, -1, -1)


class SlicedSheet(Sheet):
    """A sheet that is read anew, slice by slice, for each pass. `otherwise`: the same sheet by the
    reader that takes over where a slice turns out to be none."""

    def __init__(
        self, name: str, slices: Slices, looked: Looked, otherwise: Callable[[], Sheet]
    ) -> None:
        """Raises NotSliced if the file is written in another way than usual."""
        super().__init__(name)
        self._slices = slices
        self._looked = looked
        self._otherwise = otherwise
        self._bounds, self._is_exact = self._quick_bounds()
        self.height = self._bounds.bottom - self._bounds.top + 1 if self._bounds.top >= 0 else 0

    @property
    def first_column(self) -> int:
        return max(self._bounds.left, 0)

    @cached_property
    def merged(self) -> tuple[Merge, ...]:
        """Its merged ranges from the top down."""
        try:
            return merges_of(self._slices.sheet().merged_cell_ranges, self.first_column)
        except NotSliced:
            return self._otherwise().merged

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        reached = 0
        try:
            fills = self._looked.fill and self.merged
            for reached, cells in filled(self._full(), self.merged) if fills else self._rows():
                yield reached, cells
        except NotSliced:
            yield from (row for row in self._otherwise().records() if row[0] > reached)

    def _rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """The rows, as wide as their slices."""
        first = self.first_column
        for content, sheet in self._slices.sheets():
            legend = self._looked.legend
            told = legend.among(content) if legend is not None else {}
            self._refuse_beyond(sheet, unreckoned(told))
            if sheet.start is None:
                continue
            row, left = sheet.start[0], sheet.start[1] - first
            if left < 0:
                raise NotSliced("a column that was not there")
            marks = by_row(told)
            for values in self._values(sheet, row):
                cells = sheet_cells(values)
                if left:
                    cells[:0] = [None] * left
                if self._looked.words:
                    cells = with_errors(cells)
                if row in marks:
                    put_in(cells, marks[row], self.name, row, first)
                row += 1
                yield row, cells

    def _refuse_beyond(self, sheet: CalamineSheet, unknown: Sequence[tuple[int, int]]) -> None:
        """Formulas that nobody has reckoned, in rows of nothing else or left of all values, are for
        the reader of the whole."""
        if not unknown:
            return
        if sheet.start is None or sheet.end is None:
            raise NotSliced("formulas alone")
        rows = [row for row, _column in unknown]
        is_beyond = min(rows) < sheet.start[0] or max(rows) > sheet.end[0]
        if is_beyond or min(column for _row, column in unknown) < self.first_column:
            raise NotSliced("formulas beyond the values")

    def _full(self) -> Iterator[tuple[int, list[Cell]]]:
        """All rows, empty ones too, as wide as the sheet: merged ranges fill them, unless they go
        over all of it."""
        if not self._is_exact:
            self._bounds, self._is_exact = self._measured(), True
        width = self._bounds.right - self._bounds.left + 1
        reached = 0
        for number, cells in self._rows():
            for empty in range(reached + 1, number):
                yield empty, [None] * width
            reached = number
            yield number, cells + [None] * (width - len(cells))

    def _values(self, sheet: CalamineSheet, above: int) -> Iterator[list[Any]]:
        """The rows below the `above` empty ones that a slice begins with."""
        try:
            return iter(sheet.to_python(skip_empty_area=True))
        except BaseException as error:
            if not is_panic(error):
                raise
            one_by_one = values_of(self._slices.path, self.name, sheet.iter_rows())
            return islice(one_by_one, above, None)

    # --- how far it reaches -----------------------------------------------------------------------

    def _quick_bounds(self) -> tuple[Bounds, bool]:
        """By the first slice and the last one, and whether these tell all. In the first column
        something stands as a rule; else all slices are looked at."""
        first: CalamineSheet | None = None
        content = b""
        for content in self._slices.rows():
            first = first or self._slices.sheet(content)
        if first is None:
            return NOTHING, True
        last = self._slices.sheet(content)
        if first.start is None or last.end is None or first.start[1]:
            return self._measured(), True
        return Bounds(*first.start, *last.end), False

    def _measured(self) -> Bounds:
        """By all slices."""
        found = [(one.start, one.end) for _rows, one in self._slices.sheets()]
        starts = [start for start, _end in found if start is not None]
        ends = [end for _start, end in found if end is not None]
        if not starts or not ends:
            return NOTHING
        left, right = min(column for _row, column in starts), max(column for _row, column in ends)
        return Bounds(starts[0][0], left, ends[-1][0], right)
