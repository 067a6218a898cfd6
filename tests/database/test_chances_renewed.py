"""Probability by history follows what becomes of other deals, once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.pipelines.renewing import is_due, renew, renew_all
from crm_desktop.services.writing.staging import Create
from tests.database.deal_world import MONDAY, DealWorld, deal_world


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    yield made
    made.base.close()


def closed(world: DealWorld, won: int, lost: int) -> None:
    """Deals that were decided a month ago."""
    reason = world.make("reference", name="Too dear", book="loss_reason")
    past = MONDAY - timedelta(days=30)
    common = {"name": "Old", "pipeline": world.pipeline, "opened": past, "closed": past}
    gone = {"stage": world.stages["Lost"], "loss_reason": reason, "loss_comment": "-"}
    ends = [{"stage": world.stages["Done"]}] * won + [gone] * lost
    world.base.records.apply([Create("deal", {**common, **end}) for end in ends])


def test_what_others_came_to_meanwhile_changes_a_probability(world: DealWorld) -> None:
    closed(world, 15, 9)
    deal, by_hand = world.deal(chance_by="history"), world.deal(probability=77)
    by_stage = world.deal()
    closed(world, 0, 6)
    assert world.of(deal)["probability"] == 63
    assert renew(world.base) == 1
    assert (world.of(deal)["probability"], world.of(deal)["chance_by"]) == (50, "history")
    assert (world.of(by_hand)["probability"], world.of(by_stage)["probability"]) == (77, 10)
    (last,) = world.base.operations.last(1)
    assert last.kind == BY_ITSELF


def test_they_are_looked_at_once_a_day(world: DealWorld) -> None:
    assert not is_due(world.base)  # nothing is reckoned by history
    world.deal(chance_by="history")
    assert is_due(world.base)
    assert renew(world.base) == 0
    assert not is_due(world.base)
    world.base.clock.move(days=1)  # type: ignore[attr-defined]
    assert is_due(world.base)


def test_they_are_renewed_in_parts_until_all_are_right(world: DealWorld) -> None:
    closed(world, 15, 9)
    deals = [world.deal(chance_by="history") for _number in range(5)]
    closed(world, 0, 6)
    assert [renew(world.base, 2) for _round in range(3)] == [2, 2, 1]
    assert not is_due(world.base)
    assert {world.of(deal)["probability"] for deal in deals} == {50}


def test_what_had_no_probability_gets_one_once_history_knows(world: DealWorld) -> None:
    world.base.records.update("stage", world.stages["First call"], {"probability": None})
    deals = [world.deal(chance_by="history") for _number in range(3)]
    assert {world.of(deal)["probability"] for deal in deals} == {None}
    closed(world, 15, 10)

    assert [renew(world.base, 2) for _round in range(2)] == [2, 1]
    assert {world.of(deal)["probability"] for deal in deals} == {60}
    assert {world.of(deal)["chance_by"] for deal in deals} == {"history"}


def test_what_is_closed_keeps_the_probability_it_had(world: DealWorld) -> None:
    closed(world, 15, 9)
    deal = world.deal(chance_by="history")
    world.move(deal, "Done")
    before = world.of(deal)
    renew_all(world.base)
    assert world.of(deal) == before
