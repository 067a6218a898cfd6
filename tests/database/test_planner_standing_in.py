"""Free slots for several people, and a sick person's day planned anew, on both back ends."""

from __future__ import annotations

from datetime import date, timedelta

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import seconds
from crm_desktop.services.planner.drafts import Drafts
from crm_desktop.services.planner.slots import Availability
from crm_desktop.services.planner.standing_in import Away, carry_out, chosen, propose
from crm_desktop.services.reminders.outgoing import messages
from tests.database.test_double_booking import moved
from tests.database.test_planner_question import MONDAY, Office, at, office

__all__ = ["office"]
TUESDAY = date(2026, 11, 17)
HOUR = 3600


def free(office: Office, *rows: Ref, minutes: int = 60, **more: object) -> Availability:
    return Availability(office.planner, rows, MONDAY.date(), 14, **more)  # type: ignore[arg-type]


def test_slots_are_free_for_all_and_in_working_time(office: Office) -> None:
    office.plan(office.anna, at(0, 9), minutes=90)
    office.plan(office.boris, at(0, 11), minutes=60)
    rows = (office.anna, office.boris)

    found = free(office, *rows).slots(rows, HOUR, seconds(at(0, 8)), 3)

    assert found == [seconds(at(0, 12)), seconds(at(0, 14)), seconds(at(1, 9))]


def test_leave_of_one_moves_the_slot_to_another_day(office: Office) -> None:
    office.plan(
        office.boris, at(0, 0), minutes=24 * 60, kind="leave", subject="Leave", all_day=True
    )
    rows = (office.anna, office.boris)

    found = free(office, *rows).slots(rows, HOUR, seconds(at(0, 8)), 1)

    assert found == [seconds(at(1, 9))]


def test_a_room_counts_and_drafts_do_too(office: Office) -> None:
    visit = office.plan(office.boris, at(0, 14))
    office.make("participation", activity=visit.id, resource=office.room.id, role="resource")
    drafts = Drafts()
    drafts.move([moved(office.bar(visit, office.boris), office.boris, -5)], office.bars())
    rows = (office.anna, office.room)

    plain = free(office, *rows).slots(rows, HOUR, seconds(at(0, 9)), 1)
    drafted = free(office, *rows, drafts=drafts.all()).slots(rows, HOUR, seconds(at(0, 9)), 1)

    assert (plain, drafted) == ([seconds(at(0, 9))], [seconds(at(0, 10))])


def test_there_may_be_no_slot(office: Office) -> None:
    office.plan(office.anna, at(-1, 0), minutes=60 * 24 * 60, kind="leave", subject="Leave")

    assert free(office, office.anna).slots([office.anna], HOUR, seconds(at(0, 9))) == []
    assert free(office).slots([], HOUR, 0) == []


def test_a_free_colleague_of_the_department_takes_over(office: Office) -> None:
    sales = office.base.records.create("reference", {"name": "Sales", "book": "department"}).ids[0]
    clara = office.make("staff", name="Clara", unit=sales)
    office.base.records.update("staff", office.anna.id, {"unit": sales})
    office.plan(office.anna, at(1, 9))

    (proposal,) = propose(office.planner, office.anna, TUESDAY, TUESDAY)

    rows = [way.row for way in proposal.ways]
    assert rows[0] == clara and rows[1] == office.anna and rows[-1] != clara
    assert office.boris in rows and proposal.ways[1].starts == seconds(at(2, 9))


def test_two_at_a_time_go_to_two_people_and_a_later_day(office: Office) -> None:
    staff = office.base.catalogue.staff().key
    for row in office.planner.rows():
        if row.ref.entity == staff and row.ref not in office.rows:
            office.base.records.update(staff, row.ref.id, {"gone": True})
    one, other = office.plan(office.anna, at(1, 9)), office.plan(office.anna, at(1, 9, 30))
    office.plan(
        office.anna, at(1, 0), minutes=24 * 60, kind="leave", subject="x", state="cancelled"
    )

    first, second = propose(office.planner, office.anna, TUESDAY, TUESDAY)

    assert (first.bar.id, second.bar.id) == (one.id, other.id)
    assert first.ways[0].row == office.boris
    assert second.ways[0] == (office.anna, seconds(at(2, 9)))


def test_it_is_one_operation_with_the_absence_and_a_message_each(office: Office) -> None:
    visit, other = office.plan(office.anna, at(1, 9)), office.plan(office.anna, at(1, 14))
    before = office.bars()
    found = propose(office.planner, office.anna, TUESDAY, TUESDAY)
    places = [[way.row for way in one.ways].index(office.boris) for one in found]
    places[1] = -1
    away = Away(office.anna, "Anna", TUESDAY, TUESDAY, "Sick")

    applied = carry_out(office.planner, chosen(found, places), away)

    assert office.bar(visit, office.boris) and office.bar(other, office.anna)
    (leave,) = [bar for bar in office.bars() if bar.kind == "leave"]
    assert leave.all_day and (leave.starts, leave.ends) == (seconds(at(1, 0)), seconds(at(2, 0)))
    assert {m.whom for m in messages(office.base)} == {office.anna.id, office.boris.id}
    office.base.undo.undo(applied.outcome.operation)
    assert [bar.key for bar in office.bars()] == [bar.key for bar in before]


def test_a_date_of_a_series_becomes_an_exception(office: Office) -> None:
    office.plan(office.anna, at(0, 9), rule="FREQ=DAILY;COUNT=3")
    found = propose(office.planner, office.anna, TUESDAY, TUESDAY)
    places = [[way.row for way in one.ways].index(office.boris) for one in found]

    carry_out(office.planner, chosen(found, places), Away(office.anna, "Anna", TUESDAY, TUESDAY))

    assert [(bar.row, bar.starts) for bar in office.bars()] == [
        (office.anna, seconds(at(0, 9))), (office.boris, seconds(at(1, 9))),
        (office.anna, seconds(at(2, 9))),
    ]  # fmt: skip


def test_what_is_done_stays(office: Office) -> None:
    office.plan(office.boris, at(1, 9), state="done")

    assert propose(office.planner, office.boris, TUESDAY, TUESDAY + timedelta(days=1)) == []
