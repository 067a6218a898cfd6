"""The grid: a scrolled view on a sheet. It paints, says what lies under the pointer, and asks.

What moves (the ghost of a drag, its label) is painted over the sheet; only where it was and where
it is are painted anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar
from crm_desktop.ui.painting import CENTER, box, elided, focus_ring
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.gestures import Gestures
from crm_desktop.ui.planner.keys import Keys
from crm_desktop.ui.planner.sheet import Sheet
from crm_desktop.ui.planner.view import ZOOM, SheetView
from crm_desktop.ui.theme import color, font, metrics, px


class PlannerGrid(SheetView):
    """Asks by signals; whoever owns it acts."""

    moves_wanted = Signal(object, bool)
    """(list of `Move`, whether copies are wanted)"""
    new_wanted = Signal(object, int, int)
    """(row, start, end)"""
    opened = Signal(object)
    """The `Bar` that is to be opened."""
    delete_wanted = Signal(object)
    chosen_changed = Signal()
    hovered = Signal(object)
    """The `Bar` under the pointer, or None."""
    told_wanted = Signal(object)
    """The bar of which the keyboard wants to know what the pointer would be told."""
    menu_wanted = Signal(object, QPoint)
    undated_dropped = Signal(int, object, int, int)
    """(number, row, start, end)"""
    record_dropped = Signal(object, object, int, int)
    """(`Ref` that was dragged from a list, row, start, end)"""
    step_wanted = Signal(int)
    """Earlier or later days."""
    refused = Signal(str)
    draft_wanted = Signal()
    """Draft mode is to be turned on or off."""

    def __init__(self) -> None:
        super().__init__()
        self.gestures, self.keys = Gestures(self), Keys(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.say()

    def say(self) -> None:
        """What screen readers say: where the keyboard is."""
        bar = self.current
        said = self.describe(bar) if bar is not None else self.keys.empty.words()
        self.setAccessibleName(f"{_('Planner')}: {said}" if said else _("Planner"))

    def let_go(self) -> None:
        self.gestures.cancel()

    def keeps_hold(self, sheet: Sheet) -> bool:
        """Whether the mouse holds something on these days: another sheet would take it away."""
        return self.gestures.moving and self._same_days(sheet)

    def describe(self, bar: Bar) -> str:
        """A bar in words."""
        if self.drawing is None:
            return ""
        axis = self.drawing.axis
        title, second = self.drawing.words(bar)
        line = self.drawing.sheet.by_ref.get(bar.row)
        parts = [
            line.row.name if line is not None else "",
            f"{words.day(axis.local(bar.starts))} {axis.clock(bar.starts)}–{axis.clock(bar.ends)}",
            title, second, _("It is overdue") if bar.is_late(self.drawing.sheet.now) else "",
        ]  # fmt: skip
        return ", ".join(part for part in parts if part)

    # --- choosing ---------------------------------------------------------------------------------

    def choose(self, bars: Sequence[Bar], *, add: bool = False) -> None:
        """These bars are what the next action is about."""
        chosen = dict(self.chosen) if add else {}
        for bar in bars:
            if add and bar.key in chosen:
                chosen.pop(bar.key)
            else:
                chosen[bar.key] = bar
        self.chosen = chosen
        if bars:
            self.current, self.current_row = bars[-1], bars[-1].row
        if self.drawing is not None:
            self.drawing.chosen = chosen
        self.say()
        self.refresh()
        self.chosen_changed.emit()

    def set_current_row(self, row: Ref) -> None:
        """The keyboard is in this row."""
        self.current_row = row
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.names.update()

    def bars_in(self, area: QRectF) -> list[Bar]:
        """The bars of which anything lies within a frame on the sheet."""
        drawing = self.drawing
        if drawing is None:
            return []
        found, scale = [], drawing.scale
        for entry in drawing.geometry.between(int(area.top()), int(area.bottom())):
            if entry.line is not None:
                spots = entry.line.between((area.left() - 4) / scale, area.right() / scale)
                rects = ((spot.bar, drawing.rect_of(spot, entry)) for spot in spots)
                found += [bar for bar, rect in rects if rect.intersects(area)]
        return found

    def point_at(self, bar: Bar) -> None:
        """The keyboard goes there; what is chosen stays so."""
        self.current, self.current_row = bar, bar.row
        self.say()
        self.refresh()

    # --- painting ---------------------------------------------------------------------------------

    def _paint_over(self, painter: QPainter) -> None:
        drawing = self.drawing
        assert drawing is not None
        if self.current is not None and self.hasFocus() and not self.gestures.moving:
            rect = self.rect_of(self.current)
            if rect is not None:
                focus_ring(painter, rect.adjusted(-3, -3, 3, 3), 5)
        for rect in self.keys.empty.rects() if not self.gestures.moving else ():
            box(painter, rect, radius=3, fill="accent_soft", border="accent")
            if self.hasFocus():
                focus_ring(painter, rect.adjusted(-3, -3, 3, 3), 5)
        for rect, bar, bad in self.gestures.ghosts():
            if bar is not None:
                drawing.paint_bar(painter, bar, rect, ghost=True)
            else:
                box(painter, rect, radius=3, fill="accent_soft")
            box(painter, rect.adjusted(-1, -1, 1, 1), radius=4, width=2,
                border="bad" if bad else "accent")  # fmt: skip
        band = self.gestures.band()
        if band is not None:
            box(painter, band, radius=2, border="accent")
        label = self.gestures.label() or self._empty_label()
        if label is not None:
            rect, words, bad = label
            box(painter, rect, radius=6, fill="bad" if bad else "tooltip")
            painter.setFont(font("small"))
            painter.setPen(color("surface" if bad else "on_tooltip"))
            painter.drawText(rect, CENTER, words)

    def _empty_label(self) -> tuple[QRectF, str, bool] | None:
        """The times of the empty time that is held by keys."""
        rects = self.keys.empty.rects()
        if not rects or not self.hasFocus():
            return None
        room = QRectF(self.viewport().rect()).translated(self.offset)
        said = elided(self.keys.empty.words(), "small", room.width() - px(30))
        return label_rect(said, rects[0], room), said, False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if self.drawing is None:
            painter.fillRect(event.rect(), color("surface"))
            painter.end()
            return
        shift = self.offset
        painter.translate(-shift)
        area = QRectF(event.rect()).translated(shift)
        painter.setClipRect(area)
        self._paint_sheet(painter, area)
        self._paint_over(painter)
        painter.end()

    def _paint_sheet(self, painter: QPainter, area: QRectF) -> None:
        """What lies below the things that move."""
        assert self.drawing is not None
        self.drawing.paint(painter, area)

    # --- events -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.at(event.position())
        self.gestures.cancel()
        if found is not None:
            self.opened.emit(found[0].bar)
        else:
            self.gestures.new_at(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        found = self.at(QPointF(event.pos()))  # the viewport hands it on as it is
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        bar = self.current if not by_mouse else found[0].bar if found is not None else None
        if bar is not None:
            if bar.key not in self.chosen:
                self.choose([bar])
            self.menu_wanted.emit(bar, event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turn:
            self.zoom(ZOOM if turn > 0 else 1 / ZOOM, event.position().x())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and turn:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turn)
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.keys.wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.press(event):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.refresh()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.hovered.emit(None)
        return super().viewportEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.gestures.drag_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.gestures.drag_over(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.gestures.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        self.gestures.drop(event)


def label_rect(words: str, below: QRectF, room: QRectF) -> QRectF:
    """Where the label of a ghost stands: below it, inside the viewport `room`."""
    wide, tall = metrics("small").horizontalAdvance(words) + px(20), px(26)
    left = max(min(below.left(), room.right() - wide - 4), room.left() + 4)
    top = below.bottom() + px(6)
    if top + tall > room.bottom():
        top = below.top() - tall - px(6)
    return QRectF(left, max(top, room.top() + 2), wide, tall)
