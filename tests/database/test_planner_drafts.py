"""Drafts on both back ends: seen as if saved, applied at once, told to whom it concerns."""

from __future__ import annotations

import json

import pytest

from crm_desktop.services.planner.applying import ChangedMeanwhile, apply_drafts
from crm_desktop.services.planner.bars import Bar, seconds
from crm_desktop.services.planner.double_booking import DoubleBooked
from crm_desktop.services.planner.drafts import Drafts, with_drafts, without_placed
from crm_desktop.services.planner.moving import Move, NewEntry
from crm_desktop.services.reminders.outgoing import messages
from tests.database.test_double_booking import moved
from tests.database.test_planner_question import MONDAY, WEEK, Office, at, office

__all__ = ["office"]
SPAN = (seconds(MONDAY), seconds(MONDAY + WEEK))


def seen(office: Office, drafts: Drafts) -> list[Bar]:
    """What the planner shows."""
    return with_drafts(office.bars(), drafts.all(), office.rows, SPAN)


def test_a_draft_is_seen_and_the_base_does_not_know(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    office.make("participation", activity=visit.id, resource=office.room.id, role="resource")
    drafts = Drafts()

    drafts.move([moved(office.bar(visit, office.anna), office.boris, 2)], office.bars())

    assert {(b.row, b.starts, b.draft) for b in seen(office, drafts)} == {
        (office.boris, seconds(at(1, 11)), "moved"), (office.room, seconds(at(1, 11)), "moved")
    }  # fmt: skip
    assert office.bar(visit, office.anna).starts == seconds(at(1, 9)) and len(drafts) == 1


def test_what_comes_back_to_its_place_is_no_draft(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    drafts = Drafts()
    drafts.move([moved(office.bar(visit, office.anna), office.boris, 2)], office.bars())
    (there,) = seen(office, drafts)

    drafts.move([Move(there, there.starts - 7200, there.ends - 7200, office.anna)], [there])

    assert not len(drafts) and seen(office, drafts) == office.bars()


def test_all_kinds_are_one_operation_that_can_be_undone(office: Office) -> None:
    one, other = office.plan(office.anna, at(1, 9)), office.plan(office.anna, at(1, 12))
    gone = office.plan(office.boris, at(2, 9), subject="Gone")
    call = office.make("activity", subject="Call", kind="call", state="planned",
                       author=office.anna.id)  # fmt: skip
    drafts, shown = Drafts(), office.bars()
    start = seconds(at(3, 9))
    drafts.move([moved(office.bar(one, office.anna), office.boris)], shown)
    drafts.copy([moved(office.bar(other, office.anna), office.boris, 2)])
    drafts.create(NewEntry(office.room, start, start + 3600, "Talk", "meeting"))
    undated = office.planner.undated([office.anna.id])
    drafts.give_time(undated[0], office.anna, start, start + 1800)
    drafts.delete([office.bar(gone, office.boris)], shown)
    assert len(drafts) == 5 and not without_placed(undated, drafts.all())

    applied = apply_drafts(office.planner, drafts.all())

    assert office.bar(one, office.boris) and office.bar(call, office.anna)
    assert {b.subject for b in office.bars()} == {"Visit", "Talk", "Call"}
    assert len(office.bars()) == 5
    office.base.undo.undo(applied.outcome.operation)
    assert [b._replace(version=1) for b in office.bars()] == shown


def test_each_concerned_gets_one_message_and_the_author_none(office: Office) -> None:
    office.base.work_as(office.anna.id)
    office.base.records.update("staff", office.boris.id, {"email": "boris@office.test"})
    clara = office.make("staff", name="Clara")
    office.rows.append(clara)
    one, other = office.plan(office.boris, at(1, 9)), office.plan(office.boris, at(1, 12))
    drafts = Drafts()
    drafts.move([moved(office.bar(one, office.boris), clara, 1)], office.bars())
    drafts.move([moved(office.bar(other, office.boris), office.boris, 24)], office.bars())

    applied = apply_drafts(office.planner, drafts.all())

    queue = {m.whom: m for m in messages(office.base)}
    assert applied.told == 2 and set(queue) == {office.boris.id, clara.id}
    assert queue[office.boris.id].body.splitlines() == [
        "“Visit”, 17 Nov 2026 09:00–10:00, is taken over by Clara",
        "“Visit”: 18 Nov 2026 12:00–13:00 instead of 17 Nov 2026 12:00–13:00",
    ]
    assert queue[clara.id].body == "For you: “Visit”, 17 Nov 2026 10:00–11:00"
    assert (queue[office.boris.id].state, queue[clara.id].state) == ("waiting", "no_address")


def test_an_undo_calls_the_messages_off(office: Office) -> None:
    visit = office.plan(office.boris, at(1, 9))
    drafts = Drafts()
    drafts.move([moved(office.bar(visit, office.boris), office.anna)], office.bars())
    applied = apply_drafts(office.planner, drafts.all())
    assert applied.told == 2

    office.base.undo.undo(applied.outcome.operation)

    assert {m.state for m in messages(office.base)} == {"cancelled"}


def test_what_was_changed_meanwhile_is_named_and_not_overwritten(office: Office) -> None:
    one, other = office.plan(office.anna, at(1, 9)), office.plan(office.anna, at(2, 9))
    drafts, shown = Drafts(), office.bars()
    drafts.move([moved(bar, office.boris) for bar in shown], shown)
    office.base.records.update("activity", one.id, {"starts": at(1, 15)})
    office.base.records.delete("activity", [other.id])

    with pytest.raises(ChangedMeanwhile) as refused:
        apply_drafts(office.planner, drafts.all())

    assert refused.value.message.splitlines() == [
        "“Visit” was changed meanwhile: 17 Nov 2026 15:00, Anna", "“Visit” was deleted meanwhile",
    ]  # fmt: skip
    assert office.bar(one, office.anna).starts == seconds(at(1, 15))
    late = refused.value.found[0]
    apply_drafts(office.planner, [late.draft], accepted={one.id: late.version})
    assert office.bar(one, office.boris).starts == seconds(at(1, 15))


def test_clashes_of_drafts_are_reckoned_together(office: Office) -> None:
    one, other = office.plan(office.anna, at(1, 9)), office.plan(office.boris, at(1, 9))
    drafts, shown = Drafts(), office.bars()
    drafts.move([moved(office.bar(one, office.anna), office.boris)], shown)
    with pytest.raises(DoubleBooked):
        apply_drafts(office.planner, drafts.all())

    drafts.move([moved(office.bar(other, office.boris), office.anna)], shown)
    apply_drafts(office.planner, drafts.all())

    assert office.bar(one, office.boris) and office.bar(other, office.anna)


def test_one_date_of_a_series_moves_as_a_draft(office: Office) -> None:
    office.plan(office.anna, at(0, 9), rule="FREQ=DAILY;COUNT=3")
    drafts, shown = Drafts(), office.bars()
    drafts.move([moved(shown[1], office.anna, 1)], shown, "this")
    drafts.delete([shown[2]], shown, "this")

    apply_drafts(office.planner, drafts.all())

    assert [bar.starts for bar in office.bars()] == [seconds(at(0, 9)), seconds(at(1, 10))]


def test_drafts_outlive_the_program_as_text(office: Office) -> None:
    visit = office.plan(office.anna, at(1, 9))
    drafts, start = Drafts(), seconds(at(3, 9))
    drafts.move([moved(office.bar(visit, office.anna), office.boris, 2)], office.bars())
    drafts.create(NewEntry(office.room, start, start + 3600, "Talk", "meeting", visit,
                           (office.boris,)))  # fmt: skip

    kept = json.loads(json.dumps(drafts.to_json()))

    assert Drafts.from_json(kept).all() == drafts.all()
    assert not Drafts.from_json([1, ["moved", [1], None, "", []], {"a": 1}]).all()
