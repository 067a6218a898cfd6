"""The list of a day: headings, and under them what is to be done, ticked off in one click."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import AA, LEFT, box, elided, focus_ring, pill, pill_width, stroke
from crm_desktop.ui.painting import tick as draw_tick
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.tips import plain_tip

_Index = QModelIndex | QPersistentModelIndex
_OVER = QStyle.StateFlag.State_MouseOver
_HEAD, _ROW = 38, 46
_EDGE, _WHEN = 16, 118
DONE, LATER, MORE = "done", "later", "more"


@dataclass(frozen=True)
class Line:
    """A line of the list. Without `ref` a heading with a number; else an activity: when, what,
    about whom, and a word for its state."""

    text: str
    ref: Ref | None = None
    count: int = 0
    icon: str = ""
    when: str = ""
    about: str = ""
    word: str = ""
    tone: str = "neutral"
    late: bool = False


class DayModel(QAbstractListModel):
    """The lines as they stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (line.text, line.when, line.about, line.word)))
        return line.text if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual if self.lines[index.row()].ref is not None else Qt.ItemFlag.NoItemFlags


def tick_rect(rect: QRect) -> QRect:
    """Where a line is ticked off."""
    side = px(18)
    return QRect(rect.left() + px(_EDGE), rect.center().y() - side // 2, side, side)


def later_rect(rect: QRect) -> QRect:
    """Where a line is put off to tomorrow."""
    side = px(28)
    return QRect(rect.right() - px(_EDGE) - 2 * side - px(4), rect.center().y() - side // 2,
                 side, side)  # fmt: skip


def more_rect(rect: QRect) -> QRect:
    """Where the menu of a line opens."""
    return later_rect(rect).translated(px(32), 0)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: DayList) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line, rect = self._view.model_.lines[index.row()], option.rect
        painter.fillRect(rect, color("surface"))
        if line.ref is None:
            self._paint_heading(painter, QRectF(rect), line)
            return
        current = self._view.currentIndex().row() == index.row()
        over = bool(option.state & _OVER)
        if over or current:
            inside = QRectF(rect).adjusted(px(6), 1, -px(6), -1)
            box(painter, inside, fill="select" if current else "hover")
            if current and self._view.hasFocus():
                focus_ring(painter, inside)
        self._paint_tick(painter, QRectF(tick_rect(rect)), line, over=over)
        self._paint_words(painter, QRectF(rect), line)
        for place, icon in ((later_rect(rect), "forward"), (more_rect(rect), "more")):
            role = "text2" if over or current else "text3"
            at = place.center() - QPoint(px(8), px(8))
            painter.drawPixmap(at, pixmap(icon, role, 16))

    @staticmethod
    def _paint_heading(painter: QPainter, rect: QRectF, line: Line) -> None:
        left = rect.left() + px(_EDGE)
        painter.setFont(font("strong"))
        painter.setPen(color("bad" if line.late else "text"))
        words = QRectF(left, rect.top() + px(8), rect.width(), rect.height() - px(8))
        painter.drawText(words, LEFT, line.text)
        left += painter.fontMetrics().horizontalAdvance(line.text) + px(8)
        painter.setFont(font("body"))
        painter.setPen(color("text3"))
        painter.drawText(words.translated(left - words.left(), 0), LEFT, str(line.count))

    @staticmethod
    def _paint_tick(painter: QPainter, rect: QRectF, line: Line, *, over: bool) -> None:
        painter.setRenderHint(AA)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(stroke("bad" if line.late else "text3", 1.5))
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        if over:
            painter.setPen(stroke("text3", 1.5))
            draw_tick(painter, rect.adjusted(px(3), px(3), -px(3), -px(3)))

    @staticmethod
    def _paint_words(painter: QPainter, rect: QRectF, line: Line) -> None:
        left = rect.left() + px(_EDGE + 30)
        top = QPointF(left, rect.center().y() - px(8)).toPoint()
        painter.drawPixmap(top, pixmap(line.icon, "text2", 16))
        left += px(26)
        painter.setFont(font("body"))
        painter.setPen(color("bad" if line.late else "text2"))
        room = px(_WHEN)
        when = QRectF(left, rect.top(), room, rect.height())
        painter.drawText(when, LEFT, elided(line.when, "body", room))
        left += room + px(8)
        room = int(later_rect(rect.toRect()).left() - px(8) - left)
        if line.word:
            wide = pill_width(line.word)
            at = QRectF(left + room - wide, rect.center().y() - px(10), wide, px(20))
            pill(painter, at, line.word, tone=line.tone)
            room -= wide + px(8)
        half = rect.height() / 2 - px(4)
        first = QRectF(left, rect.top() + px(4), room, half if line.about else half * 2)
        painter.setFont(font("body"))
        painter.setPen(color("text"))
        painter.drawText(first, LEFT, elided(line.text, "body", room))
        if line.about:
            painter.setFont(font("small"))
            painter.setPen(color("text3"))
            painter.drawText(first.translated(0, half), LEFT, elided(line.about, "small", room))

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        heading = self._view.model_.lines[index.row()].ref is None
        return QSize(px(240), px(_HEAD if heading else _ROW))


