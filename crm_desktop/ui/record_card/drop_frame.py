"""What a card shows while files hang over it: an accent frame and a word on where they will go."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.painting import CENTER, box
from crm_desktop.ui.theme import color, font, metrics, px


class DropFrame(QWidget):
    """Lies over the whole card and lets every event through."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        card.installEventFilter(self)

    def say(self, text: str) -> None:
        """Shows the frame with a sentence; an empty one takes it away."""
        self._text = text
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            self._cover()
            self.raise_()
            self.update()

    def _cover(self) -> None:
        card = self.parent()
        if isinstance(card, QWidget):
            self.setGeometry(card.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        box(painter, rect, radius=px(8), border="accent", width=2)
        wide, high = metrics("strong").horizontalAdvance(self._text) + px(40), px(40)
        left, top = rect.center().x() - wide / 2, rect.bottom() - high - px(24)
        pill = QRectF(left, top, wide, high)
        box(painter, pill, radius=high / 2, fill="accent")
        painter.setPen(color("on_accent"))
        painter.setFont(font("strong"))
        painter.drawText(pill, CENTER, self._text)
        painter.end()
