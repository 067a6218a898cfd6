"""Small tables of plain texts: the preview, the columns, the refused rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.table_view import TableView


class PlainTable(TableView):
    """A list whose rows are all there. Enter is left to the page unless `opens`."""

    def __init__(self, *, name: str, opens: bool = False, parent: QWidget | None = None) -> None:
        """`name` is what screen readers say; `stretch` is the column that takes what room is."""
        super().__init__(name=name, parent=parent)
        self._opens = opens
        self.stretch = -1
        self.paged_model = PagedTableModel(self)
        self.setModel(self.paged_model)
        self.set_tickable(False)
        self.set_density("compact")
        self.head.setSectionsMovable(False)

    def show_rows(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Replaces everything."""
        filled = [Row(number, tuple(cells)) for number, cells in enumerate(rows)]
        self.paged_model.open(columns, len(filled), filled)
        self.size_columns()
        self._fit()

    def replace_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Other texts in the same columns: the place one has scrolled to stays."""
        for number, cells in enumerate(rows):
            self.paged_model.set_row(Row(number, tuple(cells)))

    def _fit(self) -> None:
        columns = self.paged_model.columns
        if not 0 <= self.stretch < len(columns):
            return
        rest = sum(self.columnWidth(n) for n in range(len(columns)) if n != self.stretch)
        room = self.viewport().width() - rest
        self.setColumnWidth(self.stretch, max(px(columns[self.stretch].width), room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._opens and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)
