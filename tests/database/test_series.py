"""Series on both back ends: dates with exceptions, this / following / all, completion, undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.series.dates import Occurrence, SeriesDates
from crm_desktop.services.series.writes import (
    ALL,
    FOLLOWING,
    THIS,
    delete_writes,
    edit_writes,
)
from crm_desktop.services.workspace import Workspace
from tests.bases import keep_holidays_of_russia, ready_base

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 3, 10, 0, tzinfo=BERLIN).astimezone(UTC)  # a Tuesday
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=MovedClock(NOW))
    yield made
    made.close()


def series(workspace: Workspace, rule: str = "FREQ=WEEKLY;BYDAY=TU", **values: Any) -> int:
    given = {
        "subject": "Planning", "kind": "meeting", "starts": START, "ends": START + HOUR,
        "rule": rule, "zone": "Europe/Berlin", "state": "planned", **values,
    }  # fmt: skip
    return workspace.records.create("activity", given).ids[0]


def dates(workspace: Workspace, weeks: int = 6) -> list[Occurrence]:
    return SeriesDates(workspace).between(START - HOUR, at(weeks))


def days(workspace: Workspace, weeks: int = 6) -> list[str]:
    return [f"{one.starts.astimezone(BERLIN):%m-%d %H}" for one in dates(workspace, weeks)]


def at(number: int) -> datetime:
    wall = START.astimezone(BERLIN).replace(tzinfo=None) + number * WEEK
    return wall.replace(tzinfo=BERLIN).astimezone(UTC)


def test_a_series_keeps_its_hour_over_the_change_of_the_clocks(workspace: Workspace) -> None:
    series(workspace)
    found = dates(workspace)

    assert days(workspace) == [
        "03-03 10",
        "03-10 10",
        "03-17 10",
        "03-24 10",
        "03-31 10",
        "04-07 10",
    ]
    assert found[4].starts.hour == 8
    assert all(one.ends and one.ends - one.starts == HOUR for one in found)


def test_what_lasts_into_the_time_asked_for_is_in(workspace: Workspace) -> None:
    series(workspace)
    inside = SeriesDates(workspace).between(at(1) + HOUR / 2, at(1) + HOUR)
    after = SeriesDates(workspace).between(at(1) + HOUR, at(1) + 2 * HOUR)

    assert [one.starts for one in inside] == [at(1)]
    assert after == []


def test_a_series_that_is_over_is_not_asked_about_any_more(workspace: Workspace) -> None:
    id_ = series(workspace, "FREQ=WEEKLY;COUNT=3")

    kept = workspace.reader.get("activity", id_)
    assert kept is not None and kept.values["recurs_until"] < at(3)
    assert SeriesDates(workspace).between(at(4), at(40)) == []


def test_one_date_is_moved_alone_with_its_participants(workspace: Workspace) -> None:
    id_ = series(workspace)
    anna = workspace.records.create("staff", {"name": "Anna"}).ids[0]
    workspace.records.create("participation", {"activity": id_, "staff": anna})
    writes = edit_writes(workspace, id_, at(1), {"starts": at(1) + 2 * HOUR, "ends": None}, THIS)
    operation = workspace.records.apply(writes).operation

    assert days(workspace, 3) == ["03-03 10", "03-10 12", "03-17 10"]
    exception = dates(workspace)[1].record
    assert len(workspace.reader.linked("participation", "activity", [exception])) == 1
    workspace.undo.undo(operation)
    assert days(workspace, 3) == ["03-03 10", "03-10 10", "03-17 10"]


def test_one_that_was_moved_is_moved_again_and_not_doubled(workspace: Workspace) -> None:
    id_ = series(workspace)
    for hours in (2, 3):
        workspace.records.apply(
            edit_writes(workspace, id_, at(1), {"starts": at(1) + hours * HOUR}, THIS)
        )

    assert days(workspace, 3) == ["03-03 10", "03-10 13", "03-17 10"]


def test_this_and_the_following_become_a_series_of_their_own(workspace: Workspace) -> None:
    id_ = series(workspace, "FREQ=WEEKLY;BYDAY=TU;COUNT=5")
    workspace.records.apply(edit_writes(workspace, id_, at(3), {"subject": "Later one"}, THIS))
    new_start = at(2) + timedelta(days=1, hours=1)
    operation = workspace.records.apply(
        edit_writes(workspace, id_, at(2), {"starts": new_start}, FOLLOWING)
    ).operation

    assert days(workspace, 8) == ["03-03 10", "03-10 10", "03-18 11", "03-24 10", "04-01 11"]
    assert len({one.series for one in dates(workspace, 8)}) == 2
    workspace.undo.undo(operation)
    assert len({one.series for one in dates(workspace, 8)}) == 1


def test_all_dates_move_with_the_one_that_was_moved(workspace: Workspace) -> None:
    id_ = series(workspace)
    workspace.records.apply(delete_writes(workspace, id_, at(2), THIS))
    new_start = at(1) + timedelta(days=2)
    workspace.records.apply(
        edit_writes(workspace, id_, at(1), {"starts": new_start, "subject": "New"}, ALL)
    )

    assert days(workspace, 5) == ["03-05 10", "03-12 10", "03-26 10", "04-02 10"]


@pytest.mark.parametrize(
    ("extent", "left"),
    [(THIS, ["03-03 10", "03-17 10"]), (FOLLOWING, ["03-03 10"]), (ALL, [])],
)
def test_dates_are_deleted_and_come_back(
    workspace: Workspace, extent: str, left: list[str]
) -> None:
    id_ = series(workspace)
    operation = workspace.records.apply(delete_writes(workspace, id_, at(1), extent)).operation

    assert days(workspace, 3) == left
    workspace.undo.undo(operation)
    assert days(workspace, 3) == ["03-03 10", "03-10 10", "03-17 10"]


def test_the_last_date_takes_the_series_with_it(workspace: Workspace) -> None:
    id_ = series(workspace, "FREQ=WEEKLY;COUNT=1")
    workspace.records.apply(delete_writes(workspace, id_, at(0), THIS))

    assert workspace.reader.get("activity", id_) is None


def test_who_ticks_a_series_off_completes_one_date(workspace: Workspace) -> None:
    id_ = series(workspace)
    operation = workspace.records.update("activity", id_, {"state": "done"}).operation
    values = workspace.reader.get("activity", id_)
    assert values is not None
    done = workspace.reader.linked("activity", "series", [id_])

    assert (values.values["state"], values.values["due"]) == ("planned", at(1))
    assert [(row.values["state"], row.values["occurrence"]) for row in done.values()] == [
        ("done", at(0))
    ]
    workspace.undo.undo(operation)
    assert not workspace.reader.linked("activity", "series", [id_])


def test_the_next_date_counts_from_completion(workspace: Workspace) -> None:
    id_ = series(workspace, "FREQ=DAILY;INTERVAL=10;COUNT=2", count_from="done", kind="task")
    clock = workspace.clock
    assert isinstance(clock, MovedClock)
    clock.move(days=5)
    workspace.records.update("activity", id_, {"state": "done"})
    first = workspace.reader.get("activity", id_)
    assert first is not None and first.values["state"] == "planned"
    assert first.values["starts"].astimezone(BERLIN).strftime("%m-%d %H") == "03-17 10"

    workspace.records.update("activity", id_, {"state": "done"})
    last = workspace.reader.get("activity", id_)
    assert last is not None and last.values["state"] == "done"


@pytest.mark.parametrize("rule", ["FREQ=NEVER", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "Mondays"])
def test_a_rule_without_dates_is_refused_at_its_field(workspace: Workspace, rule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        series(workspace, rule)

    assert refused.value.field == "rule"


def test_a_series_needs_a_start(workspace: Workspace) -> None:
    with pytest.raises(InvalidInput) as refused:
        series(workspace, starts=None, ends=None)

    assert refused.value.field == "starts"


def test_the_last_working_day_knows_the_holidays_of_the_office(workspace: Workspace) -> None:
    keep_holidays_of_russia(workspace)
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1\nX-CRM-WORKDAYS:1"
    series(workspace, rule, starts=datetime(2026, 11, 30, 9, tzinfo=UTC), ends=None)
    found = SeriesDates(workspace).between(
        datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )

    assert [one.starts.date() for one in found] == [date(2026, 12, 30)]


def test_a_whole_day_stays_one_over_the_change_of_the_clocks(workspace: Workspace) -> None:
    begin = datetime(2026, 3, 28, tzinfo=BERLIN)
    series(workspace, "FREQ=DAILY;COUNT=2", starts=begin, ends=begin + timedelta(days=1),
           all_day=True)  # fmt: skip
    found = SeriesDates(workspace).between(begin, begin + timedelta(days=9))

    assert [one.ends and one.ends.astimezone(BERLIN).hour for one in found] == [0, 0]


def test_completing_a_working_day_series_goes_by_the_calendar_too(workspace: Workspace) -> None:
    keep_holidays_of_russia(workspace)
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1\nX-CRM-WORKDAYS:1"
    id_ = series(workspace, rule, starts=datetime(2026, 11, 30, 9, tzinfo=UTC), ends=None)
    workspace.records.update("activity", id_, {"state": "done"})
    kept = workspace.reader.get("activity", id_)

    assert kept is not None and kept.values["due"].date() == date(2026, 12, 30)


@pytest.mark.parametrize("year", [1, 1899, 9999])
def test_a_series_in_a_year_of_no_calendar_is_refused(workspace: Workspace, year: int) -> None:
    with pytest.raises(InvalidInput):
        series(workspace, starts=datetime(year, 6, 1, tzinfo=UTC), ends=None)
