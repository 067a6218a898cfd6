"""A month of one person: six weeks of cells, moved by days, with the gestures of the grid."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR, Bar
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.day_grid import DayGrid
from crm_desktop.ui.planner.day_keys import MORNING, DayKeys
from crm_desktop.ui.planner.day_layout import WEEK, days_of, is_whole, moved_days
from crm_desktop.ui.planner.geometry import Entry
from crm_desktop.ui.planner.month_drawing import LINE, TOP, WEEKS, MonthDrawing, paint_weekdays
from crm_desktop.ui.planner.sheet import Spot
from crm_desktop.ui.theme import color, px

LEAST_LINES = 2
"""So many entries of a day are seen at the least; then the month scrolls."""


class WeekdaysHead(QWidget):
    """The days of the week over their columns."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        paint_weekdays(painter, QRectF(self.rect()), long=self.width() > px(700))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), color("line2"))
        painter.end()


class MonthView(DayGrid):
    """Six weeks; what does not fit is counted, and a click on the count shows the day."""

    margins = (0, 30)

    def __init__(self) -> None:
        self.cells: MonthDrawing | None = None
        super().__init__()
        self.keys = DayKeys(self, by_weeks=True)

    def _make_margins(self) -> tuple[QWidget, QWidget]:
        return QWidget(self), WeekdaysHead(self)

    # --- what is shown ----------------------------------------------------------------------------

    def _lay_out(self, *, anew: bool = True) -> None:
        room = self.viewport().size()
        if self.drawing is None or not room.width():
            return
        least = px(TOP) + (LEAST_LINES + 1) * px(LINE)
        tall = max(room.height() / WEEKS, least)
        self.cells = MonthDrawing(self.drawing, room.width() / WEEK, tall)
        down = self.verticalScrollBar()
        self.horizontalScrollBar().setRange(0, 0)
        down.setRange(0, max(0, round(tall * WEEKS) - room.height()))
        down.setPageStep(room.height())
        down.setSingleStep(px(30))
        if anew:
            self.refresh()

    def _go_to_now(self) -> None:
        if isinstance(self.keys, DayKeys):
            self.keys.arrive()

    def zoom(self, by: float, at: float | None = None) -> None:
        """Cells are as large as there is room."""

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.refresh()

    def _paint_sheet(self, painter: QPainter, area: QRectF) -> None:
        if self.cells is not None and isinstance(self.keys, DayKeys):
            alone = self.hasFocus() and self.current is None
            self.cells.cursor = self.keys.day if alone else None
            self.cells.paint(painter, area)

    # --- what lies where --------------------------------------------------------------------------

    def rect_of(self, bar: Bar) -> QRectF | None:
        parts = self.cells.parts_of(bar) if self.cells is not None else []
        return self.cells.rect_of(parts[0]) if self.cells is not None and parts else None

    def at(self, point: QPointF) -> tuple[Spot, Entry] | None:
        span = self.cells.at(point + self.offset) if self.cells is not None else None
        entry = self.row_entry()
        return (Spot(0, 0, 0, span.bar), entry) if span is not None and entry is not None else None

    def show_bar(self, bar: Bar) -> None:
        rect, down = self.rect_of(bar), self.verticalScrollBar()
        if rect is not None and rect.top() < down.value():
            down.setValue(int(rect.top()) - px(TOP))
        elif rect is not None and rect.bottom() > down.value() + self.viewport().height():
            down.setValue(int(rect.bottom()) - self.viewport().height() + px(8))

    # --- what a place means -----------------------------------------------------------------------

    def moment_at(self, on: QPointF) -> int:
        cells = self.cells
        return cells.axis.edges[cells.day_at(on)] if cells is not None else 0

    def edge_at(self, found: tuple[Spot, Entry], on: QPointF, near: int) -> int:
        span = self.cells.at(on) if self.cells is not None else None
        if self.cells is None or span is None or not is_whole(span.bar):
            return 0
        days, rect = days_of(self.cells.axis, span.bar), self.cells.rect_of(span)
        if span.first == days.start and on.x() - rect.left() < near:
            return -1
        return int(span.last == days.stop - 1 and rect.right() - on.x() < near)

    def swept(self, since: int, until: int, step: int) -> tuple[int, int]:
        assert self.cells is not None
        axis = self.cells.axis
        first, last = sorted((axis.day_of(since), axis.day_of(until)))
        if first == last:
            begin = axis.at(first, MORNING)
            return begin, begin + HALF_HOUR
        return axis.edges[first], axis.edges[last + 1]

    def shift(self, bar: Bar, since: int, now: int, step: int) -> int:
        assert self.cells is not None
        axis = self.cells.axis
        return moved_days(axis, bar.starts, axis.day_of(now) - axis.day_of(since)) - bar.starts

    def slot_at(self, on: QPointF, step: int) -> tuple[Ref, int, int] | None:
        entry, at = self.row_entry(), self.moment_at(on)
        if entry is None or entry.line is None:
            return None
        return (entry.line.row.ref, *self.swept(at, at, step))

    def ghost_rects(
        self, row: Ref, starts: int, ends: int, bar: Bar | None = None
    ) -> list[QRectF]:  # fmt: skip
        cells = self.cells
        if cells is None:
            return []
        axis = cells.axis
        first, last = axis.day_of(starts), axis.day_of(max(starts, ends - 1))
        found, day, last = [], max(0, first), min(last, axis.days - 1)
        while day <= last:
            week_end = min(last, day // WEEK * WEEK + WEEK - 1)
            found.append(cells.line_rect(day, week_end, 0))
            day = week_end + 1
        return found

    def time_words(self, starts: int, ends: int, name: str) -> str:
        if self.drawing is None:
            return ""
        return words.whole_days(self.drawing.axis, starts, ends, name)

    def more_at(self, point: QPointF) -> int | None:
        """The day whose count of further entries is under a point of the viewport."""
        on, cells = point + self.offset, self.cells
        if cells is None:
            return None
        day = cells.day_at(on)
        return day if cells.plan.more.get(day) and cells.more_rect(day).contains(on) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.more_at(event.position())
        if day is not None and self.cells is not None:
            self.day_wanted.emit(self.cells.axis.day(day))
            return
        if self.cells is not None and isinstance(self.keys, DayKeys):
            self.keys.day = self.cells.day_at(event.position() + self.offset)
        super().mousePressEvent(event)
