"""One box for everything: records and commands, over the window, opened by a key.

It only shows: what is typed goes out as `query_changed`, results come in as plain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, RIGHT, box, elided
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.palette_box import PaletteBox

_Index = QModelIndex | QPersistentModelIndex
_WIDE, _TOP, _MOST_TALL, _SHADOW = 600, 88, 400, 14
_HEADING, _ITEM = 28, 38


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """A record or a command; `detail` stands grey after the title, `shortcut` at the right."""

    key: str
    icon: str
    title: str
    detail: str = ""
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class PaletteGroup:
    """Results of one kind under their heading."""

    title: str
    items: Sequence[PaletteItem]


@dataclass(frozen=True, slots=True)
class PaletteTexts:
    """What the palette itself says, in the language of the moment."""

    placeholder: str
    nothing: str
    enter: str
    hints: Sequence[str]


class _Results(QAbstractListModel):
    """Headings and items one below the other."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[str | PaletteItem] = []

    def set_groups(self, groups: Sequence[PaletteGroup]) -> None:
        self.beginResetModel()
        self.lines = [line for g in groups if g.items for line in (g.title, *g.items)]
        self.endResetModel()

    def item(self, row: int) -> PaletteItem | None:
        line = self.lines[row] if 0 <= row < len(self.lines) else None
        return line if isinstance(line, PaletteItem) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        line = self.lines[index.row()]
        if isinstance(line, str):
            return line
        return ", ".join(part for part in (line.title, line.detail, line.shortcut) if part)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _ResultDelegate(QStyledItemDelegate):
    """Headings in small grey capitals; items with icon, title, detail and shortcut."""

    def __init__(self, view: QListView, results: _Results) -> None:
        super().__init__(view)
        self._view, self._results = view, results
        self.enter = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = self._results.lines[index.row()]
        rect = QRectF(option.rect)
        if isinstance(line, str):
            painter.setFont(font("caption"))
            painter.setPen(color("text3"))
            painter.drawText(rect.adjusted(px(20), px(3), 0, 0), LEFT, line.upper())
            return
        current = self._view.currentIndex().row() == index.row()
        if current:
            ground = rect.adjusted(px(8), 1, -px(8), -1)
            box(painter, ground, fill="select")
        self._paint_item(painter, rect, line, current=current)

    def _paint_item(
        self, painter: QPainter, rect: QRectF, item: PaletteItem, *, current: bool
    ) -> None:
        top = int(rect.center().y() - px(10) + 0.5)
        tint = "accent_text" if current else "text2"
        painter.drawPixmap(int(rect.left()) + px(20), top, pixmap(item.icon, tint, 20))
        side = item.shortcut or (self.enter if current else "")
        painter.setFont(font("small"))
        painter.setPen(color("text2" if current else "text3"))
        painter.drawText(rect.adjusted(0, 0, -px(20), 0), RIGHT, side)
        room = rect.width() - px(52 + 32) - metrics("small").horizontalAdvance(side)
        title = elided(item.title, "body", room)
        wide = metrics("body").horizontalAdvance(title)
        if room - wide > px(40):
            detail = elided(item.detail, "small", room - wide - px(12))
            painter.drawText(rect.adjusted(px(64) + wide, 0, 0, 0), LEFT, detail)
        painter.setFont(font("body"))
        painter.setPen(color("text"))
        painter.drawText(rect.adjusted(px(52), 0, 0, 0), LEFT, title)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        heading = isinstance(self._results.lines[index.row()], str)
        return QSize(px(200), px(_HEADING if heading else _ITEM))


