"""Clients of the demo company: firms, sole traders and private persons, with their people."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.country import City, Country, Name, Trade, pick
from crm_desktop.services.demo.people import People, Place, Stage
from crm_desktop.services.demo.requisites import Requisites
from crm_desktop.services.writing.staging import Create, Write

KINDS, KIND_WEIGHTS = ("company", "sole_trader", "person"), (62, 14, 24)
STATUSES, STATUS_WEIGHTS = ("new", "talks", "active", "sleeping", "lost"), (8, 17, 47, 16, 12)
SOURCES = ("site", "friends", "call", "exhibition", "advert", "cold")
SOURCE_WEIGHTS = (30, 27, 16, 8, 13, 6)
SEGMENTS = {
    "company": (("key", "regular", "small", "partner"), (8, 48, 34, 10)),
    "sole_trader": (("regular", "small", "partner"), (35, 60, 5)),
    "person": (("regular", "small"), (12, 88)),
}
# How long ago a client of each status came, in days: the least, the most, the usual.
AGES = {
    "new": (0, 24, 2), "talks": (4, 170, 12), "active": (35, 730, 90), "sleeping": (300, 730, 480),
    "lost": (30, 720, 120),
}  # fmt: skip
PAYING, KNOWN = ("active", "sleeping"), 0.55
"""Statuses of clients whose legal details the office may know, and of how many it does."""
WEB_MAIL = "post.example"


@dataclass
class Client:
    """One client: what is written, and what its history needs to know."""

    id: int
    age: float
    """How many days ago the client came."""
    status: str
    segment: str
    street: str
    responsible: int | None
    values: dict[str, Any]
    writes: list[Write] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)


class Clients:
    """Makes one client after the other; names do not repeat."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._country: Country = stage.country
        self._chance = stage.chance
        self._people = People(stage)
        self.requisites = Requisites(stage.country, stage.new_id)
        self._taken: set[str] = set()
        self._sellers = [seat for seat in stage.seats if seat.duty == "sales"]

    def make(self) -> Client:
        """A client with contacts and people."""
        kind = self._chance.choices(KINDS, KIND_WEIGHTS)[0]
        city = pick(self._chance, self._country.cities)
        status = self._chance.choices(STATUSES, STATUS_WEIGHTS)[0]
        client = self._start(kind, city, status)
        if kind == "company":
            self._company(client, city)
        else:
            self._human(client, city, kind)
        share = 1.0 if client.segment == "key" else KNOWN if status in PAYING else 0.0
        client.writes += self.requisites.of(client.id, client.values, city, share=share)
        return client

    def _start(self, kind: str, city: City, status: str) -> Client:
        chance, book = self._chance, self._stage.book
        segment = chance.choices(*SEGMENTS[kind])[0]
        address = self._country.address(chance, city, home=kind == "person")
        responsible = self._responsible(status)
        least, most, usual = AGES[status]
        client = Client(self._stage.new_id(), chance.triangular(least, most, usual), status,
                        segment, address, responsible, {})  # fmt: skip
        client.values = {
            "kind": kind, "status": book("client_status", status),
            "segment": book("segment", segment), "region": book("region", city.region),
            "source": book("source", chance.choices(SOURCES, SOURCE_WEIGHTS)[0]),
            "city": city.name, "address": address, "responsible": responsible,
        }  # fmt: skip
        if chance.random() < 0.18:
            client.values["note"] = chance.choice(self._country.notes)
        return client

    def _responsible(self, status: str) -> int | None:
        """Colleagues who left keep only old clients; some clients wait for somebody."""
        if self._chance.random() < (0.2 if status == "new" else 0.01):
            return None
        old = status in ("sleeping", "lost")
        return self._chance.choice([s.id for s in self._sellers if old or not s.gone])

    @staticmethod
    def _place(client: Client, city: City, domain: str) -> Place:
        return Place(client.id, city, domain, client.age)

    @property
    def second_jobs(self) -> list[tuple[float, Write]]:
        """Places of work that join people of one client to another, with their age in days."""
        return self._people.second_jobs

    def _write(self, client: Client, people: list[Write]) -> None:
        client.writes = [Create("client", client.values, id=client.id), *people]

    # --- firms ------------------------------------------------------------------------------------

    def _company(self, client: Client, city: City) -> None:
        chance, country, values = self._chance, self._country, client.values
        trade = pick(chance, country.trades)
        own, name = self._firm_name(trade)
        form = pick(chance, country.forms_of.get(trade.industry, country.forms))
        domain = self._domain(own, name, city)
        values |= {
            "name": form.usual.format(name=name), "legal_name": form.legal.format(name=name),
            "industry": self._stage.book("industry", trade.industry),
            "tax_id": country.tax_id(chance, city, company=True),
            "phone": country.landline(chance, city), "email": f"info@{domain}",
        }  # fmt: skip
        if chance.random() < 0.7:
            values["web"] = f"https://{domain}"
        if chance.random() < 0.6:
            values["employees"] = max(2, int(chance.lognormvariate(3.1, 1.0)))
            values["revenue"] = Decimal(values["employees"] * chance.randrange(9, 60) * 100_000)
        people, client.spoken = self._people.team(
            self._place(client, city, domain), client.responsible
        )
        self._write(client, [*self._second_phone(client, city), *people])

    def _second_phone(self, client: Client, city: City) -> list[Write]:
        if self._chance.random() > 0.25:
            return []
        values = {
            "value": self._country.mobile(self._chance, city), "kind": "phone",
            "purpose": self._country.purposes["office"], "owner": Ref("client", client.id),
        }  # fmt: skip
        return [Create("channel", values, id=self._stage.new_id())]

    def _firm_name(self, trade: Trade) -> tuple[str, str]:
        """The proper name and the whole one, which nobody has yet."""
        for _attempt in range(1000):
            own = self._chance.choice(self._country.firm_names)
            if self._chance.random() < 0.22:
                own += " " + self._chance.choice(self._country.second_names)
            name = self._chance.choice(trade.patterns).format(name=own)
            if name not in self._taken:
                break
        self._taken.add(name)
        return own, name

    def _domain(self, own: str, name: str, city: City) -> str:
        latin = self._country.latin
        for words in (own, name, f"{own} {city.name}", f"{name} {city.name}"):
            domain = latin(words) + ".example"
            if domain not in self._taken:
                break
        self._taken.add(domain)
        return domain

    # --- people who buy for themselves ------------------------------------------------------------

    def _human(self, client: Client, city: City, kind: str) -> None:
        country, chance, values = self._country, self._chance, client.values
        name = self._new_name()
        trader = kind == "sole_trader"
        usual, legal = country.sole_trader(name) if trader else (country.full(name), "")
        values |= {"name": usual, "phone": country.mobile(chance, city)}
        if trader:
            values |= {
                "legal_name": legal, "tax_id": country.tax_id(chance, city, company=False) or None,
                "industry": self._stage.book("industry", pick(chance, country.trades).industry),
            }  # fmt: skip
        if chance.random() < 0.75:
            values["email"] = f"{country.latin(name.first)}.{country.latin(name.last)}@{WEB_MAIL}"
        client.spoken = [country.spoken(name)]
        people: list[Write] = []
        if trader:
            place = self._place(client, city, WEB_MAIL)
            people = self._people.person(name, place, country.owner, client.responsible)
        self._write(client, people)

    def _new_name(self) -> Name:
        for _attempt in range(1000):
            name = self._country.name(self._chance, woman=self._chance.random() < 0.48)
            if self._country.full(name) not in self._taken:
                break
        self._taken.add(self._country.full(name))
        return name
