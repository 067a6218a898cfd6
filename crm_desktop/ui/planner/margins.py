"""What stays in sight while the sheet scrolls: names at the left, days and hours above."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.load import tone
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import (
    AA,
    CENTER,
    LEFT,
    NO_BRUSH,
    NO_PEN,
    RIGHT,
    box,
    elided,
    portrait,
)
from crm_desktop.ui.planner.axis import hour_step
from crm_desktop.ui.planner.drawing import load_words
from crm_desktop.ui.planner.geometry import FAVOURITES, Entry
from crm_desktop.ui.theme import color, font, metrics, px

if TYPE_CHECKING:
    from crm_desktop.ui.planner.view import SheetView

NAMES, HEAD = 216, 44
HOUR_ROOM = 34
_DAY_FORMS = ("ddd d MMM", "ddd d", "d")


class NamesColumn(QWidget):
    """Whom the rows belong to, with the load of all days shown. Dragged to another place."""

    group_clicked = Signal(object)
    row_dropped = Signal(object, object)
    """(row, the row before which it is to stand)"""
    star_clicked = Signal(object)

    def __init__(self, grid: SheetView) -> None:
        super().__init__(grid)
        self._grid = grid
        self._taken: Ref | None = None
        self._to: Ref | None = None
        self._over: Ref | None = None
        self.setMouseTracking(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        drawing = self._grid.drawing
        if drawing is not None:
            shift = self._grid.verticalScrollBar().value()
            painter.translate(0, -shift)
            top, bottom = event.rect().top() + shift, event.rect().bottom() + shift
            for entry in drawing.geometry.between(top, bottom):
                self._paint_entry(painter, entry)
        painter.resetTransform()
        painter.fillRect(self.width() - 1, 0, 1, self.height(), color("line2"))
        painter.end()

    def _paint_entry(self, painter: QPainter, entry: Entry) -> None:
        wide = self.width()
        if entry.line is None:
            painter.fillRect(0, entry.top, wide, entry.height, color("chrome"))
            arrow = "chevron-right" if entry.folded else "chevron-down"
            spot = entry.top + (entry.height - px(16)) // 2
            painter.drawPixmap(px(12), spot, pixmap(arrow, "text2", 16))
            painter.setFont(font("small"))
            painter.setPen(color("text2"))
            words = elided(self._grid.group_name(entry.group), "small", wide - px(44))
            place = QRectF(px(34), entry.top, wide - px(40), entry.height)
            painter.drawText(place, LEFT, words)
        else:
            self._paint_person(painter, entry)
        under = "accent" if entry.line and self._to == entry.line.row.ref else "line"
        at = entry.top if under == "accent" else entry.bottom - 1
        painter.fillRect(0, at, wide, 2 if under == "accent" else 1, color(under))

    def _paint_person(self, painter: QPainter, entry: Entry) -> None:
        assert entry.line is not None
        row, side = entry.line.row, px(30)
        tall = min(entry.height, px(72))
        middle = entry.top + tall / 2
        square = row.ref.entity != self._grid.people
        place = QRectF(px(16), middle - side / 2, side, side)
        portrait(painter, place, row.name, self._grid.picture_of(row.ref), square=square)
        starred = row.group == FAVOURITES
        if starred or self._over == row.ref:
            spot = self.star_rect(entry).topLeft().toPoint()
            painter.drawPixmap(spot, pixmap("star!" if starred else "star", "warn", 16))
        left, room = px(56), self.width() - px(56) - px(30)
        current = self._grid.current_row == row.ref and self._grid.hasFocus()
        painter.setFont(font("strong"))
        painter.setPen(color("accent_text" if current else "text"))
        top = middle - px(26)
        words = elided(row.name, "strong", room)
        painter.drawText(QRectF(left, top, room, px(18)), LEFT, words)
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        words = elided(row.detail, "small", room)
        painter.drawText(QRectF(left, top + px(18), room, px(16)), LEFT, words)
        self._paint_load(painter, entry, QRectF(left, top + px(36), room, px(14)))

    def _paint_load(self, painter: QPainter, entry: Entry, place: QRectF) -> None:
        assert entry.line is not None
        busy, capacity = entry.line.total
        ink = color(tone(busy, capacity) or "text3")
        words = load_words(busy, capacity)
        painter.setFont(font("caption"))
        painter.setPen(color("text2"))
        painter.drawText(place, RIGHT, words)
        bar = QRectF(place.left(), place.center().y() - 1.5, place.width() - px(46), 4)
        painter.setRenderHint(AA)
        painter.setPen(NO_PEN)
        painter.setBrush(color("pressed"))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(bar.width() * (min(1.0, busy / capacity) if capacity else 0))
        painter.setBrush(ink)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(NO_BRUSH)

    # --- by hand ----------------------------------------------------------------------------------

    def _entry_at(self, event: QMouseEvent) -> Entry | None:
        drawing = self._grid.drawing
        if drawing is None:
            return None
        return drawing.geometry.at(event.position().y() + self._grid.verticalScrollBar().value())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        entry = self._entry_at(event)
        shift = self._grid.verticalScrollBar().value()
        if entry is not None and entry.line is None:
            self.group_clicked.emit(entry.group)
        elif entry is not None and self.star_rect(entry).translated(0, -shift).contains(
            event.position()
        ):
            self.star_clicked.emit(entry.line.row.ref if entry.line is not None else None)
        elif entry is not None and entry.line is not None:
            self._taken = entry.line.row.ref
            self._grid.set_current_row(self._taken)

    def star_rect(self, entry: Entry) -> QRectF:
        """The star of a row, in the coordinates of the sheet."""
        return QRectF(self.width() - px(26), entry.top + px(8), px(18), px(18))

    def leaveEvent(self, event: QEvent) -> None:
        self._over = None
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        entry = self._entry_at(event)
        self._over = entry.line.row.ref if entry is not None and entry.line is not None else None
        over = entry.line.row.ref if entry is not None and entry.line is not None else None
        self._to = over if self._taken is not None and over != self._taken else None
        moving = self._to is not None
        self.setCursor(Qt.CursorShape.ClosedHandCursor if moving else Qt.CursorShape.ArrowCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._taken is not None and self._to is not None:
            self.row_dropped.emit(self._taken, self._to)
        self._taken = self._to = None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.update()


class TimeHead(QWidget):
    """Days and hours, with the names of days off, and the time now."""

    def __init__(self, grid: SheetView) -> None:
        super().__init__(grid)
        self._grid = grid

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        names = px(NAMES)
        words = _("Person · load")
        painter.drawText(QRectF(px(16), 0, names - px(20), self.height()), LEFT, words)
        drawing = self._grid.drawing
        if drawing is not None:
            painter.setClipRect(names, 0, self.width() - names, self.height())
            painter.translate(names - self._grid.horizontalScrollBar().value(), 0)
            shift = self._grid.horizontalScrollBar().value()
            area = QRectF(shift, 0, self.width() - names, self.height())
            if drawing.axis.days == 1:
                self._paint_hours(painter, area, 0, self.height())
            else:
                self._paint_days(painter, area)
            self._paint_now(painter)
            painter.resetTransform()
            painter.setClipping(False)
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line2"))
        painter.fillRect(names - 1, 0, 1, self.height(), color("line2"))
        painter.end()

    def _paint_days(self, painter: QPainter, area: QRectF) -> None:
        drawing = self._grid.drawing
        assert drawing is not None
        axis, wide = drawing.axis, drawing.axis.shown * drawing.scale
        today = axis.local(drawing.sheet.now).date()
        hours = self._tells_hours()
        form, label = self._day_form(wide - px(8)), self.now_rect()
        tall = self.height() * (0.5 if hours else 0.62)
        for number in range(axis.days):
            left = number * wide
            if left > area.right() or left + wide < area.left():
                continue
            day = axis.day(number)
            off = drawing.sheet.holidays.get(day, "")
            ink = "accent_text" if day == today else "bad" if off or day.weekday() > 4 else "text"
            painter.setPen(color(ink))
            kind = "strong" if day == today else "small"
            painter.setFont(font(kind))
            start = max(left, area.left())
            room = QRectF(start + px(6), 0, left + wide - start - px(8), tall)
            words = str(QLocale().toString(day, form))  # type: ignore[call-overload]
            words += f" · {off}" if off and form == _DAY_FORMS[0] else ""
            painter.drawText(room, LEFT, elided(words, kind, room.width()))
            painter.fillRect(QRectF(round(left), 0, 1, self.height()), color("line2"))
            below = QRectF(room.left(), tall * 0.8, room.width(), self.height() - tall * 0.8)
            if not hours and (label is None or not label.intersects(below)):
                self._paint_weekday(painter, below, day)
        if hours:
            self._paint_hours(painter, area, tall, tall)

    @staticmethod
    def _paint_weekday(painter: QPainter, place: QRectF, day: date) -> None:
        """Below the number of a day that is too narrow for more."""
        words = str(QLocale().standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat))
        if metrics("caption").horizontalAdvance(words) > place.width():
            return
        painter.setFont(font("caption"))
        painter.setPen(color("bad" if day.weekday() > 4 else "text3"))
        painter.drawText(place, LEFT, words)

    def _day_form(self, room: float) -> str:
        """The longest form that has room for each of the days: all are said alike."""
        drawing = self._grid.drawing
        assert drawing is not None
        days, measure = [drawing.axis.day(n) for n in range(drawing.axis.days)], metrics("strong")
        for form in _DAY_FORMS[:-1]:
            said = (str(QLocale().toString(day, form)) for day in days)  # type: ignore[call-overload]
            if all(measure.horizontalAdvance(words) <= room for words in said):
                return form
        return _DAY_FORMS[-1]

    def _tells_hours(self) -> bool:
        """Whether any hour of a day has room."""
        drawing = self._grid.drawing
        assert drawing is not None
        axis, step = drawing.axis, hour_step(60 * drawing.scale) * 60
        first = -(-axis.opens // step) * step if step else axis.closes
        return (axis.closes - first) * drawing.scale >= px(HOUR_ROOM)

    def _paint_hours(self, painter: QPainter, area: QRectF, top: float, tall: float) -> None:
        drawing = self._grid.drawing
        assert drawing is not None
        axis, scale = drawing.axis, drawing.scale
        step = hour_step(60 * scale) * 60
        painter.setFont(font("caption" if axis.days > 1 else "small"))
        painter.setPen(color("text2"))
        wide, place_now = axis.shown * scale, self.now_rect()
        now = place_now.center().x() if place_now is not None else None
        for day in range(axis.days):
            if not step or day * wide > area.right() or (day + 1) * wide < area.left():
                continue
            for minute in range(-(-axis.opens // step) * step, axis.closes, step):
                left = (day * axis.shown + minute - axis.opens) * scale
                if now is not None and now - px(58) < left < now + px(26):
                    continue  # the time now stands there
                if (axis.closes - minute) * scale < px(HOUR_ROOM):
                    continue  # it would reach into the next day
                place = QRectF(left + px(5), top, step * scale, tall)
                painter.drawText(place, LEFT, f"{minute // 60:02}:00")

    def now_rect(self) -> QRectF | None:
        """Where the time stands, in the coordinates of the sheet: over its line, but whole also
        before and after the hours that are shown; None on other days."""
        drawing = self._grid.drawing
        left = drawing.now_left() if drawing is not None else None
        if drawing is None or left is None:
            return None
        words = drawing.axis.clock(drawing.sheet.now)
        wide = metrics("caption").horizontalAdvance(words) + px(12)
        place = QRectF(0, 0, wide, px(18))
        low = self.height() * (0.5 if drawing.axis.days == 1 else 0.78)
        place.moveCenter(QPointF(left, low))
        place.moveLeft(min(max(place.left(), 2.0), drawing.width - wide - 2))
        return place

    def _paint_now(self, painter: QPainter) -> None:
        drawing, place = self._grid.drawing, self.now_rect()
        if drawing is None or place is None:
            return
        words = drawing.axis.clock(drawing.sheet.now)
        box(painter, place, radius=px(9), fill="bad")
        painter.setFont(font("caption"))
        painter.setPen(color("surface"))
        painter.drawText(place, CENTER, words)
