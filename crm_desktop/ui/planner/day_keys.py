"""The keyboard in the days of one person: time goes down and days go across.

Left and Right go to another day, Up and Down from entry to entry; in a month Up and Down go by
weeks and with Ctrl from entry to entry. Alt moves, Shift moves the end and with Alt the start. S
takes empty time, which arrows move by a quarter of an hour and by a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR, Bar
from crm_desktop.services.planner.moving import Move
from crm_desktop.ui.planner.day_layout import days_of, is_whole, moved_days
from crm_desktop.ui.planner.gestures import FINE, SNAP
from crm_desktop.ui.planner.keys import Keys
from crm_desktop.ui.planner.sheet import Line

if TYPE_CHECKING:
    from crm_desktop.ui.planner.grid import PlannerGrid

_ALT, _CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
WEEK, MORNING = 7, 9 * 60


class DayKeys(Keys):
    """The keyboard of one view of days; `by_weeks` in a month."""

    def __init__(self, grid: PlannerGrid, *, by_weeks: bool = False) -> None:
        super().__init__(grid)
        self._by_weeks = by_weeks
        self.day = 0
        """The day in which the keyboard is, counted from the first one shown."""
        self._stays = False
        """The days that come were stepped to: the day in them is known."""
        grid.chosen_changed.connect(self._chosen)

    def _arrow(self, right: int, down: int, modifiers: Qt.KeyboardModifier) -> bool:
        step = (FINE if modifiers & _CTRL else SNAP) * 60
        days = right + down * WEEK if self._by_weeks else right
        if self.empty.held is not None:
            self._empty_step(days, down * step, modifiers)
        elif modifiers & _ALT and modifiers & _SHIFT:
            self._stretch_start_by(right, down * step)
        elif modifiers & _ALT:
            self._move_by(days, 0 if self._by_weeks else down * step)
        elif modifiers & _SHIFT:
            self._stretch_by(right, down * step)
        elif days and not (modifiers & _CTRL and down):
            self._to_day(days)
        else:
            self._to_entry(down)
        return True

    # --- going about ------------------------------------------------------------------------------

    def _line(self) -> Line | None:
        return next(iter(self._lines()), None)

    def entries(self, day: int) -> list[Bar]:
        """What is on a day, whole days first."""
        line, drawing = self._line(), self._grid.drawing
        if line is None or drawing is None:
            return []
        found = [spot.bar for spot in line.spots if day in days_of(drawing.axis, spot.bar)]
        return sorted(found, key=lambda bar: (not is_whole(bar), bar.starts, bar.ends, bar.id))

    def _to_day(self, by: int) -> None:
        """To another day; beyond the last one the next days are shown."""
        drawing = self._grid.drawing
        if drawing is None:
            return
        self.day += by
        if not 0 <= self.day < drawing.axis.days:
            self.day, self._stays = self.day % drawing.axis.days, True
            self._grid.current = None
            self._grid.choose([])
            self._grid.step_wanted.emit(1 if by > 0 else -1)
            return
        self._take(self.entries(self.day), self._grid.current)

    def _take(self, bars: list[Bar], before: Bar | None) -> None:
        """The entry of the day that lies nearest to where the keyboard was."""
        drawing = self._grid.drawing
        if not bars or drawing is None:
            self._grid.current = None
            self._grid.choose([])
            return
        axis = drawing.axis

        def minute(bar: Bar) -> int:
            local = axis.local(bar.starts)
            return local.hour * 60 + local.minute

        wanted = minute(before) if before is not None else 0
        self._go(min(bars, key=lambda bar: abs(minute(bar) - wanted)))

    def _to_entry(self, down: int) -> None:
        bars, current = self.entries(self.day), self._grid.current
        place = next((n for n, bar in enumerate(bars) if bar == current), None)
        if place is None:
            self._take(bars, None)
        elif 0 <= place + down < len(bars):
            self._go(bars[place + down])

    def _chosen(self) -> None:
        """The keyboard is where something was chosen."""
        drawing, current = self._grid.drawing, self._grid.current
        if drawing is not None and current is not None:
            self.day = max(0, min(drawing.axis.days - 1, drawing.axis.day_of(current.starts)))

    def arrive(self) -> None:
        """Other days are shown: the keyboard is on the day it went to, else on today."""
        drawing = self._grid.drawing
        if drawing is not None and not self._stays:
            today = drawing.axis.day_of(drawing.sheet.now)
            self.day = today if 0 <= today < drawing.axis.days else 0
        self._stays = False

    # --- acting -----------------------------------------------------------------------------------

    def _move_by(self, days: int, seconds: int) -> None:
        grid, drawing = self._grid, self._grid.drawing
        if drawing is None:
            return
        axis, moves = drawing.axis, []
        for bar in grid.chosen.values():
            more = 0 if is_whole(bar) else seconds
            starts = moved_days(axis, bar.starts, days) + more
            ends = moved_days(axis, bar.ends, days) + more
            if starts != bar.starts:
                moves.append(Move(bar, starts, ends, bar.row))
        if moves:
            grid.moves_wanted.emit(moves, False)

    def _stretch_by(self, days: int, seconds: int) -> None:
        bar, drawing = self._grid.current, self._grid.drawing
        if bar is None or drawing is None:
            return
        whole = is_whole(bar)
        ends = moved_days(drawing.axis, bar.ends, days) if whole else bar.ends + seconds
        if bar.starts < ends != bar.ends:
            self._grid.moves_wanted.emit([Move(bar, bar.starts, ends, bar.row)], False)

    def _stretch_start_by(self, days: int, seconds: int) -> None:
        bar, drawing = self._grid.current, self._grid.drawing
        if bar is None or drawing is None:
            return
        whole = is_whole(bar)
        starts = moved_days(drawing.axis, bar.starts, days) if whole else bar.starts + seconds
        if starts < bar.ends and starts != bar.starts:
            self._grid.moves_wanted.emit([Move(bar, starts, bar.ends, bar.row)], False)

    def _empty_step(self, days: int, seconds: int, modifiers: Qt.KeyboardModifier) -> None:
        """Empty time goes down by a quarter of an hour, across by a day."""
        if not modifiers & _SHIFT:
            self.empty.step(days=days, seconds=0 if self._by_weeks else seconds)
        elif not self._by_weeks:
            self.empty.stretch(**{"begin" if modifiers & _ALT else "end": seconds})

    def take_empty(self) -> None:
        found = self._free_time()
        if found is not None:
            self.empty.take(*found, wanted=True)

    def new(self) -> None:
        """In the empty time that is held, else where it would begin."""
        found = self._free_time()
        if self.empty.held is not None:
            self._grid.new_wanted.emit(*self.empty.held)
        elif found is not None:
            row, begin = found
            self._grid.new_wanted.emit(row, begin, begin + HALF_HOUR)

    def _free_time(self) -> tuple[Ref, int] | None:
        """Behind the current entry, now if it is today, else in the morning of the day."""
        drawing, line = self._grid.drawing, self._line()
        if drawing is None or line is None:
            return None
        axis, now, current = drawing.axis, drawing.sheet.now, self._grid.current
        if current is not None and not is_whole(current):
            begin = current.ends
        elif axis.day_of(now) == self.day:
            begin = axis.snapped(now + SNAP * 30, SNAP)
        else:
            begin = axis.at(self.day, max(axis.opens, MORNING))
        return line.row.ref, begin
