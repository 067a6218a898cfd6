"""A firm for tests of hand-overs: Anna leaves; Boris and Vera stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.handing_over.planning import Draft, Handing, draft
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@dataclass
class Firm:
    """Anna leaves; Boris and Vera stay."""

    base: Workspace
    anna: int
    boris: int
    vera: int
    clients: list[int]
    deals: list[int]

    def owner(self, entity: str, id_: int, key: str = "responsible") -> int:
        found = self.base.reader.get(entity, id_)
        assert found is not None
        value: int = found.values[key]
        return value

    def plan(self, **more: object) -> Draft:
        asked = {"receivers": (self.boris, self.vera), **more}
        return draft(self.base, Handing(self.anna, **asked))  # type: ignore[arg-type]


@pytest.fixture
def firm(base_url: str) -> Iterator[Firm]:
    with closing(ready_base(base_url, clock=MovedClock(MONDAY))) as base:
        anna, boris, vera = (
            base.records.create("staff", {"name": name}).ids[0]
            for name in ("Anna Seller", "Boris Seller", "Vera Seller")
        )
        clients = list(
            base.records.apply([
                Create("client", {"name": f"Client {n}", "responsible": anna,
                                  "city": "Omsk" if n < 2 else "Perm"})
                for n in range(5)
            ]).ids
        )  # fmt: skip
        deals = [
            base.records.create("deal", {"name": f"Deal {n}", "client": clients[n],
                                         "responsible": anna}).ids[0]
            for n in range(2)
        ]  # fmt: skip
        yield Firm(base, anna, boris, vera, clients, deals)


def task(firm: Firm, about: Ref, **more: object) -> int:
    values = {"kind": "task", "subject": "Do", "author": firm.anna, "about": about,
              "state": "planned", **more}  # fmt: skip
    return firm.base.records.create("activity", values).ids[0]
