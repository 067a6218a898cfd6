"""The table of every list: a `PagedTableModel`, painted by `TableDelegate`, used by keyboard.

The current row is the one the side panel shows; ticks are the rows an action applies to. The two
are apart on purpose: moving about must not lose what was picked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QTableView, QWidget

from crm_desktop.ui.delegates.table import Place, TableDelegate
from crm_desktop.ui.itemmodels.cells import Cell, Faces
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.table_header import BARE_WIDTH, HeaderView, TickAll, TickStrip
from crm_desktop.ui.widgets.type_ahead import TypeAhead

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import Ref

ROW_HEIGHTS = {"compact": 30, "normal": 38, "roomy": 46}
_FAR = 1 << 20  # px: beyond every column
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


class TableView(QTableView):
    """A list. It asks by signals; whoever owns it acts."""

    current_row_changed = Signal(int)
    row_opened = Signal(int, bool)
    """(row, whether with Ctrl): Enter or a double click."""
    menu_asked = Signal(int, QPoint)
    copy_asked = Signal()
    delete_asked = Signal()
    edit_asked = Signal()
    range_wanted = Signal(int, int)
    """Rows to be ticked of which some are not loaded: look up the ids and `ticks.add` them."""
    typed_ahead = Signal(int, str)
    """(column, letters): jump to the first row that begins so."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        """`name` is what screen readers say."""
        super().__init__(parent)
        self.hover_row = -1
        self.current_row = -1
        self._anchor = -1
        self._ahead = TypeAhead()
        self._pressed: tuple[int, QPointF] | None = None
        self.drag_data: Callable[[int], QMimeData | None] | None = None
        """What is dragged when a row is; without it rows stay where they are."""
        self.picture_of: Callable[[int], QPixmap | None] | None = None
        """The picture of a row, by its id, in place of the initials."""
        self.face_of: Callable[[Ref], QPixmap | None] | None = None
        """The picture of whom a cell names."""
        self.setAccessibleName(name)
        self._set_up()
        self._head = HeaderView(self)
        self.setHorizontalHeader(self._head)
        self._strip = TickStrip(self)
        self._strip.tick_asked.connect(self._tick)
        self.setVerticalHeader(self._strip)
        self._all = TickAll(self)
        self._all.clicked.connect(self._tick_all)
        self._delegate = TableDelegate(self, self)
        self.setItemDelegate(self._delegate)
        self.set_density("normal")
        self.set_tick_all_name(name)

    def picture_at(self, row: int) -> QPixmap | None:
        """The picture of a row, if somebody knows pictures of its records."""
        record = self.paged().id_of(row) if self.picture_of is not None else None
        return self.picture_of(record) if self.picture_of and record is not None else None

    def show_faces(self, faces: Faces) -> None:
        """Pictures of whom cells name, as soon as they are known."""
        self.face_of = faces.of
        faces.changed.connect(self.viewport().update)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(Surface())
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    # --- for the owner ----------------------------------------------------------------------------

    @property
    def head(self) -> HeaderView:
        """The titles: sort, widths, order."""
        return self._head

    def paged(self) -> PagedTableModel:
        """The model."""
        model = self.model()
        assert isinstance(model, PagedTableModel)
        return model

    def set_density(self, density: str) -> None:
        """compact, normal or roomy rows."""
        self._strip.setDefaultSectionSize(px(ROW_HEIGHTS.get(density, 38)))

    def set_tickable(self, tickable: bool) -> None:
        """Without the strip of tick boxes: a list on a card."""
        self._strip.setVisible(tickable)
        self._all.setVisible(tickable)

    def begin_under_title(self) -> None:
        """Without tick boxes, but over the whole width of a page: its words begin where the title
        of the page does."""
        self._strip.leave_out(px(BARE_WIDTH))
        self._all.leave_out(px(BARE_WIDTH))

    def set_tick_all_name(self, name: str) -> None:
        """What the box over all boxes says to screen readers and as its tip."""
        self._all.setAccessibleName(name)
        self._all.setToolTip(plain_tip(name))

    def size_columns(self) -> None:
        """Gives the columns their usual widths and tells the header where figures stand."""
        columns = self.paged().columns
        for place, column in enumerate(columns):
            self.setColumnWidth(place, px(column.width))
        self._head.set_right_columns(frozenset(i for i, c in enumerate(columns) if c.right))

    def go_to(self, row: int, *, column: int = -1) -> None:
        """Makes a row current and shows it."""
        if 0 <= row < self.model().rowCount():
            place = column if column >= 0 else max(0, self.currentIndex().column())
            self.setCurrentIndex(self.model().index(row, place))

    # --- what delegate and headers ask ------------------------------------------------------------

    def is_marked(self, row: int) -> bool:
        """Whether the row gets the ground of a selection."""
        return row == self.current_row or self.is_ticked(row)

    def is_ticked(self, row: int) -> bool:
        """Whether its box is ticked."""
        model = self.model()
        return isinstance(model, PagedTableModel) and model.is_ticked(row)

    def is_head(self, row: int) -> bool:
        """Whether the row is the head of a group, which has no box."""
        model = self.model()
        return isinstance(model, PagedTableModel) and model.head_at(row) >= 0

    def is_late(self) -> bool:
        """Whether skeletons are due."""
        model = self.model()
        return isinstance(model, PagedTableModel) and model.late

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell to paint."""
        model = self.model()
        return model.cell(row, column) if isinstance(model, PagedTableModel) else None

    def set_hover_row(self, row: int) -> None:
        """The pointer is over that row, -1 for none."""
        if row != self.hover_row:
            old, self.hover_row = self.hover_row, row
            self._repaint_rows(old, row)

    def _repaint_rows(self, *rows: int) -> None:
        for row in rows:
            if row >= 0:
                top, tall = self.rowViewportPosition(row), self.rowHeight(row)
                self.viewport().update(QRect(0, top, self.viewport().width(), tall))
                self._strip.viewport().update(QRect(0, top, self._strip.width(), tall))

    # --- ticks ------------------------------------------------------------------------------------

    def _tick(self, row: int, extend: bool) -> None:
        if extend and self._anchor >= 0:
            self._tick_range(self._anchor, row)
        else:
            record = self.paged().id_of(row)
            if record is not None:
                self.paged().ticks.toggle(record)
                self._anchor = row

    def _tick_range(self, start: int, end: int) -> None:
        first, last = sorted((start, end))
        ids = self.paged().ids_between(first, last) if last - first < 5000 else None
        if ids is None:
            self.range_wanted.emit(first, last)
        else:
            self.paged().ticks.add(ids)

    def _tick_all(self) -> None:
        ticks = self.paged().ticks
        if ticks.count(self.paged().rowCount()):
            ticks.clear()
        else:
            ticks.tick_all()

    def _ticks_changed(self) -> None:
        model = self.paged()
        total = model.rowCount()
        ticked = model.ticks.count(total)
        states = Qt.CheckState
        state = states.Checked if ticked == total else states.PartiallyChecked
        self._all.set_state(state if ticked else states.Unchecked)
        self._strip.viewport().update()

    # --- what Qt asks -----------------------------------------------------------------------------

    def setModel(self, model: PagedTableModel) -> None:  # type: ignore[override]
        super().setModel(model)
        model.ticks.changed.connect(self._ticks_changed)
        model.modelReset.connect(self._was_reset)
        model.rowsInserted.connect(self._tell_visible)
        model.rowsRemoved.connect(self._tell_visible)
        self._tell_visible()

    def _was_reset(self) -> None:
        self.current_row = self.hover_row = self._anchor = -1
        self._ticks_changed()
        self._tell_visible()

    def _tell_visible(self) -> None:
        model = self.model()
        if isinstance(model, PagedTableModel):
            top = max(0, self.rowAt(0))
            last = self.rowAt(self.viewport().height() - 1)
            tall = max(1, self._strip.defaultSectionSize())
            model.set_visible(top, last if last >= 0 else top + self.viewport().height() // tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.itemDelegate() is not self._delegate:
            super().paintEvent(event)
            return
        area = event.rect()
        places = self._places(area.left(), area.right())
        row, tall = self.rowAt(area.top()), self._strip.defaultSectionSize()
        if row < 0 or not places:
            return
        painter = QPainter(self.viewport())
        self._delegate.begin()
        top, count = self.rowViewportPosition(row), self.model().rowCount()
        while top <= area.bottom() and row < count:
            if self.is_head(row):
                everywhere = self._places(-_FAR, _FAR)
                self._delegate.paint_head(painter, top, tall, row, everywhere)
            else:
                self._delegate.paint_row(painter, top, tall, row, places)
            top, row = top + tall, row + 1
        painter.end()

    def _places(self, first: int, last: int) -> list[Place]:
        """The columns between two points of the viewport, from left to right."""
        head = self._head
        found = []
        for visual in range(head.count()):
            column = head.logicalIndex(visual)
            left, wide = head.sectionViewportPosition(column), head.sectionSize(column)
            if wide and left <= last and left + wide > first:
                found.append((column, left, wide))
        return found

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        old, self.current_row = self.current_row, current.row()
        if old != self.current_row:
            self._repaint_rows(old, self.current_row)
            self.current_row_changed.emit(self.current_row)

    def verticalScrollbarValueChanged(self, value: int) -> None:  # noqa: N802 - Qt's name
        super().verticalScrollbarValueChanged(value)
        self._tell_visible()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._all.setFixedHeight(self._head.height())
        self._tell_visible()

    def _drags(self, event: QMouseEvent) -> bool:
        """Takes a row along once the pointer has left the place where it was pressed."""
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self.drag_data is None or self._pressed is None or not held:
            return False
        row, at = self._pressed
        way = (event.position() - at).manhattanLength()
        if way < QApplication.startDragDistance():
            return True
        self._pressed = None
        data = self.drag_data(row)
        if data is not None:
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)
        return True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drags(event):
            return
        super().mouseMoveEvent(event)
        self.set_hover_row(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.set_hover_row(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(event.position().toPoint().y())
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = (row, event.position()) if row >= 0 and left else None
        if row >= 0 and left:
            if event.modifiers() & _CTRL:
                self._tick(row, False)
            elif event.modifiers() & _SHIFT:
                self._tick_range(max(0, self.current_row), row)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        row = self.rowAt(event.position().toPoint().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.row_opened.emit(row, bool(event.modifiers() & _CTRL))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self.current_row if by_key else self.rowAt(event.pos().y())
        place = self.visualRect(self.currentIndex()).bottomLeft() if by_key else event.pos()
        if row >= 0:
            self.menu_asked.emit(row, self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._own_key(event):
            super().keyPressEvent(event)

    def _own_key(self, event: QKeyEvent) -> bool:
        """Acts on the keys of a list; False leaves the key to Qt."""
        key, row = event.key(), self.current_row
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.paged().ticks.tick_all()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.row_opened.emit(row, bool(event.modifiers() & _CTRL))
        elif key == Qt.Key.Key_Space and row >= 0:
            self._tick(row, False)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & _SHIFT and row >= 0:
            self._tick_and_step(row, -1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        elif key == Qt.Key.Key_F2:
            self.edit_asked.emit()
        elif key == Qt.Key.Key_Escape and self.paged().ticks.count(self.paged().rowCount()):
            self.paged().ticks.clear()
        else:
            return self._edge_key(event)
        return True

    def _edge_key(self, event: QKeyEvent) -> bool:
        """Home and End go to the first and the last row: columns are few, rows are many."""
        if event.key() not in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return False
        self.go_to(0 if event.key() == Qt.Key.Key_Home else self.model().rowCount() - 1)
        return True

    def _tick_and_step(self, row: int, step: int) -> None:
        after = row + step
        self._tick_range(row, after if 0 <= after < self.model().rowCount() else row)
        self.go_to(after)

    def keyboardSearch(self, letters: str) -> None:
        self.typed_ahead.emit(max(0, self.currentIndex().column()), self._ahead.heard(letters))
