"""Heads are told of dates of a series that are overdue, as of single activities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.models.query import Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders import escalation
from crm_desktop.services.reminders.escalation import is_due, tell_heads
from crm_desktop.services.series.writes import THIS, delete_writes, edit_writes
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base

FIRST = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(FIRST)


@pytest.fixture
def base(base_url: str, clock: MovedClock) -> Iterator[Workspace]:
    made = ready_base(base_url, clock=clock)
    (company,) = made.lists.open(Query("working_calendar", ("id",))).ids()
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")
    hours = {"zone": "UTC", "country": "", **dict.fromkeys(week, "9:00-18:00")}
    made.records.update("working_calendar", company, hours)
    yield made
    made.close()


@pytest.fixture
def head(base: Workspace) -> int:
    return base.records.create("staff", {"name": "Anna"}).ids[0]


@pytest.fixture
def worker(base: Workspace, head: int) -> int:
    return base.records.create("staff", {"name": "Boris", "head": head}).ids[0]


@pytest.fixture
def series(base: Workspace, worker: int) -> int:
    return made(base, worker)


def made(base: Workspace, who: int, rule: str = "RRULE:FREQ=DAILY", **more: Any) -> int:
    values = {"subject": "Till", "kind": "task", "state": "planned", "author": who, "zone": "UTC",
              "starts": FIRST, "ends": FIRST + timedelta(minutes=30), "rule": rule}  # fmt: skip
    return base.records.create("activity", {**values, **more}).ids[0]


def told(base: Workspace, head: int) -> list[tuple[int | None, datetime | None]]:
    """What comes up for the head now: the level, and the date of the series."""
    assert is_due(base) == bool(tell_heads(base))
    assert not is_due(base)
    fresh = base.reminders.look(head, "here").fresh
    return [(one.level, one.takes_place) for one in fresh if one.level is not None]


def test_each_date_is_told_once_for_each_level(
    base: Workspace, clock: MovedClock, head: int, series: int
) -> None:
    for day in range(2):
        date = FIRST + day * DAY
        for minutes, levels in ((0, [0]), (29, []), (30, [30]), (119, []), (120, [120]), (300, [])):
            clock.moment = date + timedelta(minutes=minutes)
            assert told(base, head) == [(level, date) for level in levels], clock.moment
    assert [one.level for one in base.reminders.due(head).standing] == [120]


def test_after_a_long_pause_only_the_latest_date_tells(
    base: Workspace, clock: MovedClock, head: int, series: int
) -> None:
    clock.moment = FIRST + 3 * DAY + timedelta(minutes=40)
    assert told(base, head) == [(30, FIRST + 3 * DAY)]


def test_a_date_that_was_ticked_off_is_silent_and_the_next_one_tells(
    base: Workspace, clock: MovedClock, head: int, series: int
) -> None:
    assert told(base, head) == [(0, FIRST)]
    base.records.update("activity", series, {"state": "done"})
    clock.move(minutes=30)
    assert told(base, head) == []
    assert base.reminders.due(head).standing == ()
    clock.moment = FIRST + DAY
    assert told(base, head) == [(0, FIRST + DAY)]


def test_a_date_with_a_record_of_its_own_tells_by_itself(
    base: Workspace, clock: MovedClock, head: int, series: int
) -> None:
    late = {"starts": FIRST + timedelta(hours=2)}
    base.records.apply(edit_writes(base, series, FIRST, late, THIS))
    assert told(base, head) == []
    clock.moment = FIRST + timedelta(hours=2)
    assert told(base, head) == [(0, clock.moment)]
    assert base.reminders.due(head).standing[0].event.id != series


@pytest.mark.parametrize("end", ["deleted", "done"])
def test_what_was_told_falls_silent_with_its_date(
    base: Workspace, clock: MovedClock, head: int, series: int, end: str
) -> None:
    clock.moment = FIRST + DAY
    assert told(base, head) == [(0, FIRST + DAY)]
    writes = (
        delete_writes(base, series, FIRST + DAY, THIS)
        if end == "deleted"
        else edit_writes(base, series, FIRST + DAY, {"state": "done"}, THIS)
    )
    base.records.apply(writes)
    clock.move(minutes=45)
    standing = [one.takes_place for one in base.reminders.due(head).standing if one.level]
    assert FIRST + DAY not in standing
    reminders = base.reminders.question.reader.linked("reminder", "activity", [series])
    copies = base.lists.count(Query("reminder", ("id",)))
    assert copies == len(reminders) + (end == "done")  # its own one; what the head knew stays here


def test_an_all_day_date_is_late_when_its_day_has_passed(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    midnight = FIRST.replace(hour=0)
    made(base, worker, all_day=True, starts=midnight, ends=midnight + DAY)
    assert told(base, head) == []
    clock.moment = midnight + DAY + timedelta(hours=9)
    assert told(base, head) == [(0, midnight)]


def test_what_is_counted_from_completion_is_late_once(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    made(base, worker, count_from="done")
    assert told(base, head) == [(0, FIRST)]
    clock.moment = FIRST + DAY
    assert told(base, head) == [(120, FIRST)]


@pytest.mark.parametrize("more", [{"private": "busy"}, {"state": "cancelled"}])
def test_nobody_is_told_of_what_is_private_or_over(
    base: Workspace, head: int, worker: int, more: dict[str, Any]
) -> None:
    made(base, worker, **more)
    assert told(base, head) == []


def test_an_old_series_nobody_ticks_off_still_tells_of_its_new_dates(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    start = FIRST - 70 * DAY
    made(base, worker, "RRULE:FREQ=WEEKLY", starts=start, ends=start + timedelta(hours=1))
    made(base, worker, "RRULE:FREQ=WEEKLY;COUNT=3", starts=start, ends=start + DAY / 24)
    assert told(base, head) == [(0, FIRST)]


def test_two_seats_at_once_tell_once(
    base: Workspace, base_url: str, clock: MovedClock, head: int, series: int
) -> None:
    second = base if base.backend.exclusive else open_base(base_url, clock=clock)
    late = escalation._late(base)
    assert tell_heads(second) == 1
    with base.backend.write() as connection:  # the other has looked before, and writes now
        assert escalation._writes(base, base.records.batch(connection), late, []) == []
    if second is not base:
        second.close()


def test_a_date_that_was_done_meanwhile_is_not_told(
    base: Workspace, clock: MovedClock, head: int, series: int
) -> None:
    clock.moment = FIRST + DAY
    late = escalation._late(base)
    base.records.apply(edit_writes(base, series, FIRST + DAY, {"state": "done"}, THIS))
    with base.backend.write() as connection:
        assert escalation._writes(base, base.records.batch(connection), late, []) == []
