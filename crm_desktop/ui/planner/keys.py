"""The keyboard in the grid: everything the mouse can do.

Arrows go from bar to bar, with Ctrl without choosing: Space adds to what is chosen, Ctrl+A takes
all. Alt moves what is chosen by a quarter of an hour or to another row, Shift moves its end, both
together its start, with Ctrl as well by a minute; so do comma and full stop, with Shift the end,
and brackets the start. S takes empty time, which arrows move and Shift stretches; a row without
entries is come to in the same way. Enter opens, N makes a new one, D drafts, I tells what the
pointer would be told, G folds the group, Ctrl+Shift+Up and Down move the row, Del deletes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.layouts import other_layout
from crm_desktop.services.planner.bars import HALF_HOUR, Bar
from crm_desktop.services.planner.moving import Move
from crm_desktop.ui.planner.day_layout import moved_days
from crm_desktop.ui.planner.empty_time import EmptyTime
from crm_desktop.ui.planner.geometry import Group
from crm_desktop.ui.planner.gestures import FINE, SNAP
from crm_desktop.ui.planner.sheet import Line
from crm_desktop.ui.planner.together import moved_together

if TYPE_CHECKING:
    from crm_desktop.ui.planner.grid import PlannerGrid

_K = Qt.Key
_ALT, _CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ARROWS = {_K.Key_Left: (-1, 0), _K.Key_Right: (1, 0), _K.Key_Up: (0, -1), _K.Key_Down: (0, 1)}
_MINUTES = {",": (-1, ""), ".": (1, ""), "<": (-1, "end"), ">": (1, "end"), "[": (-1, "start"),
            "]": (1, "start")}  # fmt: skip
_OPEN = (_K.Key_Return, _K.Key_Enter)


class Keys(QObject):
    """The keyboard of one grid."""

    def __init__(self, grid: PlannerGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._keeps = False
        """With Ctrl arrows go on and leave what is chosen; Space adds to it."""
        self.empty = EmptyTime(grid)
        self._folded: Group | None = None
        grid.chosen_changed.connect(self.empty.leave)

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is ours although the window has it as a shortcut."""
        if event.key() == _K.Key_Escape:
            return self._grid.gestures.moving or self.empty.held is not None
        if event.matches(QKeySequence.StandardKey.SelectAll):
            return True
        held = event.modifiers() & (_ALT | _SHIFT)
        return bool(held) and event.key() in _ARROWS and self._grid.current_row is not None

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key did something."""
        key = _K(event.key())
        if key in _ARROWS:
            return self._arrow(*_ARROWS[key], event.modifiers())
        if key == _K.Key_Escape and self._escape():
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

    def _escape(self) -> bool:
        if self._grid.gestures.moving:
            self._grid.gestures.cancel()
            return True
        if self.empty.held is None:
            return False
        self.empty.leave()
        self._grid.say()
        self._grid.refresh()
        return True

    def _act(self, key: Qt.Key, text: str) -> bool:
        if self._letter(key, text):
            return True
        grid = self._grid
        if key in _OPEN and self.empty.held is not None:
            self.new()
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

    def _letter(self, key: Qt.Key, text: str) -> bool:
        """Letters by their place on the keyboard, whatever the layout."""
        grid, meant = self._grid, other_layout(text.lower())
        acts: dict[str, Callable[[], object]] = {
            "n": self.new, "s": self.take_empty, "d": grid.draft_wanted.emit, "g": self._fold,
        }  # fmt: skip
        if grid.chosen:
            acts["c"] = self._copy
        if grid.current is not None:
            acts["i"] = partial(grid.told_wanted.emit, grid.current)
        for letter, act in acts.items():
            if key == ord(letter.upper()) or meant == letter:
                act()
                return True
        return False

    def _fold(self) -> None:
        """The group of the row, or the one that was folded last."""
        lines, row = self._lines(), self._grid.current_row
        drawing = self._grid.drawing
        entries = drawing.geometry.entries if drawing is not None else []
        among = [e.group for e in entries if e.line is not None and e.line.row.ref == row]
        folded = among[0] if among else self._folded
        if folded is not None and (lines or entries):
            self._folded = folded
            self._grid.fold(folded)

    # --- arrows -----------------------------------------------------------------------------------

    def _arrow(self, right: int, down: int, modifiers: Qt.KeyboardModifier) -> bool:
        step = (FINE if modifiers & _CTRL else SNAP) * 60
        if self.empty.held is not None and (right or modifiers & _SHIFT):
            self._empty_arrow(right * step, modifiers)
        elif modifiers & _ALT and modifiers & _SHIFT:
            self._stretch_start(right * step)
        elif modifiers & _ALT:
            self._move(right * step, down)
        elif modifiers & _SHIFT and modifiers & _CTRL and down:
            self._reorder(down)
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
        """To the next bar of the row, or to the nearest one of the next row; where it has none, to
        the same time of it."""
        grid, lines = self._grid, self._lines()
        refs = [line.row.ref for line in lines]
        if not refs:
            return
        at = refs.index(grid.current_row) if grid.current_row in refs else 0
        if down:
            place = at + down
            if not 0 <= place < len(lines):
                return
            if self.empty.wanted or not lines[place].spots:
                held = self.empty.held
                length = held[2] - held[1] if held is not None else HALF_HOUR
                begin = grid.current.starts if grid.current is not None else self._begin()
                self.empty.take(refs[place], begin, wanted=self.empty.wanted, length=length)
            else:
                self._go(self._nearest(lines[place]))
            return
        bars = [spot.bar for spot in lines[at].spots]
        now = next((n for n, bar in enumerate(bars) if bar == grid.current), None)
        if now is None:
            self._go(self._nearest(lines[at]))
        elif 0 <= now + right < len(bars):
            self._go(bars[now + right])

    def _empty_arrow(self, by: int, modifiers: Qt.KeyboardModifier) -> None:
        """Empty time goes by a quarter of an hour, with Alt by a day; Shift moves its end."""
        both = bool(modifiers & _ALT and modifiers & _SHIFT)
        if modifiers & _SHIFT:
            self.empty.stretch(**{"begin" if both else "end": by})
        elif modifiers & _ALT:
            self.empty.step(days=1 if by > 0 else -1)
        else:
            self.empty.step(seconds=by)

    def take_empty(self) -> None:
        """Behind the current bar, or now: from there arrows go on."""
        refs = [line.row.ref for line in self._lines()]
        if refs:
            row = self._grid.current_row
            self.empty.take(row if row in refs else refs[0], self._begin(), wanted=True)  # type: ignore[arg-type]

    def _begin(self) -> int:
        """Where empty time begins: where it was, behind the current bar, now, or in the morning."""
        grid, drawing = self._grid, self._grid.drawing
        assert drawing is not None
        axis, now = drawing.axis, drawing.sheet.now
        if self.empty.held is not None:
            return self.empty.held[1]
        if grid.current is not None and grid.current.row == grid.current_row:
            return grid.current.ends
        if axis.edges[0] <= now < axis.edges[-1]:
            return axis.snapped(now + SNAP * 30, SNAP)
        return axis.at(0, axis.opens)

    def _reorder(self, down: int) -> None:
        """The row stands before the one above, or behind the one below."""
        refs, row = [line.row.ref for line in self._lines()], self._grid.current_row
        if row is None or row not in refs:
            return
        place = refs.index(row)
        if down < 0 < place:
            self._grid.row_dropped.emit(row, refs[place - 1])
        elif down > 0 and place + 1 < len(refs):
            self._grid.row_dropped.emit(refs[place + 1], row)

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
        beside = self.empty.held[1] if self.empty.held is not None else usual
        wanted = grid.current.starts if grid.current is not None else beside
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
        by, edge = found
        if edge:
            (self._stretch if edge == "end" else self._stretch_start)(by * FINE * 60)
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

    def _stretch_start(self, by: int) -> None:
        bar = self._grid.current
        by = self._by(bar, by)
        if bar is not None and by and bar.starts + by < bar.ends:
            self._grid.moves_wanted.emit([Move(bar, bar.starts + by, bar.ends, bar.row)], False)

    def _copy(self) -> None:
        """What is chosen once more, right behind itself."""
        chosen = self._grid.chosen.values()
        copies = [Move(bar, bar.ends, 2 * bar.ends - bar.starts, bar.row) for bar in chosen]
        self._grid.moves_wanted.emit(copies, True)

    def new(self) -> None:
        """In the empty time that is held; else behind the current bar, or now."""
        grid, lines = self._grid, self._lines()
        if self.empty.held is not None:
            grid.new_wanted.emit(*self.empty.held)
            return
        if grid.drawing is None or not lines:
            return
        refs = [line.row.ref for line in lines]
        row: Ref = grid.current_row if grid.current_row in refs else refs[0]  # type: ignore[assignment]
        begin = self._begin()
        grid.new_wanted.emit(row, begin, begin + HALF_HOUR)
