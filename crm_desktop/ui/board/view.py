"""The scrolled board: columns go sideways together, cards in each column by themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import tzinfo

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.board.cards import Card, Found
from crm_desktop.services.board.columns import Column, Key, Lane
from crm_desktop.ui.board import words
from crm_desktop.ui.board.drawing import Drawing, card_height, paint_band
from crm_desktop.ui.board.gestures import Gestures
from crm_desktop.ui.board.keys import Keys
from crm_desktop.ui.board.piles import Layout
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import color, px

STEP = 84
"""Pixels of one notch of the wheel."""


def _nothing(_cards: Iterable[Card]) -> str:
    """Everything may be moved."""
    return ""


class BoardView(QAbstractScrollArea):
    """Cards of one board; asks for moves, opens and menus by signals."""

    moves_wanted = Signal(object, object, object)
    """(cards, key of a column, key of a lane or None)"""
    end_wanted = Signal(object, int)
    """(cards, a stage in which they are won or lost)"""
    opened = Signal(object)
    delete_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)
    refused = Signal(str)
    """Why what was begun to be dragged is not."""
    hovered = Signal(object)
    choice_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.drawing: Drawing | None = None
        self.chosen: dict[int, Card] = {}
        self.current: Card | None = None
        self.photo: Callable[[Ref], QPixmap | None] | None = None
        """The picture of a colleague, as far as it is known."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCornerWidget(QWidget())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.why_not: Callable[[Iterable[Card]], str] = _nothing
        """Why cards may not be moved; '' where they may."""
        self.gestures = Gestures(self)
        self.keys = Keys(self)
        keep_translated(self, self._say_name)

    def _say_name(self) -> None:
        self.setAccessibleName(_("Board"))

    # --- what is shown ----------------------------------------------------------------------------

    def show_board(
        self, found: Found, columns: list[Column], fields: Collection[str], zone: tzinfo,
        lanes: Sequence[Lane] = (),
    ) -> None:  # fmt: skip
        """Another board, or the same one as it is in the base now: it stays where it was."""
        before = self.drawing
        layout = Layout(columns, card_height(fields, len(found.more_fields)), lanes)
        if before is not None:
            layout.left = before.layout.left
            scrolls = {key: pile.scroll for key, pile in before.layout.by_key.items()}
            together = max(scrolls.values(), default=0) if layout.lanes else 0
            for key, pile in layout.by_key.items():
                pile.scroll = together if layout.lanes else scrolls.get(key, 0)
        self.drawing = Drawing(found, layout, fields, zone)
        if before is not None:
            self.drawing.pictures = before.pictures
        if self.photo is not None:
            self.drawing.photo = self.photo
        self._keep_choice(found)
        self._lay_out()

    def _keep_choice(self, found: Found) -> None:
        if self.chosen or self.current is not None:
            wanted = {*self.chosen, self.current.id if self.current is not None else 0}
            known = {card.id: card for card in found.cards.some(wanted)}
            self.chosen = {id_: known[id_] for id_ in self.chosen if id_ in known}
            self.current = known.get(self.current.id) if self.current is not None else None
        self._tell_choice()

    def _lay_out(self) -> None:
        drawing, room = self.drawing, self.viewport().size()
        if drawing is None:
            return
        drawing.layout.fit(room.width(), room.height())
        bar = self.horizontalScrollBar()
        bar.setRange(0, max(0, drawing.layout.whole - room.width()))
        bar.setPageStep(room.width())
        bar.setSingleStep(px(60))
        drawing.layout.left = bar.value()
        self.viewport().update()

    def recolour(self) -> None:
        """Names have come, or other colours."""
        self.viewport().update()

    # --- what is chosen ---------------------------------------------------------------------------

    def choose(self, cards: Iterable[Card], *, add: bool = False) -> None:
        """These and no others; with `add` these beside the others, or no longer if they were."""
        if not add:
            self.chosen = {card.id: card for card in cards}
        else:
            for card in cards:
                if self.chosen.pop(card.id, None) is None:
                    self.chosen[card.id] = card
        self._tell_choice()

    def set_current(self, card: Card | None) -> None:
        """The card the keyboard is on."""
        self.current = card
        self._tell_choice()

    def held(self) -> list[Card]:
        """What a gesture or key applies to: the chosen cards, or the current one."""
        if self.chosen:
            return list(self.chosen.values())
        return [self.current] if self.current is not None else []

    def _tell_choice(self) -> None:
        drawing = self.drawing
        if drawing is not None:
            drawing.chosen = self.chosen
            focused = self.hasFocus() and self.current is not None
            drawing.current = self.current.id if self.current and focused else None
            self._describe(drawing)
        self.viewport().update()
        self.choice_changed.emit()

    def _describe(self, drawing: Drawing) -> None:
        card = self.current
        if card is None:
            self.setAccessibleDescription("")
            return
        stage = drawing.found.stages.get(card.stage)
        client = drawing.found.title(drawing.found.targets.client, card.client)
        parts = (card.name, client, words.amount(drawing.found, card), stage.name if stage else "")
        self.setAccessibleDescription(", ".join(part for part in parts if part))

    # --- where ------------------------------------------------------------------------------------

    @property
    def layout_(self) -> Layout | None:
        """What lies where, while something is shown."""
        return self.drawing.layout if self.drawing is not None else None

    def card_at(self, point: QPointF) -> Card | None:
        """The card under a point of the viewport."""
        layout = self.layout_
        found = layout.at(point.x(), point.y()) if layout is not None else None
        return layout.piles[found[0]].cards[found[1]] if layout is not None and found else None

    def rect_of(self, card: Card) -> QRectF | None:
        """Where a card stands in the viewport, in sight or not."""
        layout = self.layout_
        found = layout.find(card.id) if layout is not None else None
        return layout.card_rect(*found) if layout is not None and found is not None else None

    def show_card(self, place: int, number: int) -> None:
        """Scrolls a card into sight."""
        layout = self.layout_
        if layout is None:
            return
        pile, column = layout.piles[place], layout.rect(place)
        bar = self.horizontalScrollBar()
        if column.left() < 0:
            bar.setValue(bar.value() + int(column.left()) - px(12))
        elif column.right() > self.viewport().width():
            bar.setValue(bar.value() + int(column.right()) - self.viewport().width() + px(4))
        top, room = pile.top_of(number), layout.tall - layout.body_top
        if top < pile.scroll:
            self.scroll_column(place, top - pile.scroll)
        elif top + pile.card > pile.scroll + room:
            self.scroll_column(place, top + pile.card - pile.scroll - room)

    def key_of(self, place: int) -> Key:
        """The key of a column."""
        assert self.drawing is not None
        return self.drawing.layout.piles[place].column.key

    # --- scrolling --------------------------------------------------------------------------------

    def scroll_column(self, place: int, by: int) -> bool:
        """Scrolls the cards of a column; False at its end."""
        layout = self.layout_
        if layout is None:
            return False
        moved = layout.scroll(place, by)
        if not moved:
            return False
        if layout.lanes:
            self.viewport().update()
            return True
        body = layout.body(place).toAlignedRect().intersected(self.viewport().rect())
        plain = not (self.drawing is not None and self.drawing.zones) and not self.gestures.moving
        if plain and abs(moved) < body.height():
            slot = body.adjusted(0, 0, -px(8), 0)
            self.viewport().scroll(0, -moved, slot)
            self.viewport().update(QRect(slot.right(), body.top(), px(10), body.height()))
        else:
            self.viewport().update(body)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        layout = self.layout_
        angle, pixels = event.angleDelta(), event.pixelDelta()
        sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or (
            abs(angle.x()) > abs(angle.y())
        )
        by = pixels.y() or round(angle.y() / 120 * px(STEP))
        if sideways:
            by = pixels.x() or round((angle.x() or angle.y()) / 120 * px(STEP))
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - by)
        elif layout is not None:
            place = layout.place_at(event.position().x())
            if place is not None:
                self.scroll_column(place, -by)
        event.accept()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        drawing = self.drawing
        if drawing is None:
            return
        drawing.layout.left = self.horizontalScrollBar().value()
        if drawing.zones or self.gestures.moving:
            self.viewport().update()
        else:
            self.viewport().scroll(dx, 0)

    # --- events -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            if self.drawing is None:
                painter.fillRect(event.rect(), color("surface"))
                return
            for rect in event.region():
                painter.save()
                painter.setClipRect(rect)
                self.drawing.paint(painter, rect)
                painter.restore()
            band = self.gestures.band()
            if band is not None:
                paint_band(painter, band)
        finally:
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self.card_at(event.position())
        if card is not None and event.button() == Qt.MouseButton.LeftButton:
            self.gestures.cancel()
            self.opened.emit(card)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        card = self.card_at(QPointF(event.pos())) if by_mouse else self.current
        if card is None:
            return
        if card.id not in self.chosen:
            self.choose([card])
        self.set_current(card)
        rect = self.rect_of(card)
        spot = event.globalPos() if by_mouse or rect is None else self.viewport().mapToGlobal(
            rect.center().toPoint())  # fmt: skip
        self.menu_wanted.emit(card, spot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.press(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_choice()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell_choice()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.gestures.left()
        return super().viewportEvent(event)
