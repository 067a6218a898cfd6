"""The grid of lines: everything by keyboard, as in a spreadsheet.

Tab and Enter walk the cells; Enter in the last one goes on in a new row; typing replaces, F2 edits.
Ctrl+D copies the cell above, Delete removes lines, Alt+arrows or dragging the number moves one.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from crm_desktop.services.line_entry import TYPED
from crm_desktop.ui.deals.lines_cells import HINTS, LineCells, LineNumbers
from crm_desktop.ui.deals.lines_model import COLUMNS, NUMBERS, LinesModel
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.table_header import HeaderView

_WIDTHS = {"quantity": 80, "measure": 88, "price": 112, "discount": 104, "vat_rate": 84,
           "total": 120, "vat": 104}  # fmt: skip
_LEAST_NAME = 150
_ALT, _CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_LETTER_D = (Qt.Key.Key_D, 0x412)
"""The same key with Latin and with Russian letters."""


class LinesGrid(QTableView):
    """Asks by signals; whoever owns it writes."""

    delete_asked = Signal(list)
    """Rows that are to go."""
    move_asked = Signal(int, int)
    """(row, where to)."""
    paste_asked = Signal(int, int)
    """(row, column) at which what is on the clipboard begins."""
    copy_asked = Signal(list)

    def __init__(self, model: LinesModel, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setModel(model)
        self._lines = model
        self._head = HeaderView(self)
        self._head.setSectionsMovable(False)
        self._head.setSectionsClickable(False)
        self.setHorizontalHeader(self._head)
        self._numbers = LineNumbers(self)
        self._numbers.sectionMoved.connect(self._dragged)
        self.setVerticalHeader(self._numbers)
        self.cells = LineCells(self)
        self.setItemDelegate(self.cells)
        self._set_up()
        right = frozenset(n for n, key in enumerate(COLUMNS) if key in NUMBERS)
        self._head.set_right_columns(right)
        model.modelReset.connect(self._keep_place)
        self._place = (0, 0)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(Surface())
        self._corner = Surface("surface", lines="b", parent=self)
        self.setTabKeyNavigation(False)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.AnyKeyPressed | trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    # --- moving about -----------------------------------------------------------------------------

    def is_typed_into(self) -> bool:
        """Whether a cell is open for typing."""
        return self.state() == QAbstractItemView.State.EditingState

    def type_again(self, row: int, column: int, text: str) -> None:
        """Opens a cell with what was typed into it before."""
        self.go(row, column)
        self.edit(self.currentIndex())
        editor = self.indexWidget(self.currentIndex())
        if isinstance(editor, LineEdit):
            editor.setText(text)
            editor.setModified(True)

    def go(self, row: int, column: int) -> None:
        """Makes a cell current."""
        self.setCurrentIndex(self._lines.index(row, column))

    def step(self, by: int) -> bool:
        """To the next or former cell that is typed into; False at the ends of the table."""
        here = self.currentIndex()
        if here.row() < 0:
            self.go(0, 0)
            return True
        if by > 0 and here.column() >= len(TYPED) - 1:
            place = (here.row() + 1) * len(TYPED)
        else:
            place = here.row() * len(TYPED) + min(here.column(), len(TYPED) - 1) + by
        row, column = divmod(place, len(TYPED))
        if not 0 <= row < self._lines.rowCount():
            return False
        self.go(row, column)
        return True

    def chosen_rows(self) -> list[int]:
        """The rows that are marked, or the current one."""
        rows = {index.row() for index in self.selectedIndexes()} or {self.currentIndex().row()}
        return sorted(row for row in rows if row >= 0)

    def _dragged(self, row: int, old: int, new: int) -> None:
        self._numbers.blockSignals(True)
        self._numbers.moveSection(new, old)
        self._numbers.blockSignals(False)
        self.move_asked.emit(row, new)

    def _keep_place(self) -> None:
        row, column = self._place
        self.go(min(row, self._lines.rowCount() - 1), column)

    def _copy_above(self) -> None:
        here = self.currentIndex()
        if here.row() > 0 and here.column() < len(TYPED):
            above = self._lines.index(here.row() - 1, here.column())
            self._lines.setData(here, above.data(Qt.ItemDataRole.EditRole))

    def _act(self, event: QKeyEvent) -> bool:
        """What a key does that is the grid's own."""
        key, modifiers, here = Qt.Key(event.key()), event.modifiers(), self.currentIndex()
        if key in HINTS and not modifiers & (_ALT | _CTRL):
            onward = HINTS[key] == QAbstractItemDelegate.EndEditHint.EditNextItem
            return self.step(1 if onward else -1) or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if modifiers & _ALT and key in _MOVES:
            self.move_asked.emit(here.row(), here.row() + _MOVES[key])
        elif modifiers & _CTRL and key in _LETTER_D:
            self._copy_above()
        elif key == Qt.Key.Key_Delete:
            self.delete_asked.emit(self.chosen_rows())
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit(max(here.row(), 0), max(here.column(), 0))
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(self.chosen_rows())
        else:
            return False
        return True

    # --- what Qt asks -----------------------------------------------------------------------------

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        super().currentChanged(current, previous)
        if current.isValid():
            self._place = (current.row(), current.column())
        self.viewport().update()

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if hint == QAbstractItemDelegate.EndEditHint.EditNextItem:
            self.step(1)
        elif hint == QAbstractItemDelegate.EndEditHint.EditPreviousItem:
            self.step(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._act(event):
            event.accept()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_F2, *_LETTER_D)
            chords = event.modifiers() & _ALT and event.key() in _MOVES
            pastes = event.matches(QKeySequence.StandardKey.Paste)
            if own or chords or pastes or event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and self._act(event):
            return True
        return super().event(event)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid():
            self.go(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._corner.setGeometry(0, 0, self._numbers.width(), self._head.height())
        self._corner.raise_()
        for place, key in enumerate(COLUMNS[1:], start=1):
            self.setColumnWidth(place, px(_WIDTHS[key]))
        rest = self.viewport().width() - sum(px(width) for width in _WIDTHS.values())
        self.setColumnWidth(0, max(px(_LEAST_NAME), rest))
