"""Working calendars on both back ends: company, department, person, special days, leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.worktime.hours import minutes_of
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = date(2026, 11, 16)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, clock=MovedClock(datetime(2026, 11, 1, 9, tzinfo=UTC)))
    company = made.worktime.calendars().company()
    assert company is not None
    set_up = {"zone": "Europe/Moscow", "country": "RU"}
    made.records.update("working_calendar", company.id, set_up)
    yield made
    made.close()


def colleague(workspace: Workspace, **values: Any) -> int:
    return workspace.records.create("staff", {"name": "Anna", **values}).ids[0]


def calendar(workspace: Workspace, **values: Any) -> int:
    return workspace.records.create("working_calendar", {"name": "Other", **values}).ids[0]


def minutes(workspace: Workspace, staff: int | None, day: date) -> int:
    stretches = workspace.worktime.of(staff).ranges(day)
    return int(sum(((end - begin) for begin, end in stretches), timedelta()).total_seconds() // 60)


def test_a_new_base_has_the_week_of_an_office_and_its_holidays(workspace: Workspace) -> None:
    time = workspace.worktime.of(None)
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=MOSCOW)

    assert time.add_minutes(friday, 60) == datetime(2026, 11, 23, 9, 30, tzinfo=MOSCOW)
    assert time.next_moment(datetime(2026, 1, 1, tzinfo=UTC)).date() == date(2026, 1, 12)
    assert minutes(workspace, None, date(2026, 11, 3)) == 420  # the eve of a holiday


def test_a_person_goes_before_the_department_before_the_company(workspace: Workspace) -> None:
    unit = workspace.records.create(
        "reference", {"name": "Store", "book": "department"}
    ).ids[0]  # fmt: skip
    anna, boris = colleague(workspace, unit=unit), colleague(workspace, name="Boris", unit=unit)
    calendar(workspace, scope="department", department=unit, monday="10:00-12:00")
    calendar(workspace, scope="person", staff=anna, monday="08:00-09:00", zone="Asia/Omsk")

    assert [minutes(workspace, who, MONDAY) for who in (None, boris, anna)] == [480, 120, 60]
    assert minutes(workspace, anna, MONDAY + timedelta(days=1)) == 0
    assert workspace.worktime.of(anna).zone == ZoneInfo("Asia/Omsk")
    assert workspace.worktime.of(boris).zone == MOSCOW


def test_a_special_day_of_the_company_holds_for_all_until_somebody_has_another(
    workspace: Workspace,
) -> None:
    anna = colleague(workspace)
    own = calendar(workspace, scope="person", staff=anna)
    company = workspace.worktime.calendars().company()
    assert company is not None
    add = workspace.records.create
    add("calendar_day", {"calendar": company.id, "day": MONDAY, "name": "Stocktaking"})
    assert [minutes(workspace, who, MONDAY) for who in (None, anna)] == [0, 0]

    add("calendar_day", {"calendar": own, "day": MONDAY, "hours": "9-11"})
    assert [minutes(workspace, who, MONDAY) for who in (None, anna)] == [0, 120]
    assert workspace.worktime.of(None).name_of(MONDAY) == "Stocktaking"


def test_leave_is_taken_out_and_comes_back_with_undo(workspace: Workspace) -> None:
    anna = colleague(workspace)
    assert minutes(workspace, anna, MONDAY) == 480
    begin = datetime(2026, 11, 16, 12, tzinfo=MOSCOW)
    operation = workspace.records.create(
        "activity",
        {"subject": "Doctor", "kind": "leave", "author": anna, "state": "planned",
         "starts": begin, "ends": begin + timedelta(hours=3)},
    ).operation  # fmt: skip

    assert minutes(workspace, anna, MONDAY) == 360
    assert minutes(workspace, None, MONDAY) == 480
    workspace.undo.undo(operation)
    assert minutes(workspace, anna, MONDAY) == 480


def test_leave_that_recurs_is_taken_out_on_each_of_its_dates(workspace: Workspace) -> None:
    anna = colleague(workspace)
    begin = datetime(2026, 11, 16, 14, tzinfo=MOSCOW)
    course = workspace.records.create(
        "activity",
        {"subject": "Course", "kind": "leave", "author": anna, "state": "planned",
         "starts": begin, "ends": begin + timedelta(hours=2), "rule": "FREQ=WEEKLY;COUNT=3"},
    ).ids[0]  # fmt: skip
    weeks = [MONDAY + timedelta(weeks=number) for number in range(4)]
    assert [minutes(workspace, anna, day) for day in weeks] == [360, 360, 360, 480]

    moved = begin + timedelta(weeks=1, days=1)
    workspace.records.create(
        "activity",
        {"subject": "Course", "kind": "leave", "author": anna, "state": "planned",
         "series": course, "occurrence": begin + timedelta(weeks=1),
         "starts": moved, "ends": moved + timedelta(hours=2)},
    )  # fmt: skip
    second = weeks[1]
    assert minutes(workspace, anna, second) == 480
    assert minutes(workspace, anna, second + timedelta(days=1)) == 360


def test_leave_that_was_declined_does_not_count(workspace: Workspace) -> None:
    anna = colleague(workspace)
    begin = datetime(2026, 11, 16, tzinfo=MOSCOW)
    workspace.records.create(
        "activity",
        {"subject": "Leave", "kind": "leave", "author": anna, "state": "declined",
         "starts": begin, "ends": begin + timedelta(days=1)},
    )  # fmt: skip

    assert minutes(workspace, anna, MONDAY) == 480


def test_a_changed_calendar_counts_at_once(workspace: Workspace) -> None:
    company = workspace.worktime.calendars().company()
    assert company is not None and minutes(workspace, None, MONDAY) == 480
    workspace.records.update("working_calendar", company.id, {"monday": "9-10"})

    assert minutes(workspace, None, MONDAY) == 60
    week = workspace.worktime.calendars().with_id(company.id).week
    assert [minutes_of(hours) for hours in week] == [60, 480, 480, 480, 480, 0, 0]


def test_calendars_based_on_one_another_in_a_circle_end(workspace: Workspace) -> None:
    one = calendar(workspace, scope="person")
    two = calendar(workspace, scope="person", base=one)
    workspace.records.update("working_calendar", one, {"base": two, "staff": colleague(workspace)})

    assert workspace.worktime.calendars().with_id(one).zone == MOSCOW


@pytest.mark.parametrize(
    ("field", "value"),
    [("monday", "nine to five"), ("country", "Atlantis"), ("zone", "Middle/Earth")],
)
def test_what_cannot_be_reckoned_with_is_refused(
    workspace: Workspace, field: str, value: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        calendar(workspace, **{field: value})

    assert refused.value.field == field
