"""Reminders on both back ends: they follow their activity, come up once, and keep answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.annual import yearly
from crm_desktop.models.whole_days import midnight_in
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.outgoing import call_off, messages, queue_due
from crm_desktop.services.reminders.question import EVERYBODY
from crm_desktop.services.reminders.service import Firing
from crm_desktop.services.reminders.snooze import in_minutes, tomorrow
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import keep_holidays_of_russia, ready_base

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE, THERE = "office", "laptop"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(START)


@pytest.fixture
def base(base_url: str, clock: MovedClock) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=clock)
    yield made
    made.close()


def planned(base: Workspace, **values: Any) -> int:
    usual = {"subject": "Call", "kind": "call", "state": "planned",
             "starts": START + timedelta(hours=1)}  # fmt: skip
    given = {**usual, **values}
    return base.records.create("activity", {"due": given["starts"], **given}).ids[0]


def reminders(base: Workspace, activity: int) -> list[tuple[int, Any]]:
    rows = base.reminders.of(activity).values()
    return [(int(str(row["offset"])), row["due"]) for row in rows]


def fired(base: Workspace, place: str = HERE, whom: int | None = None) -> list[Firing]:
    return list(base.reminders.look(whom, place).fresh)


def test_a_planned_activity_gets_the_reminder_of_its_kind(base: Workspace) -> None:
    call = planned(base)
    meeting = planned(base, kind="meeting")
    note = planned(base, kind="note")
    assert reminders(base, call) == [(5, START + timedelta(minutes=55))]
    assert reminders(base, meeting) == [(15, START + timedelta(minutes=45))]
    assert reminders(base, note) == []


def test_reminders_that_were_asked_for_stand_in_place_of_the_usual_one(base: Workspace) -> None:
    def writes(batch: Any) -> list[Any]:
        id_ = batch.new_id(3)
        values = {
            "subject": "Visit",
            "kind": "visit",
            "state": "planned",
            "starts": START + timedelta(hours=5),
            "due": START,
        }
        return [
            Create("activity", values, id=id_),
            Create("reminder", {"activity": id_, "offset": 10}),
            Create("reminder", {"activity": id_, "offset": 120}),
        ]

    visit = base.records.apply(writes).ids[0]
    assert [offset for offset, _due in reminders(base, visit)] == [120, 10]


def test_a_reminder_moves_with_its_activity_and_is_silent_once_it_is_done(
    base: Workspace,
) -> None:
    call = planned(base)
    base.records.update("activity", call, {"starts": START + timedelta(days=1)})
    assert reminders(base, call) == [(5, START + timedelta(days=1, minutes=-5))]
    done = base.records.update("activity", call, {"state": "done"})
    assert reminders(base, call) == [(5, None)]
    base.undo.undo(done.operation)
    assert reminders(base, call) == [(5, START + timedelta(days=1, minutes=-5))]


def test_the_last_working_day_of_a_month_heeds_the_holidays_of_the_office(
    base: Workspace, clock: MovedClock
) -> None:
    keep_holidays_of_russia(base)
    office = base.worktime.of(None)
    december = [date(2026, 12, day) for day in range(24, 32)]
    last = [day for day in december if office.is_workday(day)][-1]
    assert last < date(2026, 12, 31)  # a weekday, and a holiday in Russia
    starts = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1\nX-CRM-WORKDAYS:1"
    clock.move(days=12)  # 5 December: that of November is not told of
    planned(base, starts=starts, rule=rule, zone="UTC")
    assert fired(base) == []
    morning = datetime.combine(last, starts.timetz()) - timedelta(minutes=5)
    assert base.reminders.due(None).next == morning
    clock.move(seconds=(morning - clock.now()).total_seconds())
    assert [one.moment for one in fired(base)] == [morning]


def test_it_comes_up_once_in_each_place(base: Workspace, clock: MovedClock) -> None:
    planned(base)
    assert fired(base) == []
    assert base.reminders.due(None).next == START + timedelta(minutes=55)
    clock.move(minutes=55)
    assert [one.subject for one in fired(base)] == ["Call"]
    assert fired(base) == []
    assert len(base.reminders.due(None, HERE).standing) == 1
    assert len(fired(base, THERE)) == 1


def test_what_was_answered_in_one_place_is_gone_in_the_other(
    base: Workspace, clock: MovedClock
) -> None:
    planned(base)
    clock.move(hours=1)
    base.reminders.answer(fired(base))
    assert base.reminders.due(None, THERE).standing == ()


@pytest.mark.parametrize("end", ["done", "cancelled", "declined", "deleted"])
def test_what_has_ended_never_comes_up(base: Workspace, clock: MovedClock, end: str) -> None:
    call = planned(base)
    if end == "deleted":
        base.records.delete("activity", [call])
    else:
        base.records.update("activity", call, {"state": end, "reason": "ill"})
    clock.move(days=30)
    assert base.reminders.due(EVERYBODY).standing == ()


def test_put_off_it_comes_up_again_then_and_only_then(base: Workspace, clock: MovedClock) -> None:
    planned(base)
    clock.move(hours=1)
    base.reminders.put_off(fired(base), in_minutes(clock.now(), 10))
    clock.move(minutes=9)
    assert base.reminders.due(None, HERE).standing == ()
    assert base.reminders.due(None, HERE).next == START + timedelta(minutes=70)
    clock.move(minutes=1)
    assert len(fired(base)) == 1
    assert fired(base) == []


def test_an_answer_survives_deleting_and_restoring(base: Workspace, clock: MovedClock) -> None:
    call = planned(base)
    clock.move(hours=2)
    base.reminders.answer(fired(base))
    gone = base.records.delete("activity", [call])
    base.undo.undo(gone.operation)
    assert base.reminders.due(None, HERE).standing == ()


def test_an_activity_that_is_moved_after_the_answer_comes_up_anew(
    base: Workspace, clock: MovedClock
) -> None:
    call = planned(base)
    clock.move(hours=1)
    base.reminders.answer(fired(base))
    base.records.update("activity", call, {"starts": START + timedelta(hours=3)})
    clock.move(hours=2)
    assert len(fired(base)) == 1


def test_what_came_due_while_nobody_looked_comes_up_together(
    base: Workspace, clock: MovedClock
) -> None:
    for hour in range(1, 6):
        planned(base, subject=f"Call {hour}", starts=START + timedelta(hours=hour))
    clock.move(days=3)
    assert [one.subject for one in fired(base)] == [f"Call {hour}" for hour in (5, 4, 3, 2, 1)]
    clock.move(days=-3)  # somebody set the clock back
    assert fired(base) == []
    clock.move(days=3)
    assert fired(base) == []


def test_everybody_is_reminded_of_their_own(base: Workspace, clock: MovedClock) -> None:
    anna, boris = (base.records.create("staff", {"name": n}).ids[0] for n in ("Anna", "Boris"))
    call = planned(base, author=anna)
    clock.move(hours=1)
    assert fired(base) == [] and fired(base, whom=boris) == []
    base.records.update("activity", call, {"author": boris})
    assert len(fired(base, whom=boris)) == 1
    assert fired(base, whom=anna) == []


def test_a_series_comes_up_at_each_occurrence_at_the_hour_on_the_wall(
    base: Workspace, clock: MovedClock
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    clock.moment = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)
    starts = datetime(2026, 3, 28, 9, 0, tzinfo=berlin)  # the clocks go forward the night after
    planned(base, kind="meeting", starts=starts, rule="FREQ=DAILY", zone="Europe/Berlin")
    hours = []
    for _step in range(4 * 24 * 4):
        clock.move(minutes=15)
        for one in fired(base):
            hours.append(one.moment.astimezone(berlin).strftime("%d %H:%M"))
            base.reminders.answer([one])
    assert hours == ["28 08:45", "29 08:45", "30 08:45"]


def test_missed_occurrences_of_a_series_come_up_as_one(base: Workspace, clock: MovedClock) -> None:
    planned(base, rule="FREQ=DAILY", zone="Europe/Moscow")
    clock.move(days=9, hours=2)
    (one,) = fired(base)
    assert one.original == START + timedelta(days=9, hours=1)
    base.reminders.answer([one])
    assert base.reminders.due(None).next == START + timedelta(days=10, minutes=55)


def test_a_day_without_a_time_is_told_at_nine(base: Workspace) -> None:
    zone = ZoneInfo("Europe/Berlin")
    midnight = datetime(2027, 3, 28, tzinfo=zone)  # the clocks go forward at two
    task = planned(base, kind="task", starts=None, due=midnight, all_day=True,
                   zone="Europe/Berlin")  # fmt: skip
    ((_offset, due),) = reminders(base, task)
    assert due.astimezone(zone) == datetime(2027, 3, 28, 9, tzinfo=zone)


@pytest.mark.parametrize("zone", ["Asia/Vladivostok", "America/Halifax"])
def test_nine_is_by_the_clock_of_whoever_is_told(
    base: Workspace, clock: MovedClock, zone: str
) -> None:
    (who,) = base.records.create("staff", {"name": "Anna"}).ids
    base.records.create("working_calendar", {"name": "Anna", "scope": "person", "staff": who,
                                          "zone": zone})  # fmt: skip
    office, there = base.worktime.office_zone(), ZoneInfo(zone)
    midnight, nine = midnight_in(date(2026, 12, 1), office), datetime(2026, 12, 1, 9, tzinfo=there)
    task = planned(base, kind="task", starts=midnight, all_day=True)
    assert reminders(base, task)[0][1] == midnight + timedelta(hours=9)
    base.records.update("activity", task, {"author": who})
    assert reminders(base, task)[0][1] == nine

    planned(base, kind="task", starts=midnight, all_day=True, author=who, rule="FREQ=DAILY")
    clock.moment = (nine + timedelta(days=1)).astimezone(UTC)
    (found,) = [one for one in base.reminders.due(who).standing if one.original is not None]
    assert (found.about, found.original) == (clock.moment, midnight + timedelta(days=1))
    base.reminders.put_off([found], clock.moment + timedelta(minutes=10))
    clock.move(minutes=10)
    (again,) = [one for one in base.reminders.due(who).standing if one.original is not None]
    assert again.original == found.original


def test_tomorrow_is_nine_on_the_wall_whatever_the_clocks_do() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=berlin)
    assert tomorrow(evening, berlin) == datetime(2026, 10, 25, 9, 0, tzinfo=berlin)


def test_plans_of_former_years_from_a_file_remind_of_nothing(base: Workspace) -> None:
    old = planned(base, starts=START - timedelta(days=400))
    assert reminders(base, old) == []


def test_the_command_line_says_what_comes_up_now(
    base: Workspace, clock: MovedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    from argparse import Namespace

    from crm_desktop.cli.reminding import remind

    call = planned(base)
    nothing = remind(base, Namespace(who=None, prepare=False))
    assert (nothing.value["total"], nothing.value["next"]) == (0, "2026-11-23T09:55:00+00:00")
    clock.move(hours=1)
    found = remind(base, Namespace(who=None, prepare=False))
    assert [(row["activity"], row["shown"]) for row in found.value["rows"]] == [(call, False)]
    assert found.lines[2].endswith("Call")


def test_the_command_line_does_first_what_an_open_window_would(
    base: Workspace, clock: MovedClock
) -> None:
    from argparse import Namespace

    from crm_desktop.cli.reminding import remind

    head = base.records.create("staff", {"name": "Anna"}).ids[0]
    worker = base.records.create("staff", {"name": "Boris", "head": head}).ids[0]
    late = planned(base, author=worker, starts=START - timedelta(days=4))
    client = Ref("client", base.records.create("client", {"name": "Vector"}).ids[0])
    date = {"occasion": "Founded", "owner": client, "day": yearly(11, 30)}
    annual = base.records.create("annual_date", date).ids[0]
    answer = remind(base, Namespace(who="Anna", prepare=True))
    assert [(row["activity"], row["level"], row["who"]) for row in answer.value["rows"]] == [
        (late, 120, worker)
    ]  # fmt: skip
    where = Condition("annual", "in", [annual])
    assert base.lists.count(Query("activity", ("id",), where)) == 1


def test_by_mail_it_goes_into_the_queue_once_and_may_be_called_off(
    base: Workspace, clock: MovedClock
) -> None:
    anna = base.records.create("staff", {"name": "Anna", "email": "anna@office.example"}).ids[0]
    call = planned(base, author=anna)
    base.records.create("reminder", {"activity": call, "offset": 10, "channel": "mail"})
    base.records.create("reminder", {"activity": call, "offset": 10, "channel": "sms"})
    assert queue_due(base) == 0
    clock.move(hours=1)
    assert (queue_due(base), queue_due(base)) == (2, 0)
    found = {m.channel: (m.address, m.state) for m in messages(base)}
    assert found == {"mail": ("anna@office.example", "waiting"), "sms": ("", "no_address")}
    call_off(base, [m.id for m in messages(base) if m.channel == "mail"])
    assert {m.state for m in messages(base)} == {"cancelled", "no_address"}
    assert len(fired(base, whom=anna)) == 1  # the usual one, in the window


def test_what_nobody_is_responsible_for_comes_up_for_whoever_works_here(
    base: Workspace, clock: MovedClock
) -> None:
    anna = base.records.create("staff", {"name": "Anna"}).ids[0]
    planned(base)
    clock.move(hours=1)
    assert len(fired(base, whom=anna)) == 1
    assert len(fired(base, "another place")) == 1
