"""Cells of a table whose titles have a picture where others have an avatar."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from crm_desktop.ui.delegates.table import TableDelegate
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.itemmodels.cells import Cell
from crm_desktop.ui.theme import px


class PicturedDelegate(TableDelegate):
    """The picture is the one that the tag of the cell names."""

    def _title(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        top = rect.top() + (rect.height() - px(20)) // 2
        painter.drawPixmap(rect.left() + px(12), top, pixmap(cell.tag, "text2", 20))
        self._text(painter, rect.adjusted(px(32), 0, 0, 0), cell.text, ink="text", right=False)
