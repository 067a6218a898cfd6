"""Cards in columns: by stage, by who is responsible, or by the month they are expected to close.

What a card gets that is dropped into a column stands with the column, so that a drag is the same
thing in each of the three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from crm_desktop.models.text.days import add_months
from crm_desktop.services.board.cards import EPOCH, Card, Found, Totals, totals

BY_STAGE, BY_PERSON, BY_MONTH = WAYS = ("stages", "people", "months")
OVERDUE, DATELESS, NOBODY = "overdue", "dateless", "nobody"
STEP, AMOUNT, AGE, EXPECTED = ORDERS = ("step", "amount", "age", "expected")
MONTHS_AHEAD = 3
"""Months that have a column even while nothing is expected in them."""
Key = int | str | tuple[int, int]
_NEXT_AT = Card._fields.index("next_at")
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
    cards: list[Card] = field(default_factory=list)
    groups: list[tuple[Key | None, list[Card]]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)


def make_columns(found: Found, way: str, order: str, groups: str = "") -> list[Column]:
    """The columns with their cards in order; `groups` gathers them within: '' or one of `WAYS`."""
    cards = ordered(found, order)
    made = _COLUMNS[way](found, cards)
    by_key = {column.key: column for column in made}
    place = _PLACES[way]
    adding = {key: column.cards.append for key, column in by_key.items()}
    for card in cards:
        adding[place(found, card)](card)
    for column in made:
        column.totals = totals(found, column.cards)
        column.groups = grouped(found, column.cards, groups if groups != way else "")
    return made


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
    leaving = {place(found, card) for card in found.cards if card[0] in new}
    found.cards = [card for card in found.cards if card[0] not in new]
    for cards in coming.values():
        found.cards += cards
    for column in columns:
        if column.key not in leaving and column.key not in coming:
            continue
        kept = [card for card in column.cards if card[0] not in new]
        column.cards = ordered(found, order, kept + coming[column.key])
        column.totals = totals(found, column.cards)
        column.groups = grouped(found, column.cards, groups if groups != way else "")


def _is_open(found: Found, card: Card) -> bool:
    return card.stage in found.stages and found.stages[card.stage].is_open


def ordered(found: Found, order: str, cards: Sequence[Card] | None = None) -> list[Card]:
    """By the next step (nothing planned first), amount, time in the stage, or expected day."""
    some = found.cards if cards is None else cards
    places = range(len(some))
    amounts = [-(card.amount or 0) for card in some]
    if order == AMOUNT:
        keys = sorted(zip(amounts, places, strict=True))
    elif order == AGE:
        keys = sorted(zip([card.since or found.now for card in some], places, strict=True))
    elif order == EXPECTED:
        keys = sorted(zip([card.expected or _NEVER for card in some], places, strict=True))
    else:
        steps = map(itemgetter(_NEXT_AT), some)
        return [some[key[2]] for key in sorted(zip(steps, amounts, places, strict=True))]
    return [some[key[1]] for key in keys]


def grouped(
    found: Found, cards: Sequence[Card], way: str
) -> list[tuple[Key | None, list[Card]]]:  # fmt: skip
    """The cards of a column by another question, in the order in which columns would stand."""
    if way not in WAYS:
        return [(None, list(cards))]
    place, gathered = _PLACES[way], defaultdict[Key, list[Card]](list)
    for card in cards:
        gathered[place(found, card)].append(card)
    if way == BY_STAGE:
        return [(s.id, gathered[s.id]) for s in found.pipeline.stages if s.id in gathered]
    return [(key, gathered[key]) for key in sorted(gathered, key=lambda k: _rank(found, k))]


def _rank(found: Found, key: Key) -> tuple[Any, ...]:
    """Names by the alphabet with nobody last; months as they come, overdue first."""
    if isinstance(key, tuple):
        return 1, key, ""
    if isinstance(key, int):
        return 1, (0, 0), found.title(found.targets.who, key).casefold()
    return (0 if key == OVERDUE else 2), (0, 0), ""


# --- what columns there are -----------------------------------------------------------------------


def _by_stage(found: Found, _cards: Sequence[Card]) -> list[Column]:
    return [Column(stage.id, stage.name, stage.tone) for stage in found.open_stages]


def _by_person(found: Found, cards: Sequence[Card]) -> list[Column]:
    people: set[Key] = {card.who or NOBODY for card in cards}
    made = []
    for key in sorted(people | {NOBODY}, key=lambda k: _rank(found, k)):
        title = found.title(found.targets.who, key) if isinstance(key, int) else ""
        made.append(Column(key, title, "accent" if isinstance(key, int) else "neutral"))
    return made


def _by_month(found: Found, cards: Sequence[Card]) -> list[Column]:
    present = {month_of(found, card) for card in cards}
    first = found.today.replace(day=1)
    ahead = [add_months(first, step) for step in range(MONTHS_AHEAD)]
    months: set[Key] = {(day.year, day.month) for day in ahead}
    months |= {key for key in present if isinstance(key, tuple)}
    keys: list[Key] = [OVERDUE] if OVERDUE in present else []
    keys += [*sorted(months, key=lambda key: _rank(found, key)), DATELESS]
    tones: dict[Key, str] = {OVERDUE: "bad", (first.year, first.month): "accent"}
    return [Column(key, "", tones.get(key, "neutral"), takes=key != OVERDUE) for key in keys]


def month_of(found: Found, card: Card) -> Key:
    """The month in which it is expected; what should have been closed already stands apart."""
    if not card.expected:
        return DATELESS
    if card.expected < found.today.toordinal() - EPOCH:
        return OVERDUE
    day = date.fromordinal(EPOCH + card.expected)
    return day.year, day.month


_COLUMNS: dict[str, Callable[[Found, Sequence[Card]], list[Column]]] = {
    BY_STAGE: _by_stage, BY_PERSON: _by_person, BY_MONTH: _by_month,
}  # fmt: skip
_PLACES: dict[str, Callable[[Found, Card], Key]] = {
    BY_STAGE: lambda _found, card: card.stage,
    BY_PERSON: lambda _found, card: card.who or NOBODY,
    BY_MONTH: month_of,
}


def day_in(found: Found, card: Card, key: Key) -> date | None:
    """The day a card gets in the column of a month: the same of that month, never one that is
    over; the last of the month where it had none. None without a date."""
    if not isinstance(key, tuple):
        return None
    last = add_months(date(key[0], key[1], 1), 1).toordinal() - 1
    kept = card.day
    wanted = date(key[0], key[1], 1).toordinal() + (kept.day - 1 if kept is not None else 31)
    return date.fromordinal(max(min(wanted, last), min(found.today.toordinal(), last)))
