"""One day or one week of one person: the gestures of the grid on hours that go down."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR, Bar
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.day_grid import DayGrid
from crm_desktop.ui.planner.day_keys import DayKeys
from crm_desktop.ui.planner.day_layout import Span, clock_shift, is_whole
from crm_desktop.ui.planner.days_drawing import DaysDrawing
from crm_desktop.ui.planner.days_margins import DAYS_HEAD, HOURS, DaysHead, HoursColumn
from crm_desktop.ui.planner.geometry import Entry
from crm_desktop.ui.planner.sheet import Spot
from crm_desktop.ui.theme import px

LEAST_SCALE, MOST_SCALE = 0.75, 8.0
"""Pixels a minute at 100 %."""


class DaysView(DayGrid):
    """Hours down, days across; what takes whole days stands in a band on top."""

    margins = (HOURS, DAYS_HEAD)

    def __init__(self) -> None:
        self.days: DaysDrawing | None = None
        self._whole = False
        """Whether the gesture under way is about whole days."""
        super().__init__()
        self.keys = DayKeys(self)

    def _make_margins(self) -> tuple[QWidget, QWidget]:
        head = DaysHead(self)
        head.day_clicked.connect(self.day_wanted)
        return HoursColumn(self), head

    # --- what is shown ----------------------------------------------------------------------------

    def _lay_out(self, *, anew: bool = True) -> None:
        room, drawing = self.viewport().size(), self.drawing
        if drawing is None or not room.width():
            return
        drawing.on_top = True
        days = DaysDrawing(drawing)
        days.wide = room.width() / drawing.axis.days
        fit = (room.height() - days.band) / drawing.axis.shown
        days.scale = max(self._scale, fit, px(100) * LEAST_SCALE / 100)
        self.days = days
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, 0)
        down.setRange(0, max(0, round(days.height) - room.height()))
        down.setPageStep(room.height())
        down.setSingleStep(px(30))
        days.pin = down.value()
        if anew:
            self.refresh()

    def _go_to_now(self) -> None:
        if isinstance(self.keys, DayKeys):
            self.keys.arrive()
        place = self.days.now_place() if self.days is not None else None
        if place is not None:
            self.verticalScrollBar().setValue(int(place[1] - self.viewport().height() / 2))

    def zoom(self, by: float, at: float | None = None) -> None:
        """Taller or lower hours, around the middle."""
        if self.days is None:
            return
        middle = self.viewport().height() / 2 - self.days.band
        minute = (middle + self.verticalScrollBar().value()) / self.days.scale
        self._scale = min(self.days.scale * by, MOST_SCALE)
        self._lay_out()
        self.verticalScrollBar().setValue(round(minute * self.days.scale - middle))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self.days is not None:
            self.days.pin = self.verticalScrollBar().value()
        self.refresh()

    def _paint_sheet(self, painter: QPainter, area: QRectF) -> None:
        if self.days is not None:
            self.days.paint(painter, area)

    # --- what lies where --------------------------------------------------------------------------

    def rect_of(self, bar: Bar) -> QRectF | None:
        parts = self.days.parts_of(bar) if self.days is not None else []
        return self.days.rect_of(parts[0]) if self.days is not None and parts else None

    def at(self, point: QPointF) -> tuple[Spot, Entry] | None:
        part = self.days.at(point + self.offset) if self.days is not None else None
        entry = self.row_entry()
        return (Spot(0, 0, 0, part.bar), entry) if part is not None and entry is not None else None

    def show_bar(self, bar: Bar) -> None:
        rect, days = self.rect_of(bar), self.days
        if rect is None or days is None or is_whole(bar):
            return
        down, room = self.verticalScrollBar(), self.viewport().height()
        if rect.top() - days.band < down.value():
            down.setValue(int(rect.top() - days.band - px(8)))
        elif rect.bottom() > down.value() + room:
            down.setValue(int(min(rect.bottom() - room, rect.top() - days.band)) + px(8))

    # --- what a place means -----------------------------------------------------------------------

    def moment_at(self, on: QPointF) -> int:
        days = self.days
        if days is None:
            return 0
        axis = days.axis
        day = min(max(int(on.x() // days.wide), 0), axis.days - 1)
        if self._whole:
            return axis.edges[day]
        place = (on.y() - days.band) / days.scale
        return axis.at(day, axis.opens + round(min(max(place, 0.0), float(axis.shown))))

    def edge_at(self, found: tuple[Spot, Entry], on: QPointF, near: int) -> int:
        part = self.days.at(on) if self.days is not None else None
        if self.days is None or part is None:
            return 0
        rect = self.days.rect_of(part)
        if isinstance(part, Span):
            self.edge_shape = Qt.CursorShape.SizeHorCursor
            if on.x() - rect.left() < near:
                return -1
            return int(rect.right() - on.x() < near)
        self.edge_shape = Qt.CursorShape.SizeVerCursor
        near = min(near, int(rect.height() / 4))
        if part.first and on.y() - rect.top() < near:
            return -1
        return int(part.last and rect.bottom() - on.y() < near)

    def swept(self, since: int, until: int, step: int) -> tuple[int, int]:
        assert self.days is not None
        axis = self.days.axis
        if self._whole:
            first, last = sorted((axis.day_of(since), axis.day_of(until)))
            return axis.edges[first], axis.edges[last + 1]
        day = axis.day_of(since)
        minute = axis.minute(until, min(max(axis.day_of(until), 0), axis.days - 1))
        return super().swept(since, axis.at(day, round(minute)), step)

    def shift(self, bar: Bar, since: int, now: int, step: int) -> int:
        assert self.days is not None
        axis = self.days.axis
        if is_whole(bar) and not self._whole:  # taken along by an entry between the hours
            step = 1
        day, minute = clock_shift(axis, bar, since, now)
        if is_whole(bar):
            day, minute = day + round(minute / 1440), 0 if bar.all_day else minute
        return axis.at(day, minute if self._whole else round(minute / step) * step) - bar.starts

    def slot_at(self, on: QPointF, step: int) -> tuple[Ref, int, int] | None:
        entry, days = self.row_entry(), self.days
        if days is None or entry is None or entry.line is None:
            return None
        row, at = entry.line.row.ref, self.moment_at(on)
        if self._whole:
            return (row, *self.swept(at, at, step))
        begin = days.axis.snapped(at - step * 30, step)
        return row, begin, begin + HALF_HOUR

    def ghost_rects(
        self, row: Ref, starts: int, ends: int, bar: Bar | None = None
    ) -> list[QRectF]:  # fmt: skip
        days = self.days
        if days is None:
            return []
        axis = days.axis
        first, last = axis.day_of(starts), axis.day_of(max(starts, ends - 1))
        seen = range(max(0, first), min(axis.days - 1, last) + 1)
        if not seen:
            return []
        if self._whole or (bar is not None and is_whole(bar)) or ends - starts >= 86400:
            lane = (
                next((p.lane for p in days.parts_of(bar) if isinstance(p, Span)), 0) if bar else 0
            )
            return [days.whole_rect(seen.start, seen.stop - 1, lane)]
        found = []
        for day in seen:
            top = axis.minute(starts, day) if day == first else 0.0
            bottom = axis.minute(ends, day) if day == last else 1440.0
            found.append(days.column_rect(day, top, bottom))
        return found

    def time_words(self, starts: int, ends: int, name: str) -> str:
        if self._whole and self.drawing is not None:
            return words.whole_days(self.drawing.axis, starts, ends, name)
        return super().time_words(starts, ends, name)

    def in_band(self, point: QPointF) -> bool:
        """Whether a point of the viewport is above the hours."""
        return self.days is not None and point.y() < self.days.band

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._whole = self.in_band(event.position())
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._whole = self.in_band(event.position())
        super().mouseDoubleClickEvent(event)
        self._whole = False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._whole = False
