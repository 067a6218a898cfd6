"""Twelve months at a glance; a click changes what a day is."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING
from crm_desktop.ui.painting import CENTER, LEFT, box, focus_ring
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.tips import plain_tip

if TYPE_CHECKING:
    from crm_desktop.services.worktime.years import DayMark

_CELL, _TALL, _HEAD, _WEEKDAYS = 28, 26, 26, 20
_GAP = 24
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ROUND = {WORKING: SHORT, SHORT: OFF, OFF: WORKING}


def following(kind: str) -> str:
    """What a click makes of a day: working, short, off, and working again."""
    return _ROUND[kind]


class YearGrid(QWidget):
    """As many months side by side as there is room for. Arrows move, Space changes the day."""

    day_wanted = Signal(object, str)
    """(day, kind) that the person wants it to be."""
    menu_asked = Signal(object, object)
    """(day, global position)"""

    def __init__(self, today: date, *, name: str) -> None:
        """`name` is what screen readers say."""
        super().__init__()
        self._today, self._name = today, name
        self._year, self._day = today.year, today
        self._marks: Mapping[date, DayMark] = {}
        self._over: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_year(self, year: int, marks: Mapping[date, DayMark]) -> None:
        """Shows the days of a year."""
        if year != self._year:
            self._day = date(year, self._day.month, min(self._day.day, 28))
        self._year, self._marks = year, marks
        self._say_day()
        self.update()

    @property
    def day(self) -> date:
        """The day that the keyboard stands on."""
        return self._day

    def set_name(self, name: str) -> None:
        """What screen readers say."""
        self._name = name
        self._say_day()
        self.update()

    def describe(self, day: date) -> str:
        """What a day is, in words."""
        mark = self._marks.get(day)
        long = QLocale().toString(day, QLocale.FormatType.LongFormat)  # type: ignore[call-overload]
        if mark is None:
            return str(long)
        words = {OFF: _("day off"), SHORT: _("short day"), WORKING: _("working day")}[mark.kind]
        said = f"{long}: {words}"
        parts = [said, *(part for part in (mark.name, mark.hours) if part)]
        return "\n".join([*parts, _("Changed in this calendar")] if mark.own else parts)

    def _say_day(self) -> None:
        self.setAccessibleName(f"{self._name}: {self.describe(self._day)}")

    # --- places -----------------------------------------------------------------------------------

    def _columns(self, width: int) -> int:
        wide = px(7 * _CELL + _GAP)
        fitting = max(1, (width + px(_GAP)) // wide)
        return max(number for number in (1, 2, 3, 4, 6) if number <= fitting)

    def _month_size(self) -> tuple[int, int]:
        return px(7 * _CELL + _GAP), px(_HEAD + _WEEKDAYS + 6 * _TALL + _GAP // 2)

    def _corner(self, month: int) -> QPoint:
        columns = self._columns(self.width())
        wide, tall = self._month_size()
        return QPoint((month - 1) % columns * wide, (month - 1) // columns * tall)

    def spot(self, day: date) -> QRectF:
        """Where a day is painted."""
        corner = self._corner(day.month)
        place = day.replace(day=1).weekday() + day.day - 1
        left = corner.x() + place % 7 * px(_CELL)
        top = corner.y() + px(_HEAD + _WEEKDAYS) + place // 7 * px(_TALL)
        return QRectF(left, top, px(_CELL), px(_TALL))

    def _at(self, x: float, y: float) -> date | None:
        columns = self._columns(self.width())
        wide, tall = self._month_size()
        column, line = int(x) // wide, int(y) // tall
        month = line * columns + column + 1
        if column >= columns or not 1 <= month <= 12 or x < 0 or y < 0:
            return None
        across = (int(x) - column * wide) // px(_CELL)
        down = (int(y) - line * tall - px(_HEAD + _WEEKDAYS)) // px(_TALL)
        first = date(self._year, month, 1)
        number = down * 7 + across - first.weekday() + 1
        last = calendar.monthrange(self._year, month)[1]
        if across > 6 or down < 0 or not 1 <= number <= last:
            return None
        return first.replace(day=number)

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for month in range(1, 13):
            self._paint_month(painter, month, QRectF(event.rect()))
        painter.end()

    def _paint_month(self, painter: QPainter, month: int, seen: QRectF) -> None:
        corner, (wide, tall) = self._corner(month), self._month_size()
        if not QRectF(corner.x(), corner.y(), wide, tall).intersects(seen):
            return
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        head = QRectF(corner.x() + px(6), corner.y(), wide - px(_GAP), px(_HEAD))
        name = QLocale().standaloneMonthName(month)
        painter.drawText(head, LEFT, name[:1].upper() + name[1:])
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        short = QLocale.FormatType.ShortFormat
        for place in range(7):
            spot = QRectF(corner.x() + place * px(_CELL), corner.y() + px(_HEAD), px(_CELL),
                          px(_WEEKDAYS))  # fmt: skip
            painter.drawText(spot, CENTER, QLocale().standaloneDayName(place + 1, short))
        painter.setFont(font("small"))
        for number in range(1, calendar.monthrange(self._year, month)[1] + 1):
            self._paint_day(painter, date(self._year, month, number))

    def _paint_day(self, painter: QPainter, day: date) -> None:
        spot, mark = self.spot(day).adjusted(px(1), px(1), -px(1), -px(1)), self._marks.get(day)
        kind = mark.kind if mark else WORKING
        fill = {OFF: "bad_soft" if mark and mark.name else "neutral_soft", SHORT: "warn_soft"}.get(
            kind
        )
        if day == self._over:
            fill = "hover"
        border = "accent" if day == self._today else "line2" if mark and mark.own else None
        if fill or border:
            box(painter, spot, radius=px(6), fill=fill, border=border)
        ink = {OFF: "bad" if mark and mark.name else "text3", SHORT: "warn"}.get(kind, "text")
        painter.setPen(color(ink))
        painter.drawText(spot, CENTER, str(day.day))
        if day == self._day and self.hasFocus():
            focus_ring(painter, spot, px(6))

    # --- hands ------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position().x(), event.position().y())
        if over != self._over:
            self._over = over
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._over = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._at(event.position().x(), event.position().y())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(day)
            self._change(day)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        day = self._day if by_key else self._at(event.pos().x(), event.pos().y())
        if day is not None:
            self._go(day)
            at = self.mapToGlobal(self.spot(day).bottomLeft().toPoint())
            self.menu_asked.emit(day, at if by_key else event.globalPos())

    def _change(self, day: date) -> None:
        mark = self._marks.get(day)
        if mark is not None:
            self.day_wanted.emit(day, following(mark.kind))

    def _go(self, day: date) -> None:
        self._day = day
        self._say_day()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            day = self._day + timedelta(days=step)
            if day.year == self._year:
                self._go(day)
        elif event.key() in _PRESSES:
            self._change(self._day)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day = self._at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), plain_tip(self.describe(day) if day else ""), self)
            return True
        return super().event(event)

    def heightForWidth(self, width: int) -> int:
        return -(-12 // self._columns(width)) * self._month_size()[1]

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        wide = 4 * self._month_size()[0]
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._month_size()[0], self._month_size()[1])