class _Line(QLineEdit):
    """The big line at the top; a plain one, without a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bare-line")
        self.setFrame(False)
        self.setFont(font("title"))
        self.setFixedHeight(px(52))


class CommandPalette(QWidget):
    """Covers its window with a shade and stands in the middle of it. Made once, shown often."""

    query_changed = Signal(str)
    chosen = Signal(str, Qt.KeyboardModifier)
    """(key, keys held): whoever shows it closes it, unless the choice only looks further."""
    closed = Signal()

    def __init__(self, window: QWidget, *, name: str) -> None:
        """`name` is what screen readers say."""
        super().__init__(window)
        self.hide()
        self._window = window
        self._before: QWidget | None = None
        self._below: QPixmap | None = None
        self._awaiting = False  # the results on the screen belong to other words
        self._early: Qt.KeyboardModifier | None = None  # Enter was pressed before the answer
        self._results = _Results(self)
        self._line = _Line()
        self._line.setAccessibleName(name)
        self._line.textChanged.connect(self._typed)
        self._line.installEventFilter(self)
        self._view = self._make_view()
        self._delegate = _ResultDelegate(self._view, self._results)
        self._view.setItemDelegate(self._delegate)
        self._view.setAccessibleName(name)
        self._nothing = Label("", "body", "text3")
        self._hints = Label("", "caption", "text3")
        self._build()
        window.installEventFilter(self)

    def _make_view(self) -> QListView:
        view = QListView()
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setModel(self._results)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setMouseTracking(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.viewport().setAutoFillBackground(False)
        view.entered.connect(self._point)
        view.clicked.connect(lambda _index: self._choose(Qt.KeyboardModifier.NoModifier))
        return view

    def _build(self) -> None:
        self._panel = PaletteBox(self, _SHADOW)
        head = row(52, self._line, 12, gap=0)
        nothing = row(20, self._nothing, None, gap=0)
        hints = row(20, self._hints, None, margins=(0, 10, 0, 10))
        layout = column(head, Rule(), 4, self._view, nothing, 6, Rule(), hints, gap=0)
        layout.setContentsMargins(_SHADOW, _SHADOW - 4, _SHADOW, _SHADOW + 4)
        self._panel.setLayout(layout)

    # --- for the owner ----------------------------------------------------------------------------

    def set_texts(self, texts: PaletteTexts) -> None:
        """What it says itself; again after a switch of the language."""
        self._line.setPlaceholderText(texts.placeholder)
        self._nothing.setText(texts.nothing)
        self._delegate.enter = texts.enter
        self._hints.setText("     ".join(texts.hints))

    def open(self, text: str = "") -> None:
        """Shows it with that text, the cursor behind it; asks for results at once."""
        self._before = self._window.focusWidget()
        self._line.blockSignals(True)
        self._line.setText(text)
        self._line.blockSignals(False)
        self._line.end(False)
        self._cover()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._place()
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._typed(text)

    def text(self) -> str:
        """What is typed."""
        return self._line.text()

    def type_text(self, text: str) -> None:
        """As if the person had typed it."""
        self._line.setText(text)

    def shown_titles(self) -> list[str]:
        """The titles of the results, without the headings."""
        return [line.title for line in self._results.lines if isinstance(line, PaletteItem)]

    def choose_title(self, title: str) -> None:
        """As if the person had clicked the result of that title."""
        row = next(
            row
            for row, line in enumerate(self._results.lines)
            if isinstance(line, PaletteItem) and line.title == title
        )
        self._view.setCurrentIndex(self._results.index(row))
        self._choose(Qt.KeyboardModifier.NoModifier)

    def set_results(self, groups: Sequence[PaletteGroup]) -> None:
        """Replaces the results and points at the first one; an Enter that came before them opens
        it now."""
        self._awaiting, early = False, self._early
        self._early = None
        self._results.set_groups(groups)
        self._step(1, start=-1)
        self._place()
        if early is not None and self.isVisible():
            self._choose(early)

    def close_palette(self) -> None:
        """Hides it and gives the keyboard back to where it was."""
        if self.isVisible():
            self.hide()
            self._uncover()
            if self._before is not None:
                with suppress(RuntimeError):  # it may have gone meanwhile
                    self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self.closed.emit()

    # --- inside -----------------------------------------------------------------------------------

    def _cover(self) -> None:
        """Takes a picture of the window as it is: seen through a shade, the whole window would be
        painted again for each letter that is typed."""
        store = self._window.window().backingStore()
        seen = store.paintDevice() if store is not None else None
        if not self.isVisible() and isinstance(seen, QImage) and not seen.isNull():
            self._below = QPixmap.fromImage(seen)
            painter = QPainter(self._below)
            painter.fillRect(QRect(QPoint(), self._window.size()), color("shade"))
            painter.end()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, self._below is not None)

    def _uncover(self) -> None:
        self._below = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, on=False)

    def _typed(self, text: str) -> None:
        self._awaiting, self._early = True, None
        self.query_changed.emit(text)

    def _point(self, index: QModelIndex) -> None:
        if self._results.item(index.row()) is not None:
            self._view.setCurrentIndex(index)

    def _step(self, by: int, start: int | None = None) -> None:
        place = (self._view.currentIndex().row() if start is None else start) + by
        count = len(self._results.lines)
        while 0 <= place < count and self._results.item(place) is None:
            place += by
        if 0 <= place < count:
            self._view.setCurrentIndex(self._results.index(place))
            above = place == 1  # the first heading is to be seen with its first item
            self._view.scrollTo(self._results.index(0 if above else place))

    def _enter(self, modifiers: Qt.KeyboardModifier) -> None:
        """Enter right behind the last letter means what will be found, not what stands there."""
        if self._awaiting:
            self._early = modifiers
        else:
            self._choose(modifiers)

    def _choose(self, modifiers: Qt.KeyboardModifier) -> None:
        item = self._results.item(self._view.currentIndex().row())
        if item is not None:
            self.chosen.emit(item.key, modifiers)

    def _place(self) -> None:
        lines = self._results.lines
        tall = sum(px(_HEADING if isinstance(line, str) else _ITEM) for line in lines)
        most = min(px(_MOST_TALL), self.height() - px(_TOP + 140))
        self._view.setFixedHeight(max(0, min(tall, most)))
        self._view.setVisible(bool(lines))
        self._nothing.setVisible(not lines and bool(self._line.text()))
        self._nothing.setFixedHeight(px(44))
        wide = min(px(_WIDE), self.width() - px(32)) + 2 * _SHADOW
        self._panel.layout().activate()
        self._panel.resize(wide, self._panel.sizeHint().height())
        top = min(px(_TOP), max(px(8), self.height() // 8))
        self._panel.move((self.width() - wide) // 2, top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window and kind == QEvent.Type.Resize and self.isVisible():
            self._uncover()
            self.setGeometry(self._window.rect())
            self._place()
        elif watched is self._line and kind == QEvent.Type.KeyPress:
            return isinstance(event, QKeyEvent) and self._key(event)
        elif watched is self._line and kind == QEvent.Type.FocusOut and self.isVisible():
            QTimer.singleShot(0, self, self._keep_keyboard)
        return False

    def _keep_keyboard(self) -> None:
        """A page that comes into the window meanwhile gets the keyboard afterwards, not now."""
        other = self._window.focusWidget()
        if self.isVisible() and other is not None and other is not self._line:
            self._before = other
            self._line.setFocus(Qt.FocusReason.OtherFocusReason)
            self._line.end(False)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Backtab: -1}
        if key in steps:
            self._step(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            for _turn in range(6):
                self._step(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = event.rect()
        if self._below is None:
            painter.fillRect(area, color("shade"))
        else:
            ratio = self._below.devicePixelRatioF()
            source = QRectF(area.topLeft().toPointF() * ratio, area.size().toSizeF() * ratio)
            painter.drawPixmap(QRectF(area), self._below, source)
        painter.end()
