"""The mark of the program: a tick on a square of the accent."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.painting import box, stroke, tick
from crm_desktop.ui.theme import px

_SIDE = 48


class BrandMark(QWidget):
    """The mark, large."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(px(_SIDE), px(_SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        box(painter, rect, radius=px(12), fill="accent")
        painter.setPen(stroke("on_accent", px(4)))
        inset = px(8)
        tick(painter, rect.adjusted(inset, inset, -inset, -inset))
        painter.end()
