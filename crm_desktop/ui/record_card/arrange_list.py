"""The list in which tabs, or sections with their fields, are dragged into order and ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, box, elided, tick_box
from crm_desktop.ui.theme import color, font, px

_KEY, _HEADING, _TICKED, _FIXED = (Qt.ItemDataRole.UserRole + n for n in range(4))
_OVER = QStyle.StateFlag.State_MouseOver
_ROW = 34


@dataclass(frozen=True, slots=True)
class ArrangeLine:
    """A line: a heading of a section, or a tab or field with its tick; `fixed`: always seen."""

    key: str
    text: str
    heading: bool = False
    ticked: bool = True
    fixed: bool = False


class _Delegate(QStyledItemDelegate):
    """The sign that a line can be dragged, its tick, its words; headings are strong."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        rect, heading = option.rect, bool(index.data(_HEADING))
        painter.fillRect(rect, color("sunken" if heading else "surface"))
        current = self._view.currentIndex() == index and self._view.hasFocus()
        if option.state & _OVER or current:
            box(painter, rect.toRectF().adjusted(px(2), 1, -px(2), -1), fill="hover")
        top = rect.center().y() - px(8) + 1
        painter.drawPixmap(rect.left() + px(8), top, pixmap("drag", "text3", 16))
        left, ticked = px(32), bool(index.data(_TICKED))
        if not heading:
            spot = QRectF(rect.left() + px(32), rect.center().y() - px(8) + 1, px(16), px(16))
            state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            tick_box(painter, spot, state, enabled=not index.data(_FIXED))
            left = px(60)
        painter.setFont(font("strong" if heading else "body"))
        painter.setPen(color("text" if ticked else "text3"))
        words = rect.adjusted(left, 0, -px(12), 0)
        text = elided(str(index.data()), "strong" if heading else "body", words.width())
        painter.drawText(words, LEFT, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(px(240), px(_ROW))


class ArrangeList(QListWidget):
    """Alt with an arrow moves the line, a heading with all below it; Space ticks, F2 renames."""

    arranged = Signal()

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed
                             | QAbstractItemView.EditTrigger.DoubleClicked)  # fmt: skip
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.itemChanged.connect(self._renamed)

    def set_lines(self, lines: Iterable[ArrangeLine]) -> None:
        """Shows these lines."""
        self.blockSignals(True)
        self.clear()
        for line in lines:
            self.addItem(self._item(line))
        self.blockSignals(False)
        self.setCurrentRow(0)

    def lines(self) -> list[ArrangeLine]:
        """The lines as they stand now."""
        items = (self.item(place) for place in range(self.count()))
        return [
            ArrangeLine(str(i.data(_KEY)), i.text(), bool(i.data(_HEADING)), bool(i.data(_TICKED)),
                        bool(i.data(_FIXED)))
            for i in items
        ]  # fmt: skip

    def add_heading(self, line: ArrangeLine) -> None:
        """A new heading at the end, ready to be named."""
        item = self._item(line)
        self.addItem(item)
        self.setCurrentItem(item)
        self.scrollToItem(item)
        self.editItem(item)

    def toggle(self, place: int) -> None:
        """Ticks or unticks a line."""
        item = self.item(place)
        if item is not None and not item.data(_HEADING) and not item.data(_FIXED):
            item.setData(_TICKED, not item.data(_TICKED))
            self.arranged.emit()

    def move_current(self, by: int) -> None:
        """Moves the current line one place; a heading with its lines past the next heading."""
        lines, place = self.lines(), self.currentRow()
        if place < 0:
            return
        if lines[place].heading:
            target = self._move_block(lines, place, by)
        else:
            target = place + by
            if not self._first_line() <= target < len(lines):
                return
            lines.insert(target, lines.pop(place))
        self._show(lines, target)

    def _first_line(self) -> int:
        """Where the first line may stand that is no heading."""
        return 1 if self.count() and self.item(0).data(_HEADING) else 0

    @staticmethod
    def _move_block(lines: list[ArrangeLine], place: int, by: int) -> int:
        starts = [n for n, line in enumerate(lines) if line.heading]
        which = starts.index(place)
        if not 0 <= which + by < len(starts):
            return place
        blocks = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
        blocks.insert(which + by, blocks.pop(which))
        lines[starts[0] :] = [line for block in blocks for line in block]
        return starts[0] + sum(map(len, blocks[: which + by]))

    def _show(self, lines: list[ArrangeLine], current: int) -> None:
        self.set_lines(lines)
        self.setCurrentRow(current)
        self.arranged.emit()

    @staticmethod
    def _item(line: ArrangeLine) -> QListWidgetItem:
        item = QListWidgetItem(line.text)
        item.setData(_KEY, line.key)
        item.setData(_HEADING, line.heading)
        item.setData(_TICKED, line.ticked)
        item.setData(_FIXED, line.fixed)
        if line.heading:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
        return item

    def _renamed(self, item: QListWidgetItem) -> None:
        """A heading keeps one line of words, and a name that no other has."""
        if not item.data(_HEADING):
            return
        text = " ".join(item.text().split())[:60]
        others = {self.item(n).text().casefold() for n in range(self.count())
                  if self.item(n) is not item and self.item(n).data(_HEADING)}  # fmt: skip
        number, wanted = 2, text or str(item.data(_KEY))
        text = wanted
        while text.casefold() in others:
            text, number = f"{wanted} ({number})", number + 1
        if text != item.text():
            item.setText(text)
            return
        self.arranged.emit()

    def dropEvent(self, event: QDropEvent) -> None:
        before, dragged = self.lines(), self.currentItem()
        key = dragged.data(_KEY) if dragged is not None else ""
        heading = dragged is not None and bool(dragged.data(_HEADING))
        super().dropEvent(event)
        lines = self.lines()
        if heading:
            lines = _with_block(before, lines, str(key))
        first = next((n for n, line in enumerate(lines) if line.heading), 0)
        lines.insert(0, lines.pop(first))
        place = next((n for n, line in enumerate(lines) if line.key == key), 0)
        self._show(lines, place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        item = self.itemAt(event.position().toPoint())
        inside = px(28) <= event.position().x() <= px(54)
        if item is not None and inside and event.button() == Qt.MouseButton.LeftButton:
            self.toggle(self.row(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if alt and event.key() in steps:
            self.move_current(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Space:
            self.toggle(self.currentRow())
        else:
            super().keyPressEvent(event)


def _with_block(before: list[ArrangeLine], after: list[ArrangeLine], key: str) -> list[ArrangeLine]:
    """The lines after a heading was dragged: those that stood below it follow it."""
    start = next(n for n, line in enumerate(before) if line.heading and line.key == key)
    block = []
    for line in before[start + 1 :]:
        if line.heading:
            break
        block.append(line)
    rest = [line for line in after if line not in block]
    place = next(n for n, line in enumerate(rest) if line.heading and line.key == key)
    end = next((n for n, line in enumerate(rest) if n > place and line.heading), len(rest))
    if end > place + 1 and place > 0:  # dropped amid another section: that one keeps its lines
        heading = rest.pop(place)
        rest.insert(end - 1, heading)
        place = end - 1
    return [*rest[: place + 1], *block, *rest[place + 1 :]]
