"""The planner's question on both back ends: who and what is busy, and what a gesture writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.errors import Conflict, InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.planner.bars import Bar, seconds
from crm_desktop.services.planner.load import busy_by_day, clashes, free_slot, tone
from crm_desktop.services.planner.moving import Move, NewEntry
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(days=7)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


class Office:
    """Two colleagues and a room."""

    def __init__(self, base: Workspace) -> None:
        self.base = base
        self.anna, self.boris = (self.make("staff", name=name) for name in ("Anna", "Boris"))
        self.room = self.make("resource", name="Room 1", kind="room")
        self.planner = Planner(base)
        self.rows = [self.anna, self.boris, self.room]

    def make(self, entity: str, **values: object) -> Ref:
        return Ref(entity, self.base.records.create(entity, values).ids[0])

    def plan(self, who: Ref, starts: datetime, minutes: int = 60, **values: object) -> Ref:
        given = {"subject": "Visit", "kind": "visit", "state": "planned", "author": who.id,
                 "starts": starts, "ends": starts + timedelta(minutes=minutes)}  # fmt: skip
        return self.make("activity", **{**given, **values})

    def bars(self, since: datetime = MONDAY, span: timedelta = WEEK) -> list[Bar]:
        return self.planner.bars(self.rows, since, since + span)

    def bar(self, ref: Ref, row: Ref) -> Bar:
        return next(bar for bar in self.bars() if bar.id == ref.id and bar.row == row)


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    base = ready_base(base_url, clock=MovedClock(at(0, 8)))
    yield Office(base)
    base.close()


def test_bars_stand_with_the_responsible_and_with_everybody_who_takes_part(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    part = {"activity": visit.id, "role": "participant"}
    office.make("participation", staff=office.boris.id, **part)
    office.make("participation", activity=visit.id, resource=office.room.id, role="resource")

    found = {bar.row: bar for bar in office.bars()}

    assert set(found) == {office.anna, office.boris, office.room}
    assert found[office.anna].part == 0 and found[office.room].part > 0
    assert found[office.anna].starts == seconds(at(1, 9))


def test_only_what_touches_the_days_is_found(office: Office) -> None:
    office.plan(office.anna, at(-1, 22), minutes=180, subject="Over midnight")
    office.plan(office.anna, at(-1, 9), subject="Before")
    office.plan(office.anna, at(7, 0), subject="After")
    office.plan(office.anna, at(2, 9), subject="Cancelled", state="cancelled")

    assert [bar.subject for bar in office.bars()] == ["Over midnight"]


def test_a_leave_of_months_is_found_in_its_middle(office: Office) -> None:
    office.plan(office.anna, at(-90, 0), minutes=200 * 24 * 60, kind="leave", subject="Leave")

    assert [bar.subject for bar in office.bars()] == ["Leave"]


def test_private_matters_show_only_their_time(office: Office) -> None:
    office.plan(office.anna, at(1, 9), subject="Doctor", private="busy")
    office.plan(office.anna, at(2, 9), subject="Secret", private="closed")

    assert [(bar.subject, bar.hidden) for bar in office.bars()] == [("", True)]
    office.base.work_as(office.anna.id)
    assert [bar.subject for bar in office.bars()] == ["Doctor", "Secret"]


def test_a_series_is_unfolded_and_one_date_of_it_can_be_moved(office: Office) -> None:
    office.plan(office.anna, at(0, 9), rule="FREQ=DAILY;COUNT=4")
    second = office.bars()[1]
    assert [bar.starts for bar in office.bars()] == [seconds(at(day, 9)) for day in range(4)]

    move = Move(second, second.starts + 3600, second.ends + 3600, second.row)
    outcome = office.planner.move([move], "this")

    assert [bar.starts for bar in office.bars()] == [
        seconds(moment) for moment in (at(0, 9), at(1, 10), at(2, 9), at(3, 9))
    ]
    office.base.undo.undo(outcome.operation)
    assert office.bars()[1].starts == seconds(at(1, 9))


def test_this_and_the_following_dates_move_together(office: Office) -> None:
    office.plan(office.anna, at(0, 9), rule="FREQ=DAILY;COUNT=4")
    third = office.bars()[2]

    move = Move(third, third.starts + 3600, third.ends + 3600, third.row)
    office.planner.move([move], "following")

    assert [bar.starts for bar in office.bars()] == [
        seconds(moment) for moment in (at(0, 9), at(1, 9), at(2, 10), at(3, 10))
    ]


def test_a_move_to_another_person_changes_who_is_responsible(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    bar = office.bar(visit, office.anna)

    outcome = office.planner.move([Move(bar, bar.starts + 900, bar.ends + 900, office.boris)])

    moved = office.bar(visit, office.boris)
    assert moved.starts == seconds(at(1, 9, 15))
    office.base.undo.undo(outcome.operation)
    assert office.bar(visit, office.anna).starts == seconds(at(1, 9))


def test_a_booking_moves_to_another_room_but_not_to_a_person(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    office.make("participation", activity=visit.id, resource=office.room.id, role="resource")
    other = office.make("resource", name="Room 2", kind="room")
    bar = office.bar(visit, office.room)

    with pytest.raises(InvalidInput):
        office.planner.move([Move(bar, bar.starts, bar.ends, office.boris)])
    office.planner.move([Move(bar, bar.starts, bar.ends, other)])

    office.rows.append(other)
    assert {b.row for b in office.bars()} == {office.anna, other}


def test_a_deadline_that_is_the_start_goes_along_and_another_stays(office: Office) -> None:
    own = office.plan(office.anna, at(1, 9), due=at(4, 18))
    follows = office.plan(office.anna, at(1, 11), due=at(1, 11))
    for ref in (own, follows):
        bar = office.bar(ref, office.anna)
        office.planner.move([Move(bar, bar.starts + 3600, bar.ends + 3600, bar.row)])

    values = office.base.reader.many("activity", [own.id, follows.id], ["due"])
    assert values[own.id]["due"] == at(4, 18)
    assert values[follows.id]["due"] == at(1, 12)


def test_who_looked_at_an_old_state_does_not_overwrite_the_new_one(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    old = office.bar(visit, office.anna)
    office.planner.move([Move(old, old.starts + 900, old.ends + 900, old.row)])

    with pytest.raises(Conflict):
        office.planner.move([Move(old, old.starts + 1800, old.ends + 1800, old.row)])


def test_a_copy_is_planned_again_with_those_who_take_part(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9), state="done", place="Omsk")
    office.make("participation", activity=visit.id, resource=office.room.id, role="resource")
    bar = office.bar(visit, office.anna)

    office.planner.copy([Move(bar, bar.starts + 86400, bar.ends + 86400, office.boris)])

    new = [b for b in office.bars() if b.id != visit.id]
    assert {b.row for b in new} == {office.boris, office.room}
    assert {b.state for b in new} == {"planned"} and new[0].starts == seconds(at(2, 9))
    assert office.base.reader.many("activity", [new[0].id], ["place"])[new[0].id]["place"] == "Omsk"


def test_what_has_no_time_is_offered_and_gets_one(office: Office) -> None:
    late = office.make("activity", subject="Call", kind="call", state="planned", due=at(-2, 9),
                       author=office.anna.id)  # fmt: skip
    office.make("activity", subject="Some day", kind="task", state="planned",
                author=office.anna.id)  # fmt: skip
    found = office.planner.undated([office.anna.id])
    assert [one.subject for one in found] == ["Call", "Some day"]

    start = seconds(at(1, 15))
    office.planner.give_time(found[0], office.boris, start, start + 1800)

    assert office.bar(late, office.boris).starts == start
    assert [one.subject for one in office.planner.undated([office.anna.id])] == ["Some day"]


def test_something_new_in_the_row_of_a_room_books_it(office: Office) -> None:
    start = seconds(at(1, 15))
    office.base.work_as(office.anna.id)

    office.planner.create(NewEntry(office.room, start, start + 3600, "Talk", "meeting"))

    assert {bar.row for bar in office.bars()} == {office.anna, office.room}


def test_all_that_is_deleted_comes_back_with_one_undo(office: Office) -> None:
    for day in range(3):
        office.plan(office.anna, at(day, 9))

    outcome = office.planner.delete(office.bars())

    assert office.bars() == []
    office.base.undo.undo(outcome.operation)
    assert len(office.bars()) == 3


def test_load_clashes_and_the_first_free_time(office: Office) -> None:
    office.plan(office.anna, at(0, 9), minutes=60)
    office.plan(office.anna, at(0, 9, 30), minutes=60)
    one, other = office.bars()
    edges = [seconds(at(day, 0)) for day in range(8)]

    assert busy_by_day([one, other], edges) == [120, 0, 0, 0, 0, 0, 0]
    assert clashes([one], {office.anna: [one, other]}, {one.key}) == [(one, other)]
    assert [tone(30, 60), tone(50, 60), tone(70, 60)] == ["ok", "warn", "bad"]
    busy = [(bar.starts, bar.ends) for bar in (one, other)]
    work = [(seconds(at(0, 9)), seconds(at(0, 18)))]
    assert free_slot(busy, work, 1800, seconds(at(0, 8))) == seconds(at(0, 10, 30))


def test_thousands_of_rows_are_one_question_each(office: Office) -> None:
    visits = [
        Create("activity", {"subject": f"V{n}", "kind": "visit", "state": "planned",
                            "author": office.anna.id, "starts": at(n % 7, n % 20),
                            "ends": at(n % 7, n % 20, 30)})
        for n in range(400)
    ]  # fmt: skip
    office.base.records.apply(visits)

    assert len(office.bars()) == 400
