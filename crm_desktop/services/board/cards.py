"""The cards of a board: what is wrong with one, what many come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import mul
from typing import NamedTuple

from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.services.board.card_table import EPOCH as EPOCH
from crm_desktop.services.board.card_table import STAGE as STAGE
from crm_desktop.services.board.card_table import Card as Card
from crm_desktop.services.board.card_table import Cards as Cards
from crm_desktop.services.pipelines.shape import Pipeline, Stage

DAY_S = 86_400
NO_STEP, STUCK, LATE = "no_step", "stuck", "late"
"""Nothing is planned; it stands too long in its stage; what was planned is overdue."""
Sums = Mapping[str, int]


class Targets(NamedTuple):
    """Whose records the links of a card lead to: keys of objects, in the order of the fields."""

    client: str
    person: str
    who: str
    source: str


@dataclass
class Found:
    """The cards of a pipeline as they stand in the base. `now` is the moment of reading, `today`
    the day on the wall; `titles` come in the second step."""

    entity: str
    targets: Targets
    pipeline: Pipeline
    pipelines: tuple[Pipeline, ...]
    cards: Cards
    now: int
    today: date
    begun: frozenset[int] = frozenset()
    """The midnights of days that are not over: what is due at one of them is not overdue."""
    currency: str = ""
    """Of amounts that name none."""
    titles: dict[Ref, str] = field(default_factory=dict)
    more_fields: tuple[Field, ...] = ()
    """What cards show besides, as a person has chosen."""
    more: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Their values as they are read, by record; in the second step."""
    stale: bool = False
    """Whether others may have changed the cards since they were read."""

    def __post_init__(self) -> None:
        self.stages = {stage.id: stage for stage in self.pipeline.stages}

    def title(self, target: str, id_: int) -> str:
        """What a linked record is called; dots while that is not known yet, '' for none."""
        return self.titles.get(Ref(target, id_), "…") if id_ else ""

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        """The columns."""
        return tuple(stage for stage in self.pipeline.stages if stage.is_open)

    @property
    def ends(self) -> tuple[Stage, ...]:
        """Where what is dropped is over: won, lost."""
        return tuple(stage for stage in self.pipeline.stages if not stage.is_open)

    def days_in_stage(self, card: Card) -> int:
        """Whole days since it came into its stage."""
        return max(0, (self.now - card.since) // DAY_S) if card.since else 0

    def is_stuck(self, card: Card) -> bool:
        """Whether it stands in its stage for as long as the stage allows, or longer."""
        stage = self.stages.get(card.stage)
        limit = stage.stuck_days if stage is not None else None
        return limit is not None and self.days_in_stage(card) >= limit

    def is_late(self, card: Card) -> bool:
        """Whether its next step is overdue."""
        return 0 < card.next_at < self.now and card.next_at not in self.begun

    def marks(self, card: Card) -> list[str]:
        """What is wrong with a card."""
        found = [STUCK] if self.is_stuck(card) else []
        if not card.next_at:
            found.append(NO_STEP)
        elif self.is_late(card):
            found.append(LATE)
        return found

    def in_care(self) -> Cards:
        """What an owner would ask about: stuck, its step overdue, or nothing planned at all."""
        cards, now, begun = self.cards, self.now, self.begun
        limits = {id_: stage.stuck_days for id_, stage in self.stages.items()}
        latest = {
            id_: self.now - max(limit, 0) * DAY_S
            for id_, limit in limits.items() if limit is not None
        }  # fmt: skip
        always = {id_ for id_, limit in limits.items() if limit is not None and limit <= 0}
        columns = map(cards.column, (STAGE, "since", "next_at"))
        rows = zip(cards.places, *columns, strict=True)
        return cards.at([
            place for place, stage, since, step in rows
            if not step or (step < now and step not in begun) or stage in always
            or (since and since <= latest.get(stage, 0))
        ])  # fmt: skip

    def chance(self, card: Card) -> int:
        """Its own probability in percent, or that of its stage."""
        if card.chance >= 0:
            return card.chance
        stage = self.stages.get(card.stage)
        return (stage.probability or 0) if stage is not None else 0

    def money_in(self, card: Card) -> str:
        """The currency of its amount."""
        return card.currency or self.currency


@dataclass
class Totals:
    """How many, how much by currency in hundredths, and the same weighted by probability."""

    count: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    weighted: dict[str, int] = field(default_factory=dict)


def totals(found: Found, cards: Iterable[Card]) -> Totals:
    """Weighted sums are rounded half up once, at the end."""
    several = Cards.of(cards)
    by_stage = {id_: stage.probability or 0 for id_, stage in found.stages.items()}
    amounts = [amount or 0 for amount in several.column("amount")]
    chances = [
        chance if chance >= 0 else by_stage.get(stage, 0)
        for chance, stage in zip(several.column("chance"), several.column(STAGE), strict=True)
    ]
    codes = several.column("currency")
    sums, parts = defaultdict[str, int](int), defaultdict[str, int](int)
    if any(amounts) and len(set(codes)) == 1:
        code = codes[0] or found.currency
        sums[code], parts[code] = sum(amounts), sum(map(mul, amounts, chances))
    else:
        for code, amount, chance in zip(codes, amounts, chances, strict=True):
            if amount:
                code = code or found.currency
                sums[code] += amount
                parts[code] += amount * chance
    weighted = {code: _hundredth(part) for code, part in parts.items()}
    return Totals(len(several), dict(sums), weighted)


def _hundredth(part: int) -> int:
    return int((Decimal(part) / 100).quantize(Decimal(1), ROUND_HALF_UP))


def money(hundredths: int) -> Decimal:
    """The amount as the rest of the program has it."""
    return Decimal(hundredths).scaleb(-2)
