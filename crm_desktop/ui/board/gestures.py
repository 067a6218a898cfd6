"""The mouse on the board: cards are dragged to another column, a frame chooses several.

Nothing is written here: at the end of a drag the view asks for a move. Until then a ghost follows
the pointer, the column below it is marked, and the zones of won and lost are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.services.board.cards import Card
from crm_desktop.services.board.columns import Key
from crm_desktop.ui.painting import CENTER, box, shadow
from crm_desktop.ui.refused_drag import RefusedDrag
from crm_desktop.ui.theme import color, font, metrics, px

if TYPE_CHECKING:
    from crm_desktop.ui.board.view import BoardView

NEAR, BY, MS = 44, 26, 30
"""So near to an edge the board goes on, by so many pixels each so many milliseconds."""
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_MARGIN = 10


class Ghost(QWidget):
    """What is dragged, a little above the board; how many, if several."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = QPixmap()
        self.hide()

    def show_card(self, view: BoardView, card: Card, rect: QRectF, count: int) -> None:
        """Paints the card once; from then on only its place changes."""
        assert view.drawing is not None
        margin, ratio = px(_MARGIN), self.devicePixelRatioF()
        size = rect.size().toSize()
        made = QPixmap(int((size.width() + 2 * margin) * ratio),
                       int((size.height() + 2 * margin) * ratio))  # fmt: skip
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        spot = QRectF(margin, margin, size.width(), size.height())
        shadow(painter, spot, px(6), 6)
        faded, view.drawing.faded = view.drawing.faded, ()
        view.drawing.paint_card(painter, card, spot)
        view.drawing.faded = faded
        if count > 1:
            _badge(painter, spot, str(count))
        painter.end()
        self._picture = made
        self.resize(size.width() + 2 * margin, size.height() + 2 * margin)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()


def _badge(painter: QPainter, spot: QRectF, said: str) -> None:
    wide = max(px(22), metrics("strong").horizontalAdvance(said) + px(12))
    rect = QRectF(spot.right() - wide + px(6), spot.top() - px(8), wide, px(22))
    box(painter, rect, radius=px(11), fill="accent")
    painter.setFont(font("strong"))
    painter.setPen(color("on_accent"))
    painter.drawText(rect, CENTER, said)


