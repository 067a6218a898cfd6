"""The list of records that opens below a link while a person types."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import AA, LEFT, NO_PEN, RIGHT, box, elided, portrait, tone_colors
from crm_desktop.ui.runtime.latin_keys import latin_twin
from crm_desktop.ui.theme import color, font, metrics, px

if TYPE_CHECKING:
    from crm_desktop.ui.portraits.avatars import Portraits

_ROLE = Qt.ItemDataRole.UserRole + 6
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_SELECTED = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver


class Suggestion(NamedTuple):
    """One row: an existing record, or (`ref` None) the offer to make one called `text`; without a
    text it only says something and cannot be chosen."""

    ref: Ref | None
    text: str
    tone: str = ""
    side: str = ""
    sentence: str = ""


class _Delegate(QStyledItemDelegate):
    """A dot where tones mean something, a picture where such records may have one, the title, what
    kind of record it is."""

    faces: Portraits | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        shown: Suggestion = index.data(_ROLE)
        rect = QRectF(option.rect).adjusted(px(4), 1, -px(4), -1)
        painter.fillRect(option.rect, color("raised"))
        if option.state & _SELECTED:
            box(painter, rect, radius=px(6), fill="raised_hover")
        left = rect.left() + px(10)
        if shown.ref is None and shown.text:
            painter.drawPixmap(int(left), int(rect.center().y() - px(8)),
                               pixmap("add", "accent_text", 16))  # fmt: skip
            left += px(24)
        elif shown.tone:
            painter.setRenderHint(AA)
            painter.setPen(NO_PEN)
            painter.setBrush(tone_colors(shown.tone)[0])
            painter.drawEllipse(QRectF(left, rect.center().y() - px(3), px(7), px(7)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            left += px(16)
        if shown.ref is not None and self.faces is not None and self.faces.takes(shown.ref.entity):
            side = px(22)
            spot = QRectF(left, rect.center().y() - side / 2, side, side)
            portrait(painter, spot, shown.text, self.faces.of(shown.ref))
            left += side + px(8)
        self._write(painter, rect, left, shown)

    @staticmethod
    def _write(painter: QPainter, rect: QRectF, left: float, shown: Suggestion) -> None:
        side = metrics("small").horizontalAdvance(shown.side) + px(16) if shown.side else px(8)
        painter.setFont(font("body"))
        offered = "accent_text" if shown.text else "text3"
        painter.setPen(color("text" if shown.ref else offered))
        room = rect.right() - left - side
        text = elided(shown.sentence or shown.text, "body", room)
        painter.drawText(QRectF(left, rect.top(), room, rect.height()), LEFT, text)
        if shown.side:
            painter.setFont(font("small"))
            painter.setPen(color("text3"))
            painter.drawText(rect.adjusted(0, 0, -px(10), 0), RIGHT, shown.side)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(px(200), px(32))


class SuggestionList(QObject):
    """Shows suggestions below `line`; keys go on to the line, Enter and a click choose."""

    chosen = Signal(object)

    def __init__(self, line: QWidget) -> None:
        super().__init__(line)
        self._line = line
        self._rows = QStandardItemModel(self)
        self._completer = QCompleter(self._rows, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(10)
        view = QListView()
        view.setFrameShape(QFrame.Shape.Box)
        view.setMouseTracking(True)
        self._completer.setPopup(view)
        self._popup = view
        view.installEventFilter(self)  # before the completer's, which gives Tab to no filter
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = _Delegate(view)
        view.setItemDelegate(self._delegate)
        self._completer.setWidget(line)
        self._completer.activated[QModelIndex].connect(self._activated)

    def show_faces(self, faces: Portraits) -> None:
        """Pictures beside the names, as soon as they are known."""
        if self._delegate.faces is not faces:
            self._delegate.faces = faces
            faces.changed.connect(self._popup.viewport().update)

    def show_rows(self, rows: list[Suggestion]) -> None:
        """Opens with these rows, the first marked; closes if there are none."""
        self._rows.clear()
        for row in rows:
            item = QStandardItem(row.sentence or row.text)
            item.setData(row, _ROLE)
            item.setEnabled(row.ref is not None or bool(row.text))
            self._rows.appendRow(item)
        if not rows:
            self.hide()
            return
        self._completer.setCompletionPrefix("")
        self._completer.complete()
        self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def rows(self) -> list[Suggestion]:
        """The rows that are offered now, without a word that there are none."""
        rows = [self._rows.item(i).data(_ROLE) for i in range(self._rows.rowCount())]
        return [row for row in rows if row.ref is not None or row.text]

    def is_open(self) -> bool:
        """Whether the list is seen."""
        return self._popup.isVisible()

    def hide(self) -> None:
        """Closes the list."""
        self._popup.hide()

    def _tab(self, event: QKeyEvent) -> None:
        """Closes the list and goes on; the only record that fits what was typed is taken."""
        rows = [row for row in self.rows() if row.ref is not None]
        typed = str(self._line.property("text") or "").strip()
        self.hide()
        if typed and len(rows) == 1:
            self.chosen.emit(rows[0])
        again = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
        QCoreApplication.sendEvent(self._line, again)

    def _activated(self, index: QModelIndex) -> None:
        row: Suggestion = index.data(_ROLE)
        if row.ref is not None or row.text:
            self.chosen.emit(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        twin = latin_twin(event) if pressed else None
        if twin is not None and watched is self._popup:
            QCoreApplication.sendEvent(self._line, twin)
            return True
        if not pressed or watched is not self._popup or event.key() not in _TABS:
            return False
        self._tab(event)
        return True
