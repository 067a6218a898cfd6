"""Paints the days of one person: hours down, days across, whole days in a band on top.

The same painting goes to the screen, where the band stays above the hours that scroll below it
(`pin`), and to paper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from crm_desktop.services.planner.bars import Bar
from crm_desktop.ui.painting import AA, NO_BRUSH, NO_PEN, box
from crm_desktop.ui.planner.axis import Axis, hour_step
from crm_desktop.ui.planner.day_layout import Piece, Span, pieces, spans
from crm_desktop.ui.planner.drawing import Drawing
from crm_desktop.ui.theme import color, px

LANE, LEAST_HEIGHT = 24, 16
GAP = 3
Part = Piece | Span


class DaysDrawing:
    """How the only line of a sheet is painted; `scale`: pixels a minute, `wide`: those of a day."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.scale, self.wide, self.pin = 1.0, 100.0, 0.0
        self.lay_out()

    def lay_out(self) -> None:
        """Places the bars of the sheet anew."""
        bars = [spot.bar for line in self.drawing.sheet.lines for spot in line.spots]
        self.by_day: dict[int, list[Piece]] = defaultdict(list)
        for piece in pieces(self.axis, bars):
            self.by_day[piece.day].append(piece)
        self.spans, self.lanes = spans(self.axis, bars)

    @property
    def axis(self) -> Axis:
        """Days across and the hours that are shown of each."""
        return self.drawing.axis

    @property
    def band(self) -> int:
        """The height of the band for whole days; one lane is free for something new."""
        return px(LANE) * max(1, self.lanes) + px(8)

    @property
    def height(self) -> float:
        """Of band and hours."""
        return self.band + self.axis.shown * self.scale

    # --- where things are -------------------------------------------------------------------------

    def y(self, minute: float) -> float:
        """The height of a minute by the clock."""
        axis = self.axis
        return self.band + (min(max(minute, axis.opens), axis.closes) - axis.opens) * self.scale

    def rect_of(self, part: Part) -> QRectF:
        """Where a part of an entry is painted."""
        if isinstance(part, Span):
            return self.whole_rect(part.first, part.last, part.lane)
        room = self.wide - 2 * GAP
        left = part.day * self.wide + GAP + room * part.column / part.columns
        top = self.y(part.top)
        tall = max(px(LEAST_HEIGHT), self.y(part.bottom) - top - 1)
        return QRectF(left, top, room * part.wide / part.columns - 2, tall)

    def whole_rect(self, first: int, last: int, lane: int) -> QRectF:
        """Where days are taken as a whole, in a lane of the band."""
        top = self.pin + px(4) + lane * px(LANE)
        wide = (last - first + 1) * self.wide - 2 * GAP
        return QRectF(first * self.wide + GAP, top, wide, px(LANE) - 3)

    def column_rect(self, day: int, top: float, bottom: float) -> QRectF:
        """A stretch of a day, over its whole width; minutes by the clock."""
        low = self.y(top)
        tall = max(px(LEAST_HEIGHT), self.y(bottom) - low - 1)
        return QRectF(day * self.wide + GAP, low, self.wide - 2 * GAP, tall)

    def parts_of(self, bar: Bar) -> list[Part]:
        """The parts in which an entry is seen."""
        found: list[Part] = [s for s in self.spans if s.bar.key == bar.key]
        for day in sorted(self.by_day):
            found += [p for p in self.by_day[day] if p.bar.key == bar.key]
        return found

    def at(self, on: QPointF) -> Part | None:
        """What lies under a point of the sheet."""
        if on.y() - self.pin < self.band:
            return next((s for s in self.spans if self.rect_of(s).contains(on)), None)
        near = self.by_day.get(int(on.x() // self.wide), ())
        return next((p for p in near if self.rect_of(p).contains(on)), None)

    # --- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Everything within `area`."""
        painter.save()
        below = QRectF(area)
        below.setTop(max(area.top(), self.pin + self.band))
        painter.setClipRect(below)
        self._paint_hours(painter, below)
        painter.restore()
        if area.top() < self.pin + self.band:
            self._paint_band(painter, area)

    def _paint_hours(self, painter: QPainter, area: QRectF) -> None:
        painter.fillRect(area, color("surface"))
        self._paint_shades(painter, area)
        self._paint_lines(painter, area)
        drawing = self.drawing
        for day in self._days(area):
            for piece in self.by_day.get(day, ()):
                rect = self.rect_of(piece)
                if rect.intersects(area):
                    drawing.paint_bar(painter, piece.bar, rect)
                    self._paint_chosen(painter, piece.bar, rect)
        self._paint_now(painter)

    def _days(self, area: QRectF) -> range:
        first, last = int(area.left() // self.wide), int(area.right() // self.wide)
        return range(max(0, first), min(self.axis.days - 1, last) + 1)

    def _paint_shades(self, painter: QPainter, area: QRectF) -> None:
        for rect in self.shades():
            if rect.intersects(area):
                painter.fillRect(rect, color("chrome"))

    def shades(self) -> Iterator[QRectF]:
        """Where nobody works: before, after, at lunch, on days off."""
        shown = self.axis.shown
        for line in self.drawing.sheet.lines[:1]:
            for left, right in line.shades:
                for day in range(int(left // shown), min(self.axis.days, int(right // shown) + 1)):
                    top = max(0.0, left - day * shown)
                    bottom = min(float(shown), right - day * shown)
                    if bottom > top:
                        yield QRectF(day * self.wide, self.band + top * self.scale, self.wide,
                                     (bottom - top) * self.scale)  # fmt: skip

    def _paint_lines(self, painter: QPainter, area: QRectF) -> None:
        axis, right = self.axis, self.axis.days * self.wide
        hours, days = [], []
        for minute in range(-(-axis.opens // 60) * 60, axis.closes, 60):
            height = round(self.y(minute))
            hours.append(QLineF(0, height, right, height))
        for day in range(1, axis.days):
            left = round(day * self.wide)
            days.append(QLineF(left, area.top(), left, area.bottom()))
        painter.setRenderHint(AA, False)
        painter.setPen(color("line"))
        painter.drawLines(hours)
        painter.setPen(color("line2"))
        painter.drawLines(days)

    def _paint_band(self, painter: QPainter, area: QRectF) -> None:
        right = self.axis.days * self.wide
        ground = QRectF(0, self.pin, right, self.band)
        painter.fillRect(ground.intersected(area), color("chrome"))
        painter.setRenderHint(AA, False)
        painter.setPen(color("line2"))
        for day in range(1, self.axis.days):
            left = round(day * self.wide)
            painter.drawLine(QLineF(left, ground.top(), left, ground.bottom()))
        painter.fillRect(QRectF(0, ground.bottom() - 1, right, 1), color("line2"))
        for span in self.spans:
            rect = self.rect_of(span)
            self.drawing.paint_bar(painter, span.bar, rect)
            self._paint_chosen(painter, span.bar, rect)

    def _paint_chosen(self, painter: QPainter, bar: Bar, rect: QRectF) -> None:
        if bar.key in self.drawing.chosen:
            edge = self.drawing.look.colours(bar)[0]
            box(painter, rect.adjusted(-1, -1, 1, 1), radius=4, border=edge, width=2)

    def now_place(self) -> tuple[int, float] | None:
        """(day, height) of now; None if it is on none of the days."""
        axis, now = self.axis, self.drawing.sheet.now
        day = axis.day_of(now)
        if not axis.edges[0] <= now < axis.edges[-1]:
            return None
        return day, self.y(axis.minute(now, day))

    def _paint_now(self, painter: QPainter) -> None:
        place = self.now_place()
        if place is None:
            return
        day, height = place
        left = day * self.wide
        painter.setRenderHint(AA)
        painter.setPen(QPen(color("bad"), 2))
        painter.drawLine(QPointF(left, height), QPointF(left + self.wide, height))
        painter.setPen(NO_PEN)
        painter.setBrush(color("bad"))
        painter.drawEllipse(QPointF(left + 1, height), px(4), px(4))
        painter.setBrush(NO_BRUSH)

    def hours(self) -> Iterator[tuple[int, float]]:
        """(hour, height) of the lines that are named."""
        step = hour_step(60 * self.scale * 2) or 12
        for hour in range(-(-self.axis.opens // 60), self.axis.closes // 60 + 1, step):
            yield hour, self.y(hour * 60)
