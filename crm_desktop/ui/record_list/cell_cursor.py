"""Moving about among the cells of a list: which one has the keyboard, which are chosen with it.

On in the mode of typing only; else the list goes by whole rows.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from crm_desktop.ui.record_list.cell_frame import CellFrame
from crm_desktop.ui.record_list.controller import ListController


class CellCursor(QObject):
    """The current cell and the block from it to where the choice was begun."""

    switched = Signal(bool)
    """The mode of typing began or ended."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c, self._table = controller, controller.view.table
        self.on = False
        self._anchor: tuple[int, int] | None = None  # row, place from the left
        self._frame = CellFrame(self._table)
        head = self._table.head
        for moved in (
            self._table.verticalScrollBar().valueChanged,
            self._table.horizontalScrollBar().valueChanged,
            self._table.selectionModel().currentChanged,
            head.sectionResized, head.sectionMoved,
            controller.view.model.rowsInserted, controller.view.model.rowsRemoved,
        ):  # fmt: skip
            moved.connect(self.show)
        controller.view.resized.connect(self.show)
        controller.loader.opened.connect(self._opened)

    # --- where ------------------------------------------------------------------------------------

    @property
    def row(self) -> int:
        """The row of the current cell."""
        return self._table.current_row

    @property
    def column(self) -> int:
        """The column of the current cell, as the model counts."""
        return max(0, self._table.currentIndex().column())

    def path(self, column: int | None = None) -> str:
        """The path of a column, of the current one if none is named."""
        return self._c.path_at(self.column if column is None else column)

    def rows(self) -> range:
        """The rows of the block."""
        start = self.row if self._anchor is None else self._anchor[0]
        return range(min(start, self.row), max(start, self.row) + 1)

    def columns(self) -> list[int]:
        """The columns of the block from left to right, as the model counts them."""
        head, here = self._table.head, self._table.head.visualIndex(self.column)
        start = here if self._anchor is None else self._anchor[1]
        return [head.logicalIndex(n) for n in range(min(start, here), max(start, here) + 1)]

    def onward(self, count: int) -> list[int]:
        """So many columns from the left edge of the block on."""
        head = self._table.head
        left = min(head.visualIndex(column) for column in self.columns())
        return [head.logicalIndex(n) for n in range(left, min(head.count(), left + count))]

    # --- the mode ---------------------------------------------------------------------------------

    def switch(self, on: bool) -> None:
        """Begins or ends the mode of typing."""
        self._anchor = None
        if on != self.on:
            self.on = on
            self.switched.emit(on)
        self.show()

    def show(self, *_ignored: object) -> None:
        """Puts the frame where the cells are."""
        if self.on and self.row >= 0 and self._c.view.model.columnCount():
            self._frame.frame((self.row, self.column), self.rows(), self.columns())
        else:
            self._frame.hide()

    def _opened(self) -> None:
        self._anchor = None
        self.show()

    # --- moving -----------------------------------------------------------------------------------

    def collapse(self) -> bool:
        """Only the current cell is chosen; False if that was so."""
        had, self._anchor = self._anchor, None
        self.show()
        return had is not None

    def extend_from_here(self) -> None:
        """The next moves choose cells."""
        if self._anchor is None:
            self._anchor = (self.row, self._table.head.visualIndex(self.column))

    def go(self, row: int, column: int) -> None:
        """Makes a cell current and shows it."""
        self._table.go_to(row, column=column)
        self._table.scrollTo(self._table.currentIndex())
        self.show()

    def step_sideways(self, by: int) -> None:
        """To the neighbouring column, as far as there is one."""
        head = self._table.head
        place = head.visualIndex(self.column) + by
        if 0 <= place < head.count():
            self.go(self.row, head.logicalIndex(place))

    def step_down(self, by: int) -> None:
        """To a row further down or up, as far as there is one."""
        if 0 <= self.row + by < self._c.view.model.rowCount():
            self.go(self.row + by, self.column)

    def next_typed(self, by: int) -> bool:
        """To the next cell that is typed into, over the end of the row; False at the last one."""
        head, columns = self._table.head, self._c.view.model.columnCount()
        place, row = head.visualIndex(self.column), self.row
        for _turn in range(2 * columns):
            place += by
            if not 0 <= place < columns:
                row, place = row + by, 0 if by > 0 else columns - 1
            if not 0 <= row < self._c.view.model.rowCount():
                return False
            if self.is_typed(head.logicalIndex(place)):
                self.go(row, head.logicalIndex(place))
                return True
        return False

    def is_typed(self, column: int) -> bool:
        """Whether people type into that column."""
        from crm_desktop.services.lists.paste import typed_field

        return typed_field(self._c.entity, self.path(column)) is not None
