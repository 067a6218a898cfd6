"""What lies where on the board: columns beside one another, in each its cards below one another.

Cards are equally high, so that the place of one among ten thousand is reckoned, not searched. Lanes
go across all columns: each is as high as its fullest cell, and all columns scroll together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF

from crm_desktop.services.board.columns import Column, Key, Lane
from crm_desktop.ui.theme import px

GAP, HEAD, GROUP, LEAST, MOST, EDGE = 8, 80, 30, 216, 340, 10
SPARE = 26
"""Height of a lane without cards below its head: room to drop one."""


class Run(NamedTuple):
    """A cell: cards of one lane in a column; without lanes all of it."""

    lane: Lane | None
    top: int
    """Where its head begins."""
    first: int
    """Number of its first card in the column."""
    cards_top: int
    count: int
    bottom: int

    @property
    def key(self) -> Key | None:
        """The lane's."""
        return self.lane.key if self.lane is not None else None


@dataclass
class Pile:
    """One column on the screen; places are from the top of its first card, unscrolled."""

    column: Column
    card: int
    """Height of a card, its gap included."""
    scroll: int = 0

    lanes: Sequence[tuple[Lane, int]] = ()
    """With the height of each."""

    def __post_init__(self) -> None:
        groups = dict(self.column.groups)
        wanted: list[tuple[Lane | None, int]] = list(self.lanes) or [(None, -1)]
        cells = [groups.get(lane.key if lane is not None else None) for lane, _high in wanted]
        several = [cards for cards in cells if cards is not None]
        self.cards = several[0].joined(several[1:]) if several else self.column.cards.at(())
        self.runs: list[Run] = []
        top = first = 0
        for (lane, high), cards in zip(wanted, cells, strict=True):
            count = len(cards) if cards is not None else 0
            head = px(GROUP) if lane is not None else 0
            bottom = top + (high if high >= 0 else count * self.card)
            self.runs.append(Run(lane, top, first, top + head, count, bottom))
            first, top = first + count, bottom
        self.height = top
        self._firsts = [run.first for run in self.runs]
        self._tops = [run.top for run in self.runs]

    def top_of(self, number: int) -> int:
        """Where a card begins."""
        run = self.runs[bisect_right(self._firsts, number) - 1]
        return run.cards_top + (number - run.first) * self.card

    def holds(self, ids: Sequence[int]) -> bool:
        """Whether all these records lie in the column."""
        return set(ids) <= set(self.cards.column("id"))

    def run_at(self, y: float) -> Run:
        """The cell at a place; the first above them, the last below."""
        return self.runs[max(0, bisect_right(self._tops, y) - 1)]

    def lane_of(self, number: int) -> Lane:
        """The lane in which a card lies, where there are lanes."""
        lane = self.runs[bisect_right(self._firsts, number) - 1].lane
        assert lane is not None
        return lane

    def number_at(self, y: float) -> int | None:
        """The card at a place; None between cards and on heads."""
        if y < 0 or y >= self.height:
            return None
        run = self.run_at(y)
        if y < run.cards_top:
            return None
        number, rest = divmod(int(y) - run.cards_top, self.card)
        return run.first + number if number < run.count and rest < self.card - px(GAP) else None

    def between(self, top: float, bottom: float) -> Iterator[tuple[int, int]]:
        """(number, top) of the cards within these places."""
        for run in self.runs:
            if run.bottom < top or run.top > bottom:
                continue
            for number in range(max(0, (int(top) - run.cards_top) // self.card), run.count):
                at = run.cards_top + number * self.card
                if at > bottom:
                    break
                yield run.first + number, at

    def heads(self, top: float, bottom: float) -> Iterator[tuple[Key, int, int]]:
        """(key, top, how many cards) of the lanes within these places."""
        for run in self.runs:
            if run.key is not None and run.cards_top >= top and run.top <= bottom:
                yield run.key, run.top, run.count


def lane_heights(columns: Sequence[Column], lanes: Sequence[Lane], card: int) -> list[int]:
    """Each as high as its fullest cell."""
    groups = [dict(column.groups) for column in columns]
    most = [max((len(one.get(lane.key, ())) for one in groups), default=0) for lane in lanes]
    return [px(GROUP) + (count * card if count else px(SPARE)) for count in most]


class Layout:
    """All piles of a board in a viewport of some size."""

    def __init__(self, columns: list[Column], card: int, lanes: Sequence[Lane] = ()) -> None:
        self.card, self.lanes = card, tuple(lanes)
        high = list(zip(lanes, lane_heights(columns, lanes, card), strict=True))
        self.piles = [Pile(column, card, lanes=high) for column in columns]
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

    def scroll(self, place: int, by: int) -> int:
        """Scrolls a column, or with lanes all of them; by how much it went."""
        pile = self.piles[place]
        to = self.clipped(pile, pile.scroll + by)
        moved = to - pile.scroll
        for one in self.piles if self.lanes else (pile,):
            one.scroll = to
        return moved

    def cell(self, place: int, lane: Key) -> QRectF:
        """Where a lane crosses a column, as far as it is in sight."""
        pile, body = self.piles[place], self.body(place)
        run = next(one for one in pile.runs if one.key == lane)
        top = body.top() + run.top - pile.scroll
        return QRectF(body.left(), top, body.width(), run.bottom - run.top).intersected(body)

    def lane_at(self, place: int, y: float) -> Lane | None:
        """The lane at a place of the viewport; None without lanes and over the heads."""
        if not self.lanes or y < self.body_top:
            return None
        pile = self.piles[place]
        return pile.run_at(y - self.body_top + pile.scroll).lane

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
