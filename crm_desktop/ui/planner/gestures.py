"""The mouse in the grid: bars are dragged, stretched and copied, empty time is swept over.

Nothing is written here: at the end of a gesture the grid asks for moves. Until then a ghost shows
where the bar would stand, with its times, and what it would clash with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR, Bar
from crm_desktop.services.planner.load import BusyRows
from crm_desktop.services.planner.moving import Move
from crm_desktop.services.rights.words import EDIT
from crm_desktop.ui.painting import elided
from crm_desktop.ui.planner.axis import DAY_MINUTES
from crm_desktop.ui.planner.geometry import Entry
from crm_desktop.ui.planner.grip import SIDES, Grip, Mode, needed
from crm_desktop.ui.planner.sheet import Spot
from crm_desktop.ui.planner.together import company_of, edges_of, moved_together, with_company
from crm_desktop.ui.record_drag import record_of
from crm_desktop.ui.refused_drag import RefusedDrag
from crm_desktop.ui.theme import px

if TYPE_CHECKING:
    from crm_desktop.ui.planner.grid import PlannerGrid

SNAP, FINE = 15, 1
"""Minutes; the second with Alt."""
EDGE, SCROLL, SCROLL_BY, SCROLL_MS = 6, 30, 24, 30
MOST_GHOSTS = 40
"""Of many that are moved together so many are painted while they move."""
MIME = "application/x-crm-desktop-undated"
_ALT, _CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Gestures(QObject):
    """The mouse of one grid."""

    ended = Signal()
    """What was under way is over."""

    def __init__(self, grid: PlannerGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._mode = Mode.IDLE
        self._refused = RefusedDrag()
        self._grip: Grip | None = None
        self._moves: list[Move] = []
        self._clash: list[tuple[Bar, Bar]] = []
        self._swept: tuple[Ref, int, int] | None = None
        self._ghosts: list[tuple[QRectF, Bar | None, bool]] | None = None
        self._last = QPointF()
        self._painted = QRectF()
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)

    @property
    def moving(self) -> bool:
        """Whether something is under way."""
        return self._mode not in (Mode.IDLE, Mode.PRESSED)

    # --- the mouse --------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """A bar is chosen, or empty time is touched."""
        grid, point = self._grid, event.position()
        grid.setFocus(Qt.FocusReason.MouseFocusReason)
        if grid.drawing is None:
            return
        found = grid.at(point)
        on = point + grid.offset
        grip = Grip(on, point, found, moment=grid.moment_at(on))
        entry = grid.drawing.geometry.row_at(on.y()) if found is None else found[1]
        grip.row = entry.line.row.ref if entry is not None and entry.line is not None else None
        self._grip, self._mode = grip, Mode.PRESSED
        if found is None and event.modifiers() & (_SHIFT | _CTRL):
            grip.banded = dict(grid.chosen)
            return
        if found is None:
            grid.choose([])
            if grip.row is not None:
                grid.set_current_row(grip.row)
            return
        grip.side = self._side(found, on)
        bar = found[0].bar
        several = bool(event.modifiers() & (_CTRL | _SHIFT))
        grip.fresh = bar.key not in grid.chosen
        if grip.fresh:
            grid.choose([bar], add=several)
        else:
            grid.chosen[bar.key] = bar  # in the row that is held, of all in which it stands
        grid.current, grid.current_row = bar, bar.row

    def move(self, event: QMouseEvent) -> None:
        """With a button held the gesture goes on, else what lies below is told."""
        self._last = event.position()
        if self._grip is None:
            if not self._refused.holds(event):
                self._hover(event.position())
            return
        if self._mode == Mode.PRESSED:
            way = (event.position() - self._grip.point).manhattanLength()
            if way < QApplication.startDragDistance():
                return
            self._begin(event.modifiers())
        self._follow(event.modifiers())

    def release(self, event: QMouseEvent) -> None:
        """What the ghost shows is asked for."""
        mode, grip = self._mode, self._grip
        moves, swept, band = self._moves, self._swept, self.band()
        self.cancel()
        if band is not None and grip is not None:
            self._choose_banded(grip, band)
            return
        if mode == Mode.SWEEP and swept is not None:
            self._grid.new_wanted.emit(*swept)
        elif mode in (Mode.MOVE, Mode.LEFT, Mode.RIGHT):
            copied = mode == Mode.MOVE and bool(event.modifiers() & _CTRL)
            changed = [m for m in moves if m.changed != m.bar]
            if changed:
                self._grid.moves_wanted.emit(changed, copied)
        elif mode == Mode.PRESSED and grip is not None and grip.found is not None:
            self._clicked(grip, grip.found[0].bar, event.modifiers())

    def _clicked(self, grip: Grip, bar: Bar, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & (_CTRL | _SHIFT):
            if not grip.fresh:
                self._grid.choose([bar], add=True)
        elif len(self._grid.chosen) > 1:
            self._grid.choose([bar])

    def cancel(self) -> None:
        """As if nothing had been begun."""
        ended = self.moving
        self._mode, self._grip = Mode.IDLE, None
        self._moves, self._clash, self._swept, self._ghosts = [], [], None, None
        self._scrolling.stop()
        grid = self._grid
        if grid.drawing is not None and grid.drawing.faded:
            grid.drawing.faded = ()
            grid.viewport().update()
        self._repaint()
        if ended:
            self.ended.emit()

    def new_at(self, point: QPointF) -> None:
        """A double click on empty time: half an hour there."""
        found = self._grid.slot_at(point + self._grid.offset, SNAP)
        if found is not None:
            self._grid.new_wanted.emit(*found)

    # --- how a gesture begins and goes on ---------------------------------------------------------

    def _side(self, found: tuple[Spot, Entry], on: QPointF) -> Mode:
        """Whether an edge is meant, or the whole bar."""
        return SIDES[self._grid.edge_at(found, on, px(EDGE))]

    def _begin(self, modifiers: Qt.KeyboardModifier) -> None:
        grip, drawing = self._grip, self._grid.drawing
        assert grip is not None and drawing is not None
        grip.busy = BusyRows(drawing.sheet.by_row())
        self._mode = Mode.SWEEP if grip.found is None else grip.side
        if grip.banded is not None:
            self._mode = Mode.BAND
        right = needed(self._mode, copies=bool(modifiers & _CTRL))
        if right is not None and self._grid.stops(right, self._grid.chosen.values()):
            self.cancel()
            self._refused.begin(self._grid.viewport())
            return
        grip.company = company_of(drawing.sheet.bars(), set(self._grid.chosen))
        self._grid.hovered.emit(None)
        if self._mode == Mode.MOVE and len(self._grid.chosen) <= MOST_GHOSTS:
            drawing.faded = set(self._grid.chosen)
            self._grid.viewport().update()
        self._scrolling.start()

    def _follow(self, modifiers: Qt.KeyboardModifier) -> None:
        grip, drawing = self._grip, self._grid.drawing
        if grip is None or drawing is None:
            return
        step = FINE if modifiers & _ALT else SNAP
        on = self._last + self._grid.offset
        now = self._grid.moment_at(on)
        if self._mode == Mode.BAND:
            self._repaint_band()
            return
        if self._mode == Mode.SWEEP:
            self._sweep(grip, now, step)
        elif self._mode == Mode.DROP:
            self._hold(grip, on, step)
        elif self._mode == Mode.MOVE:
            self._drag(grip, on, now, step)
        else:
            self._stretch(grip, now - grip.moment, step)
        moved = with_company(self._swept_moves() or self._moves, grip.company)
        copied = self._mode == Mode.MOVE and bool(modifiers & _CTRL)
        left = set() if copied else {m.bar.key for m in self._moves}
        if drawing.faded and copied:
            drawing.faded = ()
            self._grid.viewport().update()
        self._clash = grip.busy.clashes(moved, left)
        self._ghosts = None
        self._repaint()

    def _swept_moves(self) -> list[Move]:
        """What is swept over as a move of nothing, so that it clashes; whole days do not."""
        drawing = self._grid.drawing
        if self._swept is None or drawing is None:
            return []
        row, starts, ends = self._swept
        if starts in drawing.axis.edges and ends in drawing.axis.edges:
            return []
        bar = Bar(0, row, starts, ends, "", "", "", None, 0, 0)
        return [Move(bar, starts, ends, row)]

    def band(self) -> QRectF | None:
        """The frame that is drawn around what is to be chosen."""
        if self._mode != Mode.BAND or self._grip is None:
            return None
        return QRectF(self._grip.at, self._last + self._grid.offset).normalized()

    def _choose_banded(self, grip: Grip, area: QRectF) -> None:
        before = grip.banded or {}
        found = [bar for bar in self._grid.bars_in(area) if bar.key not in before]
        self._grid.choose(list({**before, **{bar.key: bar for bar in found}}.values()))

    def _sweep(self, grip: Grip, now: int, step: int) -> None:
        if grip.row is not None:
            self._swept = (grip.row, *self._grid.swept(grip.moment, now, step))

    def _drag(self, grip: Grip, on: QPointF, now: int, step: int) -> None:
        drawing, found = self._grid.drawing, grip.found
        assert drawing is not None and found is not None
        bar = found[0].bar
        shift = self._grid.shift(bar, grip.moment, now, step)
        rows = [e.line.row.ref for e in drawing.geometry.entries if e.line is not None]
        entry = drawing.geometry.row_at(on.y())
        to = entry.line.row.ref if entry is not None and entry.line is not None else bar.row
        down = rows.index(to) - rows.index(bar.row) if bar.row in rows and to in rows else 0
        held_first = sorted(self._grid.chosen.values(), key=lambda one: one.key != bar.key)
        self._moves = moved_together(held_first, rows, shift, down)

    def _stretch(self, grip: Grip, by: int, step: int) -> None:
        drawing, found = self._grid.drawing, grip.found
        assert drawing is not None and found is not None
        bar = found[0].bar
        step = DAY_MINUTES if bar.all_day else step
        starts, ends, least = bar.starts, bar.ends, step * 60
        if self._mode == Mode.LEFT:
            starts = min(drawing.axis.snapped(starts + by, step), ends - least)
        else:
            ends = max(drawing.axis.snapped(ends + by, step), starts + least)
        self._moves = [Move(bar, starts, ends, bar.row)]

    # --- from outside -----------------------------------------------------------------------------

    def drag_over(self, event: QDragMoveEvent) -> None:
        """Something without a time is held over the grid."""
        data = event.mimeData()
        record = record_of(data)
        if self._grid.drawing is None or not (record or data.hasFormat(MIME)):
            event.ignore()
            return
        if self._mode != Mode.DROP:
            grip = Grip(QPointF(), QPointF(), None, minutes=HALF_HOUR // 60, record=record)
            if record is None:
                number, minutes = bytes(data.data(MIME).data()).decode().split()
                grip.number, grip.minutes = int(number), int(minutes)
            grip.busy = BusyRows(self._grid.drawing.sheet.by_row())
            self._grip, self._mode = grip, Mode.DROP
        self._last = event.position()
        self._follow(event.modifiers())
        event.acceptProposedAction()

    def _hold(self, grip: Grip, on: QPointF, step: int) -> None:
        drawing = self._grid.drawing
        assert drawing is not None
        entry = drawing.geometry.row_at(on.y())
        if entry is None or entry.line is None:
            return
        begin = drawing.axis.snapped(self._grid.moment_at(on), step)
        ref = entry.line.row.ref
        bar = Bar(0, ref, begin, begin + grip.minutes * 60, "", "", "", None, 0, 0)
        self._moves = [Move(bar, bar.starts, bar.ends, ref)]

    def drop(self, event: QDropEvent) -> None:
        """It gets the time and the person where it was let go."""
        grip, moves = self._grip, self._moves
        self.cancel()
        if grip is not None and moves:
            event.acceptProposedAction()
            move = moves[0]
            if grip.record is not None:
                self._grid.record_dropped.emit(grip.record, move.row, move.starts, move.ends)
                return
            self._grid.undated_dropped.emit(grip.number, move.row, move.starts, move.ends)

    # --- at the edges -----------------------------------------------------------------------------

    def _scroll_on(self) -> None:
        """While the pointer is held at an edge the sheet goes on below it."""
        grid, room, near = self._grid, self._grid.viewport().rect(), px(SCROLL)
        across, down = grid.horizontalScrollBar(), grid.verticalScrollBar()
        before = grid.offset
        for bar, at, size in ((across, self._last.x(), room.width()),
                              (down, self._last.y(), room.height())):  # fmt: skip
            if at < near:
                bar.setValue(bar.value() - px(SCROLL_BY))
            elif at > size - near:
                bar.setValue(bar.value() + px(SCROLL_BY))
        if grid.offset != before:
            self._follow(QGuiApplication.queryKeyboardModifiers())

    # --- what is painted --------------------------------------------------------------------------

    def ghosts(self) -> list[tuple[QRectF, Bar | None, bool]]:
        """(where on the sheet, what, whether it clashes): of many the first `MOST_GHOSTS`."""
        if self._grid.drawing is None or not self.moving:
            return []
        if self._ghosts is None:
            self._ghosts = self._made_ghosts()
        return self._ghosts

    def _made_ghosts(self) -> list[tuple[QRectF, Bar | None, bool]]:
        if self._swept is not None:
            bad = bool(self._clash)
            return [(rect, None, bad) for rect in self._grid.ghost_rects(*self._swept)]
        bad = {bar.key for bar, _other in self._clash}
        found = []
        for move in self._moves[:MOST_GHOSTS]:
            for rect in self._grid.ghost_rects(move.row, move.starts, move.ends, move.bar):
                bar = move.changed if move.bar.id else None
                found.append((rect, bar, move.bar.key in bad))
        return found

    def label(self) -> tuple[QRectF, str, bool] | None:
        """(where on the sheet, times and whom it clashes with, whether it does)."""
        from crm_desktop.ui.planner.grid import label_rect

        drawing, shown = self._grid.drawing, self.ghosts()
        if drawing is None or not shown:
            return None
        row, starts, ends = self._swept or (self._moves[0].row, *self._moves[0][1:3])
        line = drawing.sheet.by_ref.get(row)
        name = line.row.name if line is not None else ""
        words = self._grid.time_words(starts, ends, name)
        if len(self._moves) > 1:
            words += " · +" + str(len(self._moves) - 1)
        if self._clash:
            words += " · " + _("clashes with “{name}”").format(name=self._clash_name())
        room = QRectF(self._grid.viewport().rect()).translated(self._grid.offset)
        words = elided(words, "small", room.width() - px(30))
        return label_rect(words, shown[0][0], room), words, bool(self._clash)

    def _clash_name(self) -> str:
        assert self._grid.drawing is not None
        return self._grid.drawing.words(self._clash[0][1])[0]

    def _repaint(self) -> None:
        """Where the ghost was and where it is."""
        found = QRectF()
        for rect, _bar, _bad in self.ghosts():
            found = found.united(rect)
        label = self.label()
        if label is not None:
            found = found.united(label[0])
        both = self._painted.united(found).adjusted(-6, -6, 6, 6)
        self._painted = found
        if not both.isEmpty():
            self._grid.viewport().update(both.translated(-self._grid.offset).toAlignedRect())

    def _repaint_band(self) -> None:
        """The edges of the frame where it was and where it is; within it nothing changes."""
        band = self.band() or QRectF()
        for rect in (self._painted, band):
            for x1, y1, x2, y2 in edges_of(rect.translated(-self._grid.offset)):
                self._grid.viewport().update(QRect(x1, y1, x2 - x1, y2 - y1))
        self._painted = band

    def _hover(self, point: QPointF) -> None:
        found = self._grid.at(point)
        shape = Qt.CursorShape.ArrowCursor
        if found is not None:
            side = self._side(found, point + self._grid.offset)
            edges = side in (Mode.LEFT, Mode.RIGHT)
            if not self._grid.why_not(EDIT, [found[0].bar]):
                shape = self._grid.edge_shape if edges else Qt.CursorShape.OpenHandCursor
        self._grid.viewport().setCursor(shape)
        self._grid.hovered.emit(found[0].bar if found is not None else None)
