"""A deal on its way: where it begins, what each move asks for, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.errors import InvalidInput, StageRefused
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.writing.staging import Create
from tests.database.deal_world import MONDAY, DealWorld, deal_world


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(
        base_url,
        Measurement={"to_enter": "client.Address, expected", "skip": "head"},
        Approval={"to_enter": "files", "back": "head"},
        Payment={"to_enter": "lines"},
    )
    made.base.work_as(made.people["Kirill"])
    yield made
    made.base.close()


def test_a_new_deal_begins_at_the_first_stage(world: DealWorld) -> None:
    world.base.work_as(world.people["Anna"])
    deal = world.of(world.deal())
    assert deal["stage"] == deal["reached"] == world.stages["First call"]
    assert (deal["state"], deal["responsible"]) == ("open", world.people["Anna"])
    assert deal["opened"] == deal["stage_since"] == MONDAY
    assert (deal["probability"], deal["chance_by"], deal["closed"]) == (10, "stage", None)
    currency = world.base.catalogue["deal"].field("currency")
    assert isinstance(currency, ChoiceField) and currency.check(deal["currency"])


def test_without_a_pipeline_it_goes_into_the_first_one(world: DealWorld) -> None:
    deal = world.of(world.make("deal", name="Something"))
    assert deal["pipeline"] == world.base.pipelines.all()[0].id != world.pipeline
    assert deal["stage"] == world.base.pipelines.all()[0].stages[0].id


def test_pipelines_come_in_order_with_their_stages(world: DealWorld) -> None:
    windows = world.base.pipelines.find("windows")
    assert [one.name for one in windows.stages] == list(world.stages)
    assert windows.stages[1].to_enter == ("client.address", "expected")
    world.base.records.update("stage", world.stages["Payment"], {"retired": True})
    assert "Payment" not in [one.name for one in world.base.pipelines.find("Windows").stages]


def test_what_is_missing_is_named_and_can_be_given_with_the_move(world: DealWorld) -> None:
    client = world.make("client", name="Petrov")
    deal = world.deal(client=client)
    target, pipelines = world.stages["Measurement"], world.base.pipelines

    missing = pipelines.missing([deal], target)
    assert [(one.field_key, one.ids) for one in missing] == [
        ("client.address", (deal,)), ("expected", (deal,)),
    ]  # fmt: skip
    with pytest.raises(StageRefused) as refused:
        world.move(deal, "Measurement")
    assert refused.value.field == "client.address" and "Address" in refused.value.message
    assert world.of(deal)["stage"] == world.stages["First call"]

    given = {"client.address": "Lenina 5-12", "expected": MONDAY.date()}
    assert pipelines.missing([deal], target, given) == []
    pipelines.move([deal], target, given)
    assert world.of(deal)["stage"] == target
    assert world.of(client, "client")["address"] == "Lenina 5-12"


def test_files_and_lines_are_asked_for(world: DealWorld) -> None:
    deal = world.deal()
    (files,) = world.base.pipelines.missing([deal], world.stages["Approval"])
    (lines,) = world.base.pipelines.missing([deal], world.stages["Payment"])
    assert (files.field_key, lines.field_key) == ("files", "lines")
    world.make("deal_line", name="Window", deal=deal)
    assert world.base.pipelines.missing([deal], world.stages["Payment"]) == []


def test_a_next_step_is_a_planned_activity_with_a_date(world: DealWorld) -> None:
    world.base.records.update("stage", world.stages["Payment"], {"to_enter": "Next step"})
    deal, about = world.deal(), {"kind": "task", "state": "planned"}
    ref = Ref("deal", deal)
    world.make("activity", subject="Some day", about=ref, **about)
    (lack,) = world.base.pipelines.missing([deal], world.stages["Payment"])
    assert lack.field_key == "next_step"
    world.make("activity", subject="Call", about=ref, due=MONDAY, **about)
    assert world.base.pipelines.missing([deal], world.stages["Payment"]) == []


def test_each_stay_is_kept_with_its_working_time_and_whose_it_was(world: DealWorld) -> None:
    world.base.records.update("stage", world.stages["Measurement"], {"skip": "all"})
    world.base.work_as(world.people["Anna"])
    deal = world.deal()
    world.clock.move(hours=5)  # 14:10, the lunch is no work
    world.move(deal, "Installation")
    world.base.records.update("deal", deal, {"responsible": world.people["Boris"]})
    world.clock.move(days=1)
    world.move(deal, "Done")
    way = world.base.pipelines.way(deal)
    assert [(one.name, one.direction, one.minutes) for one in way] == [
        ("First call", "new", 240), ("Installation", "skip", 480), ("Done", "won", 0),
    ]  # fmt: skip
    assert [one.responsible_name for one in way] == ["Anna", "Anna", "Boris"]
    values = world.of(deal)
    assert (values["state"], values["probability"]) == ("won", 100)
    assert values["closed"] == world.clock.now()


def test_a_loss_asks_for_reason_and_comment(world: DealWorld) -> None:
    deal = world.deal()
    reason = world.make("reference", name="Too dear", book="loss_reason")
    with pytest.raises(StageRefused) as refused:
        world.move(deal, "Lost")
    assert refused.value.field == "loss_reason"
    world.move(deal, "Lost", loss_reason=reason, loss_comment="They found another")
    values = world.of(deal)
    assert (values["state"], values["probability"]) == ("lost", 0)
    assert values["reached"] == world.stages["First call"]


def test_back_again_and_opened_again(world: DealWorld) -> None:
    deal = world.deal()
    world.move(deal, "Installation")
    world.move(deal, "First call")
    world.move(deal, "Done")
    world.move(deal, "Installation")
    ways = [one.direction for one in world.base.pipelines.way(deal)]
    assert ways == ["new", "skip", "back", "won", "reopened"]
    values = world.of(deal)
    assert (values["closed"], values["reached"]) == (None, world.stages["Installation"])


def test_only_heads_pass_over_a_stage_or_go_back_where_it_says_so(world: DealWorld) -> None:
    deal = world.deal(responsible=world.people["Anna"])
    world.base.work_as(world.people["Anna"])
    with pytest.raises(StageRefused, match="Measurement"):
        world.move(deal, "Installation")
    assert world.base.pipelines.refusals([deal], world.stages["Installation"])
    world.base.work_as(world.people["Kirill"])
    world.move(deal, "Installation")
    assert world.of(deal)["stage"] == world.stages["Installation"]


def test_a_move_is_undone_with_its_stay(world: DealWorld) -> None:
    deal = world.deal()
    operation = world.move(deal, "Installation")
    world.base.undo.undo(operation)
    assert [one.until for one in world.base.pipelines.way(deal)] == [None]
    assert world.of(deal)["stage"] == world.stages["First call"]


def test_the_past_is_taken_as_it_is_brought_in(world: DealWorld) -> None:
    opened, closed = (datetime(2024, 5, day, tzinfo=UTC) for day in (1, 20))
    writes = [Create("deal", {"name": f"Old {n}", "pipeline": world.pipeline, "opened": opened,
                              "closed": closed, "stage": world.stages["Lost"]})
              for n in range(60)]  # fmt: skip
    first = world.base.records.apply(writes).ids[0]
    values = world.of(first)
    assert (values["opened"], values["closed"], values["state"]) == (opened, closed, "lost")
    (stay,) = world.base.pipelines.way(first)
    assert (stay.since, stay.name) == (closed, "Lost")


def test_many_deals_move_in_one_operation(world: DealWorld) -> None:
    deals = [world.deal() for _n in range(3)]
    outcome = world.base.pipelines.move(deals, world.stages["Installation"])
    assert {world.of(one)["stage"] for one in deals} == {world.stages["Installation"]}
    world.base.undo.undo(outcome.operation)
    assert {world.of(one)["stage"] for one in deals} == {world.stages["First call"]}


def test_a_stage_of_another_pipeline_is_refused_beside_its_own(world: DealWorld) -> None:
    other = world.base.pipelines.all()[0].stages[1].id
    with pytest.raises(InvalidInput, match="is not in the pipeline"):
        world.deal(stage=other)
    deal = world.deal()
    world.base.pipelines.move([deal], other)
    assert world.base.pipelines.way(deal)[-1].direction == "moved"


def test_a_probability_by_hand_stays_until_it_is_switched_back(world: DealWorld) -> None:
    deal = world.deal()
    world.base.records.update("deal", deal, {"probability": 77})
    world.move(deal, "Installation")
    assert (world.of(deal)["probability"], world.of(deal)["chance_by"]) == (77, "hand")
    world.base.records.update("deal", deal, {"chance_by": "stage"})
    assert world.of(deal)["probability"] == 50


def test_probability_by_what_became_of_earlier_deals(world: DealWorld) -> None:
    reason = world.make("reference", name="Too dear", book="loss_reason")
    past = MONDAY - timedelta(days=30)
    lost = {"stage": world.stages["Lost"], "loss_reason": reason, "loss_comment": "-"}
    deals = [{"stage": world.stages["Done"]}] * 15 + [lost] * 9
    common = {"pipeline": world.pipeline, "opened": past, "closed": past}
    made = [Create("deal", {"name": "Old", **common, **one}) for one in deals]
    world.base.records.apply(made)
    deal = world.deal(chance_by="history")
    assert world.of(deal)["probability"] == 63  # 15 of 24, half up


def test_needs_are_kept_as_keys_and_unknown_fields_are_refused(world: DealWorld) -> None:
    with pytest.raises(InvalidInput) as refused:
        world.base.records.update("stage", world.stages["Payment"], {"to_leave": "Weight"})
    assert refused.value.field == "to_leave"
    written = {"to_leave": "Expected to close; Files"}
    world.base.records.update("stage", world.stages["Payment"], written)
    assert world.of(world.stages["Payment"], "stage")["to_leave"] == "expected, files"


def test_a_stage_with_deals_in_it_does_not_go(world: DealWorld) -> None:
    world.deal()
    with pytest.raises(InvalidInput, match="in use"):
        world.base.records.delete("stage", [world.stages["First call"]])
    world.base.records.delete("stage", [world.stages["Payment"]])
    assert world.base.reader.get("stage", world.stages["Payment"]) is None
