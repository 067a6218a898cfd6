"""Paints the six weeks around a month of one person, on the screen and on paper."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QLineF, QLocale, QPointF, QRectF
from PySide6.QtGui import QPainter

from crm_desktop.i18n import ngettext
from crm_desktop.services.planner.bars import DELETED, Bar
from crm_desktop.ui.painting import AA, CENTER, LEFT, box, elided, focus_ring
from crm_desktop.ui.planner.axis import Axis
from crm_desktop.ui.planner.day_layout import WEEK, MonthPlan, Span, is_whole
from crm_desktop.ui.planner.drawing import Drawing
from crm_desktop.ui.theme import color, font, metrics, px

WEEKS, DAYS = 6, 42
TOP, LINE, GAP = 26, 21, 4
_MIDDLE = 14
"""A day of the grid that lies in its month, however the month begins."""


class MonthDrawing:
    """How the only line of a sheet is painted in cells of `wide` by `tall` pixels."""

    def __init__(self, drawing: Drawing, wide: float, tall: float) -> None:
        self.drawing, self.wide, self.tall = drawing, wide, tall
        self.cursor: int | None = None
        """The day that has the keyboard, where no entry has it."""
        self._clock_wide = metrics("small").horizontalAdvance("00:00")
        room = int((tall - px(TOP) - 2) // px(LINE))
        self.plan = MonthPlan(self.axis, list(drawing.sheet.bars()), room)
        self._laid = [(s, self.rect_of(s), self.axis.clock(s.bar.starts)) for s in self.plan.shown]

    @property
    def axis(self) -> Axis:
        """The days."""
        return self.drawing.axis

    @property
    def month(self) -> int:
        """The month in the middle of the weeks."""
        return self.axis.day(_MIDDLE).month

    # --- where things are -------------------------------------------------------------------------

    def cell(self, day: int) -> QRectF:
        """The place of a day."""
        week, place = divmod(day, WEEK)
        return QRectF(place * self.wide, week * self.tall, self.wide, self.tall)

    def day_at(self, on: QPointF) -> int:
        """The day nearest to a point."""
        place = min(max(int(on.x() // self.wide), 0), WEEK - 1)
        week = min(max(int(on.y() // self.tall), 0), WEEKS - 1)
        return week * WEEK + place

    def rect_of(self, span: Span) -> QRectF:
        """Where an entry is painted in its week."""
        return self.line_rect(span.first, span.last, span.lane)

    def line_rect(self, first: int, last: int, lane: int) -> QRectF:
        """A line of one or several cells of a week."""
        cell = self.cell(first)
        top = cell.top() + px(TOP) + lane * px(LINE)
        return QRectF(
            cell.left() + GAP, top, (last - first + 1) * self.wide - 2 * GAP, px(LINE) - 3
        )

    def parts_of(self, bar: Bar) -> list[Span]:
        """The parts in which an entry is seen, week by week."""
        return [span for span in self.plan.shown if span.bar.key == bar.key]

    def at(self, on: QPointF) -> Span | None:
        """The entry under a point."""
        return next((s for s in self.plan.shown if self.rect_of(s).contains(on)), None)

    def more_rect(self, day: int) -> QRectF:
        """The words that say how many more there are."""
        cell = self.cell(day)
        return QRectF(cell.left() + GAP, cell.bottom() - px(LINE), cell.width() - 2 * GAP, px(LINE))

    # --- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Everything within `area`."""
        painter.fillRect(area, color("surface"))
        days = [day for day in range(self.axis.days) if self.cell(day).intersects(area)]
        for day in days:
            self._paint_cell(painter, day)
        self._paint_lines(painter)
        for span, rect, clock in self._laid:
            if rect.intersects(area):
                self._paint_entry(painter, span, rect, clock)
        painter.setFont(font("small"))
        painter.setPen(color("accent_text"))
        for day in days:
            count = self.plan.more.get(day, 0)
            if count:
                said = ngettext("+{count} more", "+{count} more", count).format(count=count)
                painter.drawText(self.more_rect(day), LEFT, said)

    def _paint_cell(self, painter: QPainter, number: int) -> None:
        axis, sheet, cell = self.axis, self.drawing.sheet, self.cell(number)
        day = axis.day(number)
        off = sheet.holidays.get(day, "")
        if day.month != self.month:
            painter.fillRect(cell, color("chrome"))
        elif off or day.weekday() > 4:
            painter.fillRect(cell, color("sunken"))
        today = day == axis.local(sheet.now).date()
        spot = QRectF(cell.left() + px(4), cell.top() + px(3), px(24), px(20))
        painter.setFont(font("strong" if today else "small"))
        if today:
            box(painter, spot, radius=spot.height() / 2, fill="accent")
        other = day.month != self.month
        free = "bad" if off or day.weekday() > 4 else "text"
        painter.setPen(color("on_accent" if today else "text3" if other else free))
        painter.drawText(spot, CENTER, str(day.day))
        words = off or (_month_name(day) if day.day == 1 else "")
        if words:
            painter.setFont(font("caption"))
            painter.setPen(color("bad" if off else "text2"))
            room = QRectF(spot.right() + px(4), spot.top(), cell.width() - px(36), spot.height())
            painter.drawText(room, LEFT, elided(words, "caption", room.width()))
        if self.cursor == number:
            focus_ring(painter, cell.adjusted(2, 2, -2, -2), 4)

    def _paint_lines(self, painter: QPainter) -> None:
        wide, tall = WEEK * self.wide, WEEKS * self.tall
        lines = [QLineF(0, round(n * self.tall) - 1, wide, round(n * self.tall) - 1)
                 for n in range(1, WEEKS + 1)]  # fmt: skip
        lines += [QLineF(round(n * self.wide), 0, round(n * self.wide), tall)
                  for n in range(1, WEEK)]  # fmt: skip
        painter.setRenderHint(AA, False)
        painter.setPen(color("line2"))
        painter.drawLines(lines)

    def _paint_entry(self, painter: QPainter, span: Span, rect: QRectF, clock: str) -> None:
        drawing, bar = self.drawing, span.bar
        if is_whole(bar) or span.last > span.first or bar.draft:
            drawing.paint_bar(painter, bar, rect)
        else:
            self._paint_timed(painter, bar, rect, clock)
        if bar.key in drawing.chosen:
            edge = drawing.look.colours(bar)[0]
            box(painter, rect.adjusted(-1, -1, 1, 1), radius=4, border=edge, width=2)

    def _paint_timed(self, painter: QPainter, bar: Bar, rect: QRectF, clock: str) -> None:
        drawing = self.drawing
        faded = bar.key in drawing.faded or bar.draft == DELETED
        if faded:
            painter.setOpacity(0.4)
        edge = QRectF(rect.left() + 1, rect.top() + 2, px(3), rect.height() - 4)
        late = bar.is_late(drawing.sheet.now)
        painter.fillRect(edge, color("bad") if late else drawing.look.colours(bar)[0])
        left, wide = rect.left() + px(8), self._clock_wide
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        painter.drawText(QRectF(left, rect.top(), wide + 2, rect.height()), LEFT, clock)
        room = QRectF(left + wide + px(5), rect.top(), 0, rect.height())
        room.setRight(rect.right())
        painter.setPen(color("bad" if late else "text"))
        words = drawing.elided(drawing.words(bar)[0], "small", int(room.width()))
        painter.drawText(room, LEFT, words)
        if faded:
            painter.setOpacity(1.0)


def _month_name(day: date) -> str:
    name = QLocale().standaloneMonthName(day.month)
    return name[:1].upper() + name[1:]


def paint_weekdays(painter: QPainter, room: QRectF, *, long: bool) -> None:
    """The days of the week over their columns."""
    form = QLocale.FormatType.LongFormat if long else QLocale.FormatType.ShortFormat
    wide = room.width() / WEEK
    painter.setFont(font("small"))
    for place in range(WEEK):
        painter.setPen(color("bad" if place > 4 else "text2"))
        cell = QRectF(room.left() + place * wide + px(8), room.top(), wide - px(10), room.height())
        name = QLocale().standaloneDayName(place + 1, form)
        painter.drawText(cell, LEFT, name[:1].upper() + name[1:])
