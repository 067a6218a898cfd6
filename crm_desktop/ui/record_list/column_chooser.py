"""The popover in which columns are ticked and brought into order by dragging."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.i18n import _
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, box, elided
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

_PATH = Qt.ItemDataRole.UserRole
_OVER = QStyle.StateFlag.State_MouseOver
_MOST_SEEN = 9


class _Delegate(QStyledItemDelegate):
    """A column: the sign that it can be dragged, its name, a cross."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        rect = option.rect
        painter.fillRect(rect, color("raised"))
        current = self._view.currentIndex() == index and self._view.hasFocus()
        if option.state & _OVER or current:
            box(painter, rect.toRectF().adjusted(px(2), 1, -px(2), -1), fill="raised_hover")
        top = rect.center().y() - px(8) + 1
        painter.drawPixmap(rect.left() + px(8), top, pixmap("drag", "text3", 16))
        if self._view.count() > 1:
            painter.drawPixmap(rect.right() - px(26), top, pixmap("close", "text3", 16))
        painter.setFont(font("body"))
        painter.setPen(color("text"))
        words = rect.adjusted(px(32), 0, -px(34), 0)
        painter.drawText(words, LEFT, elided(str(index.data()), "body", words.width()))


class _Chosen(QListWidget):
    """The columns shown, from left to right. Del takes one out, Alt with an arrow moves it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(_("Columns shown, from left to right"))
        self.itemClicked.connect(self._clicked)

    def paths(self) -> tuple[str, ...]:
        return tuple(str(self.item(n).data(_PATH)) for n in range(self.count()))

    def put(self, choice: FieldChoice) -> None:
        item = QListWidgetItem(choice.label)
        item.setData(_PATH, choice.path)
        item.setSizeHint(QSize(px(200), px(32)))
        self.addItem(item)

    def drop_path(self, path: str) -> None:
        if self.count() < 2:
            return
        for place in range(self.count()):
            if self.item(place).data(_PATH) == path:
                self.takeItem(place)
                self.changed.emit()
                return

    def _clicked(self, item: QListWidgetItem) -> None:
        place = self.viewport().mapFromGlobal(self.cursor().pos())
        if place.x() > self.visualItemRect(item).right() - px(32):
            self.drop_path(str(item.data(_PATH)))

    def _move(self, by: int) -> None:
        place = self.currentRow()
        if place >= 0 and 0 <= place + by < self.count():
            self.insertItem(place + by, self.takeItem(place))
            self.setCurrentRow(place + by)
            self.changed.emit()

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if alt and event.key() in steps:
            self._move(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Delete and self.currentItem() is not None:
            self.drop_path(str(self.currentItem().data(_PATH)))
        else:
            super().keyPressEvent(event)


class ColumnChooser(QWidget):
    """Above the columns shown, below all that could be."""

    changed = Signal(object)
    """The paths of the columns, from left to right."""
    reset_asked = Signal()

    def __init__(
        self, shown: Sequence[FieldChoice], groups: Sequence[tuple[str, Sequence[FieldChoice]]]
    ) -> None:
        """`groups`: (heading, fields) each."""
        super().__init__()
        self._groups = groups
        self._choices = {c.path: c for _heading, choices in groups for c in choices}
        self._choices.update({c.path: c for c in shown})
        self._chosen = _Chosen()
        for choice in shown:
            self._chosen.put(choice)
        self._chosen.changed.connect(self._tell)
        self._all = PickList(name=_("Fields"), search=_("Find a field"), rows=7)
        self._all.ticked.connect(self.tick)
        self.setFocusProxy(self._all)
        reset = Button(_("As it was at first"), kind="link")
        reset.clicked.connect(self.reset_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(6))
        layout.addLayout(row(Label(_("Columns"), "strong"), None, reset))
        for part in (self._chosen, Rule(), self._all):
            layout.addWidget(part)
        self.setFixedWidth(px(300))
        self._fit()
        self._show_ticks()

    def paths(self) -> tuple[str, ...]:
        """The columns shown, from left to right."""
        return self._chosen.paths()

    def tick(self, path: object, on: bool) -> None:
        """Shows a column or takes it away."""
        if on:
            self._chosen.put(self._choices[str(path)])
            self._tell()
        elif len(self.paths()) > 1:
            self._chosen.drop_path(str(path))
        else:
            self._show_ticks()  # one column must stay

    def _tell(self) -> None:
        self._fit()
        self._show_ticks()
        self.changed.emit(self.paths())

    def _fit(self) -> None:
        self._chosen.setFixedHeight(px(32) * min(_MOST_SEEN, max(1, self._chosen.count())))

    def _show_ticks(self) -> None:
        shown = set(self.paths())
        items: list[PickItem] = []
        for heading, choices in self._groups:
            if heading:
                items.append(PickItem(("heading", heading), heading, heading=True))
            items.extend(
                PickItem(c.path, c.label if heading else c.short, ticked=c.path in shown)
                for c in choices
            )
        self._all.set_items(items)
