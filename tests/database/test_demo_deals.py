"""The deals of the demo company: two years of them, as believable as its clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crm_desktop.models.query import Condition, Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.fill import fill_demo
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.money.pricing import sums
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)


def make(address: str, clients: int) -> Workspace:
    base = ready_base(address, language="en", clock=MovedClock(NOW))
    fill_demo(base, clients=clients)
    return base


def rows(base: Workspace, entity: str) -> dict[int, dict[str, Any]]:
    ids = base.lists.open(Query(entity)).ids()
    keys = [f.key for f in base.catalogue[entity].fields]
    return {id_: dict(found) for id_, found in base.reader.many(entity, ids, keys).items()}


def test_every_deal_went_its_way(base_url: str) -> None:
    base = make(base_url, 60)
    deals, stays = rows(base, "deal"), list(rows(base, "deal_stage").values())

    for id_, deal in deals.items():
        own = sorted((s for s in stays if s["deal"] == id_), key=lambda s: s["since"])
        assert own[0]["since"] == deal["opened"]
        assert own[-1]["stage"] == deal["stage"]
        assert [s["until"] is None for s in own] == [False] * (len(own) - 1) + [True]
        assert all(one["until"] == after["since"] for one, after in zip(own, own[1:], strict=False))
    assert len(deals) == 12
    assert check_base(base).problems == []
    base.close()


def test_amounts_follow_from_the_lines(sqlite_url: str) -> None:
    base = make(sqlite_url, 150)
    lines = list(rows(base, "deal_line").values())

    with_lines = {line["deal"] for line in lines}

    for id_, deal in rows(base, "deal").items():
        assert (deal["closed"] is None) == (deal["state"] == "open")
        assert (deal["loss_reason"] is not None) == (deal["state"] == "lost")
        if id_ in with_lines:
            assert deal["amount"] == sums(x for x in lines if x["deal"] == id_).amount
    base.close()


def test_everything_of_sales_has_something_to_show(sqlite_url: str) -> None:
    base = make(sqlite_url, 150)

    for state in ("open", "won", "lost"):
        assert base.lists.count(Query("deal", where=Condition("state", "eq", state))), state
    for entity in ("lead", "enquiry", "campaign", "channel_cost", "queue_member"):
        assert base.lists.count(Query(entity)), entity
    assert base.lists.count(Query("automation")) == 2
    assert max(s["since"] for s in rows(base, "deal_stage").values()) <= NOW
    base.close()
