"""Calendar files come into the base as activities: real ones, ours, and hostile ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.errors import UserError
from crm_desktop.services.ics.bringing import Brought, bring_file
from crm_desktop.services.ics.choosing import ids_between
from crm_desktop.services.workspace import Workspace
from tests.database.calendar_bytes import bring_bytes
from tests.foreign_files import SHARED, needs_shared
from tests.ics_files import EXPECTED, calendar, happens, office

START = "DTSTART;TZID=Europe/Moscow:20261201T100000"


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    yield made
    made.close()


def rows(workspace: Workspace) -> dict[int, dict[str, Any]]:
    ids = ids_between(workspace, None, None)
    return workspace.reader.many("activity", ids, None)


def only(workspace: Workspace) -> dict[str, Any]:
    (row,) = rows(workspace).values()
    return row


def bring(workspace: Workspace, *lines: str, head: str = "") -> Brought:
    return bring_bytes(workspace, calendar(*lines, head=head), "x.ics")


def children(workspace: Workspace, entity: str) -> list[dict[str, Any]]:
    ids = list(rows(workspace))
    found = workspace.reader.linked(entity, "activity", ids)
    return [found[id_].values for id_ in sorted(found)]


@needs_shared
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_real_file_gives_what_is_expected_of_it(workspace: Workspace, name: str) -> None:
    count, occurrences = EXPECTED[name]
    brought = bring_file(workspace, SHARED / "ics" / name)
    assert brought.count("created") == len(rows(workspace)) == count
    if occurrences is not None:
        assert len(happens(rows(workspace))) == occurrences
        assert count + len({one.number for one in brought.left if one.number}) >= brought.read


@needs_shared
@pytest.mark.parametrize("name", ["2446.ics", "phpicalendar_sample.ics", "derryn.ics"])
def test_the_same_file_again_changes_nothing(workspace: Workspace, name: str) -> None:
    first = bring_file(workspace, SHARED / "ics" / name)
    again = bring_file(workspace, SHARED / "ics" / name)
    assert (again.count("unchanged"), again.operation) == (len(first.rows), None)


def test_one_undo_takes_back_the_whole_file(workspace: Workspace) -> None:
    lines = ("UID:a", START, "SUMMARY:x", "ATTENDEE:mailto:eve@example.com",
             "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT30M", "END:VALARM")  # fmt: skip
    brought = bring(workspace, *lines)
    assert brought.operation is not None
    workspace.undo.undo(brought.operation)
    assert rows(workspace) == {}


def test_a_trial_writes_nothing_and_says_the_same(workspace: Workspace) -> None:
    data = calendar("UID:a", START, "SUMMARY:x")
    trial = bring_bytes(workspace, data, "x.ics", test=True)
    assert (trial.count("created"), rows(workspace)) == (1, {})
    assert bring_bytes(workspace, data, "x.ics").count("created") == 1


def test_an_event_that_moved_is_moved_here(workspace: Workspace) -> None:
    bring(workspace, "UID:a", START, "SUMMARY:x", "LOCATION:Hall")
    brought = bring(workspace, "UID:a", "DTSTART:20261202T070000Z", "SUMMARY:y")
    assert (brought.count("updated"), len(rows(workspace))) == (1, 1)
    row = only(workspace)
    assert (row["subject"], row["place"]) == ("y", None)
    assert row["starts"] == datetime(2026, 12, 2, 7, tzinfo=UTC)


def test_what_people_did_here_outlives_a_second_import(workspace: Workspace) -> None:
    bring(workspace, "UID:a", START, "SUMMARY:x")
    (id_,) = rows(workspace)
    workspace.records.update("activity", id_, {"state": "done", "kind": "visit"})
    bring(workspace, "UID:a", START, "SUMMARY:y")
    row = only(workspace)
    assert (row["subject"], row["state"], row["kind"]) == ("y", "done", "visit")


def test_people_are_known_by_their_address(workspace: Workspace) -> None:
    (staff,) = workspace.records.create("staff", {"name": "Eve", "email": "eve@example.com"}).ids
    (person,) = workspace.records.create("person", {"name": "Ann", "email": "ann@x.com"}).ids
    bring(workspace, "UID:a", START, "SUMMARY:x", "ORGANIZER:mailto:EVE@example.com",
          "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@x.com", "ATTENDEE:mailto:out@x.com")  # fmt: skip
    assert only(workspace)["author"] == staff
    parts = children(workspace, "participation")
    assert [(p["person"], p["address"], p["answer"]) for p in parts] == [
        (person, None, "accepted"), (None, "out@x.com", "none"),
    ]  # fmt: skip


def test_alarms_become_reminders(workspace: Workspace) -> None:
    alarm = ("BEGIN:VALARM", "ACTION:{}", "TRIGGER{}", "END:VALARM")
    told = [("DISPLAY", ":-PT15M"), ("EMAIL", ";VALUE=DATE-TIME:20261201T060000Z"),
            ("PROCEDURE", ":-PT1M")]  # fmt: skip
    lines = [alarm[n].format(one[n - 1] if n in (1, 2) else "") for one in told for n in range(4)]
    brought = bring(workspace, "UID:a", START, "SUMMARY:x", *lines)
    found = [(r["offset"], r["channel"]) for r in children(workspace, "reminder")]
    assert found == [(15, "window"), (60, "mail")]
    assert any("PROCEDURE" in one.reason for one in brought.left)


def test_a_day_is_a_whole_day_of_the_office(workspace: Workspace) -> None:
    bring(workspace, "UID:a", "DTSTART;VALUE=DATE:20261201", "SUMMARY:x", "PRIORITY:1")
    row = only(workspace)
    assert (row["all_day"], row["priority"]) == (True, "high")
    assert row["starts"] == datetime(2026, 11, 30, 21, tzinfo=UTC)
    assert row["ends"] - row["starts"] == timedelta(days=1)


def test_what_is_over_is_done_and_a_category_may_be_a_kind(workspace: Workspace) -> None:
    bring(workspace, "UID:a", "DTSTART:20200101T100000Z", "SUMMARY:x", "CATEGORIES:call")
    assert (only(workspace)["state"], only(workspace)["kind"]) == ("done", "call")


def test_a_series_called_off_for_one_day_leaves_the_others(workspace: Workspace) -> None:
    bring(workspace, "UID:a", START, "SUMMARY:x", "RRULE:FREQ=DAILY;COUNT=3",
          "EXDATE;TZID=Europe/Moscow:20261202T100000")  # fmt: skip
    assert [one.day for one in happens(rows(workspace))] == [1, 3]


BOMBS = {
    "seconds": ("RRULE:FREQ=SECONDLY",),
    "never": ("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",),
    "huge": ("RRULE:FREQ=DAILY;INTERVAL=" + "9" * 5000,),
    "years": ("RRULE:FREQ=YEARLY;BYHOUR=" + ",".join(map(str, range(24))) * 50,),
    "dates": tuple("RDATE:" + ",".join(["20261203T100000Z"] * 5000) for _ in range(3)),
    "durations": ("DURATION:P999999999999W",),
    "alarms": ("BEGIN:VALARM", "TRIGGER:-P9999999D", "ACTION:DISPLAY", "END:VALARM") * 300,
    "people": tuple(f"ATTENDEE:mailto:p{n}@x.com" for n in range(3000)),
    "zone": ("RECURRENCE-ID;TZID=" + "A/" * 500 + ":20261201T100000",),
    "signs": ("DESCRIPTION:\x00\x01\x02" + "\\" * 1001,),
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_bomb_is_defused_in_no_time(workspace: Workspace, name: str) -> None:
    bring(workspace, "UID:a", START, "SUMMARY:x", *BOMBS[name])
    row = only(workspace)
    assert (row["subject"], row["rule"] is None) == ("x", name != "dates")


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n ", b"\x00" * 5000, b"name;phone\nAster;1", b"\xff\xfe\x00", b"PK\x03\x04" * 100,
     b"BEGIN:VCALENDAR\n" * 50, b"\n" * 2_000_000],
    ids=["empty", "blank", "zeros", "table", "mark", "zip", "nested", "lines"],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_with_a_sentence(workspace: Workspace, data: bytes) -> None:
    with pytest.raises(UserError):
        bring_bytes(workspace, data, "x.ics")
    assert rows(workspace) == {}


def test_a_file_that_is_cut_off_gives_what_is_whole(workspace: Workspace) -> None:
    whole = calendar("UID:a", START, "SUMMARY:x")
    cut = whole[: whole.index(b"END:VEVENT")] + b"BEGIN:VEVENT\nUID:b\nDTSTA"
    brought = bring_bytes(workspace, cut, "x.ics")
    assert any("cut off" in one.reason for one in brought.left)


def test_a_russian_file_in_the_old_encoding_is_read(workspace: Workspace) -> None:
    data = calendar("UID:a", START, "SUMMARY:Встреча с заказчиком").decode().encode("cp1251")
    brought = bring_bytes(workspace, data, "x.ics")
    assert only(workspace)["subject"] == "Встреча с заказчиком"
    assert "cp1251" in brought.left[0].reason


def test_a_zone_of_no_name_is_told_by_its_clocks(workspace: Workspace) -> None:
    zone = ("BEGIN:VTIMEZONE\nTZID:Наш\nBEGIN:STANDARD\nDTSTART:20200101T000000\n"
            "TZOFFSETFROM:+0500\nTZOFFSETTO:+0500\nEND:STANDARD\nBEGIN:STANDARD\n"
            "DTSTART:20200101T000000\nTZOFFSETFROM:+0500\nTZOFFSETTO:+0500\n"
            "RRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n")  # fmt: skip
    bring(workspace, "UID:a", "DTSTART;TZID=Наш:20261201T100000", "SUMMARY:x", head=zone)
    assert only(workspace)["starts"] == datetime(2026, 12, 1, 5, tzinfo=UTC)


def test_a_thousand_events_come_in_as_one_operation(workspace: Workspace) -> None:
    one = calendar("UID:{n}", START, "SUMMARY:x{n}").decode().partition("BEGIN:VEVENT")
    body = one[1] + one[2].partition("END:VCALENDAR")[0]
    many = one[0] + "".join(body.replace("{n}", str(n)) for n in range(1000)) + "END:VCALENDAR"
    brought = bring_bytes(workspace, many.encode(), "x.ics")
    assert brought.count("created") == 1000
    assert workspace.operations.last(1)[0].id == brought.operation
