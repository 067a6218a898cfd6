"""Minutes, losses and returns of a funnel from what is kept in memory are those of the base."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.services.funnel.answer import FunnelFigure
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import MANAGER, FunnelQuestion
from crm_desktop.services.writing.staging import Update
from tests.database.deal_world import DealWorld, deal_world

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    """A deal that was in two stages, another one that is lost; both asked for already."""
    made = deal_world(base_url)
    made.base.work_as(made.people["Anna"])
    made.people["dear"] = made.make("reference", name="Too dear", book="loss_reason")
    made.people["slow"] = made.make("reference", name="Too slow", book="loss_reason")
    made.stages["moved"] = made.deal(responsible=made.people["Anna"])
    made.clock.move(minutes=20)
    made.move(made.stages["moved"], "Measurement")
    made.stages["lost"] = made.deal(
        amount=Decimal(700), amount_by_hand=True, responsible=made.people["Boris"]
    )
    made.move(made.stages["lost"], "Lost", loss_reason=made.people["dear"],
              loss_comment="Went elsewhere")  # fmt: skip
    asked(made)
    yield made
    made.base.close()


def asked(world: DealWorld) -> FunnelFigure:
    return world.base.funnels.figure(FunnelQuestion(world.pipeline, MARCH, by=MANAGER))


def _moved_on(world: DealWorld) -> None:
    world.clock.move(minutes=40)
    world.move(world.stages["moved"], "Approval")


def _moved_on_and_undone(world: DealWorld) -> None:
    world.clock.move(minutes=40)
    gone = world.move(world.stages["moved"], "Approval")
    asked(world)
    world.base.undo.undo(gone)


def _returned(world: DealWorld) -> None:
    world.clock.move(minutes=40)
    world.move(world.stages["moved"], "First call")


def _lost_for_another_reason(world: DealWorld) -> None:
    values = {"loss_reason": world.people["slow"], "amount": Decimal("12.50")}
    world.base.records.apply([Update("deal", world.stages["lost"], values)])


def _deleted(world: DealWorld) -> None:
    world.base.records.delete("deal", [world.stages["lost"], world.stages["moved"]])


def _given_to_another(world: DealWorld) -> None:
    values = {"responsible": world.people["Boris"]}
    world.base.records.apply([Update("deal", world.stages["moved"], values)])


@pytest.mark.parametrize("act", [
    _moved_on, _moved_on_and_undone, _returned, _lost_for_another_reason, _deleted,
    _given_to_another,
])  # fmt: skip
def test_what_was_written_meanwhile_is_in_the_whole_funnel(
    world: DealWorld, act: Callable[[DealWorld], None]
) -> None:
    act(world)
    kept = asked(world)
    world.base.reload()  # nothing is kept any more
    assert kept == asked(world)


def test_the_past_follows_each_step(world: DealWorld) -> None:
    figure = asked(world)
    assert (figure.lines[0].median, figure.lines[1].median) == (10, None)
    assert [(line.name, *line.sums.values()) for line in figure.losses] == [("Too dear", 700)]
    _returned(world)
    figure = asked(world)
    assert (figure.lines[1].median, figure.lines[1].returned, figure.returned) == (40, 1, 1)
    _lost_for_another_reason(world)
    (line,) = asked(world).losses
    assert (line.name, *line.sums.values()) == ("Too slow", Decimal("12.50"))
    _deleted(world)
    figure = asked(world)
    assert not figure.losses and figure.lines[0].median is None


def test_the_past_of_one_manager_is_the_part_of_the_deals_they_had(world: DealWorld) -> None:
    only = FunnelQuestion(world.pipeline, MARCH, by=MANAGER, only=world.people["Anna"])
    figure = world.base.funnels.figure(only)
    assert (figure.lines[0].median, figure.losses) == (20, ())
    _returned(world)
    assert world.base.funnels.figure(only).lines[1].returned == 1
