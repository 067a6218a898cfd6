"""What an operation did, line by line: a record, below it its fields with old and new value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.history.service import RecordChange
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.operations_list.reading import Refusal
from crm_desktop.ui.operations_list.wording import CHANGE_ICONS, change_word
from crm_desktop.ui.painting import LEFT, RIGHT, elided
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip

_LINE_ROLE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_RECORD, _FIELD, _PAD, _LABEL = 36, 24, 20, 132


@dataclass(frozen=True, slots=True)
class Line:
    """A record (`ref`, `alive`), or one of its fields (`old`, `new`)."""

    text: str
    said: str = ""
    ref: Ref | None = None
    alive: bool = True
    icon: str = ""
    old: str = ""
    new: str = ""

    def spoken(self) -> str:
        """The whole line for screen readers and for the tip."""
        if self.ref is not None:
            return f"{self.said}: {self.text}" if self.said else self.text
        arrow = f"{self.old} → {self.new}" if self.old or self.new else ""
        return f"{self.text}: {arrow}" if arrow else self.text


def lines_of(changes: Sequence[RecordChange]) -> list[Line]:
    """The lines of changed records."""
    lines = []
    for change in changes:
        word = change_word(change.kind)
        icon = CHANGE_ICONS.get(change.kind, "edit")
        lines.append(Line(change.title, word, change.ref, change.alive, icon))
        for f in change.fields:
            if f.old or f.new:
                old = "" if change.kind == "c" else f.old or "—"
                new = "" if change.kind == "d" else f.new or "—"
                lines.append(Line(_(f.field.label), old=old, new=new))
    return lines


def blocked_lines(refusal: Refusal) -> list[Line]:
    """The lines of records that an undo has to leave alone."""
    lines = []
    for one in refusal.blocked:
        text = refusal.labels.get((one.entity, one.field), "")
        said = f"{text}: {one.reason}" if text else one.reason
        ref = Ref(one.entity, one.id)
        lines.append(Line(one.name, said, ref, ref in refusal.alive, "warning"))
    return lines


class LinesModel(QAbstractListModel):
    """The lines, at most some thousands."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def set_lines(self, lines: list[Line]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == _LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(line.spoken())
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return line.spoken() if role in spoken else None


class _LineDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        line = index.data(_LINE_ROLE)
        return QSize(px(200), px(_RECORD if line.ref is not None else _FIELD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: Line = index.data(_LINE_ROLE)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect, color("select"))
        elif line.ref is not None and option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color("hover"))
        if line.ref is not None:
            self._record(painter, rect, line, first=index.row() == 0)
        else:
            self._field(painter, rect, line)

    def _record(self, painter: QPainter, rect: QRectF, line: Line, *, first: bool) -> None:
        if not first:
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), color("line"))
        left, right = rect.left() + px(_PAD), rect.right() - px(_PAD)
        ink = "warn" if line.icon == "warning" else "text3"
        top = rect.top() + (rect.height() - px(16)) / 2
        painter.drawPixmap(int(left), int(top), pixmap(line.icon, ink, 16))
        painter.setFont(font("small"))
        painter.setPen(color(ink))
        wide = min(metrics("small").horizontalAdvance(line.said) + 2, rect.width() * 0.6)
        said = elided(line.said, "small", wide)
        painter.drawText(QRectF(right - wide, rect.top(), wide, rect.height()), RIGHT, said)
        room = right - wide - px(12) - left - px(24)
        painter.setFont(font("strong"))
        painter.setPen(color("accent_text" if line.alive else "text2"))
        place = QRectF(left + px(24), rect.top(), room, rect.height())
        painter.drawText(place, LEFT, elided(line.text, "strong", room))

    def _field(self, painter: QPainter, rect: QRectF, line: Line) -> None:
        left, right = rect.left() + px(_PAD + 24), rect.right() - px(_PAD)
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        label = min(px(_LABEL), (right - left) * 0.4)
        painter.drawText(
            QRectF(left, rect.top(), label, rect.height()), LEFT,
            elided(line.text, "small", label - px(8)),
        )  # fmt: skip
        left += label
        if line.old:
            room = right - left if not line.new else (right - left - px(20)) / 2
            left = self._value(painter, QRectF(left, rect.top(), room, rect.height()), line.old,
                               "text3")  # fmt: skip
        if line.old and line.new:
            painter.drawText(QRectF(left, rect.top(), px(20), rect.height()), LEFT, " →")
            left += px(20)
        if line.new:
            room = right - left
            self._value(painter, QRectF(left, rect.top(), room, rect.height()), line.new, "text")

    @staticmethod
    def _value(painter: QPainter, rect: QRectF, text: str, ink: str) -> float:
        """Paints a value and gives its right end."""
        painter.setPen(color(ink))
        text = elided(" ".join(text.split()), "small", rect.width())
        painter.drawText(rect, LEFT, text)
        return rect.left() + min(rect.width(), metrics("small").horizontalAdvance(text))


class ChangesView(QListView):
    """Reads like a list of letters; Enter or a click on a record opens it."""

    opened = Signal(object)
    """The `Ref` of a record that is there."""

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.lines = LinesModel()
        self.setModel(self.lines)
        self.setItemDelegate(_LineDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(name)

    def set_lines(self, lines: list[Line]) -> None:
        """Shows these lines."""
        self.lines.set_lines(lines)

    def _open(self, row: int) -> None:
        """Opens the record of a line, or the one that a field belongs to."""
        for line in reversed(self.lines.lines[: row + 1]):
            if line.ref is not None:
                if line.alive:
                    self.opened.emit(line.ref)
                return

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        lines = self.lines.lines
        if 0 <= row < len(lines) and lines[row].ref is not None:
            self._open(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        lines = self.lines.lines
        over = 0 <= row < len(lines) and lines[row].ref is not None and lines[row].alive
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)
