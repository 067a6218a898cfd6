"""What happened between the demo company and each of its clients, from the first call on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.country import Text
from crm_desktop.services.demo.people import Stage
from crm_desktop.services.demo.plans import Plans
from crm_desktop.services.writing.staging import Create, Update, Write

# The stages of an order by what has become of the client.
PATHS = {
    "new": ("first",),
    "talks": ("first", "offer", "talks"),
    "active": ("first", "offer", "order", "install"),
    "sleeping": ("first", "order", "install", "sleep"),
    "lost": ("first", "offer", "talks", "lost"),
}
REPEAT = ("after", "offer", "order", "install")
FIRST_STATUS = {"talks": "new", "active": "talks", "sleeping": "active", "lost": "talks"}
DUTIES = {"measure": "measure", "install": "install"}
OLDEST = 731.0
REMEMBERED = 0.35  # the share of clients whose change of status is in the change log


class Event(NamedTuple):
    """Something written `age` days ago."""

    age: float
    writes: tuple[Write, ...]


class History:
    """Makes the events of one client after the other."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._chance = stage.chance
        self._plans = Plans(stage)

    def events(self, client: Client) -> Iterator[Event]:
        """The record itself, the entries about it, its change of status."""
        entries = list(self._ages(client, self._stages(client)))
        turn = self._turn(client, entries)
        yield Event(client.age, tuple(client.writes))
        what = self._chance.sample(self._stage.country.words["what"], 2)
        for place, (age, stage) in enumerate(entries):
            text = self._chance.choice(self._stage.country.texts[stage])
            entry = self._entry(client, age, stage, text, self._chance.choice(what))
            marks = self._plans.marks(entry.id or 0, text.kind, place == 0)
            yield Event(age, (replace(entry, values={**entry.values, **marks}),))
        for step in self._plans.step(client):
            yield Event(0.2, (step,))
        if turn is not None:
            yield turn

    # --- which and when ---------------------------------------------------------------------------

    def _stages(self, client: Client) -> list[str]:
        """The way of an order; faithful clients go it again and again."""
        chance = self._chance
        stages = list(PATHS[client.status])
        if client.status in ("active", "talks") and chance.random() < 0.4:
            stages.insert(1, "measure")
        if client.status == "talks":
            stages += ["talks"] * chance.choices((0, 1, 2, 4), (55, 28, 12, 5))[0]
        if client.status == "active":
            rounds = chance.choices((0, 1, 2, 3), (62, 26, 9, 3))[0]
            if client.segment == "key":
                rounds += chance.choices((1, 5, 30), (62, 32, 6))[0]
            for _round in range(rounds):
                stages += chance.sample(REPEAT, chance.randrange(1, 3))
            if chance.random() < 0.4:
                stages.append("after")
        return stages

    def _ages(self, client: Client, stages: list[str]) -> Iterator[tuple[float, str]]:
        """Moments between the day the client came and now, the later ones further apart."""
        gaps = [self._chance.expovariate(1 / 7) + 0.4 for _stage in stages]
        latest = self._latest(client)
        scale = min(1.0, (client.age - latest) / max(sum(gaps), 0.001))
        if client.status == "active" and len(stages) > 6:
            scale = (client.age - latest) / sum(gaps)
        age = client.age
        for gap, stage in zip(gaps, stages, strict=True):
            yield max(age, 0.0), stage
            age -= gap * scale

    def _latest(self, client: Client) -> float:
        """How many days ago the last entry may be."""
        if client.status in ("sleeping", "lost"):
            return client.age * 0.6
        return min(self._chance.expovariate(1 / 12), client.age * 0.5)

    def _turn(self, client: Client, entries: list[tuple[float, str]]) -> Event | None:
        """For some clients the status was another one at first; the record says so."""
        before = FIRST_STATUS.get(client.status)
        if before is None or len(entries) < 3 or self._chance.random() > REMEMBERED:
            return None
        book, values = self._stage.book, client.values
        now = {"status": values["status"]}
        values["status"] = book("client_status", before)
        return Event(entries[-1][0], (Update("client", client.id, now),))

    # --- one entry --------------------------------------------------------------------------------

    def _entry(self, client: Client, age: float, stage: str, text: Text, what: str) -> Create:
        chance, words = self._chance, self._stage.country.words
        filled = {
            "who": chance.choice(client.spoken), "what": what, "day": chance.choice(words["day"]),
            "until": chance.choice(words["until"]), "street": client.street,
            "number": self._number(age), "sum": self._stage.country.money(self._amount()),
        }  # fmt: skip
        values = {
            "kind": text.kind, "subject": text.subject.format(**filled),
            "body": text.body.format(**filled), "about": Ref("client", client.id),
            "author": self._author(client, stage), "moment": self._moment(age),
        }  # fmt: skip
        return Create("activity", values, id=self._stage.new_id())

    def _number(self, age: float) -> int:
        """Numbers of contracts and invoices grow with the days."""
        return max(1, int((OLDEST - age) * 3)) + 100 + self._chance.randrange(3)

    def _amount(self) -> int:
        return int(self._chance.lognormvariate(12.2, 0.9)) // 500 * 500 + 18_000

    def _author(self, client: Client, stage: str) -> int:
        duty = DUTIES.get(stage)
        if duty is None and stage == "after" and self._chance.random() < 0.4:
            duty = "service"
        if duty is None:
            return client.responsible or self._stage.seat("sales")
        return self._stage.seat(duty)

    def _moment(self, age: float) -> datetime:
        """A working hour of a working day, not later than now."""
        now = self._stage.now
        minute = self._chance.randrange(9 * 60, 18 * 60)
        day = now - timedelta(days=age)
        moment = day.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
        while moment > now or moment.weekday() > 4:
            moment -= timedelta(days=1)
        return moment.astimezone(UTC)
