"""The lists of a working year on both back ends: special days, and who is away when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crm_desktop.models.query import Query
from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.worktime.years import CalendarYear, read_year, set_day
from tests.bases import ready_base

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    base = ready_base(base_url, language="en", clock=MovedClock(NOW, UTC))
    (company,) = base.lists.open(Query("working_calendar")).ids()
    base.records.update("working_calendar", company, {"zone": "UTC", "country": "RU"})
    yield base
    base.close()


def year(base: Workspace, calendar: int | None = None) -> CalendarYear:
    found = read_year(base, calendar, 2026)
    assert found is not None
    return found


def colleague(base: Workspace, name: str) -> int:
    return base.records.create("staff", {"name": name}).ids[0]


def leave(base: Workspace, who: int, since: date, days: int, **values: object) -> int:
    starts = datetime(since.year, since.month, since.day, tzinfo=UTC)
    usual = {"subject": "Leave", "kind": "leave", "state": "planned", "author": who,
             "all_day": True, "starts": starts, "ends": starts + timedelta(days=days)}  # fmt: skip
    return base.records.create("activity", {**usual, **values}).ids[0]


def away(base: Workspace, calendar: int | None = None) -> list[tuple[str, date, date, bool]]:
    return [(one.name, one.since, one.until, one.again) for one in year(base, calendar).away]


def test_holidays_short_days_and_changed_ones_are_listed(base: Workspace) -> None:
    calendar = year(base).id
    set_day(base, calendar, date(2026, 11, 21), WORKING)  # a Saturday
    set_day(base, calendar, date(2026, 11, 24), SHORT)
    listed = {one.since: one for one in year(base).listed}

    assert listed[date(2026, 1, 1)].kind == OFF and listed[date(2026, 1, 1)].name
    assert not listed[date(2026, 1, 1)].own
    assert any(one.until > one.since for one in listed.values())
    assert (listed[date(2026, 11, 21)].kind, listed[date(2026, 11, 21)].own) == (WORKING, True)
    assert (listed[date(2026, 11, 24)].kind, listed[date(2026, 11, 24)].own) == (SHORT, True)
    assert date(2026, 11, 28) not in listed, "a plain Saturday is as usual"


def test_who_is_away_from_when_to_when(base: Workspace) -> None:
    ann, bob = colleague(base, "Ann"), colleague(base, "Bob")
    leave(base, ann, date(2026, 7, 6), 14)
    leave(base, bob, date(2025, 12, 29), 7)
    leave(base, bob, date(2025, 6, 2), 7)
    leave(base, bob, date(2026, 9, 1), 1, state="cancelled")

    assert away(base) == [
        ("Bob", date(2025, 12, 29), date(2026, 1, 4), False),
        ("Ann", date(2026, 7, 6), date(2026, 7, 19), False),
    ]


def test_leave_that_recurs_stands_there_with_each_date(base: Workspace) -> None:
    leave(base, colleague(base, "Ann"), date(2025, 10, 1), 2, rule="FREQ=MONTHLY;INTERVAL=6")

    assert away(base) == [
        ("Ann", date(2026, 4, 1), date(2026, 4, 2), True),
        ("Ann", date(2026, 10, 1), date(2026, 10, 2), True),
    ]


def test_the_calendar_of_a_colleague_lists_only_theirs(base: Workspace) -> None:
    ann, bob = colleague(base, "Ann"), colleague(base, "Bob")
    for who in (ann, bob):
        leave(base, who, date(2026, 7, 6), 5)
    values = {"name": "Ann's", "scope": "person", "staff": ann}
    (own,) = base.records.create("working_calendar", values).ids

    assert [name for name, *_rest in away(base, own)] == ["Ann"]
    assert sorted(name for name, *_rest in away(base)) == ["Ann", "Bob"]


def test_a_closed_absence_of_somebody_else_is_not_listed(base: Workspace) -> None:
    ann, bob = colleague(base, "Ann"), colleague(base, "Bob")
    base.work_as(ann)
    leave(base, ann, date(2026, 7, 6), 5, private="closed")
    leave(base, ann, date(2026, 8, 3), 5, private="busy")
    assert len(away(base)) == 2

    base.work_as(bob)

    assert away(base) == [("Ann", date(2026, 8, 3), date(2026, 8, 7), False)]
