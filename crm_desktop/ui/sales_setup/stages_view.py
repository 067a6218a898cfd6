"""The stages of a pipeline in their order: dragged, or moved by Alt with arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.painting import AA, LEFT, NO_BRUSH, NO_PEN, RIGHT, box, elided, tone_colors
from crm_desktop.ui.theme import color, font, metrics, px

if TYPE_CHECKING:
    from crm_desktop.services.sales_setup import StageLine

_ROLE = Qt.ItemDataRole.UserRole + 1
_CHOSEN, _OVER = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver
_TALL = 40
_Index = QModelIndex | QPersistentModelIndex


class _Cells(QStyledItemDelegate):
    """A dot in the colour, the name; at the right the probability and how many stand here."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: StageLine = index.data(_ROLE)
        rect, values = QRectF(option.rect), line.values
        painter.save()
        painter.setRenderHint(AA)
        if option.state & (_CHOSEN | _OVER):
            fill = "select" if option.state & _CHOSEN else "hover"
            box(painter, rect.adjusted(0, 1, -px(2), -1), radius=px(6), fill=fill)
        painter.setPen(NO_PEN)
        painter.setBrush(tone_colors(str(values.get("tone") or "neutral"))[0])
        painter.drawEllipse(QRectF(rect.left() + px(12), rect.center().y() - px(5), px(10), px(10)))
        painter.setBrush(NO_BRUSH)
        inner = rect.adjusted(px(34), 0, -px(12), 0)
        side = self._side(line)
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        painter.drawText(inner, RIGHT, side)
        room = inner.width() - metrics("small").horizontalAdvance(side) - px(12)
        painter.setFont(font("body"))
        painter.setPen(color("text3" if values.get("retired") else "text"))
        painter.drawText(inner, LEFT, elided(str(values.get("name") or ""), "body", room))
        painter.restore()

    @staticmethod
    def _side(line: StageLine) -> str:
        words = []
        if line.count:
            text = ngettext("{count} deal", "{count} deals", line.count)
            words.append(text.format(count=line.count))
        if line.values.get("retired"):
            words.append(_("no longer offered"))
        if line.values.get("probability") is not None:
            words.append(f"{line.values['probability']} %")
        return " · ".join(words)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(200), px(_TALL))


class StagesView(QListWidget):
    """Shows stages; tells which one is chosen and what order is wanted."""

    ordered = Signal(list)
    """The ids of all stages in their new order."""
    chosen = Signal()
    delete_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_Cells(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        palette = self.palette()  # the delegate paints what is chosen
        palette.setColor(QPalette.ColorRole.Highlight, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.currentRowChanged.connect(lambda _row: self.chosen.emit())

    def show_stages(self, stages: Sequence[StageLine]) -> None:
        """Shows stages; the chosen one stays chosen."""
        current = self.current()
        self.blockSignals(True)
        self.clear()
        for line in stages:
            item = QListWidgetItem(str(line.values.get("name") or ""))
            item.setData(_ROLE, line)
            self.addItem(item)
        known = [line.id for line in stages]
        at = known.index(current.id) if current is not None and current.id in known else 0
        if known:
            self.setCurrentRow(at)
        self.blockSignals(False)
        self.chosen.emit()

    def current(self) -> StageLine | None:
        """The chosen stage."""
        item = self.currentItem()
        return item.data(_ROLE) if item is not None else None

    def ids(self) -> list[int]:
        """The stages as they stand."""
        return [self.item(row).data(_ROLE).id for row in range(self.count())]

    def move(self, step: int) -> None:
        """The chosen stage goes one place up or down."""
        row, ids = self.currentRow(), self.ids()
        if 0 <= row < len(ids) and 0 <= row + step < len(ids):
            ids.insert(row + step, ids.pop(row))
            self.ordered.emit(ids)

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.ordered.emit(self.ids())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move(step)
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)
