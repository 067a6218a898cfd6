"""Tags, relations, selections and parts in decisions of the demo company.

They draw from a chance of their own, so that names and orders stay what they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query, where_from_json
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.history import Event
from crm_desktop.services.demo.people import Stage
from crm_desktop.services.seeds import VALUES
from crm_desktop.services.writing.staging import Create, Write

SEED = 512
TAGGED, TIED = 0.35, 0.12
FROZEN = 24
TAGS: Mapping[str, Sequence[tuple[str, str]]] = {
    "ru": (("VIP", "accent"), ("Опт", "info"), ("Сезонный спрос", "ok"), ("Долго думают", "warn"),
           ("Нужен ЭДО", "neutral"), ("Спорный долг", "bad"), ("Рекомендует нас", "ok")),
    "en": (("VIP", "accent"), ("Wholesale", "info"), ("Seasonal", "ok"), ("Slow to decide", "warn"),
           ("E-invoices", "neutral"), ("Disputed debt", "bad"), ("Recommends us", "ok")),
}  # fmt: skip
SELECTIONS: Mapping[str, Mapping[str, str]] = {
    "ru": {"live": "VIP и оптовики", "gone": "Давно молчат", "frozen": "Новогодние подарки",
           "note": "Поздравить до 25 декабря", "people": "Решают сами"},
    "en": {"live": "VIP and wholesale", "gone": "Silent for long", "frozen": "Season’s gifts",
           "note": "To be sent before 20 December", "people": "Decide themselves"},
}  # fmt: skip
DECISIONS: Mapping[int, Sequence[str]] = {
    0: ("decides",), 1: ("influences", "champion", "initiates"), 2: ("decides", "influences"),
    3: ("uses", "gatekeeper", "against", "initiates"), 4: ("gatekeeper", "uses"),
}  # fmt: skip
"""Parts in decisions by the place of the role in its book."""
WEIGHTS = {"decides": (8, 10), "influences": (5, 8), "champion": (4, 8), "initiates": (3, 6),
           "uses": (1, 4), "gatekeeper": (2, 6), "against": (3, 8)}  # fmt: skip


class Bonds:
    """Makes what joins the records of one demo company."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._chance = Random(SEED)
        self._language = stage.country.language
        self._tags = TAGS[self._language]

    # --- tags -------------------------------------------------------------------------------------

    def tags(self) -> list[Write]:
        """The tags with their colours, before a client has them."""
        return [
            Create("tag", {"name": name, "tone": tone}, id=self._stage.new_id())
            for name, tone in self._tags
        ]

    def mark(self, clients: Sequence[Client]) -> None:
        """Gives a third of the clients some tags, and the people their part in decisions."""
        for client in clients:
            if self._chance.random() < TAGGED:
                amount = self._chance.choices((1, 2, 3), (60, 30, 10))[0]
                chosen = self._chance.sample(self._tags, amount)
                client.values["tags"] = ", ".join(name for name, _tone in chosen)
            for write in client.writes:
                if isinstance(write, Create) and write.entity == "employment":
                    self._decide(write)

    def _decide(self, write: Create) -> None:
        values = write.values
        if not isinstance(values, dict) or self._chance.random() < 0.25:
            return
        roles = [names[self._language == "ru"] for names in VALUES["role"]]
        books = self._stage.books
        at = next((n for n, name in enumerate(roles) if books.get(("role", name)) ==
                   values.get("role")), 3)  # fmt: skip
        part = self._chance.choice(DECISIONS[at])
        values |= {"decision": part, "weight": self._chance.randint(*WEIGHTS[part])}

    # --- relations --------------------------------------------------------------------------------

    def relations(self, clients: Sequence[Client]) -> Iterator[Event]:
        """Some companies have to do with others; a few of them with several."""
        firms = [c for c in clients if c.values.get("kind") != "person"]
        if len(firms) < 3:
            return
        hubs = self._chance.sample(firms, max(1, int(len(firms) * TIED)))
        for hub in hubs:
            others = [c for c in self._chance.sample(firms, min(6, len(firms))) if c is not hub]
            for other in others[: self._chance.choices((1, 2, 4), (60, 30, 10))[0]]:
                yield Event(min(hub.age, other.age) / 2, (self._relation(hub, other),))

    def _relation(self, one: Client, other: Client) -> Write:
        kinds = [names[self._language == "ru"] for names in VALUES["relation_kind"][:5]]
        name = self._chance.choices(kinds, (30, 30, 12, 16, 12))[0]
        values: dict[str, Any] = {
            "one": Ref("client", one.id), "other": Ref("client", other.id),
            "kind": self._stage.books["relation_kind", name],
            "since": self._stage.today - timedelta(days=self._chance.randrange(200, 2600)),
        }  # fmt: skip
        if self._chance.random() < 0.1:
            values["until"] = self._stage.today - timedelta(days=self._chance.randrange(10, 180))
        return Create("relation", values, id=self._stage.new_id())

    # --- selections -------------------------------------------------------------------------------

    def selections(self, clients: Sequence[Client]) -> Iterator[Event]:
        """Three live selections and a frozen one with its members."""
        words = SELECTIONS[self._language]
        names = [name for name, _tone in self._tags]
        quiet = {"field": "last_contact", "op": "lt", "value": self._days_ago(180)}
        yield Event(9.0, (
            self._live(words["live"], "client", {"tags": names[:2]}, "accent"),
            self._live(words["gone"], "client", quiet, "warn"),
            self._live(words["people"], "person", {
                "field": "employment", "op": "any", "value": {"decision": "decides", "gone": False},
            }, "ok"),
        ))  # fmt: skip
        frozen = self._stage.new_id()
        yield Event(8.0, (Create("selection", {
            "name": words["frozen"], "about": "client", "live": False, "tone": "info",
            "note": words["note"],
        }, id=frozen),))  # fmt: skip
        old = [c for c in clients if c.age > 8 and c.segment in ("key", "regular")]
        for client in old[:FROZEN]:
            values = {"name": words["frozen"], "selection": frozen,
                      "record": Ref("client", client.id)}  # fmt: skip
            yield Event(7.0, (Create("selection_member", values, id=self._stage.new_id()),))

    def _days_ago(self, days: int) -> str:
        return (self._stage.today - timedelta(days=days)).isoformat()

    def _live(self, name: str, about: str, where: Any, tone: str) -> Write:
        query = Query(about, where=where_from_json(where))
        values = {"name": name, "about": about, "live": True, "tone": tone,
                  "query": json.dumps(query.to_json(), ensure_ascii=False)}  # fmt: skip
        return Create("selection", values, id=self._stage.new_id())
