"""The keyboard in the grid: everything the mouse can do.

Arrows go from bar to bar, with Ctrl without choosing: Space adds to what is chosen, Ctrl+A takes
all. Alt moves what is chosen by a quarter of an hour or to another row, Shift makes it longer or
shorter, with Ctrl as well by a minute; so do comma and full stop, with Shift the length. Enter
opens, N makes a new one, D drafts, Del deletes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.layouts import other_layout
from crm_desktop.services.planner.bars import HALF_HOUR, Bar
from crm_desktop.services.planner.moving import Move
from crm_desktop.ui.planner.day_layout import moved_days
from crm_desktop.ui.planner.gestures import FINE, SNAP
from crm_desktop.ui.planner.sheet import Line
from crm_desktop.ui.planner.together import moved_together

if TYPE_CHECKING:
    from crm_desktop.ui.planner.grid import PlannerGrid

_K = Qt.Key
_ALT, _CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ARROWS = {_K.Key_Left: (-1, 0), _K.Key_Right: (1, 0), _K.Key_Up: (0, -1), _K.Key_Down: (0, 1)}
_MINUTES = {",": (-1, False), ".": (1, False), "<": (-1, True), ">": (1, True)}
_OPEN = (_K.Key_Return, _K.Key_Enter)


class Keys(QObject):
    """The keyboard of one grid."""

    def __init__(self, grid: PlannerGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._keeps = False
        """With Ctrl arrows go on and leave what is chosen; Space adds to it."""

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is ours although the window has it as a shortcut."""
        if event.key() == _K.Key_Escape:
            return self._grid.gestures.moving
        if event.matches(QKeySequence.StandardKey.SelectAll):
            return True
        held = event.modifiers() & (_ALT | _SHIFT)
        return bool(held) and event.key() in _ARROWS and self._grid.current is not None

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key did something."""
        key = _K(event.key())
        if key in _ARROWS:
            return self._arrow(*_ARROWS[key], event.modifiers())
        if key == _K.Key_Escape and self._grid.gestures.moving:
            self._grid.gestures.cancel()
            return True
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._choose_all()
            return True
        if event.modifiers() & (_CTRL | _ALT):
            return False
        if self._minute(event.text()):
            return True
        if key in (_K.Key_PageUp, _K.Key_PageDown):
            self._grid.step_wanted.emit(-1 if key == _K.Key_PageUp else 1)
            return True
        if key in (_K.Key_Plus, _K.Key_Equal, _K.Key_Minus):
            self._grid.zoom(1 / 1.2 if key == _K.Key_Minus else 1.2)
            return True
        return self._act(key, event.text())

    def _act(self, key: Qt.Key, text: str) -> bool:
        grid = self._grid
        if key == _K.Key_N or other_layout(text.lower()) == "n":
            self.new()
            return True
        if key == _K.Key_D or other_layout(text.lower()) == "d":
            grid.draft_wanted.emit()
            return True
        if key in _OPEN and grid.current is not None:
            grid.opened.emit(grid.current)
            return True
        if key == _K.Key_Asterisk and grid.current_row is not None:
            grid.star_wanted.emit(grid.current_row)
            return True
        if key in (_K.Key_Delete, _K.Key_Backspace) and grid.chosen:
            grid.delete_wanted.emit(list(grid.chosen.values()))
            return True
        if (key == _K.Key_C or other_layout(text.lower()) == "c") and grid.chosen:
            self._copy()
            return True
        if key == _K.Key_Space and grid.current is not None:
            grid.choose([grid.current], add=True)
            return True
        return False

    # --- arrows -----------------------------------------------------------------------------------

    def _arrow(self, right: int, down: int, modifiers: Qt.KeyboardModifier) -> bool:
        step = (FINE if modifiers & _CTRL else SNAP) * 60
        if modifiers & _ALT:
            self._move(right * step, down)
        elif modifiers & _SHIFT:
            self._stretch(right * step)
        else:
            self._keeps = bool(modifiers & _CTRL)
            self._walk(right, down)
            self._keeps = False
        return True

    def _choose_all(self) -> None:
        """Everything that is shown."""
        bars = [spot.bar for line in self._lines() for spot in line.spots]
        self._grid.choose(list({bar.key: bar for bar in bars}.values()))

    def _walk(self, right: int, down: int) -> None:
        """To the next bar of the row, or to the nearest one of the next row that has any."""
        grid, lines = self._grid, self._lines()
        refs = [line.row.ref for line in lines]
        if not refs:
            return
        at = refs.index(grid.current_row) if grid.current_row in refs else 0
        if down:
            place = at + down
            while 0 <= place < len(lines) and not lines[place].spots:
                place += down
            if 0 <= place < len(lines):
                self._go(self._nearest(lines[place]))
            return
        bars = [spot.bar for spot in lines[at].spots]
        now = next((n for n, bar in enumerate(bars) if bar == grid.current), None)
        if now is None:
            self._go(self._nearest(lines[at]))
        elif 0 <= now + right < len(bars):
            self._go(bars[now + right])

    def _lines(self) -> list[Line]:
        drawing = self._grid.drawing
        entries = drawing.geometry.entries if drawing is not None else []
        return [entry.line for entry in entries if entry.line is not None]

    def _nearest(self, line: Line) -> Bar | None:
        grid, drawing = self._grid, self._grid.drawing
        if drawing is None or not line.spots:
            return None
        axis = drawing.axis
        now = drawing.sheet.now
        usual = now if axis.edges[0] <= now < axis.edges[-1] else axis.edges[0]
        wanted = grid.current.starts if grid.current is not None else usual
        return min((s.bar for s in line.spots), key=lambda bar: abs(bar.starts - wanted))

    def _go(self, bar: Bar | None) -> None:
        if bar is None:
            return
        if self._keeps:
            self._grid.point_at(bar)
        else:
            self._grid.choose([bar])
        self._grid.show_bar(bar)

    # --- acting -----------------------------------------------------------------------------------

    def _move(self, by: int, down: int) -> None:
        grid = self._grid
        rows = [line.row.ref for line in self._lines()]
        by = self._by(grid.current, by)
        moves = moved_together(grid.chosen.values(), rows, by, down)
        changed = [move for move in moves if move.changed != move.bar]
        if changed:
            grid.moves_wanted.emit(changed, False)

    def _minute(self, text: str) -> bool:
        """Ctrl+Alt+arrow belongs to some desktops: comma and full stop do the same."""
        found = _MINUTES.get(text) or _MINUTES.get(other_layout(text) or "")
        if found is None or self._grid.current is None:
            return False
        by, stretches = found
        if stretches:
            self._stretch(by * FINE * 60)
        else:
            self._move(by * FINE * 60, 0)
        return True

    def _by(self, bar: Bar | None, by: int) -> int:
        """What takes all day goes by days."""
        drawing = self._grid.drawing
        if bar is None or drawing is None or not (bar.all_day and by):
            return by
        return moved_days(drawing.axis, bar.starts, 1 if by > 0 else -1) - bar.starts

    def _stretch(self, by: int) -> None:
        bar = self._grid.current
        by = self._by(bar, by)
        if bar is not None and by and bar.ends + by > bar.starts:
            self._grid.moves_wanted.emit([Move(bar, bar.starts, bar.ends + by, bar.row)], False)

    def _copy(self) -> None:
        """What is chosen once more, right behind itself."""
        chosen = self._grid.chosen.values()
        copies = [Move(bar, bar.ends, 2 * bar.ends - bar.starts, bar.row) for bar in chosen]
        self._grid.moves_wanted.emit(copies, True)

    def new(self) -> None:
        """Behind the current bar, or now, in the current row."""
        grid, drawing, lines = self._grid, self._grid.drawing, self._lines()
        if drawing is None or not lines:
            return
        refs = [line.row.ref for line in lines]
        row: Ref = grid.current_row if grid.current_row in refs else refs[0]  # type: ignore[assignment]
        axis, now = drawing.axis, drawing.sheet.now
        if grid.current is not None and grid.current.row == row:
            begin = grid.current.ends
        elif axis.edges[0] <= now < axis.edges[-1]:
            begin = axis.snapped(now + SNAP * 30, SNAP)
        else:
            begin = axis.at(0, axis.opens)
        grid.new_wanted.emit(row, begin, begin + HALF_HOUR)
