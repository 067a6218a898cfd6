"""The tree of records: dragged onto another one, found, folded; tells what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.hierarchy.drawing import ROLE, draw
from crm_desktop.ui.theme import px

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPixmap

    from crm_desktop.models.catalogue.definitions import Ref
    from crm_desktop.services.hierarchies import Node

TALL = 40
_Index = QModelIndex | QPersistentModelIndex


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: TreeView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        node: Node = index.data(ROLE)
        view = self._view
        draw(painter, option, node, view.photo(node.ref), cut=node.ref in view.cut, gone=view.gone)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(200), px(TALL))


class TreeView(QTreeWidget):
    """Shows nodes; Qt itself moves nothing: what was moved is shown when the base says so."""

    move_asked = Signal(list, object)
    """(nodes, the `Node` onto which they are dropped; None: to the top)"""
    open_asked = Signal()
    cut_asked = Signal()
    paste_asked = Signal()
    move_menu_asked = Signal()
    menu_asked = Signal(QPoint)
    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cut: frozenset[Ref] = frozenset()
        self.gone = ""
        """How a hidden record is called."""
        self.photo: Callable[[Ref], QPixmap | None] = lambda _ref: None
        self._items: dict[Ref, QTreeWidgetItem] = {}
        self._folded: set[Ref] = set()
        self._movable = True
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_Delegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setMouseTracking(True)
        self.setIndentation(px(24))
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setAutoExpandDelay(700)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        palette = self.palette()  # the delegate paints what is chosen, also beside the branches
        palette.setColor(QPalette.ColorRole.Highlight, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.itemSelectionChanged.connect(self.chosen_changed)
        self.itemDoubleClicked.connect(lambda _item, _column: self.open_asked.emit())
        self.itemCollapsed.connect(lambda item: self._folded.add(item.data(0, ROLE).ref))
        self.itemExpanded.connect(lambda item: self._folded.discard(item.data(0, ROLE).ref))

    def set_movable(self, movable: bool) -> None:
        """Whether anything can be dragged."""
        self._movable = movable
        self.setDragEnabled(movable)

    # --- what is shown ----------------------------------------------------------------------------

    def show_nodes(self, nodes: Sequence[Node], text: str = "") -> None:
        """Shows a tree; what was folded, chosen and in sight stays so. Of a searched tree what
        matches, and what it stands below."""
        chosen, current = {node.ref for node in self.chosen()}, self.current()
        place, moved = self.verticalScrollBar().value(), not self._items
        matching = _matching(nodes, text)
        self.blockSignals(True)
        self.setUpdatesEnabled(False)
        self.clear()
        self._items = {}
        for node in nodes:
            if node.ref in matching:
                item = QTreeWidgetItem(
                    [f"{node.name}, {node.detail}" if node.detail else node.name]
                )
                item.setData(0, ROLE, node)
                self._items[node.ref] = item
        self._hang()
        self._unfold(bool(text))
        self._choose(chosen, current)
        self.setUpdatesEnabled(True)
        self.blockSignals(False)
        if not moved:
            self.verticalScrollBar().setValue(place)
        self.chosen_changed.emit()

    def _hang(self) -> None:
        """Puts every item below its own; a ring hangs at the top by its first one."""
        below: dict[Ref | None, list[QTreeWidgetItem]] = {}
        for ref, item in self._items.items():
            above = item.data(0, ROLE).above
            hung = above in self._items and not self._rings(ref)
            below.setdefault(above if hung else None, []).append(item)
        for ref, item in self._items.items():
            item.addChildren(below.get(ref, []))
        self.addTopLevelItems(below.get(None, []))

    def _rings(self, ref: Ref) -> bool:
        met: set[Ref] = set()
        at: Ref | None = ref
        while at is not None and at in self._items and at not in met:
            met.add(at)
            at = self._items[at].data(0, ROLE).above
        return at == ref

    def _unfold(self, everything: bool) -> None:
        self.expandAll()
        for ref in () if everything else self._folded:
            if ref in self._items:
                self._items[ref].setExpanded(False)

    def fold_all(self, folded: bool) -> None:
        """Folds all branches, or opens them."""
        self._folded = set(self._items) if folded else set()
        self.blockSignals(True)
        (self.collapseAll if folded else self.expandAll)()
        self.blockSignals(False)

    # --- what is chosen ---------------------------------------------------------------------------

    def current(self) -> Node | None:
        """The node in hand."""
        item = self.currentItem()
        return item.data(0, ROLE) if item is not None else None

    def chosen(self) -> list[Node]:
        """The nodes chosen, without those that stand below another chosen one."""
        items = self.selectedItems()
        found = {id(item) for item in items}
        return [item.data(0, ROLE) for item in items if not _is_below(item, found)]

    def choose(self, *refs: Ref) -> None:
        """Chooses nodes and brings the first one into sight."""
        self._choose(set(refs), None)
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())
        self.chosen_changed.emit()

    def _choose(self, refs: set[Ref], current: Node | None) -> None:
        self.clearSelection()
        present = [self._items[ref] for ref in refs if ref in self._items]
        front = self._items.get(current.ref) if current is not None else None
        if front is None:
            front = present[0] if present else self.topLevelItem(0)
        if front is not None:
            self.setCurrentItem(front)
        if present:
            self.clearSelection()
            for item in present:
                item.setSelected(True)

    def item_of(self, ref: Ref) -> QTreeWidgetItem:
        """The line of a node that is shown."""
        return self._items[ref]

    # --- mouse and keys ---------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is self and self._movable:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        if event.source() is self and self._movable:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """On a line: below it. Between lines: beside that one. On the ground: to the top."""
        item = self.itemAt(event.position().toPoint())
        between = self.dropIndicatorPosition() in (
            QAbstractItemView.DropIndicatorPosition.AboveItem,
            QAbstractItemView.DropIndicatorPosition.BelowItem,
        )
        if item is not None and between:
            item = item.parent()
        event.setDropAction(Qt.DropAction.IgnoreAction)  # or Qt takes the lines away
        event.accept()
        self.move_asked.emit(self.chosen(), item.data(0, ROLE) if item is not None else None)

    def _menu(self, place: QPoint) -> None:
        if self.itemAt(place) is not None:
            self.menu_asked.emit(self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.matches(QKeySequence.StandardKey.Cut):
            self.cut_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_asked.emit()
        elif event.key() == Qt.Key.Key_F6:
            self.move_menu_asked.emit()
        elif alt and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def _step(self, deeper: bool) -> None:
        """Below the neighbour above, or out of what it stands below."""
        item = self.currentItem()
        if item is None or not self._movable:
            return
        upper = item.parent() or self.invisibleRootItem()
        at = upper.indexOfChild(item)
        if deeper and at > 0:
            self.move_asked.emit([item.data(0, ROLE)], upper.child(at - 1).data(0, ROLE))
        elif not deeper and item.parent() is not None:
            out = item.parent().parent()
            self.move_asked.emit([item.data(0, ROLE)], out.data(0, ROLE) if out else None)


def _is_below(item: QTreeWidgetItem, found: set[int]) -> bool:
    up = item.parent()
    while up is not None:
        if id(up) in found:
            return True
        up = up.parent()
    return False


def _matching(nodes: Sequence[Node], text: str) -> set[Ref]:
    """Nodes in whose name or detail every word occurs, and those above them."""
    words = norm(text).split()
    tree: Mapping[Ref, Node] = {node.ref: node for node in nodes}
    if not words:
        return set(tree)
    found: set[Ref] = set()
    for node in nodes:
        said = norm(f"{node.name} {node.detail}")
        if all(word in said for word in words):
            found.update(_upwards(node, tree, found))
    return found


def _upwards(node: Node, tree: Mapping[Ref, Node], met: set[Ref]) -> Iterator[Ref]:
    up: Node | None = node
    while up is not None and up.ref not in met:
        met.add(up.ref)
        yield up.ref
        up = tree.get(up.above) if up.above is not None else None
