"""A month to pick a day from, and the field that opens it. A day can also be typed freely."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.painting import CENTER, box, focus_ring
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Popover

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -7,
    Qt.Key.Key_Down: 7,
}


def _moved(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if not 1 <= year <= 9999:
        return day
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


class MonthGrid(QWidget):
    """Six weeks from Monday. Arrows move by day and week, PageUp and PageDown by month."""

    picked = Signal(object)
    month_changed = Signal()

    def __init__(self, today: date, *, name: str, parent: QWidget | None = None) -> None:
        """`name` is what screen readers say."""
        super().__init__(parent)
        self._today, self._day = today, today
        self._name = name
        self._over: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedSize(px(7 * 34), px(24 + 6 * 32))
        self.set_day(today)

    @property
    def day(self) -> date:
        """The day that is marked."""
        return self._day

    def set_day(self, day: date) -> None:
        """Marks a day and shows its month."""
        self._day = day
        long = QLocale().toString(day, QLocale.FormatType.LongFormat)  # type: ignore[call-overload]
        self.setAccessibleName(f"{self._name}: {long}")
        self.month_changed.emit()
        self.update()

    def step_months(self, by: int) -> None:
        """Shows another month."""
        self.set_day(_moved(self._day, by))

    def _first(self) -> date:
        start = self._day.replace(day=1)
        return start - timedelta(days=start.weekday())

    def _spot(self, place: int) -> QRectF:
        wide, tall = px(34), px(32)
        return QRectF(place % 7 * wide, px(24) + place // 7 * tall, wide, tall)

    def _at(self, event: QMouseEvent) -> date | None:
        spots = (i for i in range(42) if self._spot(i).contains(event.position()))
        place = next(spots, None)
        return None if place is None else self._first() + timedelta(days=place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        short = QLocale.FormatType.ShortFormat
        for place in range(7):
            spot = QRectF(place * px(34), 0, px(34), px(22))
            painter.drawText(spot, CENTER, QLocale().standaloneDayName(place + 1, short))
        first = self._first()
        painter.setFont(font("small"))
        for place in range(42):
            self._paint_day(painter, self._spot(place), first + timedelta(days=place))
        painter.end()

    def _paint_day(self, painter: QPainter, spot: QRectF, day: date) -> None:
        side = px(28)
        round_spot = QRectF(0, 0, side, side)
        round_spot.moveCenter(QPointF(spot.center()))
        marked, other = day == self._day, day.month != self._day.month
        if marked:
            box(painter, round_spot, radius=side / 2, fill="accent")
            if self.hasFocus():
                focus_ring(painter, round_spot.adjusted(-3, -3, 3, 3), side / 2 + 3)
        elif day == self._over:
            box(painter, round_spot, radius=side / 2, fill="raised_hover")
        if day == self._today and not marked:
            box(painter, round_spot, radius=side / 2, border="accent")
        weekend = "bad" if day.weekday() > 4 else "text"
        ink = "on_accent" if marked else "disabled" if other else weekend
        painter.setPen(color(ink))
        painter.drawText(spot, CENTER, str(day.day))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = self._at(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._at(event)
        if day is not None:
            self.set_day(day)
            self.picked.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.set_day(self._day + timedelta(days=_STEPS[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.step_months(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._day)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


class MonthPanel(QWidget):
    """The grid under the name of the month and two arrows."""

    def __init__(self, today: date, *, name: str, before: str, after: str) -> None:
        """`before` and `after` are the tips of the arrows."""
        super().__init__()
        self.grid = MonthGrid(today, name=name)
        self._title = Label("", "strong")
        back, forth = ToolButton("chevron-left", before), ToolButton("chevron-right", after)
        back.clicked.connect(lambda: self.grid.step_months(-1))
        forth.clicked.connect(lambda: self.grid.step_months(1))
        self.grid.month_changed.connect(self._say)
        self.setLayout(column(row(8, self._title, None, back, forth, gap=2), self.grid, gap=4))
        self.setFocusProxy(self.grid)
        self._say()

    def _say(self) -> None:
        month = QLocale().standaloneMonthName(self.grid.day.month)
        self._title.setText(f"{month.capitalize()} {self.grid.day.year}")

    def sizeHint(self) -> QSize:
        return QSize(px(7 * 34), px(24 + 6 * 32 + 40))


class DateEdit(LineEdit):
    """A day: typed in any way `parse` understands, or picked from the month under the button.

    `parse` raises ValueError for what it cannot read; the text then stays as it was typed, for
    whoever checks the form to say what is wrong.
    """

    day_changed = Signal(object)
    """A `date`, or None when the field was emptied. Only after the field is left."""

    def __init__(
        self,
        *,
        name: str,
        today: Callable[[], date],
        parse: Callable[[str], date],
        words: tuple[str, str, str],
    ) -> None:
        """`words`: tips of the calendar button, of the month before and of the month after."""
        super().__init__(name=name)
        self._day: date | None = None
        self._today, self._parse, self._words = today, parse, words
        self._button = ToolButton("calendar", words[0], size=24)
        self._button.setParent(self)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self._button.clicked.connect(self.open_month)
        self.set_right_room(32)
        self.editingFinished.connect(self._take_text)

    def day(self) -> date | None:
        """The day that was understood last."""
        return self._day

    def set_day(self, day: date | None) -> None:
        """Shows a day without telling."""
        self._day = day
        short = QLocale.FormatType.ShortFormat
        shown = QLocale().toString(day, short) if day else ""  # type: ignore[call-overload]
        self.setText(shown)

    def understood(self) -> bool:
        """Whether the text is empty or a day."""
        text = self.text().strip()
        try:
            return not text or bool(self._parse(text))
        except ValueError:
            return False

    def open_month(self) -> None:
        """Opens the month under the field."""
        name, before, after = self._words
        panel = MonthPanel(self._today(), name=name, before=before, after=after)
        panel.grid.set_day(self._day or self._today())
        popover = Popover(panel, name=name, parent=self)
        panel.grid.picked.connect(self._pick)
        panel.grid.picked.connect(popover.close_panel)
        popover.open_below(self)

    def _pick(self, day: date) -> None:
        self.set_day(day)
        self.day_changed.emit(day)

    def _take_text(self) -> None:
        text = self.text().strip()
        try:
            day = self._parse(text) if text else None
        except ValueError:
            return
        if day != self._day:
            self.set_day(day)
            self.day_changed.emit(day)
        elif day is not None:
            self.set_day(day)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._button.height()
        self._button.move(self.width() - side - px(4), (self.height() - side) // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        opens = (
            event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        )
        if opens or event.key() == Qt.Key.Key_F4:
            self.open_month()
            return
        super().keyPressEvent(event)
