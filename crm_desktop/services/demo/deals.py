"""Two years of deals of the demo company, each with the way it took through the stages.

Moments of the past are written as they were, so these records bypass the rules: the writer would
take every move for one of today. What the rules keep (furthest stage, probability, working
minutes, sums) is reckoned here by the same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.history import Event
from crm_desktop.services.demo.people import Stage
from crm_desktop.services.demo.sales_words import words_of
from crm_desktop.services.money.pricing import priced, sums
from crm_desktop.services.pipelines.shape import Pipeline
from crm_desktop.services.pipelines.shape import Stage as Step
from crm_desktop.services.writing.staging import Create, Update, Write

SEED = 77
ONE_OF = 5
"""A deal for so many clients."""
OLDEST = 720.0
WITH_LINES, WITH_STEP, SKIPS, RETURNS = 0.6, 0.7, 0.1, 0.08
GAP = 5.0
"""Days in a stage, on average."""
Minutes = Callable[[datetime, datetime], int]
"""Working minutes between two moments."""


@dataclass(frozen=True)
class Move:
    """A stage that is entered `age` days ago, and how."""

    age: float
    step: Step
    direction: str


class Deals:
    """Makes the events of one deal after the other; a chance of its own, for the rest of the
    company must not change with it."""

    def __init__(self, stage: Stage, pipeline: Pipeline, entity: Any, minutes: Minutes) -> None:
        """`entity`: the object of the lines."""
        self._stage, self._pipeline, self._lines = stage, pipeline, entity
        self._minutes = minutes
        self._chance = Random(SEED)
        self._words = words_of(stage.country.language)
        self._open = [step for step in pipeline.stages if step.is_open]
        self._ends = {step.outcome: step for step in pipeline.stages if not step.is_open}
        self._staff = {seat.id for seat in stage.seats}
        self.campaigns: Mapping[int, int] = {}
        """The campaign by the source it brings people from."""

    def events(self, clients: Sequence[Client], amount: int) -> Iterator[Event]:
        """So many deals with clients that came before them."""
        for _number in range(amount):
            yield from self._deal(self._chance.choice(clients))

    # --- when and where ---------------------------------------------------------------------------

    def _deal(self, client: Client) -> Iterator[Event]:
        fresh = client.status in ("new", "talks")
        oldest = max(0.2, min(client.age, 45.0 if fresh else OLDEST))
        age = self._chance.uniform(0.1, oldest)
        moves = list(self._moves(age, client.status))
        yield from self._written(client, moves)

    def _moves(self, age: float, status: str) -> Iterator[Move]:
        """The way until today, or until it is won or lost."""
        chance, place, direction = self._chance, 0, "new"
        won = chance.random() < (0.35 if status == "lost" else 0.58)
        gives_up = chance.choices(range(len(self._open)), (34, 26, 22, 12, 6)[: len(self._open)])[0]
        while True:
            yield Move(age, self._open[place], direction)
            age -= chance.expovariate(1 / GAP) + 0.2
            if age <= 0.05:
                return
            if not won and place >= gives_up:
                yield Move(age, self._ends["lost"], "lost")
                return
            if place and chance.random() < RETURNS:
                place, direction = place - 1, "back"
                continue
            step = 2 if chance.random() < SKIPS else 1
            place, direction = place + step, "skip" if step > 1 else "forward"
            if place >= len(self._open):
                yield Move(age, self._ends["won"], "won")
                return

    def _moment(self, age: float) -> datetime:
        """A working hour of a working day, not later than now."""
        now = self._stage.now
        moment = now - timedelta(days=age)
        minute = 9 * 60 + int(moment.microsecond % 540)
        moment = moment.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
        while moment > now or moment.weekday() > 4:
            moment -= timedelta(days=1)
        return moment.astimezone(UTC)

    # --- what is written --------------------------------------------------------------------------

    def _written(self, client: Client, moves: list[Move]) -> Iterator[Event]:
        id_ = self._stage.new_id()
        moments = self._moments(moves)
        who = client.responsible or self._stage.seat("sales")
        values = self._values(client, who, moments[0])
        made: list[Write] = [*self._priced(id_, values)]
        values |= self._standing(moves[:1], moments[0])
        made.insert(0, Create("deal", values, id=id_, rules=False))
        stay, writes = self._stay(id_, who, moves[0], moments[0])
        yield Event(moves[0].age, (*made, *writes))
        for place in range(1, len(moves)):
            left = {"until": moments[place],
                    "minutes": self._minutes(moments[place - 1], moments[place])}  # fmt: skip
            changed = self._standing(moves[: place + 1], moments[place])
            former, (stay, writes) = stay, self._stay(id_, who, moves[place], moments[place])
            yield Event(moves[place].age, (
                Update("deal_stage", former, left, rules=False),
                Update("deal", id_, changed, rules=False), *writes,
            ))  # fmt: skip
        if moves[-1].step.is_open and self._chance.random() < WITH_STEP:
            yield Event(0.15, (self._step(id_, who),))

    def _moments(self, moves: Sequence[Move]) -> list[datetime]:
        found: list[datetime] = []
        for move in moves:
            moment = self._moment(move.age)
            found.append(max(moment, found[-1] + timedelta(minutes=7)) if found else moment)
        last = self._stage.now.astimezone(UTC)
        return [min(moment, last) for moment in found]

    def _values(self, client: Client, who: int, opened: datetime) -> dict[str, Any]:
        chance, source = self._chance, client.values.get("source")
        expected = opened.date() + timedelta(days=chance.randrange(15, 60))
        if (self._stage.today - opened.date()).days < 60:
            expected = self._stage.today + timedelta(days=chance.randrange(-4, 75))
        campaign = self.campaigns.get(source) if isinstance(source, int) else None
        return {
            "name": chance.choice(self._words.deals), "client": client.id, "responsible": who,
            "pipeline": self._pipeline.id, "source": source, "opened": opened,
            "campaign": campaign if chance.random() < 0.4 else None,
            "currency": "rub" if self._stage.country.language == "ru" else "usd",
            "expected": expected, "chance_by": "stage",
        }  # fmt: skip

    def _priced(self, deal: int, values: dict[str, Any]) -> Iterator[Create]:
        """The lines; the amount follows from them, or is a round figure."""
        chance, lines = self._chance, []
        if chance.random() >= WITH_LINES:
            most = 900_000 if self._stage.country.language == "ru" else 18_000
            values["amount"] = Decimal(chance.randrange(most // 25, most, most // 90))
            return
        wares = chance.sample(self._words.wares, chance.choices((1, 2, 3, 4), (20, 35, 30, 15))[0])
        for place, ware in enumerate(wares, start=1):
            line: dict[str, Any] = {
                "name": ware.name, "measure": ware.measure, "position": place, "deal": deal,
                "quantity": Decimal(chance.choices((1, 2, 3, 6, 14), (30, 30, 20, 14, 6))[0]),
                "price": Decimal(ware.price),
                "discount": Decimal(chance.choice((5, 7, 10))) if chance.random() < 0.3 else None,
                "vat_rate": self._pipeline.vat_rate, "vat_included": self._pipeline.vat_included,
            }  # fmt: skip
            priced(self._lines, line)
            lines.append(line)
        values["amount"] = sums(lines).amount
        for line in lines:
            yield Create(self._lines.key, line, id=self._stage.new_id(), rules=False)

    def _standing(self, moves: Sequence[Move], moment: datetime) -> dict[str, Any]:
        """What follows from where the deal stands now."""
        here, chance = moves[-1].step, self._chance
        order = {step.id: place for place, step in enumerate(self._pipeline.stages)}
        passed = [move.step for move in moves if move.step.outcome != "lost"]
        values: dict[str, Any] = {
            "stage": here.id, "state": here.outcome, "stage_since": moment,
            "reached": max(passed, key=lambda step: order[step.id]).id,
            "probability": here.probability,
        }  # fmt: skip
        if not here.is_open:
            values["closed"] = moment
        if here.outcome == "lost":
            values["loss_reason"] = self._stage.book(
                "loss_reason", chance.choice(self._words.reasons)
            )
            values["loss_comment"] = chance.choice(self._words.losses)
        return values

    def _stay(
        self, deal: int, who: int, move: Move, since: datetime
    ) -> tuple[int, tuple[Write, ...]]:
        id_ = self._stage.new_id()
        values = {
            "name": move.step.name, "pipeline": self._pipeline.id, "stage": move.step.id,
            "since": since, "direction": move.direction, "responsible": who, "mover": who,
            "deal": deal,
        }  # fmt: skip
        return id_, (Create("deal_stage", values, id=id_, rules=False),)

    def _step(self, deal: int, who: int) -> Create:
        """What is planned next; a few of them are late."""
        kind, subject = self._chance.choice(self._words.steps)
        days = -self._chance.randrange(1, 5) if self._chance.random() < 0.15 else (
            self._chance.randrange(1, 12)
        )  # fmt: skip
        due = self._stage.now + timedelta(days=days)
        while due.weekday() > 4:
            due += timedelta(days=1 if days > 0 else -1)
        due = due.replace(hour=self._chance.randrange(9, 18), minute=0, second=0, microsecond=0)
        values = {
            "kind": kind, "subject": subject, "about": Ref("deal", deal), "author": who,
            "due": due.astimezone(UTC), "state": "planned",
            "moment": self._stage.now.astimezone(UTC) - timedelta(hours=2),
        }  # fmt: skip
        return Create("activity", values, id=self._stage.new_id())
