"""Edges of figures and board: the last month of the calendar, sums in another currency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm_desktop.services.board.columns import BY_MONTH, STEP, day_in, make_columns
from crm_desktop.services.board.reading import Asked
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.sales_figures.channels import ChannelLine, channel_table
from crm_desktop.services.sales_figures.forecast import forecast
from tests.database.funnel_world import Deal, World
from tests.database.whole_board import read_board

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
LAST = date(9999, 12, 31)


@pytest.fixture
def world(base_url: str) -> Iterator[World]:
    made = World(base_url)
    yield made
    made.base.close()


def expected(world: World, when: date | None) -> int:
    """An open deal that is expected to close then."""
    return world.insert("deal", [{
        "name": "Windows", "pipeline": world.pipeline, "stage": world.stages[1], "state": "open",
        "opened": datetime(2026, 1, 1, tzinfo=UTC), "amount": Decimal(100), "expected": when,
        "probability": 50, "currency": "rub",
    }])[0]  # fmt: skip


def test_a_deal_of_the_last_month_there_is_has_a_line_in_the_forecast(world: World) -> None:
    for when in (LAST, date(9999, 12, 1), None):
        expected(world, when)
    last, undated = forecast(world.base).lines
    assert (last.month, last.count, undated.month) == (date(9999, 12, 1), 2, None)
    assert len(world.ids(last.query)) == 2


def test_a_card_can_be_dragged_into_the_last_month_there_is(world: World) -> None:
    expected(world, LAST)
    expected(world, None)
    found = read_board(world.base, Asked(world.pipeline))
    columns = {column.key: column for column in make_columns(found, BY_MONTH, STEP)}
    assert [card.day for card in columns[9999, 12].cards] == [LAST]
    assert {day_in(found, card, (9999, 12)) for card in found.cards} == {LAST}


def channel(world: World, *currencies: str) -> ChannelLine:
    """A source that cost 900 in the currency of the base and brought a deal in each currency."""
    source, when = world.sources[0], datetime(2026, 3, 3, 10, tzinfo=UTC)
    deals = [
        Deal(when, world.staff[0], source, amount=Decimal(1000), currency=currency.lower())
        for currency in currencies
    ]
    for deal in deals:
        deal.move(4, when, "won")
    world.put(deals)
    world.insert("channel_cost", [
        {"name": "Site", "source": source, "amount": Decimal(900), "since": date(2026, 3, 1)},
    ])  # fmt: skip
    (line,) = channel_table(world.base, MARCH)
    return line


def test_what_was_won_in_another_currency_has_no_return_on_the_cost(world: World) -> None:
    own = world.base.info("currency")
    other = "EUR" if own != "EUR" else "USD"
    line = channel(world, own, other)
    assert (line.gain, line.other_currencies) == (None, (other,))
    assert line.cost_each == Decimal(450)


def test_a_cost_that_brought_nothing_is_lost_whole(world: World) -> None:
    line = channel(world)
    assert (line.gain, line.other_currencies) == (Decimal(-100), ())
