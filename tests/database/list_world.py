"""A small world for lists: one user-made object with every kind of field, and what it links to."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.overlay import CustomRows, build_catalogue
from crm_desktop.models.schema import Tables
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.lists.service import Lists
from crm_desktop.services.titles import Titles
from tests.database.list_oracle import Judge
from tests.filling import fill, make_tables

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TENDER = "x_tender"
WORDS = ("Альфа", "альфа Ёлка", "Бета", "бета_100%", "Gamma", "gamma ray", "Дельта 7", "ёлка")
KINDS = ("open", "tight", "late")
BIG = 420
_DEFINITION = {
    "key": "tender", "label": "Tender", "title": "name",
    "fields": [
        {"key": "name", "type": "text", "label": "Name"},
        {"key": "place", "type": "integer", "label": "Place", "indexed": True},
        {"key": "share", "type": "decimal", "label": "Share"},
        {"key": "price", "type": "money", "label": "Price", "indexed": True},
        {"key": "urgent", "type": "bool", "label": "Urgent"},
        {"key": "due", "type": "date", "label": "Due", "indexed": True},
        {"key": "opened", "type": "datetime", "label": "Opened", "indexed": True},
        {"key": "kind", "type": "choice", "label": "Kind", "indexed": True, "choices": list(KINDS)},
        {"key": "tags", "type": "multi_choice", "label": "Tags", "choices": list(KINDS)},
        {"key": "client", "type": "link", "label": "Client", "target": "client", "indexed": True},
        {"key": "author", "type": "user", "label": "Author", "target": "staff"},
        {"key": "about", "type": "record", "label": "About", "indexed": True},
        {"key": "body", "type": "long_text", "label": "Body"},
        {"key": "title2", "type": "text", "label": "Second", "length": 300},
    ],
}  # fmt: skip


def lively_catalogue() -> Catalogue:
    """The built-in objects, a tender, and user-made fields of a client in its side table."""
    return build_catalogue(
        CustomRows(
            objects=((101, _DEFINITION),),
            fields=(
                (51, "client", {"key": "rating", "type": "integer", "label": "R", "indexed": True}),
                (52, "client", {"key": "nick", "type": "text", "label": "Nick"}),
                (53, "client", {"key": "vip", "type": "bool", "label": "Vip"}),
            ),
        )
    )


def opened(address: str) -> Iterator[World]:
    """A world of its own, closed afterwards; for fixtures of a whole module."""
    backend = open_backend(address, create=True)
    yield World(backend)
    backend.close()


class NoSearch:
    """A search that finds what a test says it finds."""

    def __init__(self) -> None:
        self.found: list[int] = []

    def matching(self, entity: str, text: str) -> list[int]:
        return self.found


class World:
    """A filled base, the lists over it, and the judge who knows every record."""

    def __init__(self, backend: Backend, seed: int = 7) -> None:
        self.backend = backend
        self.chance = random.Random(seed)
        self.catalogue = lively_catalogue()
        self.tables: Tables = make_tables(backend, self.catalogue)
        self.judge = Judge(self.catalogue)
        self.staff = self.add("staff", [{"name": w} for w in WORDS[:4]])
        self.books = self.add(
            "reference", [{"name": w, "book": "client_status", "tone": "ok"} for w in WORDS[:5]]
        )
        self.clients = self.add("client", list(self._clients()))
        self.tenders = self.add(TENDER, list(self._tenders()))
        self.search = NoSearch()
        self.titles = Titles(backend, self.tables)
        self.lists = Lists(
            backend, self.tables, self.titles, self.search,
            clock=MovedClock(NOW), user_id=lambda: self.staff[0],
        )  # fmt: skip

    def add(self, entity: str, rows: list[dict[str, Any]]) -> list[int]:
        """Puts records into the base and tells the judge."""
        ids = fill(self.backend, self.tables, entity, rows)
        known = self.judge.records.setdefault(entity, {})
        known.update((id_, {**row, "id": id_}) for id_, row in zip(ids, rows, strict=True))
        return ids

    def _some(self, values: Any) -> Any:
        return self.chance.choice([None, *values])

    def _clients(self) -> Iterator[dict[str, Any]]:
        for number in range(60):
            row = {
                "name": f"{self.chance.choice(WORDS)} {number % 17}",
                "status": self._some(self.books),
                "responsible": self._some(self.staff),
                "city": self._some(WORDS),
                "x_rating": self._some((1, 2, 3)),
                "x_nick": self._some(WORDS[:3]),
                "x_vip": self._some((True,)),
            }
            yield row

    def _tenders(self) -> Iterator[dict[str, Any]]:
        for number in range(BIG):
            yield {
                "name": f"{self.chance.choice(WORDS)} {number % 50}",
                "place": self._some(range(-3, 9)),
                "share": self._some([Decimal(n) / 4 for n in range(-2, 5)]),
                "price": self._some([Decimal(n) for n in ("0.01", "10.10", "99.99", "100")]),
                "urgent": self.chance.random() < 0.3,
                "due": self._some([date(2026, 11, 1) + timedelta(days=n) for n in range(0, 40, 3)]),
                "opened": self._some(
                    [NOW - timedelta(hours=n, milliseconds=n) for n in range(0, 400, 31)]
                ),
                "kind": self._some(KINDS),
                "tags": self._some([KINDS[:1], KINDS[1:], KINDS]),
                "client": self._some(self.clients),
                "author": self._some(self.staff),
                "about": self._some([Ref("client", self.clients[0]), Ref("staff", self.staff[1])]),
                "body": self._some(["начало " * 3 + w.lower() for w in WORDS]),
                "title2": self._some([w * 20 + " хвост" for w in WORDS]),
            }
