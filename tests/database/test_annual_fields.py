"""Birthdays and other days in fields become activities: once a year and day, for any object."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.models.text.annual import yearly
from crm_desktop.services.annual.near import keep_field_lead, keep_plans_fields, near_days
from crm_desktop.services.annual.plans import plan_annual, plan_block
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.office.leap_days import keep_leap_day
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base

NOON = datetime(2026, 12, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(NOON)


@pytest.fixture
def base(base_url: str, clock: MovedClock) -> Iterator[Workspace]:
    made = ready_base(base_url, clock=clock)
    company = made.worktime.calendars().company()
    assert company is not None
    made.records.update("working_calendar", company.id, {"zone": "UTC"})
    yield made
    made.close()


def person(base: Workspace, born: date | None, **more: Any) -> int:
    values = {"name": "Boris", "birthday": born, **more}
    return base.records.create("person", values).ids[0]


def planned(base: Workspace, *keys: str) -> list[Any]:
    ids = list(base.lists.open(Query("activity", ("id",))).ids())
    rows = base.reader.many("activity", ids, keys or ("anchor",))
    found = [tuple(rows[id_].values()) if keys else rows[id_]["anchor"] for id_ in ids]
    return sorted(found)


def only(base: Workspace) -> int:
    (id_,) = base.lists.open(Query("activity", ("id",))).ids()
    return int(id_)


def test_a_birthday_gets_one_activity_within_its_lead(base: Workspace) -> None:
    anna = base.records.create("staff", {"name": "Anna"}).ids[0]
    boris = person(base, date(1990, 1, 2), responsible=anna)
    person(base, date(1990, 1, 10))
    person(base, None)
    assert plan_annual(base) == 1 and plan_annual(base) == 0
    (row,) = base.reader.many("activity", [only(base)]).values()
    assert (row["subject"], row["kind"], row["state"]) == ("Birthday: Boris", "reminder", "planned")
    assert (row["about"], row["author"], row["all_day"]) == (Ref("person", boris), anna, True)
    assert row["starts"] == datetime(2027, 1, 2, tzinfo=UTC)
    assert not check_base(base).problems


def test_whom_nobody_has_is_the_affair_of_who_has_the_company(base: Workspace) -> None:
    anna = base.records.create("staff", {"name": "Anna"}).ids[0]
    client = base.records.create("client", {"name": "Vector", "responsible": anna}).ids[0]
    person(base, date(1990, 1, 2), client=client)
    plan_annual(base)
    assert planned(base, "author") == [(anna,)]


def test_each_year_anew_and_not_in_between(base: Workspace, clock: MovedClock) -> None:
    person(base, date(1990, 1, 2))
    for days, made in ((0, 1), (13, 0), (1, 0), (200, 0), (140, 0), (12, 1), (30, 0)):
        clock.move(days=days)
        assert plan_annual(base) == made, clock.moment


@pytest.mark.parametrize("end", ["undone", "deleted"])
def test_what_was_taken_away_is_not_made_again_for_that_year(
    base: Workspace, clock: MovedClock, end: str
) -> None:
    person(base, date(1990, 1, 2))
    plan_annual(base)
    if end == "undone":
        base.undo.undo(base.operations.last(1)[0].id)
    else:
        base.records.delete("activity", [only(base)])
    assert plan_annual(base) == 0 and planned(base) == []
    clock.move(days=365)
    assert plan_annual(base) == 1


def test_a_corrected_birthday_takes_its_open_activity_along(base: Workspace) -> None:
    boris = person(base, date(1990, 1, 2))
    plan_annual(base)
    change = base.records.update("person", boris, {"birthday": date(1991, 1, 5)})
    assert planned(base) == [date(2027, 1, 5)]
    (reminder,) = base.reminders.of(only(base)).values()
    assert reminder["due"] == datetime(2027, 1, 5, 9, tzinfo=UTC)
    assert plan_annual(base) == 0
    base.undo.undo(change.operation)
    assert planned(base) == [date(2027, 1, 2)]


def test_one_that_is_past_goes_to_the_next_year(base: Workspace, clock: MovedClock) -> None:
    boris = person(base, date(1990, 1, 2))
    plan_annual(base)
    clock.moment = datetime(2027, 1, 1, 12, tzinfo=UTC)
    base.records.update("person", boris, {"birthday": date(1990, 12, 30)})
    assert planned(base) == [date(2027, 12, 30)]
    clock.moment = datetime(2027, 12, 25, 12, tzinfo=UTC)
    assert plan_annual(base) == 0


@pytest.mark.parametrize(
    ("leap", "day"), [((3, 1), date(2027, 3, 1)), ((2, 28), date(2027, 2, 28))]
)
def test_the_29th_of_february_is_where_the_office_says(
    base: Workspace, clock: MovedClock, leap: tuple[int, int], day: date
) -> None:
    person(base, date(2000, 2, 29))
    keep_leap_day(base, leap)
    clock.moment = datetime(2027, 2, 20, 12, tzinfo=UTC)
    assert plan_annual(base) == 1
    clock.moment = datetime(2028, 2, 20, 12, tzinfo=UTC)
    assert plan_annual(base) == 1
    assert planned(base) == [day, date(2028, 2, 29)]


@pytest.mark.parametrize("record_first", [True, False])
def test_a_day_that_is_said_twice_gets_one_activity(
    base: Workspace, clock: MovedClock, record_first: bool
) -> None:
    boris = person(base, date(1990, 1, 2))
    if not record_first:
        assert plan_annual(base) == 1
    base.records.create("annual_date", {
        "occasion": "Birthday", "day": yearly(1, 2), "owner": Ref("person", boris),
    })  # fmt: skip
    assert plan_annual(base) == int(record_first)
    assert planned(base) == [date(2027, 1, 2)]
    clock.move(days=365)
    assert plan_annual(base) == 1


def test_the_lead_of_a_record_of_its_own_goes_before(base: Workspace, clock: MovedClock) -> None:
    boris = Ref("person", person(base, date(1990, 1, 2)))
    base.records.create(
        "annual_date", {"occasion": "Jubilee", "day": yearly(1, 2), "owner": boris, "lead": 3}
    )
    assert plan_annual(base) == 0
    clock.move(days=10)
    assert plan_annual(base) == 1
    assert planned(base, "subject") == [("Jubilee: Boris",)]


def test_fields_of_objects_of_ones_own_count_as_well(base: Workspace, clock: MovedClock) -> None:
    base.constructor.add_object(
        {"key": "lease", "label": "Lease", "plural": "Leases", "activities": False,
         "fields": [{"key": "name", "type": "text", "label": "Name"},
                    {"key": "ends", "type": "date", "label": "Ends", "yearly": True},
                    {"key": "payday", "type": "yearly", "label": "Pay day"},
                    {"key": "signed", "type": "date", "label": "Signed"}]}
    )  # fmt: skip
    values = {"name": "A", "ends": date(2027, 1, 2), "payday": yearly(12, 31),
              "signed": date(2020, 12, 24)}  # fmt: skip
    base.records.create("x_lease", values)
    base.records.create("x_lease", {"name": "B", "ends": date(2031, 1, 2)})
    assert plan_annual(base) == 2
    assert planned(base, "subject") == [("Ends: A",), ("Pay day: A",)]
    clock.move(days=365)
    assert plan_annual(base) == 2
    assert not check_base(base).problems


def test_two_seats_at_once_make_one(base: Workspace, base_url: str) -> None:
    person(base, date(1990, 1, 2))
    second = base if base.backend.exclusive else open_base(base_url, clock=base.clock)
    near = near_days(base)
    assert plan_annual(second) == 1
    assert plan_block(base, near) == 0  # had looked before the other wrote
    assert len(planned(base)) == 1
    if second is not base:
        second.close()


def test_two_seats_at_the_same_moment(base: Workspace, base_url: str) -> None:
    for day in range(1, 4):
        boris = Ref("person", person(base, date(1990, 1, day)))
        said = {"occasion": "Birthday", "day": yearly(1, day), "owner": boris}
        base.records.create("annual_date", said)
    person(base, date(1990, 12, 31))
    second = base if base.backend.exclusive else open_base(base_url, clock=base.clock)
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(plan_annual, (base, second))) == 4
    assert len(planned(base)) == 4
    if second is not base:
        second.close()


def test_what_changed_meanwhile_is_not_planned(base: Workspace) -> None:
    boris, anna = person(base, date(1990, 1, 2)), person(base, date(1990, 1, 3))
    near = near_days(base)
    base.records.update("person", boris, {"birthday": date(1990, 6, 2)})
    base.records.delete("person", [anna])
    assert plan_block(base, near) == 0


def test_the_office_may_do_without(base: Workspace) -> None:
    person(base, date(1990, 1, 2))
    keep_plans_fields(base, False)
    assert plan_annual(base) == 0
    keep_plans_fields(base, True)
    assert plan_annual(base) == 1


def test_the_office_says_how_many_days_before(base: Workspace) -> None:
    person(base, date(1990, 1, 12))
    keep_field_lead(base, 3)
    assert plan_annual(base) == 0
    with pytest.raises(InvalidInput):
        keep_field_lead(base, 366)
    keep_field_lead(base, 60)
    assert plan_annual(base) == 1


def test_so_many_at_a_time_the_nearest_first(base: Workspace) -> None:
    for day in (3, 1, 2):
        person(base, date(1990, 1, day))
    assert plan_annual(base, most=2) == 2
    assert planned(base) == [date(2027, 1, 1), date(2027, 1, 2)]
    assert plan_annual(base, most=2) == 1


def test_undoing_it_says_how_many(base: Workspace) -> None:
    boris = Ref("person", person(base, date(1990, 1, 2)))
    base.records.create("annual_date", {"occasion": "Day", "day": yearly(1, 2), "owner": boris})
    plan_annual(base)
    made = base.operations.last(1)[0]
    assert made.kind == "auto" and made.title.text() == "Planned for annual dates: 1 activity"
