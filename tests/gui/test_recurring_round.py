"""The window makes deals that recur by itself, when their day has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.reminders.rounds import Rounds
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def rounds(desk: Desk) -> Iterator[Rounds]:
    desk.base.clock = MovedClock(MONDAY)
    desk.base.reload()
    made = Rounds(desk.session, desk.session)
    yield made
    made.setParent(None)


def test_a_deal_that_recurs_is_made_on_its_day_and_only_once(desk: Desk, rounds: Rounds) -> None:
    sample = desk.make("deal", name="Cleaning").id
    first = MONDAY.date()
    values = {"sample": sample, "rule": "FREQ=WEEKLY", "first": first}
    template = desk.make("deal_template", name="Each week", **values).id

    def made() -> int:
        rounds.go()
        rounds.go()
        return len(desk.base.reader.linked("deal", "template", [template]))

    assert made() == 1
    assert made() == 1
    assert isinstance(desk.base.clock, MovedClock)
    desk.base.clock.move(days=7)
    assert made() == 2
