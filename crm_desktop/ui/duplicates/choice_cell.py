"""One value of a field that can be chosen: a radio button over the whole cell, its text wrapped."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.ui.painting import box, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key

_MOST_LINES = 4
_WRAP = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere


class ChoiceCell(QAbstractButton):
    """Shows a value; checked, it is the one that stays. `plain`: there is nothing to choose."""

    def __init__(
        self, text: str, *, name: str, plain: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._plain, self._ring = plain, False
        self.setText(text)
        self.setCheckable(not plain)
        self.setEnabled(not plain or bool(text))
        self.setAccessibleName(f"{name}: {text or '—'}")
        self.setToolTip(plain_tip(text if len(text) > 60 else ""))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = Qt.FocusPolicy.NoFocus if plain else Qt.FocusPolicy.StrongFocus
        self.setFocusPolicy(policy)
        size = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        size.setHeightForWidth(True)
        self.setSizePolicy(size)
        self.setMinimumWidth(px(140))

    def _left(self) -> int:
        return px(12) if self._plain else px(34)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(px(40), width - self._left() - px(10)), 10_000)
        needed = metrics("body").boundingRect(room, int(_WRAP), self.text() or "—").height()
        most = metrics("body").lineSpacing() * _MOST_LINES
        return min(needed, most) + px(14)

    def sizeHint(self) -> QSize:
        return QSize(px(220), self.heightForWidth(px(220)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(140), px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.isChecked():
            box(painter, rect, fill="accent_soft", border="accent")
        elif not self._plain:
            box(painter, rect, fill="hover" if self.underMouse() else "surface", border="line2")
        if not self._plain:
            self._paint_radio(painter)
        painter.setFont(font("body"))
        painter.setPen(color("text" if self.text() else "text3"))
        room = self.rect().adjusted(self._left(), px(7), -px(10), -px(5))
        painter.drawText(room, int(_WRAP), self.text() or "—")
        if self._ring and self.hasFocus():
            focus_ring(painter, rect)
        painter.end()

    def _paint_radio(self, painter: QPainter) -> None:
        middle = QPointF(px(18), px(7) + metrics("body").height() / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(color("surface"))
        painter.setPen(color("accent" if self.isChecked() else "field"))
        painter.drawEllipse(middle, px(7), px(7))
        if self.isChecked():
            painter.setBrush(color("accent"))
            painter.drawEllipse(middle, px(3.5), px(3.5))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event)
        super().focusInEvent(event)
