"""What a rule would have fired for, told from what the base remembers; nothing is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.services.automation.dry_run import dry_run, find_rule
from crm_desktop.services.writing.staging import Create
from tests.database.deal_world import MONDAY, DealWorld, deal_world


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    yield made
    made.base.close()


def rule(world: DealWorld, **values: Any) -> int:
    given = {"name": "Call", "event": "stage", "subject": "Call", "retired": True}
    return world.make("automation", **{**given, **values})


def fired(world: DealWorld, id_: int, days: int = 30) -> list[int]:
    return [one.ref.id for one in dry_run(world.base, id_, days)]


def test_entered_stages_are_told_with_their_moments(world: DealWorld) -> None:
    deal = world.deal()
    for stage in ("Approval", "Measurement", "Approval"):
        world.clock.move(days=1)
        world.move(deal, stage)
    every = rule(world, stage=world.stages["Approval"])
    once = rule(world, stage=world.stages["Approval"], guard="record")
    found = dry_run(world.base, every, 30)
    assert [(one.moment - MONDAY).days for one in found] == [1, 3]
    assert found[0].title == "Two windows"
    assert fired(world, once) == [deal]
    assert fired(world, every, 1) == [deal]
    assert world.linked("activity", "about", deal) == []


def test_what_a_rule_did_before_those_days_still_guards(world: DealWorld) -> None:
    given = {"stage": world.stages["Approval"], "retired": False}
    once, daily = (rule(world, guard=guard, **given) for guard in ("record", "day"))
    deal, other = world.deal(), world.deal()
    world.move(deal, "Approval")
    world.clock.move(hours=3)
    for stage in ("First call", "Approval"):
        world.move(deal, stage)
        world.move(other, stage)
    world.clock.move(hours=23)
    assert fired(world, once, 1) == [other]
    assert fired(world, daily, 1) == [other]
    assert sorted(fired(world, once, 2)) == sorted(fired(world, daily, 2)) == [deal, other]


def test_what_was_made_and_values_that_were_taken(world: DealWorld) -> None:
    made = rule(world, event="made", of="client")
    takes = rule(world, event="field", of="client", when="city", becomes="Omsk")
    first, second = world.make("client", name="A", city="Omsk"), world.make("client", name="B")
    world.base.records.update("client", second, {"city": "Omsk"})
    world.base.records.update("client", second, {"city": "Tver"})
    assert fired(world, made) == [first, second]
    assert fired(world, takes) == [first, second]
    only = '{"field": "city", "op": "eq", "value": "Tver"}'
    assert fired(world, rule(world, event="made", of="client", where=only)) == [second]


def test_an_import_of_many_would_fire_nothing(world: DealWorld) -> None:
    world.base.records.apply([Create("client", {"name": f"C {n}"}) for n in range(60)])
    assert fired(world, rule(world, event="made", of="client")) == []


def test_a_rule_is_found_by_name_and_days_have_bounds(world: DealWorld) -> None:
    id_ = rule(world, stage=world.stages["Approval"])
    assert find_rule(world.base, "call") == find_rule(world.base, str(id_)) == id_
    with pytest.raises(NotFound):
        find_rule(world.base, "Nothing")
    with pytest.raises(InvalidInput):
        dry_run(world.base, id_, 0)
