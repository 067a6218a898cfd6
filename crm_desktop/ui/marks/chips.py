"""A chip: a tag, or a selection with a sign before it; a button that the keyboard reaches."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import AA, LEFT, NO_BRUSH, NO_PEN, elided, focus_ring, tone_colors
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Refusable

_TALL, _MOST = 22, 220
_SIGNS = {"ok": "ok", "warn": "warn", "bad": "bad", "info": "info", "accent": "accent_text"}


class MarkChip(Refusable, QAbstractButton):
    """A word on its soft colour. Click, Enter and Space ask for more; Delete takes it away."""

    removed = Signal()

    def __init__(self, word: str, tone: str, icon: str, *, name: str, parent: QWidget) -> None:
        """`name` is what a screen reader says."""
        super().__init__(parent)
        self.setText(word)
        self._tone, self._icon = tone, icon
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        wide = metrics("small").horizontalAdvance(self.text()) + px(36 if self._icon else 20)
        return QSize(min(wide, px(_MOST)), px(_TALL))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, soft = tone_colors(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(AA)
        painter.setPen(NO_PEN)
        painter.setBrush(soft)
        rect = QRectF(self.rect())
        painter.drawRoundedRect(rect, px(6), px(6))
        painter.setBrush(NO_BRUSH)
        left = px(9)
        if self._icon:
            painter.drawPixmap(px(7), (self.height() - px(16)) // 2,
                               pixmap(self._icon, _SIGNS.get(self._tone, "text2"), 16))  # fmt: skip
            left = px(26)
        painter.setPen(ink if self.isEnabled() else color("disabled"))
        painter.setFont(font("small"))
        text = elided(self.text(), "small", self.width() - left - px(8))
        painter.drawText(rect.adjusted(left, 0, 0, 0), LEFT, text)
        if self.hasFocus():
            focus_ring(painter, rect)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)
