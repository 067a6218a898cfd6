"""Layouts: rows and columns in one call, and one that wraps like text."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.ui.theme import px

Part = QWidget | QLayout | int | None
Margins = tuple[int, int, int, int]


def row(*parts: Part, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """Side by side. A number is a gap in px, None stretches; margins: left, top, right, bottom."""
    return _fill(QHBoxLayout(), parts, gap, margins)


def column(*parts: Part, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """One below the other, as `row`."""
    return _fill(QVBoxLayout(), parts, gap, margins)


_Box = TypeVar("_Box", bound=QBoxLayout)


def _fill(layout: _Box, parts: tuple[Part, ...], gap: int, margins: Margins) -> _Box:
    layout.setSpacing(px(gap))
    layout.setContentsMargins(QMargins(*(px(m) for m in margins)))
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(px(part))
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout


class FlowLayout(QLayout):
    """Side by side, and on to the next line when the line is full. For chips."""

    def __init__(
        self, parent: QWidget | None = None, *, gap: int = 6, line_gap: int | None = None
    ) -> None:
        """`line_gap` between the lines; as between the widgets if it is not given."""
        super().__init__(parent)
        self._line_gap = px(gap if line_gap is None else line_gap)
        self._items: list[QLayoutItem] = []
        self._gap = px(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def clear(self) -> None:
        """Takes all widgets out and deletes them."""
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.invalidate()

    def drop(self, widget: QWidget) -> None:
        """Takes one widget out and deletes it. Not left to Qt, which would delete the item that
        Python still holds."""
        self._items = [item for item in self._items if item.widget() is not widget]
        widget.hide()
        widget.deleteLater()
        self.invalidate()

    def insert_widget(self, position: int, widget: QWidget) -> None:
        """Adds a widget before the item at `position`."""
        self.addWidget(widget)
        self._items.insert(position, self._items.pop())
        self.invalidate()

    def _place(self, rect: QRect, *, move: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        x, y, tall = area.x(), area.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            size.setWidth(min(size.width(), area.width()))  # what is too long is cut by itself
            if x > area.x() and x + size.width() > area.right() + 1:
                x, y, tall = area.x(), y + tall + self._line_gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            tall = max(tall, size.height())
        margins = self.contentsMargins()
        return y + tall - rect.y() + margins.bottom()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = sum(s.width() for s in shown) + self._gap * max(0, len(shown) - 1)
        margins = self.contentsMargins()
        tall = max((s.height() for s in shown), default=0) + margins.top() + margins.bottom()
        return QSize(wide + margins.left() + margins.right(), tall)

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        wide = max((s.width() for s in sizes), default=0)
        return QSize(wide, max((s.height() for s in sizes), default=0))


def settle(whole: QWidget, part: QWidget) -> None:
    """Lays out a part of a widget and then the whole at once: Qt does it level by level later, and
    what is painted in between is squeezed."""
    for widget in (*reversed(part.findChildren(QWidget)), part, whole):
        layout = widget.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()
