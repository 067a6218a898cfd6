"""A card of the board, and thousands of them as whole columns: one is made when it is looked at.

Money is in hundredths, a moment in seconds since 1970, a day in days since 1970; 0 is nobody or
never. So nothing has to be turned into objects that nobody looks at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, overload

EPOCH = date(1970, 1, 1).toordinal()


class Card(NamedTuple):
    """One open record. `amount` is None where nobody said; `who` is responsible for it."""

    id: int
    version: int
    stage: int
    name: str
    client: int
    person: int
    amount: int | None
    currency: str
    who: int
    expected: int
    chance: int
    since: int
    next_at: int
    next_step: str
    source: int
    opened: int

    @property
    def day(self) -> date | None:
        """When it is expected to be closed."""
        return date.fromordinal(EPOCH + self.expected) if self.expected else None


_PLACES = {name: place for place, name in enumerate(Card._fields)}
STAGE = Card._fields[2]
"""The name of a column that is called like an object."""
Columns = list[list[Any]]
_SPARE = 1000


class Cards(Sequence[Card]):
    """Some rows of a table of columns in their order; `places` are the numbers of the rows.

    Several share one table, which nobody changes: they are read by several threads.
    """

    __slots__ = ("_columns", "places")

    def __init__(self, columns: Columns, places: Sequence[int] | None = None) -> None:
        self._columns = columns
        self.places = range(len(columns[0])) if places is None else places

    @classmethod
    def of(cls, cards: Iterable[Card]) -> Cards:
        """The same cards; nothing is done where they are columns already."""
        if isinstance(cards, Cards):
            return cards
        rows = list(cards)
        return cls([list(column) for column in zip(*rows, strict=True)] or [[] for _f in _PLACES])

    def column(self, name: str) -> list[Any]:
        """One value of each card."""
        column, places = self._columns[_PLACES[name]], self.places
        if isinstance(places, range):
            return column[places.start : places.stop : places.step]
        return [column[place] for place in places]

    def at(self, places: Sequence[int]) -> Cards:
        """Other rows of the same table."""
        return Cards(self._columns, places)

    def number_of(self, id_: int) -> int | None:
        """Where a card stands among these."""
        try:
            return self.column("id").index(id_)
        except ValueError:
            return None

    def get(self, id_: int) -> Card | None:
        """The card of a record."""
        number = self.number_of(id_)
        return None if number is None else self[number]

    def some(self, ids: Collection[int]) -> list[Card]:
        """The cards of these records that are here, in one pass."""
        return [self[number] for number, id_ in enumerate(self.column("id")) if id_ in ids]

    def without(self, ids: Collection[int]) -> Cards:
        """Those of other records."""
        pairs = zip(self.column("id"), self.places, strict=True)
        return self.at([place for id_, place in pairs if id_ not in ids])

    def with_more(self, cards: Iterable[Card]) -> Cards:
        """These and further ones, as rows of a longer table that begins like this one."""
        more = Cards.of(cards)
        columns = [
            [*column, *more.column(name)]
            for column, name in zip(self._columns, Card._fields, strict=True)
        ]
        first = len(self._columns[0])
        return Cards(columns, [*self.places, *range(first, first + len(more))])

    @property
    def is_thin(self) -> bool:
        """Whether most rows of the table are of no use any more."""
        return len(self._columns[0]) > 2 * len(self.places) + _SPARE

    def joined(self, others: Iterable[Cards]) -> Cards:
        """These and then others of the same table."""
        return self.at(list(chain(self.places, *(other.places for other in others))))

    @overload
    def __getitem__(self, number: int) -> Card: ...
    @overload
    def __getitem__(self, number: slice) -> Cards: ...
    def __getitem__(self, number: int | slice) -> Card | Cards:
        if isinstance(number, slice):
            return self.at(self.places[number])
        place = self.places[number]
        return Card._make([column[place] for column in self._columns])

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Card]:
        return map(Card._make, zip(*map(self.column, Card._fields), strict=True))
