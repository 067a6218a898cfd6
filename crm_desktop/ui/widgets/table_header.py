"""The headers of a table: titles with the order of sorting, and the strip of tick boxes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHeaderView, QWidget

from crm_desktop.ui.delegates.pictures import Pictures, look_key, whole
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, RIGHT, elided, focus_ring, tick_box
from crm_desktop.ui.theme import color, font, metrics, px

TICK_WIDTH, BARE_WIDTH = 42, 14
"""Of the strip with boxes; and without: titles of a page then stand over its first column."""


class HeaderView(QHeaderView):
    """Titles of columns. A click asks for a sort, Shift-click for a further key."""

    sort_asked = Signal(int, bool)
    """(column, whether it is added to the keys there are)."""
    menu_asked = Signal(int, QPoint)
    """(column, place on the screen): a right click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._sort: dict[int, tuple[int, bool]] = {}
        self._right: frozenset[int] = frozenset()
        self.is_fitting = False
        """Whether the widths that change now are nobody's choice."""
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(px(34))
        self.setMinimumSectionSize(px(48))
        self.setFrameShape(QHeaderView.Shape.NoFrame)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.sectionClicked.connect(self._ask_sort)

    def set_sort(self, keys: list[tuple[int, bool]]) -> None:
        """Shows the keys in force: (column, whether descending), the first counts most."""
        self._sort = {column: (n, down) for n, (column, down) in enumerate(keys, start=1)}
        self.viewport().update()

    def set_right_columns(self, columns: frozenset[int]) -> None:
        """Which titles stand at the right, over figures."""
        self._right = columns
        self.viewport().update()

    def fit(self, widths: Sequence[int]) -> None:
        """Makes the columns so wide, as the room asks for."""
        self.is_fitting = True
        for section, wide in enumerate(widths):
            self.resizeSection(section, wide)
        self.is_fitting = False

    def _ask_sort(self, column: int) -> None:
        shift = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.sort_asked.emit(column, bool(shift))

    def _ask_menu(self, place: QPoint) -> None:
        self.menu_asked.emit(self.logicalIndexAt(place), self.mapToGlobal(place))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        over = self.viewport().mapFromGlobal(self.cursor().pos())
        hot = rect.contains(over) and self.underMouse()
        painter.fillRect(rect, color("hover" if hot else "surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("line2"))
        if hot:
            edge = QRect(rect.right(), rect.top() + px(8), 1, rect.height() - px(16))
            painter.fillRect(edge, color("line2"))
        self._paint_title(painter, QRectF(rect).adjusted(px(10), 0, -px(10), 0), section)
        painter.restore()

    def _paint_title(self, painter: QPainter, rect: QRectF, section: int) -> None:
        order = self._sort.get(section)
        mark = px(18 + (8 if len(self._sort) > 1 else 0)) if order else 0
        model = self.model()
        title = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        text = elided(title, "small", rect.width() - mark)
        painter.setFont(font("small"))
        painter.setPen(color("text2" if order else "text3"))
        right = section in self._right
        painter.drawText(rect.adjusted(0, 0, -mark, 0), RIGHT if right else LEFT, text)
        if order:
            wide = metrics("small").horizontalAdvance(text)
            left = rect.right() - mark + px(2) if right else rect.left() + wide + px(3)
            self._paint_order(painter, QPointF(left, rect.center().y()), order)

    def _paint_order(self, painter: QPainter, place: QPointF, order: tuple[int, bool]) -> None:
        number, down = order
        name = "sort-down" if down else "sort-up"
        painter.drawPixmap(place - QPointF(0, px(8)), pixmap(name, "text2", 16))
        if len(self._sort) > 1:
            painter.setFont(font("caption"))
            spot = QRectF(place.x() + px(15), place.y() - px(9), px(12), px(16))
            painter.drawText(spot, LEFT, str(number))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        rest = self.viewport().rect()
        rest.setLeft(self.length() - self.offset())  # Fusion shades what no column covers
        painter.fillRect(rest, color("surface"))
        painter.fillRect(QRect(rest.left(), rest.bottom(), rest.width(), 1), color("line2"))
        painter.end()


class TickStrip(QHeaderView):
    """The left strip of a table: a tick box a row, and the mark of the current row.

    It is the vertical header, so the boxes stay in sight when the table is scrolled sideways.
    """

    tick_asked = Signal(int, bool)
    """(row, whether the range from the last tick is meant)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._table = parent
        self.boxes = True
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(px(24))
        self.setFixedWidth(px(TICK_WIDTH))
        self.setFrameShape(QHeaderView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAccessibleName(" ")
        self._pictures = Pictures()
        self._look: object = None

    def leave_out(self, wide: int) -> None:
        """No boxes: `wide` pixels up to the first column, with the mark of the current row."""
        self.boxes = False
        self.setFixedWidth(wide)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        table = self._table
        marked, ticked = table.is_marked(section), table.is_ticked(section)
        head = table.is_head(section)
        ground = (
            "select"
            if marked
            else "sunken"
            if head
            else "hover"
            if table.hover_row == section
            else "surface"
        )
        painter.fillRect(rect, color(ground))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("line"))
        if table.current_row == section:
            mark = QRect(rect.left(), rect.top(), px(3), rect.height() - 1)
            painter.fillRect(mark, color("accent"))
        if head or not self.boxes:
            return
        if look_key() != self._look:
            self._look = look_key()
            self._pictures.forget()
        state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        picture = self._pictures.tick(state, painter.device().devicePixelRatioF())
        side = px(16)
        top = rect.top() + (rect.height() - 1 - side) // 2
        painter.drawPixmap(whole(painter, rect.left() + px(24) - side / 2, top), picture)

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), px(100))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        rest = self.viewport().rect()
        rest.setTop(self.length() - self.offset())  # Fusion shades what no row covers
        if rest.top() <= event.rect().bottom():
            painter = QPainter(self.viewport())
            painter.fillRect(rest, color("surface"))
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.logicalIndexAt(event.position().toPoint())
        if not self.boxes:
            self._table.go_to(row)
        elif row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.tick_asked.emit(row, bool(shift))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._table.set_hover_row(self.logicalIndexAt(event.position().toPoint()))


class TickAll(QAbstractButton):
    """The box over the strip: none, some or all rows are ticked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = Qt.CheckState.Unchecked
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(px(TICK_WIDTH), px(34))

    def leave_out(self, wide: int) -> None:
        """No box: what stands over a strip without boxes."""
        self.setEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(wide)

    def set_state(self, state: Qt.CheckState) -> None:
        """Shows whether none, some or all are ticked."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), color("line2"))
        if not self.isEnabled():
            return
        side = px(16)
        square = QRectF(px(24) - side / 2, (self.height() - side) / 2, side, side)
        tick_box(painter, square, self._state)
        if self.hasFocus():
            focus_ring(painter, square.adjusted(-3, -3, 3, 3), 5)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)
