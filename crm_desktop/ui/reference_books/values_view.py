"""The values of a book as a tree: dragged or moved by keys, several can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.painting import AA, LEFT, NO_BRUSH, NO_PEN, RIGHT, box, elided, tone_colors
from crm_desktop.ui.theme import color, font, metrics, px

if TYPE_CHECKING:
    from crm_desktop.services.reference_books import BookValue

_ROLE = Qt.ItemDataRole.UserRole + 1
_CHOSEN = QStyle.StateFlag.State_Selected
_OVER = QStyle.StateFlag.State_MouseOver
_TALL = 36
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a value stands after a move: its parent, and its place among all values."""

    id: int
    parent: int | None


class _Delegate(QStyledItemDelegate):
    """A dot in the colour, the name, the other name, how many records hold it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        value: BookValue = index.data(_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(AA)
        if option.state & (_CHOSEN | _OVER):
            fill = "select" if option.state & _CHOSEN else "hover"
            box(painter, rect.adjusted(0, 1, -px(2), -1), radius=px(6), fill=fill)
        painter.setPen(NO_PEN)
        painter.setBrush(tone_colors("neutral" if value.retired else value.tone)[0])
        painter.drawEllipse(QRectF(rect.left() + px(10), rect.center().y() - px(4), px(8), px(8)))
        painter.setBrush(NO_BRUSH)
        self._words(painter, rect.adjusted(px(30), 0, -px(12), 0), value)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, rect: QRectF, value: BookValue) -> None:
        side = _("no longer offered") if value.retired else ""
        if value.uses:
            uses = format_number(value.uses, 0, i18n.language())
            side = f"{side} · {uses}" if side else uses
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        painter.drawText(rect, RIGHT, side)
        room = rect.width() - metrics("small").horizontalAdvance(side) - px(16)
        painter.setFont(font("body"))
        painter.setPen(color("text3" if value.retired else "text"))
        name = elided(value.name, "body", room)
        painter.drawText(rect, LEFT, name)
        if value.inverse:
            left = metrics("body").horizontalAdvance(name) + px(10)
            painter.setFont(font("small"))
            painter.setPen(color("text3"))
            text = elided(f"↔ {value.inverse}", "small", room - left)
            painter.drawText(rect.adjusted(left, 0, 0, 0), LEFT, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(200), px(_TALL))


class ValuesView(QTreeWidget):
    """Shows values; tells what the person wants done with them."""

    moved = Signal(list)
    """`Placed` of every value, in the new order."""
    edit_asked = Signal()
    delete_asked = Signal()
    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ordered = True
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_Delegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        self.setIndentation(px(22))
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        palette = self.palette()  # the delegate paints what is chosen, also beside the branches
        palette.setColor(QPalette.ColorRole.Highlight, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.itemSelectionChanged.connect(self.chosen_changed)
        self.itemDoubleClicked.connect(lambda _item, _column: self.edit_asked.emit())

    def show_values(self, values: Sequence[BookValue], *, ordered: bool, tree: bool) -> None:
        """Shows values of a book. `ordered`: they have an order of their own."""
        chosen, self._ordered = {v.id for v in self.chosen()}, ordered
        self._tree = tree
        self.setDragEnabled(ordered)
        self.setRootIsDecorated(tree)
        self.blockSignals(True)
        self.clear()
        items: dict[int, QTreeWidgetItem] = {}
        for value in values:
            above = items.get(value.parent or 0) if value.depth else None
            item = QTreeWidgetItem([value.name])
            item.setData(0, _ROLE, value)
            if above is None:
                self.addTopLevelItem(item)
            else:
                above.addChild(item)
            items[value.id] = item
        self.expandAll()
        known = sorted(chosen & items.keys())
        if known:
            self.setCurrentItem(items[known[0]])
        for id_ in known:
            items[id_].setSelected(True)
        if items and not self.selectedItems():
            first = self.topLevelItem(0)
            self.setCurrentItem(first)
        self.blockSignals(False)
        self.chosen_changed.emit()

    def chosen(self) -> list[BookValue]:
        """The values chosen, in their order."""
        return [item.data(0, _ROLE) for item in self.selectedItems()]

    def choose(self, *ids: int) -> None:
        """Chooses values."""
        self.clearSelection()
        for item in self._items(self.invisibleRootItem()):
            if item.data(0, _ROLE).id in ids:
                self.setCurrentItem(item) if not self.selectedItems() else item.setSelected(True)

    def _items(self, above: QTreeWidgetItem) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        for place in range(above.childCount()):
            item = above.child(place)
            found += [item, *self._items(item)]
        return found

    # --- moving -----------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        """One place up or down among its neighbours."""
        item = self.currentItem()
        if item is None or not self._ordered:
            return
        above = item.parent() or self.invisibleRootItem()
        at = above.indexOfChild(item)
        if 0 <= at + step < above.childCount():
            self._put(item, above, at + step)

    def indent(self, deeper: bool) -> None:
        """Under the neighbour above it, or out of what it stands under."""
        item = self.currentItem()
        if item is None or not self._ordered or not self._tree:
            return
        above = item.parent() or self.invisibleRootItem()
        at = above.indexOfChild(item)
        if deeper and at > 0:
            under = above.child(at - 1)
            self._put(item, under, under.childCount())
        elif not deeper and item.parent() is not None:
            out = item.parent().parent() or self.invisibleRootItem()
            self._put(item, out, out.indexOfChild(item.parent()) + 1)

    def _put(self, item: QTreeWidgetItem, above: QTreeWidgetItem, at: int) -> None:
        self.blockSignals(True)
        old = item.parent() or self.invisibleRootItem()
        taken = old.takeChild(old.indexOfChild(item))
        above.insertChild(at, taken)
        self.expandAll()
        self.setCurrentItem(taken)
        self.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        placed: list[Placed] = []
        for item in self._items(self.invisibleRootItem()):
            above = item.parent()
            parent = above.data(0, _ROLE).id if above is not None else None
            placed.append(Placed(item.data(0, _ROLE).id, parent))
        self.moved.emit(placed)

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.expandAll()
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if alt and event.key() in ways:
            self.move(ways[Qt.Key(event.key())])
        elif alt and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.indent(event.key() == Qt.Key.Key_Right)
        elif event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_asked.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)
