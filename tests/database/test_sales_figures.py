"""Channels with their costs, managers from what happened, the forecast and how true it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.sales_figures.channels import channel_table, cost_within
from crm_desktop.services.sales_figures.forecast import forecast
from crm_desktop.services.sales_figures.managers import manager_table
from tests.database.funnel_world import Deal, World, drawn

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
YEARS = Period(date(2025, 1, 1), date(2027, 12, 31))
RUB, EUR = "RUB", "EUR"


@pytest.fixture
def world(base_url: str) -> Iterator[World]:
    made = World(base_url)
    yield made
    made.base.close()


def day(number: int, hour: int = 10, month: int = 3) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=UTC)


def won(world: World, who: int, when: datetime, amount: str, **more: object) -> Deal:
    deal = Deal(when - timedelta(days=5), who, amount=Decimal(amount), currency=RUB.lower(), **more)  # type: ignore[arg-type]
    deal.move(0, deal.opened, "new")
    deal.move(4, when, "won")
    return deal


# --- channels -------------------------------------------------------------------------------------


def test_a_channel_has_leads_won_deals_sums_and_its_share_of_the_cost(world: World) -> None:
    site, fair = world.sources
    own = world.base.info("currency")
    world.insert("lead", [{"name": "Petrov", "source": site, "received": day(2)}] * 3)
    deals = [won(world, world.staff[0], day(n), "1000", source=site) for n in (3, 4)]
    for deal in deals:
        deal.currency = own.lower()
    world.put(deals)
    world.insert("channel_cost", [
        {"name": "Site", "source": site, "amount": Decimal(900), "since": date(2026, 2, 1),
         "until": date(2026, 4, 30)},
        {"name": "Stand", "source": fair, "amount": Decimal(500), "since": date(2026, 3, 31)},
    ])  # fmt: skip
    lines = {line.id: line for line in channel_table(world.base, MARCH)}
    first, second = lines[site], lines[fair]
    assert (first.leads, first.won, first.sums) == (3, 2, {own: Decimal(2000)})
    assert first.cost == Decimal("313.48")  # 31 of 89 days, to the kopeck beside February's
    assert (first.cost_each, first.gain) == (Decimal("156.74"), Decimal("538.0"))
    assert (second.cost, second.cost_each, second.gain) == (500, None, Decimal("-100.0"))
    for line in lines.values():
        assert len(world.ids(line.leads_query)) == line.leads
        assert len(world.ids(line.won_query)) == line.won
        assert len(world.ids(line.cost_query)) == 1


def test_a_channel_without_cost_has_dashes_and_divides_by_nothing(world: World) -> None:
    world.put([won(world, world.staff[0], day(3), "1000")])
    (line,) = channel_table(world.base, MARCH)
    assert (line.id, line.cost_each, line.gain) == (0, None, None)


def test_pieces_of_a_cost_add_up_to_the_whole() -> None:
    since, until = date(2026, 1, 10), date(2026, 12, 3)
    months = [Period(date(2026, m, 1), date(2026, m, 28)) for m in range(1, 13)]
    gaps = [Period(date(2026, m, 29), date(2026, m, 31)) for m in (1, 3, 5, 7, 8, 10, 12)]
    gaps += [Period(date(2026, m, 29), date(2026, m, 30)) for m in (4, 6, 9, 11)]
    amount = Decimal("1000.01")
    assert sum(cost_within(amount, since, until, p) for p in months + gaps) == amount


# --- managers -------------------------------------------------------------------------------------


def test_a_manager_is_judged_by_what_happened(world: World) -> None:
    anna, boris, _vera = world.staff
    world.insert("lead", [
        {"name": "A", "responsible": anna, "taken": day(2), "responded": day(2), "response": r}
        for r in (5, 9, 40)
    ])  # fmt: skip
    acts = [("call", "done", 3), ("call", "done", 4), ("call", "planned", 4), ("visit", "done", 5)]
    world.insert("activity", [
        {"subject": "x", "kind": kind, "state": state, "moment": day(n), "due": day(n),
         "author": anna}
        for kind, state, n in acts
    ])  # fmt: skip
    deal = won(world, anna, day(6), "1500")
    deal.who = boris  # handed over after it was won
    world.put([deal])
    lines = {line.id: line for line in manager_table(world.base, MARCH)}
    line = lines[anna]
    counts = [n.count for n in (line.leads, line.calls, line.meetings, line.overdue, line.won)]
    assert counts == [3, 2, 1, 1, 1]
    assert (line.response, line.sums, boris in lines) == (9, {RUB: Decimal(1500)}, False)


@pytest.mark.parametrize(("seed", "period"), [(3, MARCH), (4, MARCH), (5, YEARS)])
def test_every_number_of_a_manager_opens_its_rows(world: World, seed: int, period: Period) -> None:
    chance = Random(seed)
    world.put(drawn(world, chance, 150))
    kinds, states = ("call", "meeting", "visit", "task"), ("done", "planned", "cancelled")
    world.insert("activity", [
        {"subject": "x", "kind": chance.choice(kinds), "state": chance.choice(states),
         "moment": day(chance.randrange(1, 29)), "due": day(chance.randrange(1, 29)),
         "author": chance.choice([*world.staff, None])}
        for _number in range(200)
    ])  # fmt: skip
    lines = manager_table(world.base, period)
    assert len(lines) == len(world.staff) + 1
    for line in lines:
        for number in (line.leads, line.calls, line.meetings, line.overdue, line.won):
            assert len(world.ids(number.query)) == number.count
        expected = {
            deal.id for deal in world.deals if deal.state == "won" and any(
                stay.direction == "won" and (stay.who or 0) == line.id
                and (period is YEARS or stay.since.month == 3)
                for stay in deal.stays
            )
        }  # fmt: skip
        assert world.ids(line.won.query) == expected


# --- forecast -------------------------------------------------------------------------------------


def expected(world: World, amount: str, when: date | None, chance: int, currency: str = RUB) -> int:
    values = {
        "name": "Deal", "pipeline": world.pipeline, "stage": world.stages[1], "state": "open",
        "opened": day(1, month=1), "amount": Decimal(amount), "expected": when,
        "probability": chance, "currency": currency.lower(),
    }  # fmt: skip
    return world.insert("deal", [values])[0]


def test_the_forecast_is_sum_times_probability_by_month_and_currency(world: World) -> None:
    expected(world, "1000.01", date(2026, 3, 5), 50)
    expected(world, "2000", date(2026, 3, 31), 25)
    expected(world, "300", date(2026, 3, 31), 10, EUR)
    expected(world, "400", date(2026, 1, 31), 100)
    expected(world, "500", None, 90)
    late, march, undated = forecast(world.base).lines
    assert (late.late, late.count) == (True, 2)  # today is 31 March: the fifth is over, too
    assert late.weighted == {RUB: Decimal("900.01")}
    assert (march.month, march.count) == (date(2026, 3, 1), 2)
    assert march.weighted == {RUB: Decimal(500), EUR: Decimal(30)}
    assert (undated.month, undated.weighted) == (None, {RUB: Decimal(450)})
    for line in (late, march, undated):
        assert len(world.ids(line.query)) == line.count


def test_a_former_forecast_is_read_from_what_was_said_then(world: World) -> None:
    world.clock.move(days=-60)  # 30 January
    deal = expected(world, "1000", date(2026, 3, 5), 50)
    table = world.base.tables.main["deal"]
    with world.base.backend.write() as connection:
        connection.execute(table.update().values(created_at=day(20, month=1)))
    world.clock.move(days=45)  # 16 March: it is put off and costs less
    world.base.records.update(
        "deal", deal, {"amount": Decimal(700), "expected": date(2026, 4, 2), "probability": 90}
    )
    world.put([won(world, world.staff[0], day(10), "250")])
    world.clock.move(days=30)  # 15 April
    march = forecast(world.base, 1).accuracy[0]
    assert (march.month, march.open) == (date(2026, 3, 1), 1)
    assert (march.said, march.won) == ({RUB: Decimal("500.00")}, {RUB: Decimal(250)})
    assert march.shares == {RUB: Decimal("50.0")}
    assert len(world.ids(march.won_query)) == 1
    assert march.said_query is not None and world.ids(march.said_query) == {deal}
    february = forecast(world.base, 2).accuracy[0]
    assert (february.open, february.said_query) == (0, None)


def test_a_deal_entered_later_counts_by_the_stage_it_stood_in(world: World) -> None:
    world.base.records.update("stage", world.stages[0], {"probability": 40})
    deal = Deal(day(1, month=1), world.staff[0], amount=Decimal(1000), currency="rub")
    deal.move(0, deal.opened, "new")
    deal.move(4, day(10), "won")
    world.put([deal])
    table = world.base.tables.main["deal"]
    with world.base.backend.write() as connection:
        connection.execute(table.update().values(expected=date(2026, 3, 20)))
    world.clock.move(days=15)
    assert forecast(world.base, 1).accuracy[0].said == {RUB: Decimal("400.00")}
