"""A small list to search in: fields under their headings, values with tick boxes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.itemmodels.cells import Faces
from crm_desktop.ui.painting import AA, LEFT, NO_PEN, box, elided, portrait, tick_box, tone_colors
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.widgets.inputs import SearchField

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import Ref

_Index = QModelIndex | QPersistentModelIndex
_OVER = QStyle.StateFlag.State_MouseOver
_ROW, _HEADING = 32, 28

_GREY = "grey"  # a neutral tone among others: a dot of its own, so that the words stand in line


@dataclass(frozen=True)
class PickItem:
    """A line: `heading` cannot be chosen; `ticked` None means without a box; `shown`: what it
    stands for is what is seen beside the list; `face`: whose picture stands before the word."""

    key: Hashable
    text: str
    heading: bool = False
    ticked: bool | None = None
    tone: str = ""
    icon: str = ""
    shown: bool = False
    face: Ref | None = None


class _Lines(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[PickItem] = []

    def show(self, lines: list[PickItem]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def change(self, row: int, item: PickItem) -> None:
        self.lines[row] = item
        self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return item.text
        if role == Qt.ItemDataRole.CheckStateRole and item.ticked is not None:
            return Qt.CheckState.Checked if item.ticked else Qt.CheckState.Unchecked
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.lines[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QListView, lines: _Lines, ground: str) -> None:
        super().__init__(view)
        self._view, self._lines, self._ground = view, lines, ground
        self.face_of: Callable[[Ref], QPixmap | None] | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item = self._lines.lines[index.row()]
        rect = QRectF(option.rect)
        painter.fillRect(option.rect, color(self._ground))
        if item.heading:
            painter.setFont(font("caption"))
            painter.setPen(color("text3"))
            painter.drawText(rect.adjusted(px(10), px(4), 0, 0), LEFT, item.text.upper())
            return
        current = self._view.currentIndex() == index and self._view.hasFocus()
        if option.state & _OVER or current or item.shown:
            fill = "select" if item.shown else "raised_hover"
            box(painter, rect.adjusted(px(2), 1, -px(2), -1), fill=fill)
        left = rect.left() + px(10)
        if item.ticked is not None:
            left = self._paint_tick(painter, rect, left, item.ticked)
        if item.face is not None:
            side = px(20)
            spot = QRectF(left, rect.center().y() - side / 2, side, side)
            photo = self.face_of(item.face) if self.face_of is not None else None
            portrait(painter, spot, item.text, photo)
            left += side + px(8)
        self._paint_word(painter, rect, left, item)

    @staticmethod
    def _paint_tick(painter: QPainter, rect: QRectF, left: float, ticked: bool) -> float:
        side = px(16)
        square = QRectF(left, rect.center().y() - side / 2, side, side)
        tick_box(painter, square, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        return left + side + px(10)

    @staticmethod
    def _paint_word(painter: QPainter, rect: QRectF, left: float, item: PickItem) -> None:
        if item.tone and item.tone != "neutral":
            painter.setRenderHint(AA)
            painter.setPen(NO_PEN)
            painter.setBrush(tone_colors(item.tone)[0])
            painter.drawEllipse(QPointF(left + px(4), rect.center().y()), px(3.5), px(3.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            left += px(16)
        if item.icon:
            top = int(rect.center().y() - px(8))
            painter.drawPixmap(int(left), top, pixmap(item.icon, "text2", 16))
            left += px(24)
        painter.setFont(font("body"))
        painter.setPen(color("text"))
        room = rect.right() - left - px(8)
        words = QRectF(left, rect.top(), room, rect.height())
        painter.drawText(words, LEFT, elided(item.text, "body", room))

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(160), px(_HEADING if self._lines.lines[index.row()].heading else _ROW))


class _View(QListView):
    """Enter and Space choose the current line; so does a click."""

    picked = Signal(int)

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(lambda index: self.picked.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self.picked.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class PickList(QWidget):
    """A search line over lines. Typing narrows; Down goes into the list; Enter chooses."""

    picked = Signal(object)
    """The key of a line that was chosen."""
    ticked = Signal(object, bool)
    """(key, whether it is ticked now)"""
    searched = Signal(str)

    def __init__(
        self, *, name: str, search: str, rows: int = 9, filters: bool = True,
        ground: str = "raised",
    ) -> None:  # fmt: skip
        """`search` stands grey in the line; `rows` are seen at once; without `filters` whoever
        listens to `searched` brings the lines that suit. `ground`: the colour it lies on."""
        super().__init__()
        self._filters = filters
        self._items: tuple[PickItem, ...] = ()
        self._lines = _Lines(self)
        self.line = SearchField(name=search, placeholder=search)
        self.line.searched.connect(self._search)
        self.line.installEventFilter(self)
        self.view = _View(name=name)
        self.view.setModel(self._lines)
        self._delegate = _Delegate(self.view, self._lines, ground)
        self.view.setItemDelegate(self._delegate)
        self.view.picked.connect(self._pick)
        self.view.viewport().setAutoFillBackground(False)
        self._rows = rows
        self.view.setFixedHeight(px(_ROW) * rows)
        self.setFocusProxy(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(6))
        layout.addWidget(self.line)
        layout.addWidget(self.view)

    def set_items(self, items: Sequence[PickItem]) -> None:
        """Shows these, as far as they suit what is typed."""
        toned = any(item.tone not in ("", "neutral") for item in items)
        self._items = tuple(
            replace(item, tone=_GREY) if toned and item.tone == "neutral" else item
            for item in items
        )
        self._narrow()

    def ticked_keys(self) -> list[Hashable]:
        """The keys of the ticked lines, in their order."""
        return [item.key for item in self._items if item.ticked]

    def _search(self, text: str) -> None:
        if self._filters:
            self._narrow()
        self.searched.emit(text)

    def _narrow(self) -> None:
        wanted = norm(self.line.text()) if self._filters else ""
        shown: list[PickItem] = []
        for item in self._items:
            if item.heading:
                if shown and shown[-1].heading:
                    shown.pop()
                shown.append(item)
            elif all(word in norm(item.text) for word in wanted.split()):
                shown.append(item)
        if shown and shown[-1].heading:
            shown.pop()
        if [item.key for item in shown] == [item.key for item in self._lines.lines]:
            self._renew(shown)  # the same lines: the list stays where it is
            return
        self._lines.show(shown)
        first = next((n for n, item in enumerate(shown) if not item.heading), -1)
        if first >= 0:
            self.view.setCurrentIndex(self._lines.index(first))

    def show_faces(self, faces: Faces) -> None:
        """Pictures beside the words, as soon as they are known."""
        self._delegate.face_of = faces.of
        faces.changed.connect(self.view.viewport().update)

    def _renew(self, shown: list[PickItem]) -> None:
        for row, item in enumerate(shown):
            if item != self._lines.lines[row]:
                self._lines.change(row, item)

    def _pick(self, row: int) -> None:
        item = self._lines.lines[row]
        if item.heading:
            return
        if item.ticked is None:
            self.picked.emit(item.key)
            return
        turned = replace(item, ticked=not item.ticked)
        self._items = tuple(turned if i.key == item.key else i for i in self._items)
        self._lines.change(row, turned)
        self.ticked.emit(item.key, bool(turned.ticked))

    def eventFilter(self, watched: object, event: object) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent):
            return event.type() == QKeyEvent.Type.KeyPress and self._line_key(event)
        return False

    def _line_key(self, event: QKeyEvent) -> bool:
        row = self.view.currentIndex().row()
        if event.key() == Qt.Key.Key_Down and self._lines.lines:
            self.view.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            if self._filters:
                self._narrow()
                row = self.view.currentIndex().row()
            if row >= 0:
                self._pick(row)
            return True
        return False
