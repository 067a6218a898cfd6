"""A base with deals whose ways through the stages are drawn by lot, and a slow counter of them.

Written past the writer, so that the figures are judged by histories of every kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.whole_rows import whole_columns, whole_rows
from crm_desktop.models.query import Query
from crm_desktop.models.rowcodec import RowCodec
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOW = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
AWAY = -2
NAMES = ("First call", "Measurement", "Approval", "Payment", "Done")


@dataclass
class Stay:
    """A stay of a deal in a stage, by the place of the stage; -1 is Lost, `AWAY` the stage of
    another pipeline."""

    place: int
    who: int | None
    since: datetime
    direction: str
    minutes: int | None = None


@dataclass
class Deal:
    """What a counter needs to know of a deal."""

    opened: datetime
    who: int | None
    source: int | None = None
    client: int | None = None
    closed: datetime | None = None
    state: str = "open"
    amount: Decimal | None = None
    currency: str | None = None
    reason: int | None = None
    stays: list[Stay] = field(default_factory=list)
    id: int = 0

    @property
    def reached(self) -> int:
        """The furthest place; what was won by mistake is not won."""
        last = len(NAMES) - 1
        places = (stay.place for stay in self.stays)
        return max((p for p in places if p < last or self.is_won), default=0)

    @property
    def is_away(self) -> bool:
        """Whether it was moved to another pipeline."""
        return bool(self.stays) and self.stays[-1].place == AWAY

    @property
    def is_won(self) -> bool:
        """Whether it is won in the pipeline that is asked about."""
        return self.state == "won" and not self.is_away

    def move(self, place: int, when: datetime, direction: str, minutes: int = 30) -> None:
        """One step further or back."""
        if self.stays:
            self.stays[-1].minutes = minutes
        self.stays.append(Stay(place, self.who, when, direction))
        if direction in ("won", "lost"):
            self.state, self.closed = direction, when


class World:
    """The base, its people and reference values, and the deals that were put into it."""

    def __init__(self, address: str) -> None:
        self.clock = MovedClock(NOW)
        self.base: Workspace = ready_base(address, clock=self.clock)
        (company,) = self.base.lists.open(Query("working_calendar")).ids()
        self.base.records.update("working_calendar", company, {"zone": "UTC"})
        self.deals: list[Deal] = []
        self.staff = [self.add("staff", name=name) for name in ("Anna", "Boris", "Vera")]
        self.sources = [self.book("source", name) for name in ("Site", "Fair")]
        self.reasons = [self.book("loss_reason", name) for name in ("Dear", "Slow")]
        self.segments = [self.book("segment", name) for name in ("A", "B")]
        self.clients = [
            self.add("client", name=f"Client {n}", segment=segment)
            for n, segment in enumerate((*self.segments, None))
        ]
        self.pipeline = self.add("pipeline", name="Windows", position=7)
        self.stages = [
            self.stage(name, place + 1, "won" if name == "Done" else "open")
            for place, name in enumerate(NAMES)
        ]
        self.lost = self.stage("Lost", 6, "lost")
        self.other = self.add("pipeline", name="Gates", position=8)
        self.away = self.add("stage", name="Offer", pipeline=self.other, position=1)

    def add(self, entity: str, **values: Any) -> int:
        return int(self.base.records.create(entity, values).ids[0])

    def book(self, name: str, value: str) -> int:
        return self.add("reference", name=value, book=name)

    def stage(self, name: str, position: int, outcome: str) -> int:
        return self.add(
            "stage", name=name, pipeline=self.pipeline, position=position, outcome=outcome
        )

    # --- writing ----------------------------------------------------------------------------------

    def put(self, deals: Sequence[Deal]) -> None:
        """Writes the deals and their stays."""
        ids = self.insert("deal", [self._deal(deal) for deal in deals])
        for deal, id_ in zip(deals, ids, strict=True):
            deal.id = id_
        self.insert("deal_stage", [row for deal in deals for row in self._stays(deal)])
        self.deals.extend(deals)

    def insert(self, entity: str, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """Rows as they are."""
        backend = self.base.backend
        codec = RowCodec(self.base.tables, self.base.catalogue[entity])
        with backend.write() as connection:
            ids = backend.ids(connection, len(rows))
            made = whole_rows(codec, list(ids), list(rows), NOW)
            backend.insert_many(connection, codec.main, whole_columns(codec), made)
        return ids

    def _place(self, place: int) -> int:
        return {-1: self.lost, AWAY: self.away}.get(place) or self.stages[place]

    def _deal(self, deal: Deal) -> dict[str, Any]:
        here = deal.stays[-1].place if deal.stays else 0
        return {
            "name": "Deal", "pipeline": self.other if deal.is_away else self.pipeline,
            "stage": self._place(here),
            "opened": deal.opened, "closed": deal.closed, "state": deal.state,
            "reached": self.away if deal.is_away else self.stages[max(deal.reached, 0)],
            "responsible": deal.who,
            "source": deal.source, "client": deal.client, "amount": deal.amount,
            "currency": deal.currency, "loss_reason": deal.reason,
        }  # fmt: skip

    def _stays(self, deal: Deal) -> list[dict[str, Any]]:
        ends = [stay.since for stay in deal.stays[1:]]
        return [
            {
                "name": "Stay", "deal": deal.id,
                "pipeline": self.other if stay.place == AWAY else self.pipeline,
                "stage": self._place(stay.place), "since": stay.since, "until": until,
                "minutes": stay.minutes, "direction": stay.direction, "responsible": stay.who,
            }
            for stay, until in zip(deal.stays, [*ends, None], strict=True)
        ]  # fmt: skip

    def ids(self, query: Query) -> set[int]:
        """The records that a query opens."""
        return set(self.base.lists.open(query).ids())


def drawn(world: World, chance: Random, count: int) -> list[Deal]:
    """Deals of the first three months of 2026 with every kind of way."""
    found = []
    for _number in range(count):
        opened = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=chance.randrange(126_000))
        deal = Deal(
            opened, chance.choice([*world.staff, None]), chance.choice([*world.sources, None]),
            chance.choice([*world.clients, None]),
        )  # fmt: skip
        deal.amount = chance.choice((None, Decimal("100.50"), Decimal(2000)))
        deal.currency = chance.choice(("rub", "eur"))
        walk(world, deal, chance)
        found.append(deal)
    return found


def walk(world: World, deal: Deal, chance: Random) -> None:
    """Forward, over stages, back, lost, won, opened again, from hand to hand."""
    when, last = deal.opened, len(NAMES) - 1
    deal.move(0, when, "new")
    for _step in range(chance.randrange(9)):
        when += timedelta(minutes=chance.randrange(1, 4000))
        if chance.random() < 0.2:
            deal.who = chance.choice([*world.staff, None])
        here = deal.stays[-1].place
        there = chance.choice([-1, *range(last + 1)])
        if deal.state != "open":
            if chance.random() < 0.7:
                break
            deal.state, deal.closed, deal.reason = "open", None, None
            deal.move(chance.randrange(last), when, "reopened", chance.randrange(500))
        elif there == -1:
            deal.reason = chance.choice(world.reasons)
            deal.move(-1, when, "lost", chance.randrange(500))
        elif there == last:
            deal.move(last, when, "won", chance.randrange(500))
        elif there != here:
            deal.move(there, when, "forward" if there > here else "back", chance.randrange(500))
    if chance.random() < 0.15:
        leave(deal, when, chance)
    if chance.random() < 0.2:
        deal.who = chance.choice(world.staff)


def leave(deal: Deal, when: datetime, chance: Random) -> None:
    """To another pipeline, in which a few are won or lost."""
    deal.state, deal.closed, deal.reason = "open", None, None
    deal.move(AWAY, when + timedelta(minutes=5), "moved", chance.randrange(500))
    if chance.random() < 0.3:
        deal.state, deal.closed = chance.choice(("won", "lost")), when + timedelta(minutes=9)


# --- the slow counter -----------------------------------------------------------------------------


def in_period(deal: Deal, since: date, until: date, *, closing: bool = False) -> bool:
    """Whether the deal is asked for."""
    moment = deal.closed if closing else deal.opened
    if closing and deal.is_away:
        return False
    return moment is not None and since <= moment.date() <= until


def came(deal: Deal, place: int) -> bool:
    """Whether it reached the place or a later one."""
    return place == 0 or deal.is_won or deal.reached >= place


def had(deal: Deal, who: int | None, place: int) -> bool:
    """Whether `who` had it in that place or a later one."""
    if all(stay.who == who for stay in deal.stays) and deal.who == who:
        return came(deal, place)
    return any(
        stay.who == who and stay.place != AWAY and _counts(deal, stay) >= place
        for stay in deal.stays
    )


def _counts(deal: Deal, stay: Stay) -> int:
    """How far a stay counts: where it was won by mistake, it was no further than the beginning."""
    return 0 if stay.place == len(NAMES) - 1 and not deal.is_won else max(stay.place, 0)
