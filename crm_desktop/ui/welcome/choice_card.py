"""One of the three ways to begin: a big button with a picture, a title and a sentence."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, box, focus_ring
from crm_desktop.ui.theme import color, font, line_height, px
from crm_desktop.ui.widgets.buttons import focus_by_key, pressed_by_enter

_WRAPPED = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
_PAD = 16
_DISC = 44


class ChoiceCard(QAbstractButton):
    """Marked while what it opens is shown below."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon, self._text, self._ring = icon, "", False
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_texts(self, title: str, text: str) -> None:
        """What it is and what will happen."""
        self.setText(title)
        self._text = text
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        tall = 2 * _PAD + _DISC + 12
        return QSize(px(220), px(tall) + line_height("title") + 2 * line_height("small") + px(2))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        over = self.isEnabled() and self.underMouse()
        fill = "accent_soft" if self.isChecked() else "raised_hover" if over else "raised"
        border = "accent" if self.isChecked() else "line2"
        box(painter, rect, radius=px(10), fill=fill, border=border)
        self._paint_disc(painter)
        self._paint_words(painter)
        if self._ring and self.hasFocus():
            focus_ring(painter, rect, px(10))
        painter.end()

    def _paint_disc(self, painter: QPainter) -> None:
        side, pad = px(_DISC), px(_PAD)
        ground = "surface" if self.isChecked() else "accent_soft"
        ink = "accent_text" if self.isEnabled() else "disabled"
        box(painter, QRectF(pad, pad, side, side), radius=side / 2, fill=ground)
        inset = pad + (side - px(24)) // 2
        painter.drawPixmap(inset, inset, pixmap(self._icon, ink, 24))

    def _paint_words(self, painter: QPainter) -> None:
        pad, top = px(_PAD), px(_PAD + _DISC + 10)
        wide, tall = self.width() - 2 * pad, line_height("title")
        painter.setFont(font("title"))
        painter.setPen(color("text" if self.isEnabled() else "disabled"))
        painter.drawText(QRectF(pad, top, wide, tall), LEFT, self.text())
        painter.setFont(font("small"))
        painter.setPen(color("text2" if self.isEnabled() else "disabled"))
        rest = QRectF(pad, top + tall + px(2), wide, self.height() - top - tall - px(8))
        painter.drawText(rest, _WRAPPED, self._text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
