"""A card of a series on both back ends: which date it shows, what may be meant, what is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.series.card import DateOfSeries, date_of_series, record_after, written
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.services.series.writes import ALL, FOLLOWING, THIS, delete_writes
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=MovedClock(START - HOUR))
    yield made
    made.close()


def series(workspace: Workspace, rule: str = "FREQ=WEEKLY;COUNT=4", **values: Any) -> Ref:
    given = {
        "subject": "Planning", "kind": "meeting", "starts": START, "ends": START + HOUR,
        "rule": rule, "zone": "UTC", "state": "planned", **values,
    }  # fmt: skip
    return Ref("activity", workspace.records.create("activity", given).ids[0])


def shown(workspace: Workspace, record: Ref, at: datetime | None = None) -> DateOfSeries | None:
    stored = workspace.reader.get(*record)
    assert stored is not None
    return date_of_series(workspace, record, stored.values, at)


def the(workspace: Workspace, record: Ref, at: datetime | None = None) -> DateOfSeries:
    found = shown(workspace, record, at)
    assert found is not None
    return found


def change(
    workspace: Workspace, record: Ref, extent: str, at: datetime, **values: Any
) -> Ref:  # fmt: skip
    date = the(workspace, record, at)
    outcome = workspace.records.apply(written(workspace, record, date, values, extent))
    return record_after(record, date, outcome.ids, extent)


def days(workspace: Workspace) -> list[str]:
    found = SeriesDates(workspace).between(START - HOUR, START + 9 * WEEK)
    return [f"{one.starts:%m-%d %H}" for one in found]


def places(workspace: Workspace) -> list[str]:
    found = SeriesDates(workspace).between(START - HOUR, START + 9 * WEEK)
    rows = workspace.reader.many("activity", {one.record for one in found}, ["place"])
    return [rows[one.record]["place"] or "" for one in found]


def meant(workspace: Workspace, record: Ref, at: datetime, **values: Any) -> tuple[str, ...]:
    entity = workspace.catalogue["activity"]
    return the(workspace, record, at).meant(entity, values)


def test_the_card_shows_the_times_of_the_date_it_was_opened_for(workspace: Workspace) -> None:
    found = the(workspace, series(workspace), START + WEEK)

    assert (found.times["starts"], found.times["ends"]) == (START + WEEK, START + WEEK + HOUR)
    assert not found.is_first and not found.is_last and not found.is_due


def test_without_a_date_the_card_shows_the_one_that_is_due(workspace: Workspace) -> None:
    record = series(workspace)
    workspace.records.update("activity", record.id, {"state": "done"})

    assert the(workspace, record).original == START + WEEK


def test_a_date_that_the_rule_does_not_have_is_not_shown(workspace: Workspace) -> None:
    assert the(workspace, series(workspace), START + HOUR).original == START


def test_nothing_is_asked_of_what_does_not_recur_or_is_over(workspace: Workspace) -> None:
    once = workspace.records.create("activity", {"subject": "Once", "starts": START}).ids[0]
    assert shown(workspace, Ref("activity", once)) is None
    assert shown(workspace, series(workspace, state="cancelled")) is None
    assert shown(workspace, series(workspace, count_from="done")) is None


def test_only_answers_that_differ_are_offered(workspace: Workspace) -> None:
    record = series(workspace)

    assert meant(workspace, record, START, place="A") == (THIS, ALL)
    assert meant(workspace, record, START + WEEK, place="A") == (THIS, FOLLOWING, ALL)
    assert meant(workspace, record, START + 3 * WEEK, place="A") == (THIS, ALL)
    assert meant(workspace, record, START + WEEK, rule="FREQ=DAILY") == (FOLLOWING, ALL)
    assert meant(workspace, record, START + WEEK, rule=None) == (ALL,)
    assert meant(workspace, record, START + WEEK, pinned=True) == ()
    assert meant(workspace, record, START, state="done") == ()
    assert meant(workspace, record, START + WEEK, state="done") == (THIS,)


def test_this_one_alone_gets_the_new_value(workspace: Workspace) -> None:
    record = series(workspace)

    new = change(workspace, record, THIS, START + WEEK, place="Hall")

    assert places(workspace) == ["", "Hall", "", ""]
    assert new != record and the(workspace, new).own


def test_this_and_the_following_get_it(workspace: Workspace) -> None:
    record = series(workspace)

    new = change(workspace, record, FOLLOWING, START + 2 * WEEK, place="Hall")

    assert places(workspace) == ["", "", "Hall", "Hall"]
    assert the(workspace, new).is_first


def test_all_move_when_one_of_them_is_moved_on_the_card(workspace: Workspace) -> None:
    record = series(workspace)

    same = change(workspace, record, ALL, START + WEEK, starts=START + WEEK + HOUR)

    assert same == record
    assert days(workspace) == ["03-03 10", "03-10 10", "03-17 10", "03-24 10"]


def test_a_moved_date_takes_all_others_along(workspace: Workspace) -> None:
    record = series(workspace)
    moved = change(workspace, record, THIS, START + WEEK, starts=START + WEEK + 2 * HOUR)

    change(workspace, moved, ALL, START + WEEK, ends=START + WEEK + 4 * HOUR, place="Hall")

    assert days(workspace) == ["03-03 11", "03-10 11", "03-17 11", "03-24 11"]
    assert places(workspace) == ["Hall"] * 4
    assert the(workspace, record).times["ends"] == START + 4 * HOUR


def test_a_moved_date_that_is_deleted_does_not_come_back(workspace: Workspace) -> None:
    record = series(workspace)
    moved = change(workspace, record, THIS, START + WEEK, starts=START + WEEK + HOUR)

    gone = workspace.records.delete("activity", [moved.id])

    assert days(workspace) == ["03-03 09", "03-17 09", "03-24 09"]
    workspace.undo.undo(gone.operation)
    assert days(workspace) == ["03-03 09", "03-10 10", "03-17 09", "03-24 09"]


def test_undoing_a_move_brings_the_date_back(workspace: Workspace) -> None:
    record = series(workspace)
    date = the(workspace, record, START + WEEK)
    values = {"starts": START + WEEK + HOUR}
    outcome = workspace.records.apply(written(workspace, record, date, values, THIS))

    workspace.undo.undo(outcome.operation)

    assert days(workspace) == ["03-03 09", "03-10 09", "03-17 09", "03-24 09"]


def test_a_series_can_be_deleted_with_its_moved_dates(workspace: Workspace) -> None:
    record = series(workspace)
    moved = change(workspace, record, THIS, START + WEEK, starts=START + WEEK + HOUR)

    workspace.records.delete("activity", [record.id, moved.id])
    assert days(workspace) == []


def test_a_deleted_date_of_the_card_leaves_the_others(workspace: Workspace) -> None:
    record = series(workspace)
    date = the(workspace, record, START + WEEK)

    workspace.records.apply(delete_writes(workspace, date.series, date.original, FOLLOWING))
    assert days(workspace) == ["03-03 09"]
