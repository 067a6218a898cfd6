"""Deals passed over stages, opened again, compared by rules; what rules say of lost objects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput, NotFound, StageRefused
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.kinds import keep_levels
from crm_desktop.services.automation.dry_run import dry_run
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.pipelines.beside import attachments, planned_steps
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.writing.staging import Update
from tests.database.deal_world import DealWorld, deal_world, own_field


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url, Measurement={"to_enter": "expected", "to_leave": "campaign, note"})
    yield made
    made.base.close()


def rule(world: DealWorld, **values: Any) -> int:
    given = {"name": "R", "event": "stage", "stage": world.stages["Payment"], "subject": "Call"}
    return world.make("automation", **{**given, **values})


def planned(world: DealWorld, deal: int) -> list[str]:
    return [one["subject"] for one in world.linked("activity", "about", deal)]


# --- stages passed over ---------------------------------------------------------------------------


def test_a_stage_passed_over_asks_for_what_must_be_there_to_leave_it(world: DealWorld) -> None:
    deal, payment = world.deal(note="two"), world.stages["Payment"]
    (missing,) = world.base.pipelines.missing([deal], payment)
    assert missing.field_key == "campaign"  # and not the day that is needed to enter it
    with pytest.raises(StageRefused) as refused:
        world.move(deal, "Payment")
    assert refused.value.field == "campaign"
    world.move(deal, "Payment", campaign=world.make("campaign", name="Spring"))
    assert world.base.pipelines.way(deal)[-1].direction == "skip"


def test_whom_a_stage_lets_pass_it_over_is_not_asked_for_its_needs(world: DealWorld) -> None:
    world.base.records.update("stage", world.stages["Measurement"], {"skip": "head"})
    deal = world.deal(responsible=world.people["Anna"])
    world.base.work_as(world.people["Anna"])
    with pytest.raises(StageRefused, match="cannot be passed over"):
        world.move(deal, "Approval")
    world.base.work_as(world.people["Kirill"])
    world.move(deal, "Approval")
    assert world.of(deal)["stage"] == world.stages["Approval"]


def test_two_stages_are_passed_over_and_a_loss_asks_for_neither(world: DealWorld) -> None:
    world.base.records.update("stage", world.stages["Approval"], {"to_leave": "files"})
    first, second = world.deal(note="a"), world.deal()
    lack = world.base.pipelines.missing([first], world.stages["Installation"])
    assert [one.field_key for one in lack] == ["campaign", "files"]
    lost = world.base.pipelines.missing([second], world.stages["Lost"])
    assert [one.field_key for one in lost] == ["loss_reason", "loss_comment"]


# --- opened again ---------------------------------------------------------------------------------


def test_a_deal_opened_again_is_not_lost_for_the_old_reason(world: DealWorld) -> None:
    reason, deal = world.make("reference", name="Too dear", book="loss_reason"), world.deal()
    lost = world.move(deal, "Lost", loss_reason=reason, loss_comment="far too dear")
    again = world.move(deal, "First call")
    assert (world.of(deal)["loss_reason"], world.of(deal)["loss_comment"]) == (None, None)
    with pytest.raises(StageRefused):
        world.move(deal, "Lost")
    world.base.undo.undo(again)
    assert world.of(deal)["loss_comment"] == "far too dear"
    world.base.undo.undo(lost)
    assert world.of(deal)["state"] == "open"


@pytest.mark.parametrize(("count", "said"), [(1, "move the 1 deal first"), (2, "the 2 deals")])
def test_a_stage_in_use_counts_its_deals(world: DealWorld, count: int, said: str) -> None:
    for _n in range(count):
        world.deal()
    with pytest.raises(InvalidInput, match=said):
        world.base.records.delete("stage", [world.stages["First call"]])


# --- conditions of rules --------------------------------------------------------------------------


def moved(world: DealWorld, where: str, **values: Any) -> bool:
    """Whether a rule with this condition fires for a deal with these values."""
    rule(world, where=where)
    deal = world.deal(note="-", campaign=world.make("campaign", name="C"), **values)
    world.move(deal, "Payment")
    return bool(planned(world, deal))


@pytest.mark.parametrize(
    ("where", "fires"),
    [
        ('{"field": "name", "op": "eq", "value": "7"}', False),
        ('{"field": "name", "op": "eq", "value": "007"}', True),
        ('{"field": "name", "op": "ne", "value": "7"}', True),
        ('{"field": "amount", "op": "eq", "value": "1500"}', True),
        ('{"field": "amount", "op": "gt", "value": 1500.01}', False),
        ('{"field": "amount", "op": "between", "value": [1000, 2000]}', True),
        ('{"field": "amount", "op": "between", "value": [null, 1000]}', False),
        ('{"field": "expected", "op": "lt", "value": "2026-04-02"}', True),
        ('{"field": "expected", "op": "eq", "value": "2026-04-02"}', False),
        ('{"field": "opened", "op": "ge", "value": "2026-03-02"}', True),
        ('{"field": "opened", "op": "ge", "value": "2026-03-02T09:11:00+03:00"}', False),
        ('{"field": "tags", "op": "in", "value": ["vip", "new"]}', True),
        ('{"field": "tags", "op": "all", "value": ["vip", "new"]}', False),
        ('{"field": "tags", "op": "not_in", "value": ["vip"]}', False),
        ('{"field": "source", "op": "empty", "value": null}', True),
        ('{"field": "amount", "op": "gt", "value": "much"}', False),
    ],
)
def test_values_are_compared_as_what_they_are(world: DealWorld, where: str, fires: bool) -> None:
    values = {"name": "007", "amount": 1500, "tags": "VIP, Wholesale"}
    expected = datetime(2026, 4, 1, tzinfo=UTC).date()
    assert moved(world, where, expected=expected, **values) == fires


def test_links_and_own_choices_are_compared(world: DealWorld) -> None:
    anna = world.people["Anna"]
    one = f'{{"field": "responsible", "op": "in", "value": [{anna}]}}'
    other = f'{{"field": "responsible", "op": "not_in", "value": [{anna}]}}'
    assert moved(world, one, responsible=anna)
    world.base.records.update("automation", max(world.base.titles.find("automation", "R")),
                              {"retired": True})  # fmt: skip
    assert not moved(world, other, responsible=anna)


def test_whoever_did_it_is_me(world: DealWorld) -> None:
    where = '{"field": "responsible", "op": "me", "value": null}'
    world.base.work_as(world.people["Anna"])
    assert moved(world, where, responsible=world.people["Anna"])


def test_the_rule_of_an_object_that_is_gone_says_so(world: DealWorld) -> None:
    id_ = rule(world, event="made", of="client", stage=None)
    gone = Update("automation", id_, {"of": "machine"}, rules=False)
    world.base.records.apply([gone])
    with pytest.raises(NotFound, match="no longer there"):
        dry_run(world.base, id_, 30)


def test_an_own_field_that_a_rule_compares(world: DealWorld) -> None:
    key = own_field(world, "integer", "Windows")
    where = f'{{"field": "{key}", "op": "ge", "value": 10}}'
    assert moved(world, where, **{key: 9}) is False
    assert moved(world, where, **{key: 10}) is True


@pytest.mark.parametrize("name", ["Negotiation", "ПЕРЕГОВОРЫ", " negotiation "])
def test_the_first_stages_are_known_in_both_languages(world: DealWorld, name: str) -> None:
    (first,) = (one for one in world.base.pipelines.all() if one.id != world.pipeline)
    known = world.base.pipelines.find_stage(name, first)
    assert known.position == 4
    assert world.base.pipelines.find("ПРОДАЖИ").id == first.id
    assert world.base.pipelines.find("Windows").id == world.pipeline


# --- what goes with a move ------------------------------------------------------------------------


def test_files_and_a_step_go_with_the_move_and_back_with_it(world: DealWorld) -> None:
    needs = {"to_enter": "files, next step"}
    world.base.records.update("stage", world.stages["Installation"], needs)
    campaign = world.make("campaign", name="C")
    deals = [world.deal(note="-", campaign=campaign) for _n in range(2)]
    sources = [FileSource("sheet.txt", content=b"1200 x 1400")] * 2
    first = [*attachments(world.base, deals, sources),
             *planned_steps(world.base, deals[:1], "call tomorrow at 10"),
             *planned_steps(world.base, deals[1:], "write tomorrow at 11")]  # fmt: skip
    outcome = world.base.pipelines.move(deals, world.stages["Installation"], {}, first)
    names = [one.name for one in Files(world.base).of(Ref("deal", deals[1]))]
    assert sorted(names) == ["sheet (2).txt", "sheet.txt"]
    assert len(planned(world, deals[0])) == 1
    world.base.undo.undo(outcome.operation)
    assert Files(world.base).of(Ref("deal", deals[0])) == []
    assert (planned(world, deals[0]), world.of(deals[1])["state"]) == ([], "open")
    assert world.of(deals[0])["stage"] == world.stages["First call"]


def test_a_file_that_is_too_large_moves_nothing(world: DealWorld) -> None:
    Files(world.base).set_limit(10)
    deal = world.deal()
    with pytest.raises(InvalidInput, match="too large"):
        attachments(world.base, [deal], [FileSource("sheet.txt", content=b"x" * 11)])
    assert Files(world.base).of(Ref("deal", deal)) == []


# --- missed deadlines of rules --------------------------------------------------------------------


@pytest.mark.parametrize(("urgent", "levels", "told"), [
    (True, (), 1), (False, (), 0), (True, (60,), 1), (False, (60,), 0), (True, (0, 60), 1),
])  # fmt: skip
def test_a_rule_may_have_the_head_told_at_once(
    world: DealWorld, urgent: bool, levels: tuple[int, ...], told: int
) -> None:
    keep_levels(world.base, levels)
    rule(world, stage=world.stages["First call"], minutes=15, escalates=urgent)
    world.deal(responsible=world.people["Anna"])
    world.clock.move(minutes=16)
    assert (tell_heads(world.base), tell_heads(world.base)) == (told, 0)
    fresh = world.base.reminders.look(world.people["Kirill"], "here").fresh
    assert [one.level for one in fresh] == [0] * told
    world.clock.move(minutes=60)
    assert tell_heads(world.base) == (1 if 60 in levels else 0)


def test_a_deal_entered_as_lost_long_ago_tells_why_too(world: DealWorld) -> None:
    past = {"opened": datetime(2025, 5, 5, 9, 0, tzinfo=UTC), "stage": world.stages["Lost"]}
    with pytest.raises(StageRefused):
        world.make("deal", name="Old", pipeline=world.pipeline, **past)
