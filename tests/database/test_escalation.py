"""Heads are told of what is overdue, once for each level; on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.models.query import Query
from crm_desktop.services.activities.kinds import keep_levels
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.reminders.service import Firing
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base

DUE = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
HOURS = "9:00-13:00 14:00-18:00"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(DUE)


@pytest.fixture
def base(base_url: str, clock: MovedClock) -> Iterator[Workspace]:
    made = ready_base(base_url, clock=clock)
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")
    company = made.reader.many(
        "working_calendar", made.lists.open(Query("working_calendar")).ids(), ("id",)
    )
    hours = {"zone": "UTC", "country": "", **dict.fromkeys(week, HOURS)}
    made.records.update("working_calendar", next(iter(company)), hours)
    yield made
    made.close()


@pytest.fixture
def head(base: Workspace) -> int:
    return base.records.create("staff", {"name": "Anna"}).ids[0]


@pytest.fixture
def worker(base: Workspace, head: int) -> int:
    return base.records.create("staff", {"name": "Boris", "head": head}).ids[0]


def planned(base: Workspace, who: int, **values: Any) -> int:
    given = {"subject": "Offer", "kind": "task", "state": "planned", "due": DUE, "author": who}
    return base.records.create("activity", {**given, **values}).ids[0]


def told(base: Workspace, head: int, place: str = "here") -> list[tuple[int, int | None]]:
    tell_heads(base)
    look = base.reminders.look(head, place)
    return [(one.event.id, one.level) for one in look.fresh if one.level is not None]


def standing(base: Workspace, head: int) -> tuple[Firing, ...]:
    return base.reminders.due(head).standing


def test_the_head_is_told_once_for_each_level(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    task = planned(base, worker)
    assert told(base, head) == [(task, 0)]
    assert told(base, head) == []
    clock.move(minutes=29)
    assert told(base, head) == []
    clock.move(minutes=1)
    assert told(base, head) == [(task, 30)]
    clock.move(minutes=90)
    assert told(base, head) == [(task, 120)]
    clock.move(days=1)
    assert told(base, head) == []
    assert [(one.level, one.who, one.whom) for one in standing(base, head)] == [
        (120, worker, head)
    ]  # fmt: skip


def test_working_minutes_count_and_missed_levels_are_told_as_one(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    task = planned(base, worker, due=DUE + timedelta(hours=7, minutes=50))  # 17:50
    clock.moment = DUE + timedelta(hours=10)  # 20:00: ten minutes of work have passed
    assert told(base, head) == [(task, 0)]
    clock.moment = DUE + timedelta(days=1, minutes=60)  # 11:00: 130 of them
    assert told(base, head) == [(task, 120)]
    firing = standing(base, head)[0]
    assert firing.moment == DUE + timedelta(days=1, minutes=50)


def test_leave_does_not_hold_it_up(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    planned(base, worker, kind="leave", starts=DUE - timedelta(hours=2), subject="Ill",
            ends=DUE + timedelta(days=3))  # fmt: skip
    task = planned(base, worker)
    clock.move(minutes=31)
    assert (task, 30) in told(base, head)


@pytest.mark.parametrize("end", ["done", "cancelled", "deleted", "moved"])
def test_what_has_ended_or_moved_is_silent(
    base: Workspace, clock: MovedClock, head: int, worker: int, end: str
) -> None:
    task = planned(base, worker)
    assert told(base, head)
    if end == "deleted":
        base.records.delete("activity", [task])
    elif end == "moved":
        base.records.update("activity", task, {"due": DUE + timedelta(days=1)})
    else:
        base.records.update("activity", task, {"state": end, "reason": "no"})
    clock.move(minutes=40)
    assert told(base, head) == []
    assert standing(base, head) == ()


def test_overdue_again_after_it_was_moved_tells_anew(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    task = planned(base, worker)
    assert told(base, head)
    base.reminders.answer(standing(base, head))
    base.records.update("activity", task, {"due": DUE + timedelta(hours=1)})
    clock.move(hours=1)
    assert told(base, head) == [(task, 0)]


def test_an_answer_holds_everywhere(base: Workspace, head: int, worker: int) -> None:
    planned(base, worker)
    assert told(base, head, "office") and told(base, head, "laptop")
    base.reminders.answer(standing(base, head))
    assert standing(base, head) == ()


def test_nobody_is_told_without_a_head_or_of_old_or_of_what_goes_on_today(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    planned(base, head)
    planned(base, worker, due=DUE - timedelta(days=30))
    whole = planned(base, worker, starts=DUE.replace(hour=0), all_day=True, due=None)
    assert told(base, head) == []
    clock.moment = DUE.replace(hour=9) + timedelta(days=1)
    assert told(base, head) == [(whole, 0)]


def test_the_office_sets_the_levels(
    base: Workspace, clock: MovedClock, head: int, worker: int
) -> None:
    keep_levels(base, ())
    task = planned(base, worker)
    assert told(base, head) == []
    keep_levels(base, (10,))
    assert told(base, head) == []
    clock.move(minutes=10)
    assert told(base, head) == [(task, 10)]


def test_two_seats_at_once_tell_once(
    base: Workspace, base_url: str, clock: MovedClock, head: int, worker: int
) -> None:
    planned(base, worker)
    second = base if base.backend.exclusive else open_base(base_url, clock=clock)
    from crm_desktop.services.reminders import escalation

    late = escalation._late(base)
    assert tell_heads(second) == 1
    with base.backend.write() as connection:  # the other has looked before, and writes now
        batch = base.records.batch(connection)
        assert escalation._writes(base, batch, late, []) == []
    assert tell_heads(base) == 0
    if second is not base:
        second.close()


def test_it_is_an_operation_that_ctrl_z_leaves_alone(
    base: Workspace, head: int, worker: int
) -> None:
    planned(base, worker)
    last = base.undo.last_undoable()
    tell_heads(base)
    assert base.operations.last(1)[0].kind == "auto"
    found = base.undo.last_undoable()
    assert last is not None and found is not None and found.id == last.id


def test_ones_own_reminders_do_not_hold_what_the_head_was_told(
    base: Workspace, head: int, worker: int
) -> None:
    task = planned(base, worker)
    tell_heads(base)
    assert [row["offset"] for row in base.reminders.of(task).values()] == [0]
    assert [one.whom for one in base.reminders.due(worker).standing] == [worker]


def test_what_is_private_is_not_told(base: Workspace, head: int, worker: int) -> None:
    base.work_as(worker)
    for level in ("title", "busy", "closed"):
        planned(base, worker, private=level)
    seen = planned(base, worker, private="view")
    base.work_as(head)
    assert told(base, head) == [(seen, 0)]
