"""A page with a panel at its right: beside it when there is room, over it when there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QWidget

from crm_desktop.ui.theme import color, px
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.layouts import column

NARROWEST, WIDEST, USUAL = 380, 640, 432
_MAIN_NEEDS = 712  # so that a window of 1,366 px gives its page the whole room


class _Grip(QWidget):
    """The line between page and panel: dragged, or moved by Left and Right."""

    moved = Signal(int)

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self._start: QPointF | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._start = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is not None:
            self.moved.emit(round(self._start.x() - event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._start = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: px(16), Qt.Key.Key_Right: -px(16)}
        if event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hot = self.hasFocus() or self.underMouse() or self._start is not None
        middle = self.width() // 2
        if hot:
            painter.fillRect(middle - 1, 0, 2, self.height(), color("accent"))
        else:
            painter.fillRect(middle, 0, 1, self.height(), color("line"))
        painter.end()


class SplitPanel(QWidget):
    """Two widgets; the right one is 380 to 640 px wide and can be hidden."""

    side_resized = Signal(int)
    """The new width in px at 100 %, for the settings."""

    def __init__(self, *, grip_name: str, parent: QWidget | None = None) -> None:
        """`grip_name` is what screen readers call the line between the two."""
        super().__init__(parent)
        self._main = QWidget(self)
        self._side = QWidget(self)
        self._wide = USUAL
        self._shown = False
        self._grip = _Grip(self, grip_name)
        self._grip.moved.connect(self._grow)
        self._side.hide()
        self._grip.hide()

    def set_main(self, widget: QWidget) -> None:
        """The page at the left."""
        self._main = self._take(self._main, widget)
        widget.setVisible(True)
        self._place()

    def set_side(self, widget: QWidget) -> None:
        """The panel at the right."""
        self._side = self._take(self._side, widget)
        self.set_side_shown(self._shown)

    def side_shown(self) -> bool:
        """Whether the panel is open."""
        return self._shown

    def set_side_shown(self, shown: bool) -> None:
        """Opens or closes the panel."""
        self._shown = shown
        self._side.setVisible(shown)
        self._grip.setVisible(shown)
        self._place()

    def set_side_width(self, width: int) -> None:
        """The width in px at 100 %, as kept in the settings."""
        self._wide = min(WIDEST, max(NARROWEST, width))
        self._place()

    def overlaid(self) -> bool:
        """Whether the panel lies over the page because the window is narrow."""
        return self._shown and self.would_overlay()

    def would_overlay(self) -> bool:
        """Whether there is no room beside the page, shown or not."""
        return self.width() - px(self._wide) < px(_MAIN_NEEDS)

    def _take(self, old: QWidget, new: QWidget) -> QWidget:
        if old is not new:
            old.hide()
            old.setParent(None)
            old.deleteLater()
            new.setParent(self)
        return new

    def _grow(self, by: int) -> None:
        self.set_side_width(self._wide + round(by / max(0.1, px(100) / 100)))
        self.side_resized.emit(self._wide)

    def _place(self) -> None:
        wide, tall = self.width(), self.height()
        side = min(px(self._wide), wide) if self._shown else 0
        self._main.setGeometry(0, 0, wide if self.overlaid() else wide - side, tall)
        self._side.setGeometry(wide - side, 0, side, tall)
        self._grip.setGeometry(wide - side - 3, 0, 7, tall)
        self._side.raise_()
        self._grip.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


def list_and_panel(
    heads: Sequence[QLayout], table: QWidget, others: Sequence[QWidget], side: QWidget, *,
    width: int, grip_name: str,
) -> SplitPanel:  # fmt: skip
    """A list under its heads, or in its place what is said where nothing is in it or nothing is
    known yet, and the panel of one line. `width`: of the panel, as it was left."""
    left, layout = Surface("surface"), column(*heads, table, *others, gap=0)
    for place in range(len(heads), layout.count()):
        layout.setStretch(place, 1)
    left.setLayout(layout)
    split = SplitPanel(grip_name=grip_name)
    split.set_main(left)
    split.set_side(side)
    split.set_side_width(width)
    for other in others:
        other.hide()
    return split
