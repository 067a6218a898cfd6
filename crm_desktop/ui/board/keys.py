"""The keyboard on the board: everything the mouse can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent

from crm_desktop.services.board.cards import Card
from crm_desktop.ui.board.piles import Layout

if TYPE_CHECKING:
    from crm_desktop.ui.board.view import BoardView

Key = Qt.Key
PAGE = 5
_WAYS = {
    Key.Key_Up: (0, -1), Key.Key_Down: (0, 1), Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0),
    Key.Key_PageUp: (0, -PAGE), Key.Key_PageDown: (0, PAGE),
    Key.Key_Home: (0, -(10**6)), Key.Key_End: (0, 10**6),
}  # fmt: skip
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Keys:
    """The keys of one view."""

    def __init__(self, view: BoardView) -> None:
        self._view = view

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        view, key = self._view, event.key()
        layout = view.layout_
        if layout is None:
            return False
        if key in _WAYS:
            return self._go(layout, *_WAYS[Key(key)], event.modifiers())
        if key == Key.Key_Escape:
            return self._escape()
        if key == Key.Key_A and event.modifiers() & _CTRL:
            return self._choose_all(layout)
        if view.current is None:
            return False
        return self._act(key, view.current)

    def _act(self, key: int, current: Card) -> bool:
        view = self._view
        if key in (Key.Key_Return, Key.Key_Enter):
            view.opened.emit(current)
        elif key == Key.Key_Space:
            view.choose([current], add=True)
        elif key == Key.Key_Delete:
            view.delete_wanted.emit(view.held())
        elif key == Key.Key_Menu:
            rect = view.rect_of(current)
            middle = rect.center().toPoint() if rect is not None else QPoint()
            view.menu_wanted.emit(current, view.viewport().mapToGlobal(middle))
        else:
            return False
        return True

    def _escape(self) -> bool:
        view = self._view
        if view.gestures.moving:
            view.gestures.cancel()
            return True
        if view.chosen:
            view.choose([])
            return True
        return False

    def _choose_all(self, layout: Layout) -> bool:
        """Every card of the column the keyboard is in."""
        found = self._place(layout)
        if found is not None:
            self._view.choose(layout.piles[found[0]].cards)
        return True

    def _place(self, layout: Layout) -> tuple[int, int] | None:
        current = self._view.current
        return layout.find(current.id) if current is not None else None

    def _go(self, layout: Layout, across: int, down: int, held: Qt.KeyboardModifier) -> bool:
        found = self._place(layout)
        if found is None:
            return self._first(layout)
        place, number = found
        if across and held & _CTRL:
            self.move_by(layout, place, across)
            return True
        if layout.lanes and held & _CTRL and abs(down) == 1:
            self._change_lane(layout, place, number, down)
            return True
        cards = layout.piles[place].cards
        if across:
            target = self._beside(layout, place, across)
            if target is None:
                return True
            place, number = target, self._level(layout, found, target)
        else:
            before, number = number, max(0, min(len(cards) - 1, number + down))
            if held & _SHIFT:
                low, high = sorted((before, number))
                chosen = self._view.chosen
                fresh = [card for card in cards[low : high + 1] if card.id not in chosen]
                self._view.choose(fresh, add=True)
        self.go_to(layout, place, number)
        return True

    def go_to(self, layout: Layout, place: int, number: int) -> None:
        """The keyboard is on that card, and it is seen."""
        self._view.set_current(layout.piles[place].cards[number])
        self._view.show_card(place, number)

    def _first(self, layout: Layout) -> bool:
        place = next((n for n, pile in enumerate(layout.piles) if pile.cards), None)
        if place is not None:
            self.go_to(layout, place, 0)
        return True

    def _beside(self, layout: Layout, place: int, way: int) -> int | None:
        """The next column that has cards."""
        target = place + way
        while 0 <= target < len(layout.piles):
            if layout.piles[target].cards:
                return target
            target += way
        return None

    def _level(self, layout: Layout, found: tuple[int, int], target: int) -> int:
        """The card of another column that stands as high on the screen."""
        here, there = layout.piles[found[0]], layout.piles[target]
        top = here.top_of(found[1]) - here.scroll + there.scroll
        number = there.number_at(top + layout.card / 2)
        return number if number is not None else max(0, min(len(there.cards) - 1, found[1]))

    def move_by(self, layout: Layout, place: int, way: int) -> None:
        """What is held goes to the next column that takes it; past the last one nothing does."""
        target = place + way
        while 0 <= target < len(layout.piles) and not layout.piles[target].column.takes:
            target += way
        cards = self._view.held()
        if 0 <= target < len(layout.piles) and cards:
            self._view.moves_wanted.emit(cards, layout.piles[target].column.key, None)

    def _change_lane(self, layout: Layout, place: int, number: int, way: int) -> None:
        """What is held goes to the next lane that takes it, within its columns."""
        pile, cards = layout.piles[place], self._view.held()
        target = layout.lanes.index(pile.lane_of(number)) + way
        while 0 <= target < len(layout.lanes) and not layout.lanes[target].takes:
            target += way
        if 0 <= target < len(layout.lanes) and cards:
            self._view.moves_wanted.emit(cards, None, layout.lanes[target].key)
