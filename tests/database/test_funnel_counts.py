"""The funnel against a slow counter over histories drawn by lot, and the story of the windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.services.funnel.answer import FunnelFigure
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import MANAGER, SEGMENT, SOURCE, FunnelQuestion
from tests.database.funnel_world import NAMES, Deal, World, came, drawn, had, in_period

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
PLACES = range(len(NAMES))


@pytest.fixture
def world(base_url: str) -> Iterator[World]:
    made = World(base_url)
    yield made
    made.base.close()


@pytest.fixture(params=[(1, False), (2, True)], ids=["asked", "kept"])
def drawn_world(world: World, request: pytest.FixtureRequest) -> World:
    """Asked of the base, and counted from memory."""
    lot, is_kept = request.param
    world.put(drawn(world, Random(lot), 150))
    if is_kept:
        world.base.funnels.prepare()
    return world


def asked(world: World, period: Period = FEBRUARY, **more: object) -> FunnelFigure:
    return world.base.funnels.figure(FunnelQuestion(world.pipeline, period, **more))  # type: ignore[arg-type]


def scope(world: World, period: Period, *, closing: bool = False) -> list[Deal]:
    return [d for d in world.deals if in_period(d, period.since, period.until, closing=closing)]


@pytest.mark.parametrize("closing", [False, True])
def test_counts_and_their_rows_are_those_of_a_slow_counter(
    drawn_world: World, closing: bool
) -> None:
    figure = asked(drawn_world, closing=closing)
    deals = scope(drawn_world, FEBRUARY, closing=closing)
    for place, line in zip(PLACES, figure.lines, strict=True):
        expected = {deal.id for deal in deals if came(deal, place)}
        assert line.count == len(expected)
        assert drawn_world.ids(line.query) == expected


def test_by_manager_a_deal_counts_for_everybody_who_had_it_so_far(drawn_world: World) -> None:
    figure = asked(drawn_world, by=MANAGER)
    deals = scope(drawn_world, FEBRUARY)
    people = {stay.who for deal in deals for stay in deal.stays}
    assert {line.id or None for line in figure.groups} >= people
    for line in figure.groups:
        for place in PLACES:
            expected = {deal.id for deal in deals if had(deal, line.id or None, place)}
            assert line.counts[place] == len(expected)
            assert drawn_world.ids(line.queries[place]) == expected


def test_the_funnel_of_one_manager_has_only_what_they_had(drawn_world: World) -> None:
    anna = drawn_world.staff[0]
    figure = asked(drawn_world, by=MANAGER, only=anna)
    deals = [deal for deal in scope(drawn_world, FEBRUARY) if had(deal, anna, 0)]
    assert figure.lines[0].count == len(deals)
    back = {d.id for d in deals if any(stay.direction == "back" for stay in d.stays)}
    assert (figure.returned, drawn_world.ids(figure.returned_query)) == (len(back), back)


@pytest.mark.parametrize("by", [SOURCE, SEGMENT])
def test_by_source_and_by_segment_each_deal_counts_once(drawn_world: World, by: str) -> None:
    figure = asked(drawn_world, by=by)
    assert sum(line.counts[0] for line in figure.groups) == figure.lines[0].count
    for line in figure.groups:
        for place in PLACES:
            assert len(drawn_world.ids(line.queries[place])) == line.counts[place]


def test_returns_are_counted_where_they_left_and_open_their_deals(drawn_world: World) -> None:
    figure = asked(drawn_world)
    left: dict[int, set[int]] = {}
    for deal in scope(drawn_world, FEBRUARY):
        for before, stay in zip(deal.stays, deal.stays[1:], strict=False):
            if stay.direction == "back":
                left.setdefault(drawn_world.stages[before.place], set()).add(deal.id)
    for line in figure.lines:
        assert line.returned == len(left.get(line.step.id, ()))
        if line.returned_query is not None:
            assert drawn_world.ids(line.returned_query) == left[line.step.id]
    assert figure.returned == len(set().union(*left.values()))


def test_time_in_a_stage_is_that_of_its_finished_stays(drawn_world: World) -> None:
    figure = asked(drawn_world)
    for place, line in enumerate(figure.lines):
        stayed = [
            (deal.id, stay.minutes)
            for deal in scope(drawn_world, FEBRUARY)
            for stay in deal.stays
            if stay.place == place and stay.minutes is not None
        ]
        times = sorted(minutes for _deal, minutes in stayed)
        long = [t for t in times if sum(o <= t for o in times) * 10 >= 9 * len(times)]
        assert line.most == (long[0] if long else None)
        below, above = times[(len(times) - 1) // 2 :][:1], times[len(times) // 2 :][:1]
        assert line.median == ((below[0] + above[0] + 1) // 2 if times else None)
        opened = drawn_world.ids(line.times_query) if line.times_query else set()
        assert opened == {deal for deal, _minutes in stayed}


def test_losses_are_counted_by_reason_and_summed_by_currency(drawn_world: World) -> None:
    figure = asked(drawn_world)
    here = (deal for deal in scope(drawn_world, FEBRUARY) if not deal.is_away)
    lost = [deal for deal in here if deal.state == "lost"]
    assert sum(line.count for line in figure.losses) == len(lost)
    for line in figure.losses:
        own = [deal for deal in lost if (deal.reason or 0) == line.id]
        assert drawn_world.ids(line.query) == {deal.id for deal in own}
        sums: dict[str, Decimal] = {}
        for deal in own:
            if deal.amount:
                code = (deal.currency or "").upper()
                sums[code] = sums.get(code, Decimal(0)) + deal.amount
        assert line.sums == sums


def test_the_period_before_and_the_year_before_lie_beside(drawn_world: World) -> None:
    figure = asked(drawn_world, MARCH)
    assert figure.previous.period == FEBRUARY
    assert figure.previous.counts == tuple(line.count for line in asked(drawn_world).lines)
    assert figure.year_before.period == Period(date(2025, 3, 1), date(2025, 3, 31))
    assert figure.year_before.counts == (0,) * len(NAMES)


def story(world: World) -> list[Deal]:
    """33 enquiries in March: 33, 30, 26, 20, 18; two come back once from Approval, one skips."""
    deals = []
    for number in range(33):
        when = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(hours=12 * number)
        deal = Deal(when, world.staff[number % 2])
        deal.move(0, when, "new")
        top = sum(number < reached for reached in (30, 26, 20, 18))
        for place in range(1, top + 1):
            if (number, place) != (5, 1):
                deal.move(place, when + timedelta(hours=place), "won" if place == 4 else "forward")
            if number in (21, 22) and place == 2:
                deal.move(1, when + timedelta(hours=3), "back")
        deals.append(deal)
    return deals


def test_the_story_of_the_windows(world: World) -> None:
    world.put(story(world))
    figure = asked(world, MARCH)
    assert [line.count for line in figure.lines] == [33, 30, 26, 20, 18]
    shares = [None, *map(Decimal, ("90.9", "86.7", "76.9", "90.0"))]
    assert [line.share for line in figure.lines] == shares
    assert (figure.total, figure.returned) == (Decimal("54.5"), 2)
    assert [line.returned for line in figure.lines] == [0, 0, 2, 0, 0]
    assert [len(world.ids(line.query)) for line in figure.lines] == [33, 30, 26, 20, 18]


def test_a_retired_stage_is_left_out_but_who_reached_it_counts_before_it(world: World) -> None:
    world.put(story(world))
    world.base.records.update("stage", world.stages[2], {"retired": True})
    figure = asked(world, MARCH)
    assert [line.count for line in figure.lines] == [33, 30, 20, 18]
    assert [len(world.ids(line.query)) for line in figure.lines] == [33, 30, 20, 18]


def test_what_cannot_be_asked_is_refused(world: World) -> None:
    with pytest.raises(NotFound, match="no pipeline with the number 12345678"):
        world.base.funnels.figure(FunnelQuestion(12345678, MARCH))
    with pytest.raises(InvalidInput, match="not counted by “colour”"):
        FunnelQuestion(world.pipeline, MARCH, by="colour")
    with pytest.raises(InvalidInput, match="ends before it begins"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


def test_what_is_kept_in_memory_follows_every_change(world: World) -> None:
    world.put(story(world))
    question = FunnelQuestion(world.pipeline, MARCH, by=MANAGER)
    anna, boris, vera = world.staff
    before = world.base.funnels.counts(question)
    records, deal = world.base.records, world.deals[0]
    records.update("deal", deal.id, {"responsible": vera})
    after = world.base.funnels.counts(question)
    assert after[anna] == before[anna]  # she had it, whoever has it now
    assert vera not in after
    gone = records.delete("deal", [world.deals[1].id])
    assert world.base.funnels.counts(question)[boris][0] == before[boris][0] - 1
    world.base.undo.undo(gone.operation)
    assert world.base.funnels.counts(question) == after


def test_a_base_of_another_seat_is_read_anew_after_a_while(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_desktop.services.stale_records.OLDEST", -1.0)
    monkeypatch.setattr(type(world.base.backend), "exclusive", False)
    question = FunnelQuestion(world.pipeline, MARCH)
    world.base.funnels.counts(question)
    world.put(story(world))  # unheard
    assert world.base.funnels.counts(question)[-1] == [33, 30, 26, 20, 18]


def test_lost_sums_without_a_currency_are_in_that_of_the_base(world: World) -> None:
    when = datetime(2026, 2, 3, 9, tzinfo=UTC)
    own = str(world.base.info("currency"))
    for currency in (None, own.lower()):
        deal = Deal(when, None, closed=when, state="lost", currency=currency, amount=Decimal(100))
        deal.move(-1, when, "lost")
        world.put([deal])
    (line,) = asked(world).losses
    assert line.sums == {own.upper(): Decimal(200)}


@pytest.mark.parametrize(("since", "until"), [
    (date(1, 1, 1), date(2026, 1, 1)), (date(2026, 1, 1), date(9999, 12, 31)),
])  # fmt: skip
def test_a_period_beyond_the_calendar_is_refused(since: date, until: date) -> None:
    with pytest.raises(InvalidInput, match="too far away"):
        Period(since, until)
