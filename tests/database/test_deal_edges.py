"""Deals at the edges: stages that go, deals opened again, what a rule gives away, rights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from crm_desktop.errors import StageRefused
from crm_desktop.services.automation.dry_run import dry_run
from crm_desktop.services.writing.staging import Create
from tests.database.deal_world import MONDAY, DealWorld, deal_world


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    yield made
    made.base.close()


def rule(world: DealWorld, **values: object) -> int:
    return world.make("automation", **{"name": "R", "event": "stage", "subject": "Call", **values})


def test_the_rule_of_a_stage_that_goes_is_switched_off_until_undo(world: DealWorld) -> None:
    id_ = rule(world, stage=world.stages["Payment"])
    outcome = world.base.records.delete("stage", [world.stages["Payment"]])
    deal = world.deal()
    assert world.linked("activity", "about", deal) == []
    assert world.of(id_, "automation")["retired"]
    world.base.undo.undo(outcome.operation)
    kept = world.of(id_, "automation")
    assert (kept["retired"], kept["stage"]) == (False, world.stages["Payment"])


def test_a_deal_opened_again_is_as_likely_as_its_stage(world: DealWorld) -> None:
    deal = world.deal(probability=77)
    world.move(deal, "Done")
    world.move(deal, "First call")
    values = world.of(deal)
    assert (values["probability"], values["chance_by"]) == (10, "stage")


def test_the_day_of_closing_may_be_said(world: DealWorld) -> None:
    first, second = world.deal(), world.deal()
    yesterday = MONDAY - timedelta(days=1)
    won = {"stage": world.stages["Done"], "closed": yesterday}
    world.base.records.update("deal", first, won)
    world.move(second, "Done")
    assert (world.of(first)["closed"], world.of(second)["closed"]) == (yesterday, MONDAY)


def test_a_reason_may_be_taken_from_what_is_in_progress(world: DealWorld) -> None:
    reason = world.make("reference", name="Too dear", book="loss_reason")
    deal = world.deal(loss_reason=reason)
    world.base.records.update("stage", world.stages["First call"], {"to_enter": "expected"})
    world.base.records.update("deal", deal, {"loss_reason": None})
    assert world.of(deal)["loss_reason"] is None


def test_a_stay_is_whose_the_rule_made_it(world: DealWorld) -> None:
    world.base.work_as(world.people["Kirill"])
    rule(world, stage=world.stages["First call"], deed="assign", whom="person",
         staff=world.people["Anna"])  # fmt: skip
    deal = world.deal()
    assert world.of(deal)["responsible"] == world.people["Anna"]
    assert [one.responsible_name for one in world.base.pipelines.way(deal)] == ["Anna"]
    world.base.records.update("deal", deal, {"responsible": world.people["Boris"]})
    assert [one.responsible_name for one in world.base.pipelines.way(deal)] == ["Anna"]


def test_what_a_rule_writes_begins_no_second_stay(world: DealWorld) -> None:
    rule(world, stage=world.stages["Approval"], deed="set_field", field="note", value="Seen")
    deal = world.deal()
    world.clock.move(hours=1)
    world.move(deal, "Approval")
    stays = [(one.name, one.minutes) for one in world.base.pipelines.way(deal)]
    assert (stays, world.of(deal)["note"]) == ([("First call", 60), ("Approval", 0)], "Seen")


def test_a_pipeline_of_the_heads_is_not_left_by_others(world: DealWorld) -> None:
    deal, other = world.deal(responsible=world.people["Anna"]), world.base.pipelines.all()[0]
    world.base.records.update("pipeline", world.pipeline, {"moves": "head"})
    world.base.work_as(world.people["Anna"])
    with pytest.raises(StageRefused, match="Windows"):
        world.base.pipelines.move([deal], other.stages[0].id)
    world.base.work_as(world.people["Kirill"])
    world.base.pipelines.move([deal], other.stages[0].id)


def test_deals_imported_with_their_days_would_fire_nothing(world: DealWorld) -> None:
    id_ = rule(world, stage=world.stages["First call"], retired=True)
    common = {"name": "Old", "pipeline": world.pipeline}
    days = (MONDAY - timedelta(hours=n) for n in range(60))
    world.base.records.apply([Create("deal", {**common, "opened": day}) for day in days])
    assert dry_run(world.base, id_, 30) == []


def test_the_head_who_has_left_is_told_nothing(world: DealWorld) -> None:
    boris, anna = world.people["Boris"], world.people["Anna"]
    world.base.records.update("staff", anna, {"head": boris})
    world.base.records.update("staff", boris, {"gone": True})
    rule(world, stage=world.stages["First call"], whom="head")
    deal = world.deal(responsible=anna)
    (task,) = world.linked("activity", "about", deal)
    assert task["author"] == world.people["Kirill"]


def test_a_rule_reminds_of_nothing_where_there_is_no_time(world: DealWorld) -> None:
    rule(world, stage=world.stages["First call"], at="expected", remind=5)
    assert [one["due"] for one in world.linked("activity", "about", world.deal())] == [None]


def test_a_text_too_long_for_its_field_does_not_refuse_the_save(world: DealWorld) -> None:
    rule(world, stage=world.stages["First call"], deed="set_field", field="loss_comment",
         value="{name}" * 20)  # fmt: skip
    assert world.of(world.deal(name="N" * 150))["name"]


def test_without_its_last_line_a_deal_has_no_amount(world: DealWorld) -> None:
    deal = world.deal()
    line = world.make("deal_line", name="W", deal=deal, quantity=Decimal(1), price=Decimal(5))
    world.base.records.delete("deal_line", [line])
    assert world.of(deal)["amount"] is None
