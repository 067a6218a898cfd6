"""Where the demo company's enquiries come from: campaigns, what they cost, leads, who gets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.country import pick
from crm_desktop.services.demo.history import Event
from crm_desktop.services.demo.people import Stage
from crm_desktop.services.demo.sales_words import words_of
from crm_desktop.services.pipelines.shape import Pipeline
from crm_desktop.services.writing.staging import Create, Write

SEED = 78
ONE_OF = 12
"""A lead for so many clients."""
MONTHS = 24
CHANNELS = ("site", "phone", "email", "chat", "social", "advice")
STATES, WEIGHTS = ("new", "working", "converted", "rejected"), (12, 14, 48, 26)
AGES = {"new": 2.0, "working": 8.0, "converted": 300.0, "rejected": 300.0}


class Enquiries:
    """Makes campaigns, costs, leads, the queue and two rules; a chance of its own."""

    def __init__(self, stage: Stage, pipeline: Pipeline) -> None:
        self._stage, self._pipeline = stage, pipeline
        self._chance = Random(SEED)
        self._words = words_of(stage.country.language)
        self._rouble = 1 if stage.country.language == "ru" else 60
        self.campaigns: dict[int, int] = {}
        """The campaign by the source it brings people from."""

    def beginning(self) -> list[Write]:
        """Campaigns and the queue, before anything came in by them."""
        return [*self._campaigns(), *self._queue()]

    def events(self, clients: Sequence[Client], amount: int) -> Iterator[Event]:
        """Costs of two years, leads, and at last the rules: the past has not obeyed them."""
        for month in range(MONTHS):
            yield self._month(30.4 * (month + 1))
        for _number in range(amount):
            yield self._lead(clients)
        yield Event(0.1, tuple(self._rules()))

    # --- campaigns, costs, who gets what ----------------------------------------------------------

    def _campaigns(self) -> Iterator[Create]:
        for number, (name, source) in enumerate(self._words.campaigns):
            id_, begun = self._stage.new_id(), 400 - 90 * number
            self.campaigns[self._stage.book("source", source)] = id_
            values = {
                "name": name, "source": self._stage.book("source", source),
                "since": self._stage.today - timedelta(days=begun),
                "until": self._stage.today - timedelta(days=begun - 60) if number % 2 else None,
                "state": "over" if number % 2 else "running",
                "budget": Decimal(180_000 // self._rouble),
            }  # fmt: skip
            yield Create("campaign", values, id=id_)

    def _queue(self) -> Iterator[Create]:
        queue, sellers = self._stage.new_id(), [
            seat.id for seat in self._stage.seats if seat.duty == "sales" and not seat.gone
        ]  # fmt: skip
        head = self._stage.seats[0].id
        yield Create("queue", {"name": self._words.queue, "way": "turn", "head": head}, id=queue)
        for place, staff in enumerate(sellers, start=1):
            values = {"queue": queue, "staff": staff, "position": place}
            yield Create("queue_member", values, id=self._stage.new_id())

    def _month(self, age: float) -> Event:
        """What a month of advertising cost."""
        first = (self._stage.today - timedelta(days=int(age))).replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        writes = []
        for source, name in self._words.costs.items():
            spent = self._chance.randrange(18, 60) * 1000 // self._rouble
            values = {
                "name": name, "source": self._stage.book("source", source), "since": first,
                "until": last, "amount": Decimal(spent),
                "campaign": self.campaigns.get(self._stage.book("source", source)),
            }  # fmt: skip
            writes.append(Create("channel_cost", values, id=self._stage.new_id()))
        return Event(age, tuple(writes))

    def _rules(self) -> Iterator[Create]:
        first, *_rest = self._pipeline.stages
        last = [step for step in self._pipeline.stages if step.is_open][-1]
        common = {"event": "stage", "pipeline": self._pipeline.id, "deed": "activity"}
        call, check = self._words.rules
        yield Create("automation", {
            **common, "name": call, "stage": first.id, "kind": "call", "whom": "responsible",
            "subject": self._words.subjects[0], "minutes": 15, "remind": 5, "escalates": True,
            "guard": "record", "position": 1,
        }, id=self._stage.new_id())  # fmt: skip
        yield Create("automation", {
            **common, "name": check, "stage": last.id, "kind": "task", "whom": "head",
            "subject": self._words.subjects[1], "minutes": 240, "guard": "record", "position": 2,
        }, id=self._stage.new_id())  # fmt: skip

    # --- leads ------------------------------------------------------------------------------------

    def _lead(self, clients: Sequence[Client]) -> Event:
        chance, stage = self._chance, self._stage
        state = chance.choices(STATES, WEIGHTS)[0]
        age = chance.uniform(0.1, AGES[state])
        client = chance.choice(clients) if state == "converted" else None
        if client is not None:
            age = min(age, client.age)
        received = self._moment(age)
        city = pick(chance, stage.country.cities)
        source = stage.book("source", chance.choice(("site", "advert", "call", "friends")))
        values: dict[str, Any] = {
            "name": self._name(client), "channel": chance.choice(CHANNELS), "state": state,
            "source": source, "city": city.name, "received": received,
            "text": chance.choice(self._words.enquiries),
            "campaign": self.campaigns.get(source) if chance.random() < 0.5 else None,
        }  # fmt: skip
        if client is None:
            values["phone"] = stage.country.mobile(chance, city)
        return Event(age, (Create("lead", values | self._end(state, received, client)),))

    def _name(self, client: Client | None) -> str:
        if client is not None:
            return str(client.values["name"])
        name = self._stage.country.name(self._chance, woman=self._chance.random() < 0.5)
        return self._stage.country.full(name)

    def _end(self, state: str, received: datetime, client: Client | None) -> dict[str, Any]:
        """Who took it, how soon it was answered, what became of it."""
        if state == "new":
            return {}
        minutes = int(self._chance.expovariate(1 / 22)) + 2
        answered = received + timedelta(minutes=minutes)
        values: dict[str, Any] = {
            "responsible": self._stage.seat("sales"), "taken": received + timedelta(minutes=1),
            "responded": answered, "response": minutes,
        }  # fmt: skip
        if state == "rejected":
            reason = self._chance.choice(self._words.rejections)
            values["reject_reason"] = self._stage.book("reject_reason", reason)
        if client is not None:
            values |= {"client": client.id, "converted": answered + timedelta(minutes=20)}
        return values

    def _moment(self, age: float) -> datetime:
        """A working hour of a working day, early enough to be answered before now."""
        latest = self._stage.now - timedelta(hours=3)
        day = self._stage.now - timedelta(days=age)
        minute = self._chance.randrange(9 * 60, 17 * 60)
        moment = day.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
        while moment > latest or moment.weekday() > 4:
            moment -= timedelta(days=1)
        return moment.astimezone(UTC)
