"""Who gets what comes in, on both back ends: in turn, least busy, by knowledge, not the absent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.assignment.service import Chosen, choose
from crm_desktop.services.writing.staging import Create
from tests.database.sales_office import MONDAY, Office


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


def give(office: Office, count: int = 1, **wanted: Any) -> list[Chosen]:
    """So many clients given out in one transaction."""
    chosen: list[Chosen] = []

    def plan(batch: Any) -> list[Create]:
        chosen.clear()
        chosen.extend(choose(batch, office.queue, **wanted) for _one in range(count))
        return [Create("client", {"name": "New", "responsible": one.staff_id}) for one in chosen]

    office.base.records.apply(plan)
    return chosen


def who(office: Office, count: int = 1, **wanted: Any) -> list[int | None]:
    return [one.staff_id for one in give(office, count, **wanted)]


def test_the_first_of_the_queue_comes_first_then_the_others_in_turn(office: Office) -> None:
    assert [*who(office), *who(office), *who(office)] == [office.anna, office.boris, office.anna]


def test_several_at_once_are_given_out_in_turn(office: Office) -> None:
    assert who(office, 3) == [office.anna, office.boris, office.anna]
    assert who(office) == [office.boris]


def test_whoever_comes_back_is_not_given_all_that_was_missed(office: Office) -> None:
    leave = office.away(office.anna, MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    assert who(office, 2) == [office.boris, office.boris]
    office.base.records.delete("activity", [leave])
    assert who(office, 3) == [office.anna, office.boris, office.anna]


def test_leave_that_begins_when_the_office_opens_counts_on_the_evening_before(
    office: Office,
) -> None:
    office.clock.moment = datetime(2026, 3, 6, 20, tzinfo=UTC)  # a Friday evening
    monday = datetime(2026, 3, 9, tzinfo=UTC)
    office.away(office.anna, monday, monday + timedelta(days=5), all_day=True)
    assert who(office) == [office.boris]


def test_leave_that_recurs_counts_on_its_days(office: Office) -> None:
    start = MONDAY.replace(hour=0, minute=0) - timedelta(days=7)
    rule = "RRULE:FREQ=WEEKLY;BYDAY=MO"
    office.away(office.anna, start, start + timedelta(days=1), rule=rule, zone="UTC")
    assert who(office) == [office.boris]
    office.clock.move(days=1)
    assert who(office) == [office.anna]


def test_whoever_does_not_work_that_day_is_passed_over(office: Office) -> None:
    week = dict.fromkeys(("tuesday", "wednesday"), "9:00-18:00")
    office.add("working_calendar", name="Anna", scope="person", staff=office.anna, **week)
    assert who(office) == [office.boris]


def test_pauses_and_those_who_left_are_passed_over(office: Office) -> None:
    office.base.records.update("queue_member", office.places[0], {"pauses": True})
    assert who(office, 2) == [office.boris, office.boris]
    office.base.records.update("staff", office.boris, {"gone": True})
    assert who(office) == [office.kirill]


def test_everybody_away_falls_to_the_director_with_a_note(office: Office) -> None:
    for one in (office.anna, office.boris):
        office.away(one, MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=5))
    (chosen,) = give(office)
    assert chosen == Chosen(office.kirill, "Nobody in the queue “Calls” was there")


def test_the_head_of_the_queue_comes_before_the_director(office: Office) -> None:
    office.base.records.update("queue", office.queue, {"head": office.boris})
    office.base.records.delete("queue_member", office.places)
    assert who(office) == [office.boris]


def test_a_head_who_has_left_gets_nothing(office: Office) -> None:
    office.base.records.update("queue", office.queue, {"head": office.boris})
    office.base.records.delete("queue_member", office.places)
    office.base.records.update("staff", office.boris, {"gone": True})
    assert who(office) == [office.kirill]


def test_the_least_busy_gets_it(office: Office) -> None:
    office.base.records.update("queue", office.queue, {"way": "least"})
    for number in range(2):
        office.add("lead", name=f"Lead {number}", responsible=office.anna)
    spam = office.add("reference", book="reject_reason", name="Spam")
    office.add("lead", name="Rejected long ago", responsible=office.boris, state="rejected",
               reject_reason=spam)  # fmt: skip
    task = {"kind": "task", "state": "planned", "author": office.boris}
    office.add("activity", subject="Today", due=MONDAY + timedelta(hours=2), **task)
    office.add("activity", subject="Next week", due=MONDAY + timedelta(days=7), **task)
    assert who(office) == [office.boris]


def test_by_skill_those_who_know_come_first_and_others_not(office: Office) -> None:
    office.base.records.update("queue", office.queue, {"way": "skill"})
    doors, windows = (
        office.add("reference", book="skill", name=name) for name in ("Doors", "Windows")
    )
    office.base.records.update("queue_member", office.places[1], {"skill": doors})
    assert who(office, 2, skill=doors) == [office.boris, office.boris]
    assert who(office, 2, skill=windows) == [office.anna, office.anna]
    office.base.records.update("queue_member", office.places[0], {"pauses": True})
    (chosen,) = give(office, skill=windows)
    assert chosen.staff_id == office.kirill
    assert "who knows about it" in chosen.note


def test_the_turn_is_no_change_that_stands_in_the_way_of_an_undo(office: Office) -> None:
    assert who(office, 1) == [office.anna]
    operation = office.base.operations.last(1)[0].id
    assert who(office, 2) == [office.boris, office.anna]
    office.base.undo.undo(operation)
    assert len(office.ids("client")) == 2
    assert office.row("queue_member", office.places[0])["given"] is not None


def test_a_colleague_has_a_place_in_a_queue_once(office: Office) -> None:
    with pytest.raises(InvalidInput, match="Anna has this place"):
        office.place(office.anna)
    assert office.row("queue_member", office.places[1])["name"] == "Boris"
    assert office.row("queue_member", office.places[1])["position"] == 2
