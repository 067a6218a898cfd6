"""What lies where on the board: columns beside one another, in each its cards below one another.

Cards are equally high, so that the place of one among ten thousand is reckoned, not searched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF

from crm_desktop.services.board.columns import Column, Key
from crm_desktop.ui.theme import px

GAP, HEAD, GROUP, LEAST, MOST, EDGE = 8, 80, 30, 216, 340, 10


class Run(NamedTuple):
    """Cards of one group: its key, where its head begins, where its cards do."""

    key: Key | None
    top: int
    first: int
    """Number of its first card in the column."""
    cards_top: int


@dataclass
class Pile:
    """One column on the screen; places are from the top of its first card, unscrolled."""

    column: Column
    card: int
    """Height of a card, its gap included."""
    scroll: int = 0

    def __post_init__(self) -> None:
        several = [cards for _key, cards in self.column.groups]
        self.cards = several[0].joined(several[1:]) if several else self.column.cards
        self.runs: list[Run] = []
        top = first = 0
        for key, cards in self.column.groups:
            head = px(GROUP) if key is not None else 0
            self.runs.append(Run(key, top, first, top + head))
            first += len(cards)
            top += head + len(cards) * self.card
        self.height = top
        self._firsts = [run.first for run in self.runs]
        self._tops = [run.top for run in self.runs]

    def top_of(self, number: int) -> int:
        """Where a card begins."""
        run = self.runs[bisect_right(self._firsts, number) - 1]
        return run.cards_top + (number - run.first) * self.card

    def number_at(self, y: float) -> int | None:
        """The card at a place; None between cards and on heads."""
        if not self.runs or y < 0 or y >= self.height:
            return None
        place = bisect_right(self._tops, y) - 1
        run = self.runs[place]
        if y < run.cards_top:
            return None
        number, rest = divmod(int(y) - run.cards_top, self.card)
        return run.first + number if rest < self.card - px(GAP) else None

    def between(self, top: float, bottom: float) -> Iterator[tuple[int, int]]:
        """(number, top) of the cards within these places."""
        for place, run in enumerate(self.runs):
            last = self.runs[place + 1].first if place + 1 < len(self.runs) else len(self.cards)
            if run.cards_top + (last - run.first) * self.card < top or run.top > bottom:
                continue
            begin = run.first + max(0, (int(top) - run.cards_top) // self.card)
            for number in range(begin, last):
                at = run.cards_top + (number - run.first) * self.card
                if at > bottom:
                    break
                yield number, at

    def heads(self, top: float, bottom: float) -> Iterator[tuple[Key, int, int]]:
        """(key, top, how many cards) of the groups within these places."""
        for place, run in enumerate(self.runs):
            last = self.runs[place + 1].first if place + 1 < len(self.runs) else len(self.cards)
            if run.key is not None and run.cards_top >= top and run.top <= bottom:
                yield run.key, run.top, last - run.first


class Layout:
    """All piles of a board in a viewport of some size."""

    def __init__(self, columns: list[Column], card: int) -> None:
        self.card = card
        self.piles = [Pile(column, card) for column in columns]
        self.by_key = {pile.column.key: pile for pile in self.piles}
        self.width = px(LEAST)
        self.left = 0
        """How far it is scrolled to the right."""
        self.tall = 0
        self.seen_width = 0
        """Of the viewport."""

    def fit(self, width: int, height: int) -> None:
        """Columns as wide as there is room; below the least width the board is scrolled."""
        count = max(1, len(self.piles))
        room = (width - px(EDGE)) // count
        self.seen_width = width
        self.width, self.tall = max(px(LEAST), min(px(MOST), room)), height
        for pile in self.piles:
            pile.scroll = self.clipped(pile, pile.scroll)

    @property
    def whole(self) -> int:
        """The width of all columns."""
        return self.width * len(self.piles) + px(EDGE)

    @property
    def body_top(self) -> int:
        """Where cards begin below the heads."""
        return px(HEAD)

    def clipped(self, pile: Pile, scroll: int) -> int:
        """A scroll that leaves no room empty."""
        room = self.tall - self.body_top - px(GAP)
        return max(0, min(scroll, pile.height + px(GAP) - room))

    def rect(self, place: int) -> QRectF:
        """A column in the viewport, head and all."""
        left = px(EDGE) + place * self.width - self.left
        return QRectF(left, 0, self.width - px(GAP), self.tall)

    def body(self, place: int) -> QRectF:
        """Where the cards of a column are seen."""
        whole = self.rect(place)
        return whole.adjusted(0, self.body_top, 0, 0)

    def card_rect(self, place: int, number: int) -> QRectF:
        """A card in the viewport."""
        pile, body = self.piles[place], self.body(place)
        top = body.top() + pile.top_of(number) - pile.scroll
        return QRectF(body.left() + px(6), top, body.width() - px(14), pile.card - px(GAP))

    def place_at(self, x: float) -> int | None:
        """The column at a place of the viewport."""
        place = int((x - px(EDGE) + self.left) // self.width)
        return place if 0 <= place < len(self.piles) else None

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """(column, number) of the card at a place of the viewport."""
        place = self.place_at(x)
        if place is None or y < self.body_top:
            return None
        pile = self.piles[place]
        number = pile.number_at(y - self.body_top + pile.scroll)
        if number is None or not self.card_rect(place, number).contains(x, y):
            return None
        return place, number

    def find(self, id_: int) -> tuple[int, int] | None:
        """(column, number) of a record."""
        for place, pile in enumerate(self.piles):
            number = pile.cards.number_of(id_)
            if number is not None:
                return place, number
        return None

    def seen(self, place: int) -> Iterator[tuple[int, int]]:
        """(number, top) of the cards of a column that are in sight."""
        pile = self.piles[place]
        return pile.between(pile.scroll, pile.scroll + self.tall - self.body_top)
