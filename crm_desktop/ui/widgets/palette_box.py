"""The box of the command palette: its ground, its shadow and the glass before the line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.delegates.pictures import look_key
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import box, shadow
from crm_desktop.ui.theme import px

_PICTURES = 6  # of the box in different heights, a megabyte each


class PaletteBox(QWidget):
    """The box itself, with its shadow and the glass before the line."""

    def __init__(self, parent: QWidget, margin: int) -> None:
        """`margin`: px around the box that its shadow may take."""
        super().__init__(parent)
        self._shadow = margin
        self._pictures: dict[object, QPixmap] = {}

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        key = (self.size().toTuple(), ratio, look_key())
        picture = self._pictures.get(key)
        if picture is None:
            if len(self._pictures) >= _PICTURES:
                self._pictures.clear()
            picture = self._pictures[key] = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            self._draw(picture)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, picture)
        painter.end()

    def _draw(self, picture: QPixmap) -> None:
        """The shadow takes milliseconds: it is drawn once a size."""
        painter = QPainter(picture)
        rect = QRectF(self.rect()).adjusted(
            self._shadow, self._shadow - 4, -self._shadow, -self._shadow - 4
        )
        shadow(painter, rect, 12, 12)
        box(painter, rect, radius=12, fill="raised", border="line2")
        top = int(rect.top()) + (px(52) - px(20)) // 2
        painter.drawPixmap(int(rect.left()) + px(18), top, pixmap("search", "text2", 20))
        painter.end()
