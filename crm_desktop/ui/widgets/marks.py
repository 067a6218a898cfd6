"""Small signs of state: avatar, pill, filter chip, key cap, counter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.ui import painting
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import CENTER, LEFT, box, elided, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key, pressed_by_enter


class Avatar(QWidget):
    """Initials on the colour of the name: round for a person, square for a company."""

    def __init__(
        self, name: str = "", size: int = 40, *, square: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._square = name, square
        self._picture: QPixmap | None = None
        self.setFixedSize(px(size), px(size))
        self.setAccessibleName(name)

    def set_name(self, name: str, *, square: bool = False) -> None:
        """Shows another person or company."""
        self._name, self._square, self._picture = name, square, None
        self.setAccessibleName(name)
        self.update()

    def set_picture(self, picture: QPixmap | None) -> None:
        """Shows a picture in place of the initials."""
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painting.portrait(painter, rect, self._name, self._picture, square=self._square)
        painter.end()


class Pill(QWidget):
    """A state in a word: tone ok, warn, bad, info, neutral or accent."""

    def __init__(
        self,
        text: str = "",
        tone: str = "neutral",
        *,
        dot: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._dot = dot
        self.set_state(text, tone)

    def set_state(self, text: str, tone: str = "neutral") -> None:
        """Shows another word in another tone."""
        self._text, self._tone = text, tone
        self.setFixedSize(painting.pill_width(text, dot=self._dot), px(22))
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.pill(painter, QRectF(self.rect()), self._text, tone=self._tone, dot=self._dot)
        painter.end()


class KeyCap(QWidget):
    """A shortcut as on the keyboard: `Ctrl K`."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setFixedSize(metrics("caption").horizontalAdvance(text) + px(14), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box(painter, QRectF(self.rect()), radius=px(4), border="line2")
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        painter.drawText(self.rect(), CENTER, self._text)
        painter.end()


class Chip(QAbstractButton):
    """A condition in force: `Manager: Smith x`. A click edits, the cross or Del takes it away."""

    removed = Signal()

    def __init__(
        self, label: str, value: str, *, remove_tip: str = "", parent: QWidget | None = None
    ) -> None:
        """`remove_tip` is the tooltip of the cross."""
        super().__init__(parent)
        self._remove_tip = remove_tip
        self._ring = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.set_texts(label, value)

    def set_texts(self, label: str, value: str) -> None:
        """Shows another field and value; a long value is cut."""
        self._label = f"{label}: " if label else ""
        self._whole = value
        self._value = elided(value, "small", px(260))
        self.setAccessibleName(f"{self._label}{value}")
        self.updateGeometry()
        self.update()

    def _cross(self) -> QRectF:
        return QRectF(self.width() - px(28), 0, px(28), self.height())

    def sizeHint(self) -> QSize:
        fm = metrics("small")
        wide = fm.horizontalAdvance(self._label) + fm.horizontalAdvance(self._value)
        return QSize(wide + px(42), px(30))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        fill = "select" if self.underMouse() else "accent_soft"
        box(painter, rect, radius=px(6), fill=fill, border="accent")
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        text = QRectF(px(10), 0, self._cross().left() - px(10), self.height())
        painter.drawText(text, LEFT, elided(self._label, "small", text.width()))
        text.adjust(metrics("small").horizontalAdvance(self._label), 0, 0, 0)
        painter.setPen(color("accent_text"))
        if text.width() > 0:
            painter.drawText(text, LEFT, elided(self._value, "small", text.width()))
        top = (self.height() - px(16)) // 2
        painter.drawPixmap(self.width() - px(24), top, pixmap("close", "text2", 16))
        if self._ring and self.hasFocus():
            focus_ring(painter, rect)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            over = self._cross().contains(self.mapFromGlobal(self.cursor().pos()).toPointF())
            self.setToolTip(plain_tip(self._remove_tip if over else self.accessibleName()))
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._cross().contains(event.position()) and self.isDown():
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