class Gestures(QObject):
    """The mouse of one view."""

    ended = Signal()
    """What was under way is over."""

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: QPointF | None = None
        self._card: Card | None = None
        self._fresh = False
        self._grip = QPointF()
        self._dragging = False
        self._banding = False
        self._refused = RefusedDrag()
        self._before: dict[int, Card] = {}
        self._last = QPointF()
        self._ghost = Ghost(view.viewport())
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(MS)
        self._scrolling.timeout.connect(self._scroll_on)

    @property
    def moving(self) -> bool:
        """Whether something is under way."""
        return self._dragging or self._banding

    # --- the mouse --------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """A card is chosen, or empty ground is touched."""
        view, point = self._view, event.position()
        view.setFocus(Qt.FocusReason.MouseFocusReason)
        card = view.card_at(point)
        several = bool(event.modifiers() & (_CTRL | _SHIFT))
        self._pressed, self._card, self._last = point, card, point
        self._before = dict(view.chosen) if several else {}
        if card is None:
            if not several:
                view.choose([])
            return
        self._fresh = card.id not in view.chosen
        if event.modifiers() & _SHIFT and view.current is not None:
            self._choose_range(card)
        elif self._fresh:
            view.choose([card], add=several)
        view.set_current(card)

    def _choose_range(self, card: Card) -> None:
        view, layout = self._view, self._view.layout_
        assert layout is not None and view.current is not None
        one, other = layout.find(view.current.id), layout.find(card.id)
        if one is None or other is None or one[0] != other[0]:
            view.choose([card], add=True)
            return
        low, high = sorted((one[1], other[1]))
        cards = layout.piles[one[0]].cards[low : high + 1]
        view.choose([*view.chosen.values(), *cards])
        self._fresh = True

    def move(self, event: QMouseEvent) -> None:
        """With the button held the gesture goes on, else what lies below is told."""
        self._last = event.position()
        if self._pressed is None:
            if not self._refused.holds(event):
                self._hover(event.position())
            return
        if not self.moving:
            way = (event.position() - self._pressed).manhattanLength()
            if way < QApplication.startDragDistance():
                return
            self._begin()
        self._follow()

    def release(self, event: QMouseEvent) -> None:
        """What was dragged goes where it was let go."""
        view, drawing = self._view, self._view.drawing
        dragged, banded, card = self._dragging, self._banding, self._card
        target = drawing.target if drawing is not None else None
        lane = drawing.target_lane if drawing is not None else None
        zone = drawing.held_zone if drawing is not None else None
        several = bool(event.modifiers() & (_CTRL | _SHIFT))
        self.cancel()
        if dragged:
            self._drop(target, lane, zone)
        elif not banded and card is not None:
            if several and not self._fresh:
                view.choose([card], add=True)
            elif not several and len(view.chosen) > 1:
                view.choose([card])

    def _drop(self, target: int | None, lane: Key | None, zone: int | None) -> None:
        view = self._view
        cards = view.held()
        if zone is not None:
            view.end_wanted.emit(cards, zone)
        elif target is not None:
            view.moves_wanted.emit(cards, view.key_of(target), lane)

    def cancel(self) -> None:
        """As if nothing had been begun."""
        ended, drawing = self.moving, self._view.drawing
        self._pressed, self._card = None, None
        self._dragging = self._banding = False
        self._scrolling.stop()
        self._ghost.hide()
        if drawing is not None and ended:
            drawing.faded, drawing.target, drawing.held_zone = (), None, None
            drawing.target_lane = None
            drawing.zones = False
            self._view.viewport().update()
        if ended:
            self.ended.emit()

    # --- how a gesture begins and goes on ---------------------------------------------------------

    def _begin(self) -> None:
        view, drawing, card = self._view, self._view.drawing, self._card
        if drawing is None or self._pressed is None:
            return
        view.hovered.emit(None)
        if card is None:
            self._banding = True
            return
        rect = view.rect_of(card)
        if rect is None:
            return
        if why := view.why_not(view.held()):
            self._refuse(why)
            return
        self._dragging = True
        self._grip = self._pressed - rect.topLeft()
        drawing.faded = set(view.chosen) | {card.id}
        drawing.zones = bool(drawing.found.ends)
        drawing.hovered = None
        self._ghost.show_card(view, card, rect, len(drawing.faded))
        self._ghost.show()
        self._scrolling.start()
        view.viewport().update()

    def _refuse(self, why: str) -> None:
        """Says why, and shows it at the pointer until the button is let go."""
        view = self._view
        self.cancel()
        if view.drawing is not None:
            view.drawing.hovered = None
        self._refused.begin(view.viewport())
        view.refused.emit(why)

    def _follow(self) -> None:
        if self._dragging:
            corner = self._last - self._grip - QPointF(px(_MARGIN), px(_MARGIN))
            self._ghost.move(corner.toPoint())
            self._mark_target()
        elif self._banding:
            self._choose_banded()
            self._view.viewport().update()

    def _mark_target(self) -> None:
        drawing = self._view.drawing
        assert drawing is not None
        zone = next((stage for stage, rect in drawing.zone_rects()
                     if rect.contains(self._last)), None)  # fmt: skip
        layout = drawing.layout
        place = layout.place_at(self._last.x()) if zone is None else None
        lane = self._lane(place)
        if place is not None and not self._takes(place, lane):
            place = lane = None
        before, changed = (drawing.target, drawing.held_zone), drawing.target_lane != lane
        drawing.target, drawing.held_zone, drawing.target_lane = place, zone, lane
        if before == (place, zone) and not changed:
            return
        for number in {before[0], place} - {None}:
            self._view.viewport().update(layout.rect(number).toAlignedRect())  # type: ignore[arg-type]
        for stage, rect in drawing.zone_rects():
            if stage in (before[1], zone):
                self._view.viewport().update(rect.toAlignedRect())

    def _lane(self, place: int | None) -> Key | None:
        """The lane below the pointer, if it takes cards."""
        layout = self._view.layout_
        if layout is None or place is None:
            return None
        lane = layout.lane_at(place, self._last.y())
        return lane.key if lane is not None and lane.takes else None

    def _takes(self, place: int, lane: Key | None) -> bool:
        """Whether anything of what is held would change in a column, or in a lane of it."""
        layout = self._view.layout_
        assert layout is not None
        pile = layout.piles[place]
        cells = [cards for key, cards in pile.column.groups if lane in (None, key)]
        inside = {id_ for cards in cells for id_ in cards.column("id")}
        away = [card.id for card in self._view.held() if card.id not in inside]
        return bool(away) and (pile.column.takes or pile.holds(away))

    def band(self) -> QRectF | None:
        """The frame that is drawn around what is to be chosen."""
        if not self._banding or self._pressed is None:
            return None
        return QRectF(self._pressed, self._last).normalized()

    def _choose_banded(self) -> None:
        view, layout, band = self._view, self._view.layout_, self.band()
        if layout is None or band is None:
            return
        found = dict(self._before)
        for place, pile in enumerate(layout.piles):
            if not layout.rect(place).intersects(band):
                continue
            for number, _top in layout.seen(place):
                if layout.card_rect(place, number).intersects(band):
                    found[pile.cards[number].id] = pile.cards[number]
        if found.keys() != view.chosen.keys():
            view.choose(found.values())

    # --- at the edges -----------------------------------------------------------------------------

    def _scroll_on(self) -> None:
        """While the pointer is held at an edge the board goes on below it."""
        view, room, layout = self._view, self._view.viewport().rect(), self._view.layout_
        if layout is None:
            return
        bar, x, y, near = view.horizontalScrollBar(), self._last.x(), self._last.y(), px(NEAR)
        before = bar.value()
        if x < near:
            bar.setValue(before - px(BY))
        elif x > room.width() - near:
            bar.setValue(before + px(BY))
        place = layout.place_at(x)
        drawing = view.drawing
        over_zone = drawing is not None and drawing.held_zone is not None
        moved = False
        if place is not None and not over_zone:
            bottom = room.height() - (px(2 * NEAR) if drawing is not None and drawing.zones else 0)
            if layout.body_top < y < layout.body_top + near:
                moved = view.scroll_column(place, -px(BY))
            elif y > bottom - near:
                moved = view.scroll_column(place, px(BY))
        if moved or bar.value() != before:
            self._mark_target()

    # --- the pointer alone ------------------------------------------------------------------------

    def _hover(self, point: QPointF) -> None:
        view, drawing = self._view, self._view.drawing
        if drawing is None:
            return
        card = view.card_at(point)
        id_ = card.id if card is not None else None
        if id_ != drawing.hovered:
            for one in (drawing.hovered, id_):
                self._repaint(one)
            drawing.hovered = id_
            free = card is not None and not view.why_not([card])
            shape = Qt.CursorShape.OpenHandCursor if free else Qt.CursorShape.ArrowCursor
            view.viewport().setCursor(shape)
            view.hovered.emit(card)

    def _repaint(self, id_: int | None) -> None:
        layout = self._view.layout_
        if id_ is None or layout is None:
            return
        for place in range(len(layout.piles)):
            for number, _top in layout.seen(place):
                if layout.piles[place].cards[number].id == id_:
                    rect = layout.card_rect(place, number).toAlignedRect()
                    self._view.viewport().update(rect.adjusted(-2, -2, 2, 2))

    def left(self) -> None:
        """The pointer has gone."""
        drawing = self._view.drawing
        if drawing is not None and drawing.hovered is not None and not self.moving:
            self._repaint(drawing.hovered)
            drawing.hovered = None
        self._view.hovered.emit(None)

    def ghost_at(self) -> QPoint | None:
        """Where the ghost is, while something is dragged."""
        return self._ghost.pos() if self._ghost.isVisible() else None
