"""What is due all day is overdue when its day is over, whoever asks, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.whole_days import midnight_in, overdue_after
from crm_desktop.services.activities.my_day import OVERDUE, TODAY, my_day
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.lists.marks import value_test
from crm_desktop.services.reminders.promises import broken
from crm_desktop.services.reminders.question import EVERYBODY
from crm_desktop.services.sales_figures.acts_asked import ask_acts
from crm_desktop.services.workspace import Workspace
from tests.ics_files import HOME, NOW, office

DAY, DAY_LONG = date(2026, 12, 1), timedelta(days=1)
PASSED = Condition("due", "period", "passed")
MONTHS = Period(date(2026, 11, 1), date(2026, 12, 31))


@pytest.fixture(params=["Europe/Moscow", "America/Halifax", "Asia/Vladivostok"])
def seat(request: pytest.FixtureRequest, base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    made.clock = made.records.clock = MovedClock(NOW, ZoneInfo(request.param))
    made.reload()
    yield made
    made.close()


def overdue(base: Workspace, client: int, task: int) -> set[bool]:
    """What every place says of it."""
    found = base.reader.many("activity", [task], None)[task]
    step = Condition("next_step_at", "period", "passed")
    kept = base.reader.many("client", [client], None)[client]["next_step_at"]
    context, day = base.lists.context(), my_day(base, None)
    tests = [
        value_test(base.catalogue[entity].field(one.path), one, context)(moment)
        for entity, one, moment in (("activity", PASSED, found["due"]), ("client", step, kept))
    ]
    groups = {group: [task.is_late(base.clock.local()) for task in day[group]]
              for group in (OVERDUE, TODAY)}  # fmt: skip
    return {
        *tests, bool(base.lists.count(Query("activity", where=PASSED))),
        bool(base.lists.count(Query("client", where=step))), bool(broken(base, EVERYBODY)),
        bool(ask_acts(base, MONTHS)[1]), bool(base.funnels.acts.answer(MONTHS)[1]),
        bool(groups[OVERDUE]), *groups[OVERDUE], *groups[TODAY], not groups[TODAY],
    }  # fmt: skip


@pytest.mark.parametrize("days", [1, 3])
def test_it_is_overdue_when_its_last_day_is_over_for_whoever_asks(
    seat: Workspace, days: int
) -> None:
    clock, here = seat.clock, seat.clock.zone()
    assert isinstance(clock, MovedClock)
    last = DAY + (days - 1) * DAY_LONG
    (client,) = seat.records.create("client", {"name": "Vector"}).ids
    given = {
        "subject": "Fair",
        "kind": "task",
        "all_day": True,
        "about": Ref("client", client),
        "starts": midnight_in(DAY, here),
        "ends": midnight_in(last + DAY_LONG, here),
    }
    (task,) = seat.records.create("activity", given).ids
    seat.funnels.acts.prepare()

    for day, hour in ((DAY, time(0, 1)), (last, time(12)), (last, time(23, 59))):
        clock.moment = datetime.combine(day, hour, here).astimezone(UTC)
        assert overdue(seat, client, task) == {False}
    clock.move(minutes=2)
    assert overdue(seat, client, task) == {True}


def test_what_has_an_hour_is_overdue_from_that_hour_on() -> None:
    noon, midnight = datetime(2026, 12, 1, 12, tzinfo=HOME), datetime(2026, 12, 1, tzinfo=HOME)
    assert overdue_after(noon, HOME, HOME) == noon
    assert overdue_after(midnight, HOME, HOME) == midnight + timedelta(days=1)
