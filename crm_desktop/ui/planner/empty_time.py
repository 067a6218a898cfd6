"""A stretch of empty time that is taken by keys: what the mouse sweeps over, arrows go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR
from crm_desktop.ui.planner.day_layout import moved_days

if TYPE_CHECKING:
    from crm_desktop.ui.planner.grid import PlannerGrid

LEAST = 60


class EmptyTime:
    """Where it is, if it is held: (row, from, until)."""

    def __init__(self, grid: PlannerGrid) -> None:
        self._grid = grid
        self.held: tuple[Ref, int, int] | None = None
        self.wanted = False
        """It was asked for, not only come to in a row without entries."""

    def take(self, row: Ref, starts: int, *, wanted: bool, length: int = HALF_HOUR) -> None:
        """Goes there instead of to an entry."""
        grid = self._grid
        grid.current = None
        grid.choose([])
        self.held, self.wanted = (row, starts, starts + length), wanted
        grid.current_row = row
        grid.show_rects(self.rects())
        grid.say()
        grid.refresh()

    def leave(self) -> None:
        """An entry has the keyboard again, or nothing."""
        self.held, self.wanted = None, False

    def step(self, *, days: int = 0, seconds: int = 0) -> None:
        """To another time."""
        if self.held is None or self._grid.drawing is None:
            return
        row, starts, ends = self.held
        begin = moved_days(self._grid.drawing.axis, starts, days) + seconds
        self.take(row, begin, wanted=self.wanted, length=ends - starts)

    def stretch(self, *, begin: int = 0, end: int = 0) -> None:
        """Longer or shorter at one of its ends."""
        if self.held is None:
            return
        row, starts, ends = self.held
        if ends + end - starts - begin >= LEAST:
            length = ends + end - starts - begin
            self.take(row, starts + begin, wanted=self.wanted, length=length)

    def rects(self) -> list[QRectF]:
        """Where it is painted."""
        return self._grid.ghost_rects(*self.held) if self.held is not None else []

    def words(self) -> str:
        """It, in words."""
        drawing = self._grid.drawing
        if self.held is None or drawing is None:
            return ""
        row, starts, ends = self.held
        line = drawing.sheet.by_ref.get(row)
        return self._grid.time_words(starts, ends, line.row.name if line is not None else "")
