"""What people do with a series from their day concerns the date that is due, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services import activities
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.my_day import OVERDUE, TODAY, agenda, my_day
from crm_desktop.services.reminders.promises import Promise, call_tomorrow
from crm_desktop.services.series import SeriesDates
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=MovedClock(START + WEEK - HOUR))
    made.work_as(made.records.create("staff", {"name": "Anna"}).ids[0])
    yield made
    made.close()


@pytest.fixture
def weekly(workspace: Workspace) -> int:
    """Every Tuesday at nine, four times; the first one is done."""
    given = {
        "subject": "Planning", "kind": "meeting", "starts": START, "ends": START + HOUR,
        "rule": "FREQ=WEEKLY;COUNT=4", "zone": "UTC", "state": "planned",
    }  # fmt: skip
    id_ = workspace.records.create("activity", given).ids[0]
    activities.done(workspace, id_)
    return int(id_)


def told(workspace: Workspace) -> list[tuple[str, str]]:
    found = SeriesDates(workspace).between(START - HOUR, START + 9 * WEEK)
    rows = workspace.reader.many("activity", {one.record for one in found}, ["state"])
    return [(f"{one.starts:%m-%d %H}", rows[one.record]["state"]) for one in found]


def test_putting_off_moves_the_date_that_is_due(workspace: Workspace, weekly: int) -> None:
    activities.reschedule(workspace, weekly, START + WEEK + 2 * HOUR, "Ann is away")

    assert told(workspace) == [
        ("03-03 09", "done"), ("03-10 11", "planned"), ("03-17 09", "planned"),
        ("03-24 09", "planned"),
    ]  # fmt: skip
    (moved,) = workspace.titles.find("activity", "Planning")[2:]
    values = workspace.reader.many("activity", [moved], ["attempt", "reason"])[moved]
    assert (values["attempt"], values["reason"]) == (1, "Ann is away")


def test_tomorrow_keeps_the_time_of_day_of_the_date(workspace: Workspace, weekly: int) -> None:
    activities.tomorrow(workspace, weekly)
    assert ("03-11 09", "planned") in told(workspace) and len(told(workspace)) == 4


def test_declining_ends_one_date_and_the_series_goes_on(workspace: Workspace, weekly: int) -> None:
    outcome = activities.decline(workspace, weekly, "Holiday")

    assert ("03-10 09", "declined") in told(workspace)
    assert ("03-17 09", "planned") in told(workspace)
    workspace.undo.undo(outcome.operation)
    assert ("03-10 09", "planned") in told(workspace)


def test_waiting_concerns_one_date(workspace: Workspace, weekly: int) -> None:
    activities.wait(workspace, weekly, "Ann")
    assert [state for _day, state in told(workspace)] == ["done", "waiting", "planned", "planned"]


def test_the_day_holds_the_date_that_is_due(workspace: Workspace, weekly: int) -> None:
    day = my_day(workspace, workspace.user_id)
    assert [task.ref.id for task in day[TODAY]] == [weekly] and not day[OVERDUE]
    assert day[TODAY][0].when == START + WEEK


def test_the_agenda_unfolds_a_series(workspace: Workspace, weekly: int) -> None:
    activities.reschedule(workspace, weekly, START + WEEK + 2 * HOUR)
    found = agenda(workspace, workspace.user_id, START.date(), (START + 2 * WEEK).date())

    assert [f"{task.when:%m-%d}" for task in found] == ["03-03", "03-10", "03-17"]
    assert not agenda(workspace, weekly, START.date(), (START + 2 * WEEK).date())


def test_a_broken_promise_of_a_series_moves_one_date(workspace: Workspace, weekly: int) -> None:
    ref = Ref("activity", weekly)
    promise = Promise(ref, ref, "Planning", START + WEEK, None, workspace.user_id)

    call_tomorrow(workspace, [promise])

    assert [day[:5] for day, _state in told(workspace)] == ["03-03", "03-11", "03-17", "03-24"]
