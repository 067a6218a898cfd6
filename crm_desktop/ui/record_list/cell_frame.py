"""The frame round the cells that are being typed into; it lies over the table."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.theme import color
from crm_desktop.ui.widgets.table_view import TableView

_TINT = 28  # of 255


class CellFrame(QWidget):
    """A ring round the cell that has the keyboard, a tint over the cells chosen with it."""

    def __init__(self, table: TableView) -> None:
        super().__init__(table.viewport())
        self._table = table
        self._cell, self._whole = QRect(), QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def frame(self, current: tuple[int, int], rows: range, columns: list[int]) -> None:
        """Puts the ring round `current` (row, column) and the tint over rows and columns."""
        self._cell = self._place(*current)
        self._whole = self._cell
        for row in (rows[0], rows[-1]):
            for column in columns:
                self._whole = self._whole.united(self._place(row, column))
        self.setGeometry(self._table.viewport().rect())
        self.show()
        self.raise_()
        self.update()

    def _place(self, row: int, column: int) -> QRect:
        table = self._table
        left, top = table.columnViewportPosition(column), table.rowViewportPosition(row)
        return QRect(left, top, table.columnWidth(column), table.rowHeight(row))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._whole != self._cell:
            tint = QColor(color("accent"))
            tint.setAlpha(_TINT)
            painter.fillRect(self._whole, tint)
            painter.setPen(QPen(color("accent"), 1))
            painter.drawRect(QRectF(self._whole).adjusted(0.5, 0.5, -0.5, -1.5))
        painter.setPen(QPen(color("accent"), 2))
        painter.drawRect(QRectF(self._cell).adjusted(1, 1, -1, -2))
        painter.end()
