"""Planning by a line, accepting, declining, handing on, putting off; the day and the agenda."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities import service as activities
from crm_desktop.services.activities.my_day import OVERDUE, TODAY, UNDATED, WAITING, agenda, my_day
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    made.work_as(made.records.create("staff", {"name": "Anna"}).ids[0])
    yield made
    made.close()


@pytest.fixture
def boris(workspace: Workspace) -> int:
    return workspace.records.create("staff", {"name": "Boris"}).ids[0]


def read(workspace: Workspace, id_: int) -> dict[str, Any]:
    record = workspace.reader.get("activity", id_)
    assert record is not None
    return dict(record.values)


def parts(workspace: Workspace, id_: int) -> list[tuple[int, str, str]]:
    rows = workspace.reader.linked("participation", "activity", [id_]).values()
    return [(r.values["staff"], r.values["role"], r.values["answer"]) for r in rows]


def test_a_line_is_planned_with_its_start_and_length(workspace: Workspace) -> None:
    one = read(workspace, activities.plan(workspace, "Lunch tomorrow at 15:00 for 2 hours"))
    assert (one["subject"], one["state"]) == ("Lunch", "planned")
    assert one["starts"].astimezone(workspace.clock.zone()).hour == 15
    assert one["ends"] - one["starts"] == timedelta(hours=2)


def test_a_line_with_a_day_only_has_a_deadline_and_one_without_has_none(
    workspace: Workspace,
) -> None:
    dated = read(workspace, activities.plan(workspace, "Send the offer tomorrow"))
    bare = read(workspace, activities.plan(workspace, "Send the offer"))
    assert (dated["starts"], bare["due"]) == (None, None)
    assert dated["due"].astimezone(workspace.clock.zone()).hour == 18


def test_a_line_must_say_what(workspace: Workspace) -> None:
    with pytest.raises(InvalidInput, match="what is to be done"):
        activities.plan(workspace, "tomorrow at 10")


def test_it_is_accepted_and_done_with_a_few_words(workspace: Workspace) -> None:
    one = activities.plan(workspace, "Call the bank")
    activities.accept(workspace, one)
    assert read(workspace, one)["state"] == "working"
    activities.done(workspace, one, note="They agreed")
    assert (read(workspace, one)["state"], read(workspace, one)["body"]) == ("done", "They agreed")
    with pytest.raises(InvalidInput, match="over already"):
        activities.accept(workspace, one)


def test_declining_needs_a_reason(workspace: Workspace) -> None:
    one = activities.plan(workspace, "Paint the fence")
    with pytest.raises(InvalidInput, match="why"):
        activities.decline(workspace, one, "  ")
    activities.decline(workspace, one, "no paint")
    assert (read(workspace, one)["state"], read(workspace, one)["reason"]) == (
        "declined", "no paint",
    )  # fmt: skip


def test_a_participant_answers_for_themselves(workspace: Workspace, boris: int) -> None:
    one = activities.plan(workspace, "Meeting tomorrow at 10", "meeting", {"author": boris})
    me = workspace.user_id
    assert me is not None
    workspace.records.create("participation", {"activity": one, "staff": me})
    activities.decline(workspace, one, "on leave")
    assert read(workspace, one)["state"] == "planned"
    assert parts(workspace, one) == [(me, "participant", "declined")]


def test_what_is_delegated_waits_in_my_day_and_comes_back(workspace: Workspace, boris: int) -> None:
    one, me = activities.plan(workspace, "Measure the door"), workspace.user_id
    assert me is not None
    activities.delegate(workspace, one, boris)
    assert read(workspace, one)["author"] == boris
    assert [t.ref.id for t in my_day(workspace, me)[WAITING]] == [one]
    assert [t.ref.id for t in my_day(workspace, boris)[UNDATED]] == [one]
    activities.give_back(workspace, one, "no tape measure")
    assert (read(workspace, one)["author"], my_day(workspace, me)[WAITING]) == (me, [])


def test_reassigning_is_seen_in_the_history_and_undone(workspace: Workspace, boris: int) -> None:
    one, me = activities.plan(workspace, "Measure the door"), workspace.user_id
    operation = activities.reassign(workspace, one, boris).operation
    entries = workspace.history.of(workspace.catalogue["activity"], one)
    assert [(c.old, c.new) for c in entries[0].fields] == [("Anna", "Boris")]
    workspace.undo.undo(operation)
    assert read(workspace, one)["author"] == me


def test_putting_off_counts_and_keeps_the_reason(workspace: Workspace) -> None:
    one = activities.plan(workspace, "Call tomorrow at 10 for 30 min", "call")
    stood = read(workspace, one)
    activities.move_by_words(workspace, one, "in 3 days", "no answer")
    found = read(workspace, one)
    assert found["starts"] - stood["starts"] == timedelta(days=2)
    assert found["ends"] - found["starts"] == timedelta(minutes=30)
    assert (found["attempt"], found["reason"]) == (1, "no answer")
    with pytest.raises(InvalidInput, match="no date"):
        activities.move_by_words(workspace, one, "some other time")


def test_the_day_has_its_groups(workspace: Workspace) -> None:
    now, me = workspace.clock.now(), workspace.user_id
    noon = workspace.clock.local().replace(hour=12, minute=0)
    late, today, later, undated = (
        workspace.records.create("activity", {"subject": "x", "kind": "task", "state": "planned",
                                              "due": due}).ids[0]
        for due in (now - timedelta(days=2), noon, now + timedelta(days=2), None)
    )  # fmt: skip
    found = {group: [t.ref.id for t in tasks] for group, tasks in my_day(workspace, me).items()}
    assert found == {OVERDUE: [late], TODAY: [today], WAITING: [], UNDATED: [undated]}
    activities.tomorrow(workspace, late)
    assert my_day(workspace, me)[OVERDUE] == []
    assert later not in found[TODAY]


def test_the_agenda_holds_ones_own_and_what_one_takes_part_in(
    workspace: Workspace, boris: int
) -> None:
    own = activities.plan(workspace, "Meeting tomorrow at 10", "meeting")
    other = activities.plan(workspace, "Talk tomorrow at 9", "meeting", {"author": boris})
    me, day = workspace.user_id, workspace.clock.today() + timedelta(days=1)
    assert [t.ref.id for t in agenda(workspace, me, day, day)] == [own]
    workspace.records.create("participation", {"activity": other, "staff": me})
    assert [t.ref.id for t in agenda(workspace, me, day, day)] == [other, own]
    assert agenda(workspace, me, date(2000, 1, 1), date(2000, 1, 2)) == []


def test_the_first_word_says_that_a_call_is_meant(workspace: Workspace) -> None:
    call = read(workspace, activities.plan(workspace, "Call the bank tomorrow at 10"))
    visit = read(workspace, activities.plan(workspace, "Call the bank", "visit"))

    assert (call["kind"], visit["kind"]) == ("call", "visit")
    assert call["starts"] is not None and call["ends"] > call["starts"]


def test_a_kind_that_is_no_longer_offered_is_not_meant(workspace: Workspace) -> None:
    workspace.constructor.change_choice(
        workspace.catalogue["activity"], "kind", "call", retired=True
    )

    assert read(workspace, activities.plan(workspace, "Call the bank"))["kind"] == "task"


def test_titles_of_operations_tell_no_private_subject(workspace: Workspace, boris: int) -> None:
    secret = {"private": "busy"}
    beside = [Ref("staff", boris)]
    one = activities.plan(workspace, "Doctor", values=secret, beside=beside)
    activities.accept(workspace, one)
    activities.done(workspace, one)

    titles = [operation.title for operation in workspace.operations.last(3)]
    assert not [title for title in titles if "Doctor" in repr(title)]
