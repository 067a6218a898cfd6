"""How a file is painted: a line with two rows of words, or a tile with a large picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crm_desktop import i18n
from crm_desktop.models.text.file_names import split_ending
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.ui.files.model import FileModel
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import CENTER, LEFT, box, elided, focus_ring, tone_colors
from crm_desktop.ui.theme import color, font, px

if TYPE_CHECKING:
    from crm_desktop.services.files.rows import FileRow

_Index = QModelIndex | QPersistentModelIndex
_SELECTED = QStyle.StateFlag.State_Selected
_OVER = QStyle.StateFlag.State_MouseOver
LINE_HEIGHT, TILE = 60, QSize(168, 176)
SIGNS: dict[str, tuple[str, str]] = {
    "document": ("entity-document", "accent"), "sheet": ("list", "ok"),
    "slides": ("entity-report", "warn"), "pdf": ("document", "bad"), "image": ("eye", "info"),
    "text": ("text", "neutral"), "mail": ("mail", "info"), "sound": ("open", "neutral"),
    "archive": ("archive", "neutral"), "program": ("warning", "bad"),
    "other": ("attach", "neutral"),
}  # fmt: skip
"""Icon and tone by the kind of a file."""


class FileDelegate(QStyledItemDelegate):
    """Paints for one view; `tiles` says which of the two forms."""

    def __init__(self, view: QListView, model: FileModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self.tiles = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._model.at(index)
        if row is None:
            return
        painter.save()
        rect = QRectF(option.rect)
        painter.fillRect(option.rect, color("surface"))
        ground = rect.adjusted(px(2), 1, -px(2), -1)
        if option.state & _SELECTED:
            box(painter, ground, radius=px(8), fill="select")
        elif option.state & _OVER:
            box(painter, ground, radius=px(8), fill="hover")
        if self.tiles:
            self._paint_tile(painter, rect, row)
        else:
            self._paint_line(painter, rect, row)
        if self._view.hasFocus() and self._view.currentIndex() == index:
            focus_ring(painter, ground, px(8))
        painter.restore()

    def _paint_line(self, painter: QPainter, rect: QRectF, row: FileRow) -> None:
        side = px(40)
        spot = QRectF(rect.left() + px(10), rect.center().y() - side / 2, side, side)
        self._paint_sign(painter, spot, row, 20)
        words = rect.adjusted(px(62), px(9), -px(12), -px(9))
        half = words.height() / 2
        first = QRectF(words.left(), words.top(), words.width(), half)
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        painter.drawText(first, LEFT, elided(row.name, "strong", first.width()))
        second = QRectF(words.left(), words.top() + half, words.width(), half)
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        detail = self._model.details.get(row.ref.id, "")
        text = f"{detail} · {row.note}" if row.note else detail
        painter.drawText(second, LEFT, elided(text, "small", second.width()))

    def _paint_tile(self, painter: QPainter, rect: QRectF, row: FileRow) -> None:
        inside = rect.adjusted(px(10), px(10), -px(10), -px(10))
        spot = QRectF(inside.left(), inside.top(), inside.width(), px(104))
        self._paint_sign(painter, spot, row, 40)
        line = QRectF(inside.left(), spot.bottom() + px(6), inside.width(), px(22))
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        painter.drawText(line, CENTER, middle_elided(row.name, line.width()))
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        detail = size_text(row.size, i18n.language())
        below = line.translated(0, px(22))
        painter.drawText(below, CENTER, elided(detail, "small", below.width()))

    def _paint_sign(self, painter: QPainter, spot: QRectF, row: FileRow, side: int) -> None:
        thumb = self._model.thumb(row)
        if thumb is not None:
            _paint_thumb(painter, spot, thumb)
            return
        name, tone = SIGNS.get(row.kind, SIGNS["other"])
        ink, soft = tone_colors(tone)
        box(painter, spot, radius=px(8), fill=soft)
        picture = pixmap(name, ink.name(), side)
        left = round(spot.center().x() - px(side) / 2)
        painter.drawPixmap(left, round(spot.center().y() - px(side) / 2), picture)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        if self.tiles:
            return QSize(px(TILE.width()), px(TILE.height()))
        return QSize(px(200), px(LINE_HEIGHT))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFont(font("body"))
        editor.setAccessibleName(str(index.data()))
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        assert isinstance(editor, QLineEdit)
        if editor.isModified():
            return  # the row is told anew while a name is being typed
        name = str(index.data(Qt.ItemDataRole.EditRole))
        editor.setText(name)
        stem = split_ending(name)[0]
        # The view selects everything after this: the ending is best left alone.
        editor.setSelection(0, len(stem))

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        rect = option.rect
        if self.tiles:
            editor.setGeometry(rect.left() + 4, rect.top() + px(116), rect.width() - 8, px(28))
        else:
            wide = min(rect.width() - px(70), px(420))
            editor.setGeometry(QRect(rect.left() + px(58), rect.top() + px(6), wide, px(30)))


def _paint_thumb(painter: QPainter, spot: QRectF, thumb: QPixmap) -> None:
    """The whole picture in the middle of its room, never enlarged."""
    size = thumb.size().scaled(spot.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    if size.width() > thumb.width():
        size = thumb.size()
    target = QRectF(
        spot.center().x() - size.width() / 2, spot.center().y() - size.height() / 2,
        size.width(), size.height(),
    )  # fmt: skip
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, thumb, QRectF(thumb.rect()))
    box(painter, target, radius=0, border="line2")


def middle_elided(name: str, room: float) -> str:
    """A name cut in the middle, for its end tells what it is."""
    from crm_desktop.ui.theme import metrics

    return metrics("strong").elidedText(name, Qt.TextElideMode.ElideMiddle, int(room))
