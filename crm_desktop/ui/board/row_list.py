"""A list of painted rows of one height: only those in sight cost anything."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from crm_desktop.ui.theme import color, px


class RowList(QAbstractScrollArea):
    """Rows are opened by a click or Enter; a second place in a row by a click or Ctrl+Enter."""

    def __init__(self, row: int) -> None:
        """`row`: the height of one, at 100 %."""
        super().__init__()
        self._row, self._count = row, 0
        self.current, self.hovered = 0, -1
        self.over_second = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    @abstractmethod
    def paint_row(self, painter: QPainter, number: int, rect: QRectF) -> None:
        """Paints a row at its place in the viewport."""

    @abstractmethod
    def act(self, number: int, *, second: bool) -> None:
        """A row was opened, or its second place pressed."""

    @abstractmethod
    def is_second(self, number: int, x: int, y: int) -> bool:
        """Whether a point of the viewport is the second place of a row."""

    @abstractmethod
    def words_of(self, number: int) -> str:
        """What a screen reader says of a row."""

    def set_count(self, count: int) -> None:
        """So many rows there are now."""
        self._count = count
        self.current = max(0, min(self.current, count - 1))
        self.hovered = -1
        self._fit()
        self._describe()

    def top_of(self, number: int) -> int:
        """Where a row begins in the viewport."""
        return number * px(self._row) - self.verticalScrollBar().value()

    def _fit(self) -> None:
        room = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._count * px(self._row) - room))
        bar.setPageStep(room)
        bar.setSingleStep(px(30))
        self.viewport().update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self.words_of(self.current) if self._count else "")

    def _at(self, event: QMouseEvent) -> int:
        number = int(event.position().y() + self.verticalScrollBar().value()) // px(self._row)
        return number if 0 <= number < self._count else -1

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), color("surface"))
        tall, shift = px(self._row), self.verticalScrollBar().value()
        first = max(0, (event.rect().top() + shift) // tall)
        last = min(self._count - 1, (event.rect().bottom() + shift) // tall)
        for number in range(first, last + 1):
            rect = QRectF(0, self.top_of(number), self.viewport().width(), tall)
            self.paint_row(painter, number, rect)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number, at = self._at(event), event.position().toPoint()
        second = number >= 0 and self.is_second(number, at.x(), at.y())
        if (number, second) != (self.hovered, self.over_second):
            self.hovered, self.over_second = number, second
            shape = Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number, at = self._at(event), event.position().toPoint()
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.current = number
            self._describe()
            self.act(number, second=self.is_second(number, at.x(), at.y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -self._count,
                 Qt.Key.Key_End: self._count}  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._count:
            self.current = max(0, min(self._count - 1, self.current + step))
            self._show_current()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._count:
            second = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.act(self.current, second=second)
        else:
            super().keyPressEvent(event)

    def _show_current(self) -> None:
        bar, tall = self.verticalScrollBar(), px(self._row)
        top = self.current * tall
        low = top + tall - self.viewport().height()
        bar.setValue(min(top, max(low, bar.value())))
        self._describe()
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and self.hovered >= 0:
            self.hovered, self.over_second = -1, False
            self.viewport().update()
        return super().viewportEvent(event)
