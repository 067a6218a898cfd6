"""Figures of the past stay what they were: a deal won by mistake, one moved to another pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crm_desktop.services.board.columns import OVERDUE, month_of
from crm_desktop.services.board.reading import Asked
from crm_desktop.services.funnel.answer import FunnelFigure
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import MANAGER, SEGMENT, FunnelQuestion
from crm_desktop.services.sales_figures.forecast import forecast
from crm_desktop.services.sales_figures.managers import manager_table
from tests.database.deal_world import DealWorld, deal_world
from tests.database.whole_board import read_board

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    made.base.work_as(made.people["Anna"])
    yield made
    made.base.close()


def asked(world: DealWorld, pipeline: int | None = None, **more: object) -> FunnelFigure:
    question = FunnelQuestion(pipeline or world.pipeline, MARCH, **more)  # type: ignore[arg-type]
    return world.base.funnels.figure(question)


def counts(world: DealWorld, pipeline: int | None = None, **more: object) -> list[int]:
    figure = asked(world, pipeline, **more)
    for line in figure.lines:
        assert world.base.lists.count(line.query) == line.count
    return [line.count for line in figure.lines]


def other(world: DealWorld) -> int:
    doors = world.make("pipeline", name="Doors")
    return world.make("stage", name="Offer", pipeline=doors, position=1)


def test_won_by_mistake_and_opened_again_is_not_won(world: DealWorld) -> None:
    deal = world.deal()
    world.move(deal, "Approval")
    world.move(deal, "Done")
    assert counts(world) == [1, 1, 1, 1, 1, 1]
    world.move(deal, "Approval")
    assert counts(world) == [1, 1, 1, 0, 0, 0]
    assert counts(world, by=MANAGER, only=world.people["Anna"]) == [1, 1, 1, 0, 0, 0]
    assert world.of(deal)["reached"] == world.stages["Approval"]


def test_lost_after_it_was_won_by_mistake(world: DealWorld) -> None:
    deal = world.deal()
    world.move(deal, "Done")
    reason = world.make("reference", name="Too dear", book="loss_reason")
    world.move(deal, "Lost", loss_reason=reason, loss_comment="Called off")
    assert counts(world) == [1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("by", ["", MANAGER, SEGMENT])
def test_moved_to_another_pipeline_it_counts_as_far_as_it_came(world: DealWorld, by: str) -> None:
    deal, stays = world.deal(), world.deal()
    world.clock.move(minutes=20)
    world.move(deal, "Measurement")
    before = counts(world, by=by)
    offer = other(world)
    world.clock.move(minutes=20)
    world.base.pipelines.move([deal], offer)
    assert counts(world, by=by) == before == [2, 1, 0, 0, 0, 0]
    figure = asked(world, by=by)
    assert set(world.base.lists.open(figure.lines[0].query).ids()) == {deal, stays}
    assert sum(line.counts[1] for line in figure.groups) == (1 if by else 0)
    assert (figure.lines[0].median, figure.lines[1].median) == (20, 20)
    assert counts(world, int(world.of(deal)["pipeline"]), by=by) == [1]


def test_its_end_there_is_no_end_here(world: DealWorld) -> None:
    deal = world.deal()
    world.base.pipelines.move([deal], other(world))
    doors = int(world.of(deal)["pipeline"])
    sold = world.make("stage", name="Sold", pipeline=doors, position=2, outcome="won")
    world.base.pipelines.move([deal], sold)
    assert counts(world) == [1, 0, 0, 0, 0, 0]
    assert counts(world, closing=True) == [0] * 6
    assert counts(world, doors) == [1, 1]


def test_back_again_it_has_come_as_far_as_before(world: DealWorld) -> None:
    deal = world.deal()
    world.move(deal, "Approval")
    world.base.pipelines.move([deal], other(world))
    world.move(deal, "First call")
    assert world.of(deal)["reached"] == world.stages["Approval"]
    assert counts(world) == [1, 1, 1, 0, 0, 0]


def test_an_undone_move_and_a_deleted_deal_are_forgotten(world: DealWorld) -> None:
    deal, offer = world.deal(), other(world)
    gone = world.base.pipelines.move([deal], offer)
    assert counts(world)[0] == 1
    world.base.undo.undo(gone.operation)
    assert counts(world)[0] == 1
    world.base.pipelines.move([deal], offer)
    world.base.records.delete("deal", [deal])
    assert counts(world)[0] == 0


APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))
NIGHT = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
"""Half past midnight in the office in Moscow, still March where the clock of the computer is."""


def test_a_day_is_that_of_the_office_wherever_one_sits(world: DealWorld) -> None:
    world.deal(opened=NIGHT)
    assert counts(world)[0] == 0
    figure = world.base.funnels.figure(FunnelQuestion(world.pipeline, APRIL))
    assert (figure.lines[0].count, world.base.lists.count(figure.lines[0].query)) == (1, 1)


def test_the_table_of_managers_has_the_days_of_the_office(world: DealWorld) -> None:
    anna = world.people["Anna"]
    world.make("activity", subject="Call", kind="call", state="done", author=anna, moment=NIGHT)
    for prepared in (False, True):
        if prepared:
            world.base.funnels.acts.prepare()
        assert manager_table(world.base, MARCH) == []
        (line,) = manager_table(world.base, APRIL)
        assert line.calls.count == world.base.lists.count(line.calls.query) == 1


def test_the_forecast_and_the_board_call_the_same_deals_overdue(world: DealWorld) -> None:
    world.clock.moment = NIGHT - timedelta(hours=2)  # 31 March in the office, too
    days = (date(2026, 3, 5), date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1))
    for day in days:
        world.deal(expected=day)
    late, march, april = forecast(world.base).lines
    assert (late.late, late.count, march.count, april.count) == (True, 2, 1, 1)
    for line in (late, march, april):
        assert world.base.lists.count(line.query) == line.count
    found = read_board(world.base, Asked(world.pipeline))
    months = [month_of(found, card.expected) for card in found.cards]
    assert months.count(OVERDUE) == 2
    world.clock.moment = NIGHT  # April in the office
    assert [line.count for line in forecast(world.base).lines] == [3, 1]
