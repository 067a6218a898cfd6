"""A deadline without an hour is the end of that day's work by the calendar of the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_desktop.services.activities import service as activities
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from tests.bases import keep_holidays_of_russia, ready_base
from tests.cli_desk import Cli

MONDAY = datetime(2026, 11, 2, 7, tzinfo=UTC)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, clock=MovedClock(MONDAY), more=keep_holidays_of_russia)
    yield made
    made.close()


def anna(workspace: Workspace) -> int:
    """She works till four, on Thursdays not at all."""
    staff = workspace.records.create("staff", {"name": "Anna"}).ids[0]
    week = {"wednesday": "08:00-12:00 13:00-16:00", "thursday": "-", "friday": "10:00-15:30"}
    made = {"name": "Anna", "scope": "person", "staff": staff, "monday": "08:00-16:00"}
    workspace.records.create("working_calendar", {**made, **week})
    return staff


def due(workspace: Workspace, id_: int) -> str:
    moment = workspace.reader.many("activity", [id_], ["due"])[id_]["due"]
    return f"{moment.astimezone(workspace.clock.zone()):%m-%d %H:%M}"


def test_the_day_ends_with_its_work_also_before_a_holiday(workspace: Workspace) -> None:
    tuesday = activities.plan(workspace, "Offer tomorrow")
    thursday = activities.plan(workspace, "Offer on Thursday")

    assert due(workspace, tuesday) == "11-03 17:00"  # the eve of a holiday is an hour shorter
    assert due(workspace, thursday) == "11-05 18:00"


@pytest.mark.parametrize(
    ("line", "end"),
    [("Offer on Friday", "11-06 15:30"), ("Offer on 2026-11-11", "11-11 16:00"),
     ("Offer on Thursday", "11-05 15:30"), ("Offer on Friday at 17:10", "11-06 17:10")],
)  # fmt: skip
def test_it_is_the_calendar_of_whoever_is_responsible(
    workspace: Workspace, line: str, end: str
) -> None:
    one = activities.plan(workspace, line, values={"author": anna(workspace)})

    assert due(workspace, one) == end


def test_what_has_no_date_is_due_at_the_end_of_tomorrows_work(workspace: Workspace) -> None:
    one = activities.plan(workspace, "Tidy", values={"author": anna(workspace)})
    workspace.clock.move(days=3)  # type: ignore[attr-defined]

    activities.tomorrow(workspace, one)

    assert due(workspace, one) == "11-06 15:30"


def test_a_typed_day_in_a_field_of_a_deadline_means_the_same(workspace: Workspace) -> None:
    workspace.work_as(anna(workspace))
    workspace.worktime.calendars()
    field, context = workspace.catalogue["activity"].field("due"), workspace.parse_context()

    assert field.parse("2026-11-06", context).astimezone(context.now.tzinfo).hour == 15
    assert field.parse("2026-11-06 11:00", context).astimezone(context.now.tzinfo).hour == 11
    starts = workspace.catalogue["activity"].field("starts").parse("2026-11-06", context)
    assert starts.astimezone(context.now.tzinfo).hour == 0


def test_an_end_past_midnight_stays_in_its_day(workspace: Workspace) -> None:
    company = workspace.worktime.calendars().company()
    assert company is not None
    workspace.records.update("working_calendar", company.id, {"friday": "16:00-24:00"})

    one = activities.plan(workspace, "Close on Friday")

    assert due(workspace, one) == "11-06 23:59"


def test_a_command_that_sets_a_day_says_the_end_of_its_work(
    base_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ready_base(base_url, language="en")
    one = activities.plan(base, "Tidy")
    company = base.worktime.calendars().company()
    assert company is not None
    base.records.update("working_calendar", company.id, {"country": None, "monday": "9:00-16:30"})
    base.close()
    cli = Cli(base_url, capsys)

    cli("set", "activity", one, "due=2031-03-03")

    told = cli("show", "activity", one)["values"]["due"]
    assert f"{datetime.fromisoformat(told).astimezone():%H:%M}" == "16:30"


def test_a_file_that_names_only_the_day_means_the_same(
    base_url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with closing(ready_base(base_url, language="en")) as base:
        company = base.worktime.calendars().company()
        assert company is not None
        values = {"country": None, "monday": "9:00-16:30"}
        base.records.update("working_calendar", company.id, values)
    cli, file = Cli(base_url, capsys), tmp_path / "tasks.csv"
    file.write_text("Subject,Kind,Due\nTidy,Task,2031-03-03\n", encoding="utf-8")

    cli("import", file, "--into", "activity")

    (row,) = cli("list", "activity", "--columns", "due")["rows"]
    assert f"{datetime.fromisoformat(row['due']).astimezone():%H:%M}" == "16:30"
