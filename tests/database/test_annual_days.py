"""Birthdays and annual dates on both back ends: found by day and month, across New Year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.annual import yearly
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2026, 12, 27, 9, 0, tzinfo=UTC))


@pytest.fixture
def workspace(base_url: str, clock: MovedClock) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=clock)
    yield made
    made.close()


def person(workspace: Workspace, name: str, birthday: date | None) -> Ref:
    values = {"name": name, "birthday": birthday}
    return Ref("person", workspace.records.create("person", values).ids[0])


def coming(
    workspace: Workspace, days: object, entity: str = "person", key: str = "birthday"
) -> set[int]:
    cursor = workspace.lists.open(Query(entity, ("id",), Condition(key, "comes", days)))
    return set(cursor.ids())


def test_birthdays_are_found_across_new_year(workspace: Workspace) -> None:
    december = person(workspace, "Anna", date(1988, 12, 30))
    january = person(workspace, "Boris", date(1990, 1, 5))
    person(workspace, "Vera", date(1990, 1, 12))
    person(workspace, "Gleb", None)
    assert coming(workspace, 14) == {december.id, january.id}
    assert coming(workspace, 0) == set()


def test_a_changed_birthday_is_found_on_its_new_day(workspace: Workspace) -> None:
    anna = person(workspace, "Anna", date(1988, 7, 1))
    outcome = workspace.records.update("person", anna.id, {"birthday": date(1988, 12, 28)})
    assert coming(workspace, 3) == {anna.id}
    workspace.undo.undo(outcome.operation)
    assert coming(workspace, 3) == set()


def test_the_leap_day_comes_on_the_28th_in_a_plain_year(
    workspace: Workspace, clock: MovedClock
) -> None:
    leap = person(workspace, "Anna", date(2000, 2, 29))
    clock.moment = datetime(2027, 2, 21, 9, 0, tzinfo=UTC)
    assert coming(workspace, 7) == {leap.id}
    clock.moment = datetime(2028, 2, 21, 9, 0, tzinfo=UTC)
    assert coming(workspace, 7) == set()
    assert coming(workspace, 8) == {leap.id}


def test_any_date_field_can_be_asked_for_its_anniversary(workspace: Workspace) -> None:
    client = workspace.records.create("client", {"name": "Vector"}).ids[0]
    anna = person(workspace, "Anna", None)
    given = {"person": anna.id, "client": client, "since": date(2020, 12, 31)}
    work = workspace.records.create("employment", given).ids[0]
    assert coming(workspace, 5, "employment", "since") == {work}


@pytest.mark.parametrize("days", [-1, 400, "soon", None])
def test_a_wrong_number_of_days_is_refused(workspace: Workspace, days: object) -> None:
    with pytest.raises(InvalidInput):
        coming(workspace, days)


def test_the_card_tells_of_what_is_near_and_the_office_of_all(workspace: Workspace) -> None:
    anna = person(workspace, "Anna", date(1988, 12, 30))
    far = {"occasion": "Contract", "day": yearly(2, 20, 2020), "owner": anna}
    near = {"occasion": "Founded", "day": yearly(1, 3), "owner": anna}
    workspace.records.create("annual_date", far)
    workspace.records.create("annual_date", near)
    own = workspace.annual.of(anna)
    assert [(c.occasion or c.label, c.within, c.years) for c in own] == [
        ("Birthday", 3, 38), ("Founded", 7, 0),
    ]  # fmt: skip
    assert len(workspace.annual.soon(14)) == 2
    assert [c.occasion for c in workspace.annual.soon(60)][-1] == "Contract"


def test_the_lead_time_of_a_date_decides(workspace: Workspace) -> None:
    anna = person(workspace, "Anna", None)
    values = {"occasion": "Contract", "day": yearly(2, 20, 2020), "owner": anna, "lead": 60}
    workspace.records.create("annual_date", values)
    assert [c.years for c in workspace.annual.of(anna)] == [7]


def test_the_base_is_sound_and_user_made_dates_have_the_twin_too(workspace: Workspace) -> None:
    workspace.constructor.add_object(
        {"key": "lease", "label": "Lease", "plural": "Leases", "annual_dates": True,
         "fields": [{"key": "name", "type": "text", "label": "Name"},
                    {"key": "start", "type": "date", "label": "Start", "yearly": True,
                     "indexed": True},
                    {"key": "payday", "type": "yearly", "label": "Pay day"}]}
    )  # fmt: skip
    given = {"name": "A", "start": date(2019, 1, 2), "payday": yearly(12, 31)}
    lease = workspace.records.create("x_lease", given).ids[0]
    assert coming(workspace, 10, "x_lease", "start") == {lease}
    assert coming(workspace, 10, "x_lease", "payday") == {lease}
    assert not check_base(workspace).problems


def test_in_a_large_base_the_nearest_are_found_first(workspace: Workspace) -> None:
    for number, day in enumerate((31, 27, 28, 27, 30, 29)):
        person(workspace, f"P {number}", date(1990, 12, day))
    assert [coming.within for coming in workspace.annual.soon(14, most=3)] == [0, 0, 1]
