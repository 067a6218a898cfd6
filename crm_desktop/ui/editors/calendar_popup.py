"""A month to choose a day from. Weeks begin on Monday (ISO 8601)."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.text.days import add_months
from crm_desktop.ui.painting import CENTER, box
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

_FIRST, _LAST = date(1000, 1, 1), date(9999, 12, 31)
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7,
}  # fmt: skip
_MONTHS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class _Days(QWidget):
    """Six weeks of days."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown = self.today = _FIRST
        self._over: date | None = None
        self.setMouseTracking(True)
        self.setFixedSize(px(7 * 36), px(7 * 30))

    def show_day(self, day: date, today: date) -> None:
        """Shows the month of that day with the day marked."""
        self.shown, self.today = day, today
        self.update()

    def _start(self) -> date:
        first = self.shown.replace(day=1)
        return first - timedelta(days=first.weekday()) if first > _FIRST else first

    def _day_at(self, place: QPoint) -> date | None:
        week, weekday = place.y() // px(30) - 1, place.x() // px(36)
        inside = 0 <= week < 6 and 0 <= weekday < 7
        return self._start() + timedelta(days=7 * week + weekday) if inside else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        for weekday in range(7):
            name = QLocale().dayName(weekday + 1, QLocale.FormatType.ShortFormat)
            painter.drawText(self._rect(0, weekday), CENTER, name)
        for number in range(42):
            day = self._start() + timedelta(days=number)
            self._paint_day(painter, self._rect(number // 7 + 1, number % 7), day)
        painter.end()

    def _paint_day(self, painter: QPainter, rect: QRect, day: date) -> None:
        spot = QRectF(rect).adjusted(px(3), 1, -px(3), -1)
        if day == self.shown:
            box(painter, spot, fill="accent")
        elif day == self._over:
            box(painter, spot, fill="hover")
        if day == self.today and day != self.shown:
            box(painter, spot, border="accent")
        inside = day.month == self.shown.month
        ink = "on_accent" if day == self.shown else "text" if inside else "text3"
        painter.setFont(font("body"))
        painter.setPen(color(ink))
        painter.drawText(rect, CENTER, str(day.day))

    @staticmethod
    def _rect(line: int, weekday: int) -> QRect:
        return QRect(px(36) * weekday, px(30) * line, px(36), px(30))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = self._day_at(event.position().toPoint())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position().toPoint())
        if day is not None:
            self.chosen.emit(day)


class CalendarPopup(QFrame):
    """Floats below a date field; arrows move, Page Up and Down change the month, Enter chooses."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._month = Label(kind="strong")
        self._days = _Days(self)
        back = ToolButton("chevron-left", _("Previous month"), size=28)
        forward = ToolButton("chevron-right", _("Next month"), size=28)
        now = Button(_("Today"), kind="link")
        back.clicked.connect(lambda: self._go(add_months(self._days.shown, -1)))
        forward.clicked.connect(lambda: self._go(add_months(self._days.shown, 1)))
        now.clicked.connect(lambda: self._choose(self._days.today))
        for button in (back, forward, now):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._days.chosen.connect(self._choose)
        head = row(6, self._month, None, now, back, forward, gap=2)
        self.setLayout(column(head, self._days, gap=4, margins=(8, 8, 8, 8)))
        self.setAccessibleName(_("Calendar"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def show_at(self, place: QPoint, day: date, today: date) -> None:
        """Opens at a place of the screen with `day` marked."""
        self._days.today = today
        self._go(day)
        self.adjustSize()
        room = self.parentWidget().screen().availableGeometry()
        self.move(
            min(place.x(), room.right() - self.width()),
            min(place.y(), room.bottom() - self.height()),
        )
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _go(self, day: date) -> None:
        self._days.show_day(min(max(day, _FIRST), _LAST), self._days.today)
        name = QLocale().standaloneMonthName(self._days.shown.month)
        self._month.setText(f"{name[:1].upper()}{name[1:]} {self._days.shown.year}")

    def _choose(self, day: date) -> None:
        self.chosen.emit(day)
        self.close()

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("raised"))
        box(painter, QRectF(self.rect()), radius=0, border="line2")
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._go(self._days.shown + timedelta(days=_STEPS[key]))
        elif key in _MONTHS:
            self._go(add_months(self._days.shown, _MONTHS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._days.shown)
        else:
            super().keyPressEvent(event)
