"""Panels that float over the window: with a shadow, closed by Esc or a click beside them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from crm_desktop.ui.icons import icon
from crm_desktop.ui.painting import box, shadow
from crm_desktop.ui.theme import px

_SHADOW = 12


class Popover(QWidget):
    """A panel below a button or chip: filter editor, chooser of columns. Holds one widget."""

    closed = Signal()

    def __init__(self, content: QWidget, *, name: str, parent: QWidget) -> None:
        """`name` is what screen readers say when it opens."""
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(name)
        self.setWindowTitle(name)
        self.content = content
        layout = QVBoxLayout(self)
        side = _SHADOW + px(8)
        layout.setContentsMargins(side, side - 4, side, side + 4)
        layout.addWidget(content)

    def open_below(self, anchor: QWidget, rect: QRect | None = None) -> None:
        """Opens under `anchor` (or a part of it), inside the screen, focus on the first field."""
        part = rect or anchor.rect()
        self.adjustSize()
        below = anchor.mapToGlobal(part.bottomLeft()) + QPoint(-_SHADOW, 4 - _SHADOW)
        screen = QGuiApplication.screenAt(below) or anchor.screen()
        free = screen.availableGeometry()
        if below.y() + self.height() - _SHADOW > free.bottom():
            above = anchor.mapToGlobal(part.topLeft()).y() - self.height() + _SHADOW
            below.setY(max(free.top(), above))
        below.setX(max(free.left(), min(below.x(), free.right() - self.width() + _SHADOW)))
        self.move(below)
        self.show()
        first = self.content.focusProxy() or self.content.nextInFocusChain()
        if first is not None and self.isAncestorOf(first):
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW - 4, -_SHADOW, -_SHADOW - 4)
        shadow(painter, rect, 10, 10)
        box(painter, rect, radius=10, fill="raised", border="line2")
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


class Menu(QMenu):
    """A menu with rounded corners; items are added as to any `QMenu`."""

    def __init__(self, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(title, parent)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._show_ticks)

    def _show_ticks(self) -> None:
        """A tick of ours before what is on: the style's own is black in every theme."""
        for action in self.actions():
            if action.isCheckable():
                action.setIcon(icon("check", "accent_text", 16) if action.isChecked() else QIcon())

    def open_below(self, anchor: QWidget) -> None:
        """Opens under a button."""
        self.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 2)))
