"""What is planned with the clients of the demo company, and what of the past is kept on top."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.people import Stage
from crm_desktop.services.writing.staging import Create

SHARES = {"new": 0.7, "talks": 0.85, "active": 0.35, "sleeping": 0.1}
LATE = 0.15  # the share of steps whose day is past
PINNED = 0.3
ANSWERED = ("talked", "talked", "talked", "silent", "later")


class Plans:
    """Next steps of one client after the other; a chance of its own, for the rest of the company
    must not change with it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def step(self, client: Client) -> Iterator[Create]:
        """The planned activity of a client, if there is one."""
        chance = Random(client.id)
        if chance.random() >= SHARES.get(client.status, 0):
            return
        text = chance.choice(self._stage.country.texts["step"])
        words = self._stage.country.words
        filled = {
            "who": chance.choice(client.spoken), "what": chance.choice(words["what"]),
            "street": client.street,
        }  # fmt: skip
        values: dict[str, Any] = {
            "kind": text.kind, "subject": text.subject.format(**filled),
            "body": text.body.format(**filled), "about": Ref("client", client.id),
            "author": client.responsible or self._stage.seat("sales"),
            "moment": self._stage.now.astimezone(UTC) - timedelta(hours=3),
            "due": self._due(chance), "state": "planned",
        }  # fmt: skip
        yield Create("activity", values, id=self._stage.new_id())

    def _due(self, chance: Random) -> datetime:
        """A working hour of a working day of the next fortnight, or of the last days."""
        days = -chance.randrange(1, 6) if chance.random() < LATE else chance.randrange(1, 15)
        day = self._stage.now + timedelta(days=days)
        while day.weekday() > 4:
            day += timedelta(days=1 if days > 0 else -1)
        return day.replace(hour=chance.randrange(9, 18), minute=0, second=0, microsecond=0)

    def marks(self, entry: int, kind: str, first: bool) -> dict[str, Any]:
        """Result and direction of a call or a letter; the first entry may be pinned."""
        chance = Random(entry)
        found: dict[str, Any] = {}
        if kind in ("call", "letter"):
            found["direction"] = "in" if first or chance.random() < 0.4 else "out"
        if kind == "call":
            found["result"] = self._stage.book("call_result", chance.choice(ANSWERED))
        if first and chance.random() < PINNED:
            found["pinned"] = True
        return found
