"""A scrolled view on a sheet: what is shown, how large, and what lies where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR, Bar
from crm_desktop.ui.planner.day_layout import moved_days
from crm_desktop.ui.planner.drawing import Drawing
from crm_desktop.ui.planner.geometry import FAVOURITES, Entry, Geometry, Group, least_height
from crm_desktop.ui.planner.look import Look
from crm_desktop.ui.planner.margins import HEAD, NAMES, NamesColumn, TimeHead
from crm_desktop.ui.planner.sheet import Sheet, Spot
from crm_desktop.ui.theme import px

MOST_SCALE = 12.0
"""Pixels a minute: a minute can be told from the next one."""
ZOOM = 1.2
AROUND = 200
"""Height of what stands in a window above and below the view, at least."""


def _no_picture(_ref: Ref) -> QPixmap | None:
    """Initials alone."""
    return None


def _nothing(_action: str, _bars: Iterable[Bar] = ()) -> bool:
    """Everything may be done."""
    return False


def _no_reason(_action: str, _bars: Iterable[Bar] = ()) -> str:
    """Everything may be done."""
    return ""


class SheetView(QAbstractScrollArea):
    """Names at the left and hours above stay in sight."""

    folded_changed = Signal()
    row_dropped = Signal(object, object)
    """(row, the row before which it is to stand)"""
    star_wanted = Signal(object)
    """The row that is to be a favourite, or no longer."""
    margins = (NAMES, HEAD)
    """Width of what stands at the left, height of what stands above."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing: Drawing | None = None
        self.stops: Callable[[str, Iterable[Bar]], bool] = _nothing
        """Whether an action of rights is refused with these bars: says why then."""
        self.why_not: Callable[[str, Iterable[Bar]], str] = _no_reason
        """The same without a word."""
        self.people = ""
        """The object whose rows are people."""
        self.picture_of: Callable[[Ref], QPixmap | None] = _no_picture
        self.folded: set[Group] = set()
        self.chosen: dict[tuple[int, int], Bar] = {}
        self.current: Bar | None = None
        self.current_row: Ref | None = None
        self._group_names: dict[str, str] = {}
        self._look = Look()
        self._scale = 0.0
        self.setCornerWidget(QWidget())  # the style's own is a grey box
        self.names, self.head = self._make_margins()
        left, top = self.margins
        self.setViewportMargins(px(left), px(top), 0, 0)

    def _make_margins(self) -> tuple[QWidget, QWidget]:
        """What stays in sight at the left and above."""
        names = NamesColumn(self)
        names.group_clicked.connect(self.fold)
        names.row_dropped.connect(self.row_dropped)
        names.star_clicked.connect(self.star_wanted)
        return names, TimeHead(self)

    # --- what is shown ----------------------------------------------------------------------------

    def show_sheet(self, sheet: Sheet, look: Look, groups: dict[str, str]) -> None:
        """Another sheet, or the same days as they are in the base now. `groups`: what rows
        without a department are called, by object."""
        same, seen = self._same_days(sheet), self._seen()
        self.let_go()
        self._look, self._group_names = look, groups
        self.drawing = Drawing(sheet, self._geometry(sheet), look)
        self.drawing.pin = self.offset.x()
        if not same:
            self._scale = 0.0
        self._keep_choice(sheet)
        self._lay_out(anew=self._seen() != seen)
        if not same:
            self._go_to_now()

    def clear(self) -> None:
        """Nothing is shown, as at first."""
        self.let_go()
        self.drawing, self.current, self.current_row = None, None, None
        self.chosen, self._scale = {}, 0.0
        for scroll in (self.horizontalScrollBar(), self.verticalScrollBar()):
            scroll.setRange(0, 0)

    def _seen(self) -> tuple[object, ...]:
        """What is painted hangs on this: rows that were there before stay as they are."""
        drawing = self.drawing
        if drawing is None:
            return ()
        top = int(self.offset.y())
        entries = drawing.geometry.between(top, top + self.viewport().height())
        rows = ((entry.top, entry.height, entry.group, id(entry.line)) for entry in entries)
        return (drawing.axis, drawing.look, top, *rows)

    def _same_days(self, sheet: Sheet) -> bool:
        return self.shows(sheet.axis.first, sheet.axis.days)

    def shows(self, first: date, days: int) -> bool:
        """Whether these days are what is seen."""
        axis = self.drawing.axis if self.drawing is not None else None
        return axis is not None and (axis.first, axis.days) == (first, days)

    def rows_in_sight(self, days: int) -> int:
        """How many rows from the first one on can be seen at most, with so many days; before the
        view is laid out, as many as the window has room for."""
        window = QApplication.activeWindow()
        whole = window.height() if window is not None else self.screen().availableSize().height()
        room = self.viewport().height() if self.isVisible() else whole - px(AROUND)
        return -(-(int(self.offset.y()) + room) // least_height(strip=days > 1))

    def let_go(self) -> None:
        """Another sheet comes: a gesture that is under way is over."""

    def _geometry(self, sheet: Sheet) -> Geometry:
        return Geometry(sheet.lines, self.folded, strip=sheet.axis.days > 1)

    def _keep_choice(self, sheet: Sheet) -> None:
        if not self.chosen and self.current is None:
            return
        known = {(bar.key, bar.row): bar for bar in sheet.bars()}
        by_key: dict[tuple[int, int], Bar] = {}
        for bar in known.values():  # people come before what is booked
            by_key.setdefault(bar.key, bar)
        # A record stands in the rows of all who take part: it was chosen in one of them.
        self.chosen = {
            key: known.get((key, bar.row), by_key[key])
            for key, bar in self.chosen.items() if key in by_key
        }  # fmt: skip
        if self.current is not None:
            self.current = known.get((self.current.key, self.current.row)) or by_key.get(
                self.current.key
            )
            self.current_row = self.current.row if self.current is not None else self.current_row
        if self.drawing is not None:
            self.drawing.chosen = self.chosen

    def _go_to_now(self) -> None:
        left = self.drawing.now_left() if self.drawing is not None else None
        bar = self.horizontalScrollBar()
        bar.setValue(int((left or 0) - self.viewport().width() / 3) if left else 0)

    def names_came(self) -> None:
        """The sheet knows now what the records are called."""
        if self.drawing is not None and self.drawing.sheet.names:
            self.viewport().update()

    def recolour(self, look: Look) -> None:
        """Other colours for the same bars."""
        self._look = look
        if self.drawing is not None:
            self.drawing.look = look
        self.viewport().update()

    def relined(self) -> None:
        """Bars of the sheet were replaced: rows may be higher or lower."""
        if self.drawing is not None:
            self.drawing.geometry = self._geometry(self.drawing.sheet)
            self._keep_choice(self.drawing.sheet)
            self._lay_out()

    def group_name(self, group: Group) -> str:
        """What a group's head says."""
        if group[1] == FAVOURITES:
            return _("Favourites")
        return group[1] or self._group_names.get(group[0], "")

    def fold(self, group: Group) -> None:
        """Closes a group, or opens it again."""
        self.folded ^= {group}
        self.relined()
        self.folded_changed.emit()

    # --- zoom and scroll --------------------------------------------------------------------------

    @property
    def fit(self) -> float:
        """The scale at which all days are in sight."""
        if self.drawing is None:
            return 1.0
        return max(0.01, self.viewport().width() / self.drawing.axis.length)

    def zoom(self, by: float, at: float | None = None) -> None:
        """Larger or smaller around a place of the viewport; the middle if none is given."""
        if self.drawing is None:
            return
        at = self.viewport().width() / 2 if at is None else at
        place = (at + self.horizontalScrollBar().value()) / self.drawing.scale
        wanted = self.drawing.scale * by
        self._scale = 0.0 if wanted <= self.fit * 1.01 else min(wanted, MOST_SCALE)
        self._lay_out()
        self.horizontalScrollBar().setValue(round(place * self.drawing.scale - at))

    def _lay_out(self, *, anew: bool = True) -> None:
        room = self.viewport().size()
        if self.drawing is None or not room.width():
            return
        self.drawing.scale = max(self._scale, self.fit)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, round(self.drawing.width) - room.width()))
        across.setPageStep(room.width())
        across.setSingleStep(px(40))
        down.setRange(0, max(0, self.drawing.geometry.height - room.height()))
        down.setPageStep(room.height())
        down.setSingleStep(px(30))
        if anew:
            self.refresh()

    def paint_now(self) -> None:
        """Paints what was given, at once; scroll bars that come or go take or give room first."""
        QApplication.sendPostedEvents(self)
        self.viewport().repaint()

    def refresh(self) -> None:
        """Paints everything anew."""
        self.viewport().update()
        self.names.update()
        self.head.update()

    @property
    def offset(self) -> QPointF:
        """The corner of the viewport on the sheet."""
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def show_bar(self, bar: Bar) -> None:
        """Scrolls a bar into sight."""
        found = self.rect_of(bar)
        self.show_rects([found] if found is not None else [])

    def show_rects(self, rects: Sequence[QRectF]) -> None:
        """Scrolls the first of some places into sight."""
        if not rects:
            return
        found = rects[0]
        room, (dx, dy) = self.viewport().rect(), (found.left(), found.top())
        for scroll, low, high, size in (
            (self.horizontalScrollBar(), dx, min(found.right(), dx + room.width()), room.width()),
            (self.verticalScrollBar(), dy, found.bottom(), room.height()),
        ):
            if low < scroll.value():
                scroll.setValue(int(low) - px(8))
            elif high > scroll.value() + size:
                scroll.setValue(int(high - size) + px(8))

    # --- what a place means, asked by gestures ----------------------------------------------------

    edge_shape = Qt.CursorShape.SizeHorCursor
    """The pointer over an edge of a bar."""

    def moment_at(self, on: QPointF) -> int:
        """The seconds at a point of the sheet."""
        drawing = self.drawing
        return drawing.axis.moment(on.x() / drawing.scale) if drawing is not None else 0

    def edge_at(self, found: tuple[Spot, Entry], on: QPointF, near: int) -> int:
        """-1 where the start of a bar is meant, 1 for its end, 0 for the whole."""
        assert self.drawing is not None
        rect = self.drawing.rect_of(*found)
        if rect.width() < 3 * near:
            return 0
        return -1 if on.x() - rect.left() < near else int(rect.right() - on.x() < near)

    def swept(self, since: int, until: int, step: int) -> tuple[int, int]:
        """The time that was swept over, in either direction, in steps of so many minutes."""
        assert self.drawing is not None
        axis = self.drawing.axis
        begin, end = (axis.snapped(one, step) for one in sorted((since, until)))
        return begin, max(end, begin + step * 60)

    def shift(self, bar: Bar, since: int, now: int, step: int) -> int:
        """By how many seconds a bar goes when it is dragged from one moment to another."""
        assert self.drawing is not None
        axis = self.drawing.axis
        if bar.all_day:
            return moved_days(axis, bar.starts, axis.day_of(now) - axis.day_of(since)) - bar.starts
        return axis.snapped(bar.starts + now - since, step) - bar.starts

    def slot_at(self, on: QPointF, step: int) -> tuple[Ref, int, int] | None:
        """(row, start, end) of something new at an empty place."""
        entry = self.drawing.geometry.at(on.y()) if self.drawing is not None else None
        if self.drawing is None or entry is None or entry.line is None:
            return None
        begin = self.drawing.axis.snapped(self.moment_at(on) - step * 30, step)
        return entry.line.row.ref, begin, begin + HALF_HOUR

    def ghost_rects(
        self, row: Ref, starts: int, ends: int, bar: Bar | None = None
    ) -> list[QRectF]:  # fmt: skip
        """Where this time of a row would be painted; at the height of `bar` where it has one."""
        entry = self.drawing.geometry.by_ref.get(row) if self.drawing is not None else None
        if self.drawing is None or entry is None:
            return []
        axis, scale = self.drawing.axis, self.drawing.scale
        left, right = axis.place(starts), axis.place(ends)
        was = self.rect_of(bar) if bar is not None and bar.row == row and bar.id else None
        top = was.top() if was is not None else entry.lane_top(0)
        tall = was.height() if was is not None else entry.lane - 2
        return [QRectF(left * scale, top, max(4.0, (right - left) * scale - 1), tall)]

    def time_words(self, starts: int, ends: int, name: str) -> str:
        """What the label of a gesture says of a time and of whose it is."""
        assert self.drawing is not None
        axis = self.drawing.axis
        return _("{start}–{end} · {minutes} min · {name}").format(
            start=axis.clock(starts), end=axis.clock(ends), minutes=(ends - starts) // 60, name=name
        )

    def place_of(self, row: Ref, starts: int, ends: int) -> QRect:
        """Where a time of a row stands in the widget; its corner if it is not in sight."""
        room, rects = self.viewport().geometry(), self.ghost_rects(row, starts, ends)
        if not rects:
            return QRect(room.topLeft(), QSize(10, 10))
        corner = QPointF(room.topLeft()) - self.offset
        found = rects[0].translated(corner).toAlignedRect()
        if found.intersects(room):
            return found.intersected(room)
        return QRect(room.topLeft(), found.size())

    # --- what lies where --------------------------------------------------------------------------

    def rect_of(self, bar: Bar) -> QRectF | None:
        """Where a bar stands on the sheet; None if its row is not shown."""
        entry = self.drawing.geometry.by_ref.get(bar.row) if self.drawing is not None else None
        if self.drawing is None or entry is None or entry.line is None:
            return None
        spot = next((s for s in entry.line.spots if s.bar.key == bar.key and
                     s.bar.part == bar.part), None)  # fmt: skip
        return self.drawing.rect_of(spot, entry) if spot is not None else None

    def at(self, point: QPointF) -> tuple[Spot, Entry] | None:
        """The bar under a point of the viewport."""
        if self.drawing is None:
            return None
        on = point + self.offset
        entry = self.drawing.geometry.at(on.y())
        if entry is None or entry.line is None:
            return None
        place, near = on.x() / self.drawing.scale, 3 / self.drawing.scale
        for spot in entry.line.between(place - near, place + near):
            if self.drawing.rect_of(spot, entry).adjusted(-1, 0, 1, 0).contains(on):
                return spot, entry
        return None

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        if dx:
            self._repaint_pinned()
        if dy:
            self.names.update()
        if dx:
            self.head.update()

    def _repaint_pinned(self) -> None:
        """The bars that begin left of what is seen: their words keep to the edge."""
        drawing, shift = self.drawing, self.offset
        if drawing is None:
            return
        before, drawing.pin = drawing.pin, shift.x()
        least, most = sorted((before / drawing.scale, shift.x() / drawing.scale))
        room = QRectF(self.viewport().rect()).translated(shift)
        for entry in drawing.geometry.between(int(room.top()), int(room.bottom())):
            for spot in entry.line.between(least, most) if entry.line is not None else ():
                rect = drawing.rect_of(spot, entry).intersected(room)
                self.viewport().update(rect.translated(-shift).toAlignedRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        whole = self.viewport().geometry()
        self.names.setGeometry(QRect(0, whole.top(), whole.left(), whole.height()))
        self.head.setGeometry(QRect(0, 0, whole.right() + 1, whole.top()))
        self._lay_out()
