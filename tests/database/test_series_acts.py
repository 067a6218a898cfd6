"""What people do with a series concerns the date that is due, or the dates they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities import service as activities
from crm_desktop.services.activities.kinds import KindHabits, save_kind
from crm_desktop.services.activities.my_day import OVERDUE, TODAY, agenda, my_day
from crm_desktop.services.activities.service import Dates
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.reminders.promises import Promise, call_tomorrow
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.services.series.writes import ALL, FOLLOWING, THIS
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=MovedClock(START + WEEK - HOUR))
    made.work_as(made.records.create("staff", {"name": "Anna"}).ids[0])
    yield made
    made.close()


@pytest.fixture
def weekly(workspace: Workspace) -> int:
    """Every Tuesday at nine, four times; the first one is done."""
    given = {
        "subject": "Planning", "kind": "meeting", "starts": START, "ends": START + HOUR,
        "rule": "FREQ=WEEKLY;COUNT=4", "zone": "UTC", "state": "planned",
    }  # fmt: skip
    id_ = workspace.records.create("activity", given).ids[0]
    activities.done(workspace, id_)
    return int(id_)


def told(workspace: Workspace) -> list[tuple[str, str]]:
    found = SeriesDates(workspace).between(START - HOUR, START + 9 * WEEK)
    rows = workspace.reader.many("activity", {one.record for one in found}, ["state"])
    return [(f"{one.starts:%m-%d %H}", rows[one.record]["state"]) for one in found]


def test_putting_off_moves_the_date_that_is_due(workspace: Workspace, weekly: int) -> None:
    activities.reschedule(workspace, weekly, START + WEEK + 2 * HOUR, "Ann is away")

    assert told(workspace) == [
        ("03-03 09", "done"), ("03-10 11", "planned"), ("03-17 09", "planned"),
        ("03-24 09", "planned"),
    ]  # fmt: skip
    (moved,) = workspace.titles.find("activity", "Planning")[2:]
    values = workspace.reader.many("activity", [moved], ["attempt", "reason"])[moved]
    assert (values["attempt"], values["reason"]) == (1, "Ann is away")


def test_tomorrow_keeps_the_time_of_day_of_the_date(workspace: Workspace, weekly: int) -> None:
    activities.tomorrow(workspace, weekly)
    assert ("03-11 09", "planned") in told(workspace) and len(told(workspace)) == 4


def test_declining_ends_one_date_and_the_series_goes_on(workspace: Workspace, weekly: int) -> None:
    outcome = activities.decline(workspace, weekly, "Holiday")

    assert ("03-10 09", "declined") in told(workspace)
    assert ("03-17 09", "planned") in told(workspace)
    workspace.undo.undo(outcome.operation)
    assert ("03-10 09", "planned") in told(workspace)


def test_waiting_concerns_one_date(workspace: Workspace, weekly: int) -> None:
    activities.wait(workspace, weekly, "Ann")
    assert [state for _day, state in told(workspace)] == ["done", "waiting", "planned", "planned"]


def test_the_day_holds_the_date_that_is_due(workspace: Workspace, weekly: int) -> None:
    day = my_day(workspace, workspace.user_id)
    assert [task.ref.id for task in day[TODAY]] == [weekly] and not day[OVERDUE]
    assert day[TODAY][0].when == START + WEEK


def test_the_agenda_unfolds_a_series(workspace: Workspace, weekly: int) -> None:
    activities.reschedule(workspace, weekly, START + WEEK + 2 * HOUR)
    found = agenda(workspace, workspace.user_id, START.date(), (START + 2 * WEEK).date())

    assert [f"{task.when:%m-%d}" for task in found] == ["03-03", "03-10", "03-17"]
    assert not agenda(workspace, weekly, START.date(), (START + 2 * WEEK).date())


def test_a_broken_promise_of_a_series_moves_one_date(workspace: Workspace, weekly: int) -> None:
    ref = Ref("activity", weekly)
    promise = Promise(ref, ref, "Planning", START + WEEK, None, workspace.user_id)

    call_tomorrow(workspace, [promise])

    assert [day[:5] for day, _state in told(workspace)] == ["03-03", "03-11", "03-17", "03-24"]


# --- one date, this and the following, or all -----------------------------------------------------


@pytest.fixture
def boris(workspace: Workspace) -> int:
    return workspace.records.create("staff", {"name": "Boris"}).ids[0]


def states(workspace: Workspace) -> list[str]:
    return [state for _day, state in told(workspace)]


def people(workspace: Workspace, key: str = "author") -> list[object]:
    found = SeriesDates(workspace).between(START - HOUR, START + 9 * WEEK)
    rows = workspace.reader.many("activity", {one.record for one in found}, [key])
    return [rows[one.record][key] for one in found]


def answers(workspace: Workspace) -> list[object]:
    """What Anna said of each date."""
    found = SeriesDates(workspace).between(START - HOUR, START + 9 * WEEK)
    said = []
    for one in found:
        rows = workspace.reader.linked("participation", "activity", [one.record]).values()
        mine = [r.values["answer"] for r in rows if r.values["staff"] == workspace.user_id]
        said.append(mine[0] if mine else None)
    return said


THIRD = Dates(START + 2 * WEEK)


@pytest.mark.parametrize(("extent", "expected"), [
    (THIS, ["done", "planned", "declined", "planned"]),
    (FOLLOWING, ["done", "planned"]),
    (ALL, []),
])  # fmt: skip
def test_a_chosen_date_is_declined_with_those_that_are_meant(
    workspace: Workspace, weekly: int, extent: str, expected: list[str]
) -> None:
    outcome = activities.decline(workspace, weekly, "Ill", replace(THIRD, extent=extent))
    assert states(workspace) == expected
    workspace.undo.undo(outcome.operation)
    assert states(workspace) == ["done", "planned", "planned", "planned"]


@pytest.mark.parametrize(("extent", "expected"), [
    (THIS, ["planned", "working", "planned"]),
    (FOLLOWING, ["planned", "working", "working"]),
    (ALL, ["working", "working", "working"]),
])  # fmt: skip
def test_a_chosen_date_is_accepted(
    workspace: Workspace, weekly: int, extent: str, expected: list[str]
) -> None:
    activities.accept(workspace, weekly, replace(THIRD, extent=extent))
    assert states(workspace)[1:] == expected


@pytest.mark.parametrize(("extent", "yes"), [(THIS, 1), (FOLLOWING, 2), (ALL, 3)])
def test_a_participant_answers_for_the_dates_that_are_meant(
    workspace: Workspace, weekly: int, boris: int, extent: str, yes: int
) -> None:
    workspace.records.update("activity", weekly, {"author": boris})
    part = {"activity": weekly, "staff": workspace.user_id, "role": "participant"}
    workspace.records.create("participation", part)
    activities.accept(workspace, weekly, replace(THIRD, extent=extent))
    assert answers(workspace).count("accepted") == yes
    assert states(workspace)[1:] == ["planned"] * 3


@pytest.mark.parametrize(("extent", "handed"), [(THIS, 1), (FOLLOWING, 2), (ALL, 3)])
def test_dates_are_handed_on_and_given_back(
    workspace: Workspace, weekly: int, boris: int, extent: str, handed: int
) -> None:
    anna, meant = workspace.user_id, replace(THIRD, extent=extent)
    outcome = activities.delegate(workspace, weekly, boris, meant)
    assert people(workspace).count(boris) == handed
    holder = next((id_ for id_ in outcome.ids if workspace.reader.get("activity", id_)), weekly)
    rest = Dates(THIRD.at, ALL) if extent == FOLLOWING else meant
    activities.give_back(workspace, holder, "No time", rest if holder == weekly else Dates(
        THIRD.at, THIS if extent == THIS else ALL))  # fmt: skip
    assert people(workspace).count(boris) == 0 and anna in people(workspace)


def test_a_moved_date_goes_with_all_of_them(workspace: Workspace, weekly: int, boris: int) -> None:
    activities.reschedule(workspace, weekly, START + WEEK + 2 * HOUR)
    activities.reassign(workspace, weekly, boris, Dates(extent=ALL))
    assert people(workspace)[1:] == [boris] * 3


def test_putting_off_moves_this_and_the_following(workspace: Workspace, weekly: int) -> None:
    to = START + 2 * WEEK + 3 * HOUR
    activities.reschedule(workspace, weekly, to, "Room taken", replace(THIRD, extent=FOLLOWING))
    assert [day for day, _state in told(workspace)] == [
        "03-03 09", "03-10 09", "03-17 12", "03-24 12",
    ]  # fmt: skip


def test_a_date_that_is_not_due_yet_is_done_by_itself(workspace: Workspace, weekly: int) -> None:
    activities.done(workspace, weekly, note="All said", dates=THIRD)
    assert states(workspace) == ["done", "planned", "done", "planned"]


def test_its_kind_asks_for_a_result_of_such_a_date_too(workspace: Workspace, weekly: int) -> None:
    kind = workspace.catalogue["activity"].field("kind").choice("meeting")  # type: ignore[attr-defined]
    save_kind(workspace, "meeting", {"label": kind.label}, KindHabits(60, result=True))
    with pytest.raises(InvalidInput) as wrong:
        activities.done(workspace, weekly, dates=THIRD)
    assert wrong.value.field == "result" and states(workspace)[2] == "planned"
