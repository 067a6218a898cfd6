"""The window of reminders: on top of everything, and never in the way of the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.painting import box
from crm_desktop.ui.reminders.row import ReminderRow, Said, snooze_menu
from crm_desktop.ui.theme import color, px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.reminders.service import Firing

Results = list[tuple[str, int]]
MOST = 3
"""Reminders that are seen at once; the others stand behind "N more"."""
MOST_OPEN = 50
_WIDE = 392
_MARGIN = 16
_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
)


class ReminderWindow(QWidget):
    """Shows what has come up. It decides nothing: whoever listens does."""

    opened = Signal(object)
    done = Signal(object)
    done_with = Signal(object, int)
    """A `Firing`, and the result that was chosen for it."""
    seen = Signal(object)
    """A list of `Firing`."""
    put_off = Signal(object, int)
    """A list of `Firing`; minutes, `row.TOMORROW` or `row.AT`."""
    hidden = Signal()
    """The person put it away; nothing was answered by that."""

    def __init__(self) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.rows: list[ReminderRow] = []
        self._said: tuple[Said, ...] = ()
        self._whole = False
        self._asked: dict[tuple[int, datetime], Results] = {}
        """The results that a reminder offers, while it asks for one."""
        self._anchor: Callable[[], QRect | None] = lambda: None
        self.title = Label("", "strong")
        self.cross = ToolButton("chevron-down", "", size=26)
        self.more, self.all_later = Button("", kind="link"), Button("", "chevron-down", "ghost")
        self.all_seen = Button("", kind="ghost")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._scroll = _scroll(self._lines)
        head = row(IconLabel("bell", "accent_text"), self.title, None, self.cross, gap=10,
                   margins=(14, 10, 10, 10))  # fmt: skip
        self._foot = QWidget()
        self._foot.setLayout(
            row(self.more, None, self.all_later, self.all_seen, margins=(14, 6, 10, 8))
        )
        self.setLayout(column(head, self._scroll, self._foot, gap=0, margins=(1, 1, 1, 1)))
        self.setFixedWidth(px(_WIDE))
        self._connect()

    def _connect(self) -> None:
        self.cross.clicked.connect(self.put_away)
        self.more.clicked.connect(self.show_all)
        self.all_seen.clicked.connect(lambda: self.seen.emit(self._firings()))
        self.all_later.clicked.connect(self._all_later)

    def stand_beside(self, anchor: Callable[[], QRect | None]) -> None:
        """`anchor` says where the main window is: reminders come up on its screen."""
        self._anchor = anchor

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything that stands, seen or behind "N more"."""
        return self._said

    def _firings(self) -> list[object]:
        return [said.firing for said in self._said]

    def _all_later(self) -> None:
        menu = snooze_menu(self, lambda minutes: self.put_off.emit(self._firings(), minutes))
        menu.popup(self.all_later.mapToGlobal(QPoint(0, self.all_later.height() + 2)))

    # --- what is shown ----------------------------------------------------------------------------

    def fill(self, said: Sequence[Said], now: datetime, zone: tzinfo) -> None:
        """Shows these, the first ones; hides itself when there are none."""
        known = [(one.firing, one.title) for one in self._said]
        self._said = tuple(said)
        standing = {(one.firing.id, one.firing.about) for one in said}
        self._asked = {key: asked for key, asked in self._asked.items() if key in standing}
        if not said:
            self._whole = False
            self.hide()
        if known == [(one.firing, one.title) for one in said] and self.rows:
            for line in self.rows:
                line.tell_time(now, zone)
            return
        self._make_rows(now, zone)
        self._now, self._zone = now, zone
        self._say_counts()
        if self.isVisible():
            self._place_soon()

    def clear(self) -> None:
        """There is no base any more."""
        self._said, self._whole, self._asked = (), False, {}
        self._drop_rows()
        self.hide()

    def _drop_rows(self) -> None:
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = []

    def _make_rows(self, now: datetime, zone: tzinfo) -> None:
        self._drop_rows()
        most = MOST_OPEN if self._whole else MOST
        self.rows = [self._row(one, now, zone) for one in self._said[:most]]
        for line in self.rows:
            self._lines.addWidget(line)

    def ask_result(self, firing: Firing, choices: Results) -> None:
        """The reminder asks what came of it, in a line of its own."""
        self._asked[firing.id, firing.about] = choices
        for line in self.rows:
            if line.said.firing.id == firing.id:
                line.ask_result(choices)
        self._place_soon()

    def _row(self, said: Said, now: datetime, zone: tzinfo) -> ReminderRow:
        line = ReminderRow(said, now, zone)
        firing = said.firing
        asked = self._asked.get((firing.id, firing.about))
        if asked is not None:
            line.ask_result(asked)
        line.done_with.connect(lambda result: self.done_with.emit(firing, result))
        line.opened.connect(lambda: self.opened.emit(firing))
        line.done.connect(lambda: self.done.emit(firing))
        line.seen.connect(lambda: self.seen.emit([firing]))
        line.put_off.connect(lambda minutes: self.put_off.emit([firing], minutes))
        return line

    def _say_counts(self) -> None:
        total, hidden = len(self._said), len(self._said) - len(self.rows)
        said = ngettext("{count} reminder", "{count} reminders", total)
        self.title.setText(said.format(count=total))
        self.setWindowTitle(_("Reminders"))
        more = ngettext("{count} more", "{count} more", hidden).format(count=hidden)
        self.more.setText(more)
        self.more.setVisible(hidden > 0 and not self._whole)
        self.all_later.setText(_("All later"))
        self.all_seen.setText(_("All seen"))
        self._foot.setVisible(total > 1)
        self.cross.setToolTip(_("Put away; they stay until they are answered"))
        self.cross.setAccessibleName(_("Put away; they stay until they are answered"))

    def show_all(self) -> None:
        """All of them, to be scrolled."""
        self._whole = True
        self._make_rows(self._now, self._zone)
        self._say_counts()
        self._place_soon()

    # --- the place --------------------------------------------------------------------------------

    def come_up(self) -> None:
        """Shows itself over everything without taking the keyboard."""
        self._place()
        self.show()
        self.raise_()
        self._place_soon()

    def put_away(self) -> None:
        """Goes until something comes up anew."""
        self.hide()
        self.hidden.emit()

    def _place_soon(self) -> None:
        QTimer.singleShot(0, self, self._place)

    def _place(self) -> None:
        tall = sum(line.sizeHint().height() for line in self.rows)
        room = self._room()
        self._scroll.setFixedHeight(min(tall, max(px(120), room.height() * 2 // 3)))
        self.layout().activate()
        self.resize(self.width(), self.layout().sizeHint().height())
        corner = room.bottomRight() - QPoint(self.width() + px(_MARGIN), self.height())
        self.move(corner - QPoint(0, px(_MARGIN)))

    def _room(self) -> QRect:
        anchor = self._anchor()
        screen = QGuiApplication.screenAt(anchor.center()) if anchor is not None else None
        return (screen or QGuiApplication.primaryScreen()).availableGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("raised"))
        box(painter, self.rect().toRectF(), radius=0, fill="raised", border="line2")
        painter.end()


def _scroll(lines: QVBoxLayout) -> QScrollArea:
    inner = QWidget()
    inner.setLayout(lines)
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
