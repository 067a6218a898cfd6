"""The list of files: lines or tiles, several chosen at once, renamed in place, dragged out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from crm_desktop.ui.files.delegate import TILE, FileDelegate
from crm_desktop.ui.files.model import FileModel
from crm_desktop.ui.theme import px

if TYPE_CHECKING:
    from crm_desktop.services.files.rows import FileRow


class FileView(QListView):
    """Enter opens, F2 renames, Delete deletes, Ctrl+C copies."""

    opened = Signal(object)
    delete_asked = Signal()
    copy_asked = Signal()
    chosen = Signal()
    """Another file is current, or others are selected."""
    menu_asked = Signal(QPoint)
    drag_wanted = Signal()

    def __init__(self, model: FileModel, *, name: str) -> None:
        super().__init__()
        self.files = model
        self.setModel(model)
        self.look = FileDelegate(self, model)
        self.setItemDelegate(self.look)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setUniformItemSizes(True)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())
        self.set_tiles(False)

    def set_tiles(self, on: bool) -> None:
        """Tiles with large pictures, or lines."""
        self.look.tiles = on
        self.setViewMode(QListView.ViewMode.IconMode if on else QListView.ViewMode.ListMode)
        self.setMovement(QListView.Movement.Static)
        self.setGridSize(QSize(px(TILE.width()), px(TILE.height())) if on else QSize())
        self.setDragEnabled(True)
        self.scheduleDelayedItemsLayout()

    def selected(self) -> list[FileRow]:
        """The chosen files in the order of the list."""
        places = sorted(index.row() for index in self.selectedIndexes())
        return [self.files.rows[place] for place in places]

    def current(self) -> FileRow | None:
        """The one that has the keyboard, if it is chosen."""
        index = self.currentIndex()
        return self.files.at(index) if self.selectionModel().isSelected(index) else None

    def choose(self, ids: Iterable[int]) -> None:
        """Chooses files by id; the first becomes the current one."""
        wanted, first = set(ids), True
        flags = QItemSelectionModel.SelectionFlag
        for place, row in enumerate(self.files.rows):
            if row.ref.id in wanted:
                how = flags.ClearAndSelect if first else flags.Select
                self.selectionModel().select(self.files.index(place), how)
                if first:
                    self.selectionModel().setCurrentIndex(self.files.index(place), flags.NoUpdate)
                first = False

    def _open(self, place: int) -> None:
        if 0 <= place < len(self.files.rows):
            self.opened.emit(self.files.rows[place])

    def startDrag(self, actions: Qt.DropAction) -> None:
        if self.selectedIndexes():
            self.drag_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Delete and self.selectedIndexes():
            self.delete_asked.emit()
        elif event.key() == Qt.Key.Key_F2 and self.current() is not None:
            self.edit(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy) and self.selectedIndexes():
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            event.ignore()  # the card takes what is pasted
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selectedIndexes():
            self.menu_asked.emit(event.globalPos())
