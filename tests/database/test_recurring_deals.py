"""Deals that are made again by themselves: once for each date, with lines and people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.recurring import is_due, make_due
from crm_desktop.services.workspace import open_base
from tests.database.deal_world import DealWorld, deal_world

MARCH, APRIL, MAY = (date(2026, month, 2) for month in (3, 4, 5))


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    yield made
    made.base.close()


def template(world: DealWorld, **values: Any) -> int:
    sample = world.deal(name="Cleaning", responsible=world.people["Boris"])
    world.make("deal_line", name="Window", deal=sample, quantity=Decimal(2), price=Decimal(100))
    person = world.make("person", name="Olga")
    world.make("deal_person", deal=sample, person=person)
    world.move(sample, "Done")
    given = {"name": "Each month", "sample": sample, "rule": "FREQ=MONTHLY", "first": MARCH}
    return world.make("deal_template", **{**given, **values})


def made(world: DealWorld, id_: int) -> list[dict[str, Any]]:
    return world.linked("deal", "template", id_)


def test_a_date_that_has_come_is_made_once_with_lines_and_people(world: DealWorld) -> None:
    id_ = template(world, closes=10)
    assert is_due(world.base)
    assert (make_due(world.base), make_due(world.base), is_due(world.base)) == (1, 0, False)
    (deal,) = made(world, id_)
    assert (deal["name"], deal["state"], deal["turn"]) == ("Cleaning", "open", MARCH)
    assert (deal["amount"], deal["expected"]) == (Decimal(200), date(2026, 3, 12))
    assert deal["responsible"] == world.people["Boris"]
    (new,) = world.base.reader.linked("deal", "template", [id_])
    assert len(world.linked("deal_person", "deal", new)) == 1
    assert (world.of(id_, "deal_template")["next"], world.of(id_, "deal_template")["made"]) == (
        APRIL, 1,
    )  # fmt: skip


def test_missed_dates_are_caught_up_with_and_made_days_before(world: DealWorld) -> None:
    id_ = template(world, ahead=5)
    world.clock.move(days=56)  # 27 April, five days before the second of May
    make_due(world.base)
    assert [one["turn"] for one in made(world, id_)] == [MARCH, APRIL, MAY]


def test_it_ends_by_number_by_date_and_when_it_is_switched_off(world: DealWorld) -> None:
    twice = template(world, most=2)
    until = template(world, rule="FREQ=MONTHLY;UNTIL=20260403T000000Z")
    off = template(world, retired=True)
    world.clock.move(days=150)
    make_due(world.base)
    assert [len(made(world, one)) for one in (twice, until, off)] == [2, 2, 0]
    assert world.of(twice, "deal_template")["next"] is None


def test_what_was_undone_does_not_come_again(world: DealWorld) -> None:
    id_ = template(world)
    make_due(world.base)
    (operation,) = [one for one in world.base.operations.last(5) if one.kind == "auto"]
    world.base.undo.undo(operation.id)
    assert (made(world, id_), make_due(world.base), made(world, id_)) == ([], 0, [])


def test_two_seats_make_one_date_once(world: DealWorld, base_url: str) -> None:
    id_ = template(world)
    if world.base.backend.exclusive:
        pytest.skip("a local base has one seat")
    other = open_base(base_url, clock=world.clock)
    try:
        assert make_due(world.base) + make_due(other) == 1
    finally:
        other.close()
    assert len(made(world, id_)) == 1


def test_a_rule_that_cannot_be_read_is_refused(world: DealWorld) -> None:
    with pytest.raises(InvalidInput) as refused:
        template(world, rule="FREQ=SOMETIMES")
    assert refused.value.field == "rule"


def test_the_responsible_is_told_once_what_is_missing(world: DealWorld) -> None:
    id_, boris = template(world), world.people["Boris"]
    world.base.records.update("stage", world.stages["First call"], {"to_enter": "client"})
    assert (make_due(world.base), make_due(world.base)) == (0, 0)
    (told,) = world.base.reminders.look(boris, "here").fresh
    notice = world.of(told.event.id, "activity")
    assert "Each month" in notice["subject"] and "Client" in notice["body"]
    assert notice["about"].entity == "deal"
    sample = world.of(id_, "deal_template")["sample"]
    client = world.make("client", name="Aster")
    world.base.records.update("deal", sample, {"client": client})
    assert make_due(world.base) == 1
