"""Activities for annual dates: within their lead, once a year, moved with their date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.annual import yearly
from crm_desktop.services.annual.near import near_days
from crm_desktop.services.annual.plans import plan_annual, plan_block
from crm_desktop.services.clock import MovedClock
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


@pytest.fixture
def anna(base: Workspace) -> int:
    return base.records.create("staff", {"name": "Anna"}).ids[0]


@pytest.fixture
def client(base: Workspace, anna: int) -> Ref:
    values = {"name": "Vector", "responsible": anna}
    return Ref("client", base.records.create("client", values).ids[0])


def annual(base: Workspace, owner: Ref, month: int, day: int, **more: Any) -> int:
    values = {"occasion": "Founded", "day": yearly(month, day), "owner": owner, **more}
    return base.records.create("annual_date", values).ids[0]


def planned(base: Workspace) -> list[tuple[int | None, date | None]]:
    ids = list(base.lists.open(Query("activity", ("id",))).ids())
    rows = base.reader.many("activity", ids, ("annual", "anchor"))
    return sorted((rows[id_]["annual"], rows[id_]["anchor"]) for id_ in ids)


def only(base: Workspace) -> int:
    (id_,) = base.lists.open(Query("activity", ("id",))).ids()
    return int(id_)


def test_what_is_within_its_lead_gets_one_activity(base: Workspace, client: Ref, anna: int) -> None:
    near = annual(base, client, 1, 2)
    annual(base, client, 1, 10)
    far = annual(base, client, 1, 10, lead=30)
    annual(base, client, 12, 22, lead=1)
    assert plan_annual(base) == 2
    assert planned(base) == [(near, date(2027, 1, 2)), (far, date(2027, 1, 10))]
    assert plan_annual(base) == 0
    found = base.reader.many("activity", list(base.lists.open(Query("activity")).ids()))
    one = next(row for row in found.values() if row["annual"] == near)
    assert (one["subject"], one["kind"], one["state"]) == ("Founded: Vector", "reminder", "planned")
    assert (one["about"], one["author"], one["all_day"]) == (client, anna, True)
    assert (one["starts"], one["ends"]) == (
        datetime(2027, 1, 2, tzinfo=UTC), datetime(2027, 1, 3, tzinfo=UTC),
    )  # fmt: skip


def test_each_year_anew_and_not_in_between(base: Workspace, client: Ref, clock: MovedClock) -> None:
    annual(base, client, 1, 2)
    for days, made in ((0, 1), (13, 0), (1, 0), (200, 0), (140, 0), (12, 1), (30, 0)):
        clock.move(days=days)
        assert plan_annual(base) == made, clock.moment


@pytest.mark.parametrize("end", ["undone", "deleted"])
def test_what_was_taken_away_is_not_made_again_for_that_year(
    base: Workspace, client: Ref, clock: MovedClock, end: str
) -> None:
    annual(base, client, 1, 2)
    plan_annual(base)
    if end == "undone":
        base.undo.undo(base.operations.last(1)[0].id)
    else:
        base.records.delete("activity", [only(base)])
    assert planned(base) == []
    assert plan_annual(base) == 0
    clock.move(days=365)
    assert plan_annual(base) == 1


def test_a_changed_date_takes_its_open_activity_along(base: Workspace, client: Ref) -> None:
    date_ = annual(base, client, 1, 2)
    plan_annual(base)
    change = base.records.update("annual_date", date_, {"day": yearly(1, 5, 1999)})
    assert planned(base) == [(date_, date(2027, 1, 5))]
    (reminder,) = base.reminders.of(only(base)).values()
    assert reminder["due"] == datetime(2027, 1, 5, 9, tzinfo=UTC)
    assert plan_annual(base) == 0
    base.undo.undo(change.operation)
    assert planned(base) == [(date_, date(2027, 1, 2))]


def test_one_that_is_past_goes_to_the_next_year_and_one_that_is_done_stays(
    base: Workspace, client: Ref, clock: MovedClock
) -> None:
    date_ = annual(base, client, 1, 2)
    plan_annual(base)
    clock.moment = datetime(2027, 1, 1, 12, tzinfo=UTC)
    base.records.update("annual_date", date_, {"day": yearly(12, 30)})
    assert planned(base) == [(date_, date(2027, 12, 30))]
    clock.moment = datetime(2027, 12, 25, 12, tzinfo=UTC)
    assert plan_annual(base) == 0
    base.records.update("activity", only(base), {"state": "done"})
    base.records.update("annual_date", date_, {"day": yearly(12, 31)})
    assert planned(base) == [(date_, date(2027, 12, 30))]
    assert plan_annual(base) == 0


def test_the_29th_of_february_is_where_the_office_says(
    base: Workspace, client: Ref, clock: MovedClock
) -> None:
    annual(base, client, 2, 29)
    clock.moment = datetime(2027, 2, 20, 12, tzinfo=UTC)
    keep_leap_day(base, (3, 1))
    assert [one.day for one in base.annual.soon(14)] == [date(2027, 3, 1)]
    plan_annual(base)
    clock.moment = datetime(2028, 2, 28, 12, tzinfo=UTC)
    plan_annual(base)
    keep_leap_day(base, (2, 28))
    clock.moment = datetime(2029, 2, 28, 12, tzinfo=UTC)
    plan_annual(base)
    assert [day for _id, day in planned(base)] == [
        date(2027, 3, 1), date(2028, 2, 29), date(2029, 2, 28),
    ]  # fmt: skip


@pytest.mark.parametrize(("leap", "days"), [((2, 28), [28]), ((3, 1), [1])])
def test_lists_find_it_on_that_day(
    base: Workspace, client: Ref, clock: MovedClock, leap: tuple[int, int], days: list[int]
) -> None:
    annual(base, client, 2, 29)
    keep_leap_day(base, leap)
    found = []
    for day in (datetime(2027, 2, 28, 12, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC)):
        clock.moment = day
        where = Condition("day", "comes", 0)
        found += [day.day] * base.lists.count(Query("annual_date", ("id",), where))
    assert found == days


def test_two_seats_at_once_make_one(base: Workspace, base_url: str, client: Ref) -> None:
    annual(base, client, 1, 2)
    second = base if base.backend.exclusive else open_base(base_url, clock=base.clock)
    near = near_days(base)
    assert plan_annual(second) == 1
    assert plan_block(base, near) == 0  # had looked before the other wrote
    assert len(planned(base)) == 1
    if second is not base:
        second.close()


def test_nothing_is_planned_for_what_has_gone_or_has_not_begun(
    base: Workspace, client: Ref
) -> None:
    later = annual(base, client, 1, 2)
    base.records.update("annual_date", later, {"day": yearly(1, 2, 2031)})
    gone = annual(base, client, 1, 3)
    near = near_days(base)
    base.records.delete("annual_date", [gone])
    assert plan_block(base, near) == 0


def test_it_is_an_operation_that_ctrl_z_passes_over(base: Workspace, client: Ref) -> None:
    annual(base, client, 1, 2)
    plan_annual(base)
    made = base.operations.last(1)[0]
    assert made.kind == "auto" and made.title.text() == "Planned for annual dates: 1 activity"
    found = base.undo.last_undoable()
    assert found is not None and found.id != made.id
