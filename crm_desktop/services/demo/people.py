"""People of the demo company: colleagues, and those who work for its clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.country import City, Country, Job, Name, pick
from crm_desktop.services.writing.staging import Create, Update, Write

YEAR = 365


@dataclass(frozen=True)
class Seat:
    """A colleague: record id and what he does (`Colleague.duty`)."""

    id: int
    duty: str
    gone: bool


@dataclass(frozen=True)
class Stage:
    """What everything is made with: words, chance, new record ids, known references, today."""

    country: Country
    chance: Random
    new_id: Callable[[], int]
    books: Mapping[tuple[str, str], int]
    """Ids of reference values by book and name."""
    now: datetime
    seats: list[Seat] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day in the zone of the person at the computer."""
        return self.now.date()

    def book(self, book: str, key: str) -> int:
        """A reference value by what the generator calls it, or by its name."""
        return self.books[book, self.country.books.get(book, {}).get(key, key)]

    def seat(self, duty: str) -> int:
        """A colleague who does this work and is still here."""
        return self.chance.choice([s.id for s in self.seats if s.duty == duty and not s.gone])


@dataclass(frozen=True)
class Place:
    """Where a client is, the domain of its e-mail, and how many days ago it came."""

    client: int
    city: City
    domain: str
    age: float


def colleagues(stage: Stage, domain: str) -> list[Write]:
    """The office of the demo company."""
    found: list[Write] = []
    city = stage.country.cities[0]
    for colleague in stage.country.office:
        name = stage.country.name(stage.chance, woman=colleague.woman)
        seat = Seat(stage.new_id(), colleague.duty, colleague.gone)
        stage.seats.append(seat)
        values = {
            "name": stage.country.full(name),
            "job_title": colleague.job,
            "unit": stage.books["department", colleague.department],
            "phone": stage.country.landline(stage.chance, city),
            "email": _address(stage.country, name, domain),
            "gone": colleague.gone,
        }
        found.append(Create("staff", values, id=seat.id))
    return found


def with_heads(seats: list[Seat], writes: list[Write]) -> list[Write]:
    """Each department reports to its first colleague, and these to the director, who is first."""
    director, firsts = seats[0].id, dict[object, int]()
    found: list[Write] = []
    for seat, write in zip(seats, writes, strict=True):
        assert isinstance(write, Create | Update)
        head = firsts.setdefault(write.values["unit"], director if seat.gone else seat.id)
        boss = head if head != seat.id else director
        values = {**write.values, "head": boss if boss != seat.id else None}
        found.append(replace(write, values=values))
    return found


def _address(country: Country, name: Name, domain: str) -> str:
    return f"{country.latin(name.first)[:1]}.{country.latin(name.last)}@{domain}"


class People:
    """Makes the people of one client after the other."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._country = stage.country
        self._chance = stage.chance
        self._known: list[tuple[int, float]] = []
        self.second_jobs: list[tuple[float, Write]] = []
        """Further places of work of people, with their age in days: they need both sides."""

    def team(self, place: Place, responsible: int | None) -> tuple[list[Write], list[str]]:
        """The people of a firm, and how they are spoken of."""
        amount = self._chance.choices((1, 2, 3, 4), (38, 35, 19, 8))[0]
        writes: list[Write] = []
        spoken = []
        for number in range(amount):
            name = self._country.name(self._chance, woman=self._chance.random() < 0.46)
            job = pick(self._chance, self._country.jobs)
            writes += self.person(name, place, job, responsible)
            spoken.append(self._country.spoken(name))
            if number and self._chance.random() < 0.1 and self._known:
                self._second_job(place)
        return writes, spoken

    def person(self, name: Name, place: Place, job: Job, responsible: int | None) -> list[Write]:
        """One person with telephones, an address and a place of work."""
        id_ = self._stage.new_id()
        values = self._values(name, place, job, responsible)
        work = {
            "job_title": job.title, "person": id_, "client": place.client,
            "role": self._stage.books.get(("role", job.role)), "since": self._start(place),
            "main": True,
        }  # fmt: skip
        gone = self._chance.random() < 0.05
        if gone:
            started = work["since"]
            assert isinstance(started, date)
            days = max((self._stage.today - started).days, 1)
            work |= {"gone": True, "main": False,
                     "until": started + timedelta(days=self._chance.randrange(days))}  # fmt: skip
        else:
            self._known.append((id_, place.age))
        writes: list[Write] = [Create("person", values, id=id_)]
        writes.append(Create("employment", work, id=self._stage.new_id()))
        return writes + self._channels(id_, name, place)

    def _values(
        self, name: Name, place: Place, job: Job, responsible: int | None
    ) -> dict[str, Any]:
        chance = self._chance
        values: dict[str, Any] = {
            "name": self._country.full(name), "last_name": name.last, "first_name": name.first,
            "middle_name": name.middle or None, "job_title": job.title, "responsible": responsible,
        }  # fmt: skip
        if chance.random() < 0.93:
            values["phone"] = self._country.mobile(chance, place.city)
        if chance.random() < 0.82:
            values["email"] = _address(self._country, name, place.domain)
        if chance.random() < 0.55:
            age = int(chance.triangular(22, 66, 39)) * YEAR + chance.randrange(YEAR)
            values["birthday"] = self._stage.today - timedelta(days=age)
        if chance.random() < 0.12:
            values["note"] = chance.choice(self._country.person_notes)
        return values

    def _start(self, place: Place) -> date:
        days = self._chance.randrange(200, 9 * YEAR)
        return self._stage.today - timedelta(days=int(place.age) + days)

    def _channels(self, person: int, name: Name, place: Place) -> list[Write]:
        """A second telephone for a third of the people, a messenger for a tenth."""
        chance, found = self._chance, []
        if chance.random() < 0.33:
            found.append(
                {"value": self._country.landline(chance, place.city), "kind": "phone",
                 "purpose": self._country.purposes["work"]}
            )  # fmt: skip
        if chance.random() < 0.1:
            nick = self._country.latin(name.last).replace("-", "_")
            found.append({"value": f"@{nick}_{self._country.latin(name.first)[:1]}",
                          "kind": "messenger", "purpose": "Telegram"})  # fmt: skip
        for values in found:
            draw = chance.random()
            values["state"] = "valid" if draw > 0.04 else ("invalid", "do_not_contact")[draw < 0.01]
        return [
            Create("channel", {**values, "owner": Ref("person", person)}, id=self._stage.new_id())
            for values in found
        ]

    def _second_job(self, place: Place) -> None:
        """Somebody known from another client works here as well."""
        person, age = self._chance.choice(self._known[-400:])
        job = pick(self._chance, self._country.jobs)
        values = {
            "job_title": job.title, "person": person, "client": place.client,
            "role": self._stage.books.get(("role", job.role)), "since": self._start(place),
        }  # fmt: skip
        write = Create("employment", values, id=self._stage.new_id())
        self.second_jobs.append((min(age, place.age), write))
