"""Deals that belong to somebody's private business are in nobody else's figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from crm_desktop.models.catalogue.overlay import custom_key
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, MANAGER, FunnelQuestion
from crm_desktop.services.sales_figures.managers import manager_table
from tests.database.deal_world import MONDAY, DealWorld, deal_world

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
VISIT = custom_key("visit")


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    base = made.base
    definition = {"key": "visit", "type": "link", "label": "Visit", "target": "activity",
                  "parent": True}  # fmt: skip
    base.constructor.add_field(base.catalogue["deal"], definition)
    yield made
    made.base.close()


def test_a_deal_of_a_private_visit_counts_for_who_may_see_it(world: DealWorld) -> None:
    base, anna, boris = world.base, world.people["Anna"], world.people["Boris"]
    base.work_as(anna)
    visit = world.make("activity", subject="Visit", kind="visit", author=anna, private="closed",
                       moment=MONDAY)  # fmt: skip
    deals = [world.deal(responsible=anna), world.deal(responsible=anna, **{VISIT: visit})]
    base.pipelines.move(deals, world.stages["Done"])
    question = FunnelQuestion(world.pipeline, MARCH, by=MANAGER)
    for who, count in ((anna, 2), (boris, 1), (anna, 2)):
        base.work_as(who)
        assert base.funnels.counts(question)[EVERYBODY][0] == count
        assert base.funnels.counts(question)[anna][-1] == count
        (line,) = [one for one in manager_table(base, MARCH) if one.id == anna]
        assert line.won.count == count == base.lists.count(line.won.query)
