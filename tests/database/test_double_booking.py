"""Taking a time twice: named before it is saved, refused where the office does not want it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, seconds
from crm_desktop.services.planner.double_booking import FACT, HEADS, NOBODY, DoubleBooked
from crm_desktop.services.planner.moving import Move, NewEntry
from tests.database.test_planner_question import Office, at, office

__all__ = ["office"]


def moved(bar: Bar, row: Ref, hours: float = 0) -> Move:
    by = round(hours * 3600)
    return Move(bar, bar.starts + by, bar.ends + by, row)


def test_both_are_named_and_said_twice_it_is_saved(office: Office) -> None:
    office.plan(office.boris, at(1, 10), subject="Lesson")
    visit = office.plan(office.anna, at(1, 10, 30))
    move = moved(office.bar(visit, office.anna), office.boris)

    with pytest.raises(DoubleBooked) as refused:
        office.planner.move([move])

    assert refused.value.allowed
    assert refused.value.message == (
        "Boris: “Visit” 17 Nov 10:30–11:30 and “Lesson” 17 Nov 10:00–11:00"
    )
    office.planner.move([move], twice=True)
    assert office.bar(visit, office.boris)


def test_where_nobody_may_it_is_refused_with_a_sentence(office: Office) -> None:
    office.base.set_info(FACT, NOBODY)
    start = seconds(at(1, 10))
    office.plan(office.boris, at(1, 10), subject="Lesson")

    with pytest.raises(DoubleBooked) as refused:
        office.planner.create(
            NewEntry(office.boris, start, start + 900, "Call", "call"), twice=True
        )

    assert not refused.value.allowed
    assert refused.value.message.endswith("In this base nobody may take a time twice.")
    assert len(office.bars()) == 1


def test_only_heads_may_where_the_office_says_so(office: Office) -> None:
    office.base.set_info(FACT, HEADS)
    office.base.records.update("staff", office.boris.id, {"head": office.anna.id})
    office.plan(office.boris, at(1, 10), subject="Lesson")
    move = moved(office.bar(office.plan(office.anna, at(1, 10)), office.anna), office.boris)

    office.base.work_as(office.boris.id)
    with pytest.raises(DoubleBooked):
        office.planner.move([move], twice=True)
    office.base.work_as(office.anna.id)
    office.planner.move([move], twice=True)

    assert len([bar for bar in office.bars() if bar.row == office.boris]) == 2


def test_leave_of_somebody_who_only_takes_part_is_a_clash(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    office.make("participation", activity=visit.id, staff=office.boris.id, role="co_executor")
    office.plan(
        office.boris, at(2, 0), minutes=24 * 60, kind="leave", subject="Leave", all_day=True
    )
    bar = office.bar(visit, office.anna)

    with pytest.raises(DoubleBooked, match="Boris.*Leave"):
        office.planner.move([moved(bar, office.anna, 24)])


def test_a_copy_takes_the_time_of_all_who_take_part(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    office.make("participation", activity=visit.id, resource=office.room.id, role="resource")
    bar = office.bar(visit, office.anna)

    with pytest.raises(DoubleBooked, match="Room 1"):
        office.planner.copy([moved(bar, office.boris, 0.5)])


def test_what_clashed_before_is_not_asked_again(office: Office) -> None:
    office.plan(office.anna, at(1, 10), minutes=120, subject="Lesson")
    visit = office.plan(office.anna, at(1, 10, 30))

    office.planner.move([moved(office.bar(visit, office.anna), office.anna, 0.25)])

    assert office.bar(visit, office.anna).starts == seconds(at(1, 10, 45))


def test_two_that_change_places_do_not_clash(office: Office) -> None:
    one, other = office.plan(office.anna, at(1, 9)), office.plan(office.anna, at(1, 10))

    office.planner.move(
        [moved(office.bar(one, office.anna), office.anna, 1),
         moved(office.bar(other, office.anna), office.anna, -1)]
    )  # fmt: skip

    assert office.bar(one, office.anna).starts == seconds(at(1, 9) + timedelta(hours=1))


def test_what_only_reminds_takes_nobodys_time(office: Office) -> None:
    office.plan(
        office.boris, at(1, 0), minutes=24 * 60, kind="reminder", subject="Birthday", all_day=True
    )
    visit = office.plan(office.anna, at(1, 10))

    office.planner.move([moved(office.bar(visit, office.anna), office.boris)])

    assert office.bar(visit, office.boris)
