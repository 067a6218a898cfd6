"""At the right of the grid: what is planned without a time, to be dragged onto the grid."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QDrag, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crm_desktop.services.planner.bars import Undated
from crm_desktop.ui.painting import LEFT, box, elided
from crm_desktop.ui.planner.gestures import MIME
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.tips import plain_tip

CARD = 70
Index = QModelIndex | QPersistentModelIndex


class Card(NamedTuple):
    """One card of the tray in words: whom it is about, what is done, how long and until when."""

    undated: Undated
    title: str
    second: str
    detail: str
    late: bool
    colour: QColor


class TrayModel(QAbstractListModel):
    """The cards."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[Card] = []

    def show_cards(self, cards: list[Card]) -> None:
        """Other cards."""
        self.beginResetModel()
        self.cards = cards
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = 0) -> Any:
        card = self.cards[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in card[1:4] if part)
        tip = "\n".join(part for part in card[1:4] if part)
        return plain_tip(tip) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled


class _CardDelegate(QStyledItemDelegate):
    """A card: its colour at the left, whom and what, how long and until when."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, TrayModel)
        card = model.cards[index.row()]
        rect = QRectF(option.rect).adjusted(1, 2, -1, -4)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = "select" if chosen else "raised_hover" if over else "raised"
        box(painter, rect, radius=8, fill=ground, border="accent" if chosen else "line2")
        edge = QRectF(rect.left() + px(9), rect.top() + px(10), px(3), rect.height() - px(20))
        painter.fillRect(edge, card.colour)
        room = rect.adjusted(px(20), px(5), -px(10), -px(5))
        lines = [("strong", "text", card.title), ("small", "text2", card.second),
                 ("small", "bad" if card.late else "text2", card.detail)]  # fmt: skip
        lines = [line for line in lines if line[2]]
        tall = min(room.height() / 3, px(20))
        top = room.top() + (room.height() - tall * len(lines)) / 2
        for place, (kind, ink, text) in enumerate(lines):
            painter.setFont(font(kind))
            painter.setPen(color(ink))
            line = QRectF(room.left(), top + place * tall, room.width(), tall)
            painter.drawText(line, LEFT, elided(text, kind, room.width()))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(120), px(CARD))


class Tray(QListView):
    """Drag a card onto the grid, or press Ctrl+Enter to put it into the first free time."""

    opened = Signal(object)
    place_wanted = Signal(object)
    """The `Undated` that is to be put into the first free time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.cards = TrayModel()
        self.setModel(self.cards)
        self.setItemDelegate(_CardDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(self._open)

    def undated(self) -> Undated | None:
        """The card that has the keyboard."""
        index = self.currentIndex()
        return self.cards.cards[index.row()].undated if index.isValid() else None

    def _open(self, index: Index) -> None:
        self.opened.emit(self.cards.cards[index.row()].undated)

    def mime(self, undated: Undated) -> QMimeData:
        """What is dragged: the number and the minutes."""
        data = QMimeData()
        data.setData(MIME, f"{undated.id} {undated.minutes}".encode())
        return data

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803 - Qt's name
        undated = self.undated()
        if undated is not None:
            drag = QDrag(self)
            drag.setMimeData(self.mime(undated))
            drag.exec(Qt.DropAction.MoveAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        undated = self.undated()
        if undated is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            (self.place_wanted if held else self.opened).emit(undated)
            return
        super().keyPressEvent(event)
