"""What the colours of the planner mean, on one line."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.painting import LEFT
from crm_desktop.ui.planner.look import Key
from crm_desktop.ui.theme import color, font, metrics, px


class Legend(QWidget):
    """What the colours mean, on one line."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[Key] = []
        self.setMinimumHeight(px(20))

    def show_keys(self, keys: list[Key]) -> None:
        """Another legend."""
        if keys == self._keys:
            return
        self._keys = keys
        self.setAccessibleName(", ".join(key.text for key in keys))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("small"))
        left = 0
        for key in self._keys:
            wide = metrics("small").horizontalAdvance(key.text)
            if left + px(16) + wide > self.width():
                break
            painter.fillRect(left, (self.height() - px(9)) // 2, px(9), px(9), key.colour)
            painter.setPen(color("text2"))
            place = QRect(left + px(15), 0, wide + 4, self.height())
            painter.drawText(place, LEFT, key.text)
            left += px(31) + wide
        painter.end()
