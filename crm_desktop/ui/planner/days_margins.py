"""What stays in sight beside the days of one person: hours at the left, days above."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.planner.load import tone
from crm_desktop.ui.painting import CENTER, LEFT, RIGHT, box, elided
from crm_desktop.ui.planner.days_drawing import DaysDrawing
from crm_desktop.ui.planner.drawing import load_words
from crm_desktop.ui.theme import color, font, metrics, px

if TYPE_CHECKING:
    from crm_desktop.ui.planner.days_view import DaysView

HOURS, DAYS_HEAD = 62, 44


class HoursColumn(QWidget):
    """The hours, and the time now."""

    def __init__(self, view: DaysView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        days = self._view.days
        if days is not None:
            shift = self._view.offset.y()
            painter.setClipRect(0, days.band, self.width(), self.height())
            paint_hours(painter, days, self.width(), shift)
            painter.setClipping(False)
            painter.fillRect(0, days.band - 1, self.width(), 1, color("line2"))
            painter.setFont(font("caption"))
            painter.setPen(color("text3"))
            place = QRectF(px(4), 0, self.width() - px(10), days.band)
            painter.drawText(place, RIGHT | Qt.TextFlag.TextWordWrap, _("All day"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), color("line2"))
        painter.end()


def paint_hours(painter: QPainter, days: DaysDrawing, wide: int, shift: float) -> None:
    """The hours beside their lines; the time now in their place."""
    painter.setFont(font("small"))
    now = days.now_place()
    for hour, height in days.hours():
        if now is not None and abs(now[1] - height) < px(15):
            continue
        painter.setPen(color("text2"))
        place = QRectF(0, height - shift - px(9), wide - px(9), px(18))
        place.moveTop(max(place.top(), days.band - shift))
        painter.drawText(place, RIGHT, f"{hour:02}:00")
    if now is not None:
        words = days.axis.clock(days.drawing.sheet.now)
        room = metrics("caption").horizontalAdvance(words) + px(12)
        low = max(now[1] - shift - px(9), days.band - shift)
        place = QRectF(wide - room - px(5), low, room, px(18))
        box(painter, place, radius=px(9), fill="bad")
        painter.setFont(font("caption"))
        painter.setPen(color("surface"))
        painter.drawText(place, CENTER, words)


class DaysHead(QWidget):
    """The days with the names of days off, and how full they are. A click shows the day alone."""

    day_clicked = Signal(object)

    def __init__(self, view: DaysView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        days = self._view.days
        if days is not None:
            paint_days(painter, days, QRectF(self.rect()).adjusted(px(HOURS), 0, 0, 0))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line2"))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        days = self._view.days
        left = event.position().x() - px(HOURS)
        if days is not None and 0 <= left < days.wide * days.axis.days:
            self.day_clicked.emit(days.axis.day(int(left // days.wide)))


def paint_days(painter: QPainter, days: DaysDrawing, room: QRectF) -> None:
    """The days side by side, each over its column."""
    axis, sheet = days.axis, days.drawing.sheet
    today = axis.local(sheet.now).date()
    for number in range(axis.days):
        left = room.left() + number * days.wide
        day = axis.day(number)
        off = sheet.holidays.get(day, "")
        ink = "accent_text" if day == today else "bad" if off or day.weekday() > 4 else "text"
        kind = "strong" if day == today else "body"
        place = QRectF(left + px(8), room.top(), days.wide - px(14), room.height() * 0.58)
        painter.setFont(font(kind))
        painter.setPen(color(ink))
        painter.drawText(place, LEFT, elided(_words(day, axis.days), kind, place.width()))
        place.translate(0, room.height() * 0.48)
        place.setHeight(room.height() * 0.46)
        _paint_under(painter, days, number, place)
        if number:
            painter.fillRect(QRectF(round(left), room.top(), 1, room.height()), color("line2"))


def _paint_under(painter: QPainter, days: DaysDrawing, number: int, place: QRectF) -> None:
    """The name of a day off, else how full the day is."""
    sheet = days.drawing.sheet
    off = sheet.holidays.get(days.axis.day(number), "")
    loads = sheet.lines[0].loads if sheet.lines else []
    painter.setFont(font("caption"))
    if off:
        painter.setPen(color("bad"))
        painter.drawText(place, LEFT, elided(off, "caption", place.width()))
    elif number < len(loads) and loads[number].busy:
        busy, capacity = loads[number]
        painter.setPen(color(tone(busy, capacity) or "text3"))
        painter.drawText(place, LEFT, load_words(busy, capacity))


def _words(day: date, days: int) -> str:
    form = "dddd, d MMMM" if days == 1 else "ddd d MMM"
    said = str(QLocale().toString(day, form))  # type: ignore[call-overload]
    return said[:1].upper() + said[1:]
