"""Gates of stages: new deals pass none of them by, and rights bind whoever is not named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm_desktop.errors import StageRefused
from crm_desktop.models.query import Query
from crm_desktop.services.importing.results import ImportResult
from crm_desktop.services.writing.staging import Create
from tests.database.deal_world import MONDAY, DealWorld, deal_world
from tests.import_desk import bring_in


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(
        base_url, First_call={"to_leave": "expected"},
        Measurement={"to_leave": "client.address"}, Approval={"to_enter": "files"},
        Payment={"back": "head", "skip": "none"}, Installation={"back": "own"},
    )  # fmt: skip
    yield made
    made.base.close()


def test_a_new_deal_is_asked_for_what_the_stages_before_ask_for(world: DealWorld) -> None:
    client = world.make("client", name="Petrov")
    late = {"stage": world.stages["Payment"], "client": client}
    with pytest.raises(StageRefused, match="Expected") as refused:
        world.deal(**late)
    assert refused.value.field == "expected"
    with pytest.raises(StageRefused, match="Address"):
        world.deal(**late, expected=MONDAY.date())
    world.base.records.update("client", client, {"address": "Lenina 5"})
    deal = world.deal(**late, expected=MONDAY.date())
    assert world.of(deal)["stage"] == world.stages["Payment"]


def test_the_day_it_was_opened_opens_no_gate(world: DealWorld) -> None:
    with pytest.raises(StageRefused):
        world.deal(stage=world.stages["Payment"], opened=MONDAY)


def test_a_new_deal_passes_over_nothing_that_may_not_be_passed_over(world: DealWorld) -> None:
    client = world.make("client", name="Petrov", address="Lenina 5")
    with pytest.raises(StageRefused, match="“Payment” cannot be passed over"):
        world.deal(stage=world.stages["Done"], client=client, expected=MONDAY.date())


def test_a_deal_of_another_pipeline_passes_none_by_either(world: DealWorld) -> None:
    deal = world.make("deal", name="Other")
    with pytest.raises(StageRefused, match="Expected"):
        world.move(deal, "Payment")


def test_a_file_of_old_deals_is_taken_as_it_is(world: DealWorld, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("Name,Pipeline,Stage\nOld,Windows,Installation\n", encoding="utf-8")
    result = bring_in(world.base, file, "deal")
    assert (result.created, result.rejected) == (1, 0)


def test_the_answer_of_an_import_names_what_came_in_past_the_gates(
    world: DealWorld, tmp_path: Path
) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(
        "Name,Pipeline,Stage,Expected closing\nNew,Windows,First call,\nOld,Windows,Payment,\n"
        "Dated,Windows,Payment,2026-04-01\nFar,Windows,Installation,\n", encoding="utf-8",
    )  # fmt: skip
    result = bring_in(world.base, file, "deal")
    assert (result.created, result.past, result.rejects) == (4, 3, ())
    told = {one.row: one.reason for one in result.past_rows}
    assert list(told) == [3, 4, 5]
    assert "“Payment”" in told[3] and "Expected" in told[3] and "Expected" not in told[4]
    assert ImportResult.from_json(result.to_json()) == replace(
        result, seconds=round(result.seconds, 3)
    )


def ready(world: DealWorld, stage: str, **values: object) -> int:
    client = world.make("client", name="Petrov", address="Lenina 5")
    world.base.records.update("stage", world.stages["Payment"], {"skip": "all"})
    given = {"client": client, "expected": MONDAY.date(), "stage": world.stages[stage]}
    return world.deal(**{**given, **values})


def test_whoever_is_not_named_is_no_head_and_owns_nothing(world: DealWorld) -> None:
    anna, kirill = world.people["Anna"], world.people["Kirill"]
    first = ready(world, "Payment", responsible=anna)
    second = ready(world, "Installation", responsible=anna)
    for deal in (first, second):
        with pytest.raises(StageRefused, match="choose yourself in Settings"):
            world.move(deal, "Measurement")
    world.base.work_as(kirill)
    for deal in (first, second):
        world.move(deal, "Measurement")


def test_what_is_for_a_department_is_not_for_whoever_is_not_named(world: DealWorld) -> None:
    deal = world.deal()
    sales = world.make("reference", book="department", name="Sales")
    world.base.records.update("pipeline", world.pipeline, {"unit": sales})
    with pytest.raises(StageRefused, match="another department"):
        world.move(deal, "Lost")


def alone(world: DealWorld) -> int:
    """Everybody has left but the colleague that every base begins with."""
    for one in world.people.values():
        world.base.records.update("staff", one, {"gone": True})
    (left,) = set(world.base.lists.open(Query("staff")).ids()) - set(world.people.values())
    return int(left)


def test_who_works_alone_is_their_own_head(world: DealWorld) -> None:
    deal, again = ready(world, "Payment"), ready(world, "Payment")
    only = alone(world)
    if world.base.backend.exclusive:
        world.move(deal, "Measurement")
    else:  # a server knows who signed in: nobody in particular is not the only colleague
        with pytest.raises(StageRefused, match="choose yourself"):
            world.move(deal, "Measurement")
    world.base.work_as(only)
    world.move(again, "Measurement")


def test_what_nobody_may_binds_who_works_alone_too(world: DealWorld) -> None:
    deal = ready(world, "Payment")
    world.base.work_as(alone(world))
    world.base.records.update("stage", world.stages["Payment"], {"back": "none"})
    with pytest.raises(StageRefused, match="From “Payment” you may not go back"):
        world.move(deal, "Measurement")


def test_many_deals_of_a_plan_are_asked_for_nothing_of_the_past(world: DealWorld) -> None:
    late = {"name": "Old", "pipeline": world.pipeline, "stage": world.stages["Payment"]}
    made = world.base.records.apply([Create("deal", late)] * 60)
    assert len(made.ids) == 60
