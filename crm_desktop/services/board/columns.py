"""Cards in columns: by stage, by who is responsible, or by the month they are expected to close.

What a card gets that is dropped into a column stands with the column, so that a drag is the same
thing in each of the three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from crm_desktop.models.text.days import add_months, month_end
from crm_desktop.services.board.cards import EPOCH, STAGE, Card, Cards, Found, Totals, totals

BY_STAGE, BY_PERSON, BY_MONTH = WAYS = ("stages", "people", "months")
OVERDUE, DATELESS, NOBODY = "overdue", "dateless", "nobody"
STEP, AMOUNT, AGE, EXPECTED = ORDERS = ("step", "amount", "age", "expected")
MONTHS_AHEAD = 3
"""Months that have a column even while nothing is expected in them."""
Key = int | str | tuple[int, int]
_NEVER = 10**9


@dataclass
class Column:
    """One column; `key` is a stage, a colleague, a (year, month), or one of the names above.

    `groups` are (key, cards) where cards are gathered within the column, else one of key None."""

    key: Key
    title: str
    tone: str = "neutral"
    takes: bool = True
    """Whether cards can be dropped here."""
    cards: Cards = field(default_factory=lambda: Cards.of(()))
    groups: list[tuple[Key | None, Cards]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)


class Lane(NamedTuple):
    """What goes across the columns: the key of those cards, and whether it takes others."""

    key: Key
    takes: bool = True


def make_lanes(found: Found, way: str, groups: str) -> list[Lane]:
    """The lanes across columns of this way: what would be columns of the other one."""
    if groups not in WAYS or groups == way:
        return []
    return [Lane(one.key, one.takes) for one in _COLUMNS[groups](found, found.cards)]


def make_columns(found: Found, way: str, order: str, groups: str = "") -> list[Column]:
    """The columns with their cards in order; `groups` gathers them in lanes: '' or a `WAYS`."""
    cards = ordered(found, order)
    made, gathered = _COLUMNS[way](found, cards), _gathered(found, cards, way)
    for column in made:
        _fill(
            found, column, gathered.get(column.key, cards.at(())), groups if groups != way else ""
        )
    return made


def _fill(found: Found, column: Column, cards: Cards, groups: str) -> None:
    column.cards = cards
    column.totals = totals(found, cards)
    column.groups = grouped(found, cards, groups)


def replaced(
    found: Found, columns: Sequence[Column], changed: Sequence[Card], way: str, order: str,
    groups: str = "",
) -> None:  # fmt: skip
    """Cards as they will be once they are saved: only columns that lose or get one are made anew.

    A card whose stage is not among the columns goes.
    """
    new = {card.id for card in changed}
    place = _PLACES[way]
    coming = defaultdict[Key, list[Card]](list)
    for card in changed:
        if _is_open(found, card):
            coming[place(found, card)].append(card)
    leaving = {place(found, card) for card in found.cards.some(new)}
    kept = found.cards.without(new)
    found.cards = kept.with_more(chain.from_iterable(coming.values()))
    more = found.cards.places[len(kept) :]
    added = {found.cards.at([row])[0].id: row for row in more}
    for column in columns:
        if column.key in leaving or column.key in coming:
            rows = [added[card.id] for card in coming[column.key]]
            own = found.cards.at([*column.cards.without(new).places, *rows])
            _fill(found, column, ordered(found, order, own), groups if groups != way else "")


def _is_open(found: Found, card: Card) -> bool:
    return card.stage in found.stages and found.stages[card.stage].is_open


def ordered(found: Found, order: str, cards: Iterable[Card] | None = None) -> Cards:
    """By the next step (nothing planned first), amount, time in the stage, or expected day.

    Numbers of less than 31 bits are compared several times as fast, pairs of them slowest of all.
    """
    some = Cards.of(found.cards if cards is None else cards)
    now = found.now
    if order == AGE:
        keys = [since - now if since else 0 for since in some.column("since")]
    elif order == EXPECTED:
        keys = [day or _NEVER for day in some.column("expected")]
    else:
        keys = [-(amount or 0) for amount in some.column("amount")]
    places = sorted(range(len(some)), key=keys.__getitem__)
    if order not in (AGE, EXPECTED, AMOUNT):
        steps = [step - now if step else -_NEVER for step in some.column("next_at")]
        places.sort(key=steps.__getitem__)
    return some.at([some.places[place] for place in places])


def grouped(found: Found, cards: Cards, way: str) -> list[tuple[Key | None, Cards]]:
    """The cards of a column by another question, in the order in which columns would stand."""
    if way not in WAYS:
        return [(None, cards)]
    gathered = _gathered(found, cards, way)
    if way == BY_STAGE:
        return [(s.id, gathered[s.id]) for s in found.pipeline.stages if s.id in gathered]
    return [(key, gathered[key]) for key in sorted(gathered, key=lambda k: _rank(found, k))]


def _gathered(found: Found, cards: Cards, way: str) -> dict[Key, Cards]:
    """The cards by the key of their column, in their order."""
    places = defaultdict[Key, list[int]](list)
    for key, place in zip(_KEYS[way](found, cards), cards.places, strict=True):
        places[key].append(place)
    return {key: cards.at(own) for key, own in places.items()}


def _rank(found: Found, key: Key) -> tuple[Any, ...]:
    """Names by the alphabet with nobody last; months as they come, overdue first."""
    if isinstance(key, tuple):
        return 1, key, ""
    if isinstance(key, int):
        return 1, (0, 0), found.title(found.targets.who, key).casefold()
    return (0 if key == OVERDUE else 2), (0, 0), ""


# --- what columns there are -----------------------------------------------------------------------


def _by_stage(found: Found, _cards: Cards) -> list[Column]:
    return [Column(stage.id, stage.name, stage.tone) for stage in found.open_stages]


def _by_person(found: Found, cards: Cards) -> list[Column]:
    people = set(_people(found, cards))
    made = []
    for key in sorted(people | {NOBODY}, key=lambda k: _rank(found, k)):
        title = found.title(found.targets.who, key) if isinstance(key, int) else ""
        made.append(Column(key, title, "accent" if isinstance(key, int) else "neutral"))
    return made


def _by_month(found: Found, cards: Cards) -> list[Column]:
    present = set(_months(found, cards))
    first = found.today.replace(day=1)
    ahead = [add_months(first, step) for step in range(MONTHS_AHEAD)]
    months: set[Key] = {(day.year, day.month) for day in ahead}
    months |= {key for key in present if isinstance(key, tuple)}
    keys: list[Key] = [OVERDUE] if OVERDUE in present else []
    keys += [*sorted(months, key=lambda key: _rank(found, key)), DATELESS]
    tones: dict[Key, str] = {OVERDUE: "bad", (first.year, first.month): "accent"}
    return [Column(key, "", tones.get(key, "neutral"), takes=key != OVERDUE) for key in keys]


def month_of(found: Found, expected: int) -> Key:
    """The month of a day in which something is expected; what should have been closed already
    stands apart."""
    if not expected:
        return DATELESS
    if expected < found.today.toordinal() - EPOCH:
        return OVERDUE
    day = date.fromordinal(EPOCH + expected)
    return day.year, day.month


def _stages(_found: Found, cards: Cards) -> list[Key]:
    return cards.column(STAGE)


def _people(_found: Found, cards: Cards) -> list[Key]:
    return [who or NOBODY for who in cards.column("who")]


def _months(found: Found, cards: Cards) -> list[Key]:
    days = cards.column("expected")
    months = {day: month_of(found, day) for day in set(days)}
    return [months[day] for day in days]


_COLUMNS: dict[str, Callable[[Found, Cards], list[Column]]] = {
    BY_STAGE: _by_stage, BY_PERSON: _by_person, BY_MONTH: _by_month,
}  # fmt: skip
_KEYS: dict[str, Callable[[Found, Cards], list[Key]]] = {
    BY_STAGE: _stages, BY_PERSON: _people, BY_MONTH: _months,
}  # fmt: skip
_PLACES: dict[str, Callable[[Found, Card], Key]] = {
    BY_STAGE: lambda _found, card: card.stage,
    BY_PERSON: lambda _found, card: card.who or NOBODY,
    BY_MONTH: lambda found, card: month_of(found, card.expected),
}


def key_of(found: Found, card: Card, way: str) -> Key:
    """The column, or the lane, in which a card lies."""
    return _PLACES[way](found, card)


def day_in(found: Found, card: Card, key: Key) -> date | None:
    """The day a card gets in the column of a month: the same of that month, never one that is
    over; the last of the month where it had none. None without a date."""
    if not isinstance(key, tuple):
        return None
    last = month_end(date(key[0], key[1], 1)).toordinal()
    kept = card.day
    wanted = date(key[0], key[1], 1).toordinal() + (kept.day - 1 if kept is not None else 31)
    return date.fromordinal(max(min(wanted, last), min(found.today.toordinal(), last)))
