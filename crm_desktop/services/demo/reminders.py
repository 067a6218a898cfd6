"""Critical wishes and annual dates of the demo clients: key ones have some, others a few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.annual import yearly
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.history import Event
from crm_desktop.services.writing.staging import Create, Write

SEED = 19
SHARE = 0.08
"""Of the clients that are not key ones."""
DAYS_AHEAD, SOON = 45, 9
OFTEN = 0.6


class DemoWish(NamedTuple):
    """A wish: the name of its kind in the reference book, how serious, what."""

    kind: str
    severity: str
    text: str


_RUSSIAN = (
    DemoWish("Доступ", "critical", "На объект только по списку: паспорта за сутки до выезда"),
    DemoWish("Аллергия", "critical", "У хозяина аллергия на растворители: только краски на воде"),
    DemoWish("Ограничения на объекте", "important", "Шумные работы — с 10 до 17, кроме выходных"),
    DemoWish("Как общаться", "hint", "Звонить после обеда, писать в мессенджер"),
    DemoWish("Оплата", "important", "Отгружать только после предоплаты"),
)
_ENGLISH = (
    DemoWish("Access", "critical", "Entry by list only: names and passports the day before"),
    DemoWish("Allergy", "critical", "The owner is allergic to solvents: water-based paint only"),
    DemoWish("Site limits", "important", "Noisy work from 10 to 17, never at weekends"),
    DemoWish("How to talk", "hint", "Call in the afternoon, write in the messenger"),
    DemoWish("Payment", "important", "Ship only after payment in advance"),
)
_OCCASIONS = {
    "ru": ("День основания компании", "Продление договора", "Годовщина первого заказа"),
    "en": ("Company founded", "Contract renewal", "Anniversary of the first order"),
}


class Reminders:
    """Gives wishes and dates to clients, by a chance of its own: nothing else changes by it."""

    def __init__(self, language: str, books: Mapping[tuple[str, str], int], now: datetime) -> None:
        self._books, self._now = books, now
        self._chance = Random(SEED)
        self._dates = 0
        self._wishes = _RUSSIAN if language == "ru" else _ENGLISH
        self._occasions = _OCCASIONS["ru" if language == "ru" else "en"]

    def events(self, client: Client) -> Iterator[Event]:
        """The wishes and dates of a client, written soon after the client came."""
        if client.segment != "key" and self._chance.random() > SHARE:
            return
        owner = Ref("client", client.id)
        writes: list[Write] = [
            Create("wish", self._wish(owner, wish))
            for wish in self._chance.sample(self._wishes, self._chance.choice((1, 1, 2)))
        ]
        if self._chance.random() < OFTEN:
            writes.append(Create("annual_date", self._date(owner)))
        yield Event(client.age * 0.9, tuple(writes))

    def _wish(self, owner: Ref, wish: DemoWish) -> dict[str, Any]:
        kind = self._books.get(("wish_kind", wish.kind))
        return {"text": wish.text, "severity": wish.severity, "kind": kind, "owner": owner}

    def _date(self, owner: Ref) -> dict[str, Any]:
        ahead = self._chance.randrange(DAYS_AHEAD)
        if self._dates % 4 == 0:  # near enough to be planned at once
            ahead = 1 + ahead % SOON
        self._dates += 1
        day = self._now.date() + timedelta(days=ahead)
        year = self._now.year - self._chance.randrange(2, 25)
        month_day = 28 if (day.month, day.day) == (2, 29) else day.day
        return {"occasion": self._chance.choice(self._occasions), "owner": owner,
                "day": yearly(day.month, month_day, year)}  # fmt: skip