class DayList(QListView):
    """Space ticks off, Enter opens, the menu key asks what else; the mouse has a place for each."""

    acted = Signal(object, str)
    """(Ref, DONE or LATER): please do that."""
    menu_asked = Signal(object, object)
    """(Ref, where on the screen)."""
    opened = Signal(object, bool)
    """(Ref, in a new tab)."""
    pointed = Signal(object)

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.model_ = DayModel(self)
        self._told: Ref | None = None
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setModel(self.model_)
        self.setItemDelegate(_Delegate(self))

    def show_lines(self, lines: list[Line]) -> None:
        """Other lines; the same record stays the current one, else the one in its place, the first
        one to begin with."""
        row, ref = max(0, self.currentIndex().row()), self.current()
        self.model_.show(lines)
        refs = [line.ref for line in lines]
        at = refs.index(ref) if ref is not None and ref in refs else min(row, len(lines) - 1)
        if at >= 0 and lines[at].ref is None:
            at = next((i for i in range(at, len(lines)) if lines[i].ref is not None), -1)
        if at >= 0:
            self.setCurrentIndex(self.model_.index(at))

    def current(self) -> Ref | None:
        """The activity of the current line."""
        return self._ref(self.currentIndex())

    def _ref(self, index: QModelIndex) -> Ref | None:
        return self.model_.lines[index.row()].ref if index.isValid() else None

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        ref = self._ref(current)
        if ref is not None and ref != self._told:  # a refresh makes the same one current again
            self._told = ref
            self.pointed.emit(ref)

    def _what(self, at: QPoint) -> tuple[Ref | None, str, QRect]:
        """The activity under the mouse, and what a click there does."""
        index = self.indexAt(at)
        rect = self.visualRect(index)
        places = {DONE: tick_rect(rect), LATER: later_rect(rect), MORE: more_rect(rect)}
        grown = px(5)
        act = next(
            (
                name
                for name, place in places.items()
                if place.adjusted(-grown, -grown, grown, grown).contains(at)
            ),
            "",
        )
        return self._ref(index), act, rect

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        ref, act, rect = self._what(event.position().toPoint())
        if ref is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if act == MORE:
            at = self.viewport().mapToGlobal(more_rect(rect).bottomLeft())
            self.menu_asked.emit(ref, at)
        elif act:
            self.acted.emit(ref, act)
        else:
            self.pointed.emit(ref)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        ref, act, _rect = self._what(event.position().toPoint())
        if ref is not None and not act:
            self.opened.emit(ref, False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        ref, _act, _rect = self._what(event.pos())
        ref = ref or self.current()
        if ref is not None:
            self.menu_asked.emit(ref, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ref = self.current()
        if ref is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            new_tab = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.opened.emit(ref, new_tab)
        elif ref is not None and event.key() == Qt.Key.Key_Space:
            self.acted.emit(ref, DONE)
        elif ref is not None and event.text() == "+":
            self.acted.emit(ref, LATER)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            _ref, act, _rect = self._what(event.pos())
            tips = {DONE: _("Done (Space)"), LATER: _("Tomorrow (+)"), MORE: _("What else")}
            QToolTip.showText(event.globalPos(), plain_tip(tips.get(act, "")), self)
            return True
        return super().viewportEvent(event)
