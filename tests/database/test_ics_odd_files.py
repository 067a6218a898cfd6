"""Calendar files as other programs write them, on both back ends: this and future, odd zones, odd
lines. What cannot be kept is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.services.ics.bringing import Brought
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.services.workspace import Workspace
from tests.database.calendar_bytes import bring_bytes
from tests.ics_files import office

FROM = datetime(2026, 3, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MASTER = """BEGIN:VEVENT
UID:weekly
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260303T100000
DTEND;TZID=Europe/Berlin:20260303T110000
RRULE:FREQ=WEEKLY;COUNT=6
EXDATE;TZID=Europe/Berlin:20260324T100000
SUMMARY:Planning
END:VEVENT"""
LATER = """BEGIN:VEVENT
UID:weekly
DTSTAMP:20260102T000000Z
RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260317T100000
DTSTART;TZID=Europe/Berlin:20260317T140000
DTEND;TZID=Europe/Berlin:20260317T153000
SUMMARY:Planning at two
END:VEVENT"""


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    yield made
    made.close()


def bring(workspace: Workspace, *entries: str, head: str = "", eol: str = "\r\n") -> Brought:
    whole = "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", head, *entries, "END:VCALENDAR"))
    data = whole.replace("\n\n", "\n").replace("\n", eol).encode()
    return bring_bytes(workspace, data, "odd.ics")


def dates(workspace: Workspace) -> list[str]:
    found = SeriesDates(workspace).between(FROM, FROM + timedelta(days=120))
    rows = workspace.reader.many("activity", {one.record for one in found}, ["subject"])
    return [
        f"{one.starts.astimezone(BERLIN):%m-%d %H:%M} {rows[one.record]['subject']}"
        for one in found
    ]


def only(workspace: Workspace, brought: Brought) -> dict[str, Any]:
    (row,) = brought.rows
    record = workspace.reader.get("activity", row.id or 0)
    assert record is not None
    return dict(record.values)


def test_a_change_of_this_and_future_makes_two_series(workspace: Workspace) -> None:
    brought = bring(workspace, MASTER, LATER)

    assert dates(workspace) == [
        "03-03 10:00 Planning", "03-10 10:00 Planning", "03-17 14:00 Planning at two",
        "03-31 14:00 Planning at two", "04-07 14:00 Planning at two",
    ]  # fmt: skip
    assert not brought.left
    again = bring(workspace, MASTER, LATER)
    assert (again.count("created"), again.count("updated")) == (0, 0)


def test_a_single_change_after_it_belongs_to_the_second_series(workspace: Workspace) -> None:
    single = """BEGIN:VEVENT
UID:weekly
DTSTAMP:20260103T000000Z
RECURRENCE-ID;TZID=Europe/Berlin:20260331T100000
DTSTART;TZID=Europe/Berlin:20260401T090000
SUMMARY:Once on Wednesday
END:VEVENT"""
    bring(workspace, MASTER, single, LATER)

    assert "04-01 09:00 Once on Wednesday" in dates(workspace)
    assert not [one for one in dates(workspace) if one.startswith("03-31")]


def test_the_future_of_nothing_known_stands_alone_and_is_told(workspace: Workspace) -> None:
    brought = bring(workspace, LATER)
    assert len(brought.rows) == 1
    assert any("only its own was taken" in one.reason for one in brought.left)


def test_outlook_names_zones_its_own_way(workspace: Workspace) -> None:
    zone = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""
    event = """BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
DTSTAMP:20260101T000000Z
DTSTART;TZID="W. Europe Standard Time":20260706T090000
DTEND;TZID="W. Europe Standard Time":20260706T093000
SUMMARY;LANGUAGE=de-DE:Besprechung
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-ALT-DESC;FMTTYPE=text/html:<html></html>
ATTENDEE;CN="Ann";PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:ann@example.com
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;RELATED=END:PT0S
END:VALARM
END:VEVENT"""
    brought = bring(workspace, zone, event)
    values = only(workspace, brought)

    assert values["starts"] == datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
    reminders = workspace.reader.linked("reminder", "activity", [brought.rows[0].id or 0]).values()
    assert sorted(row.values["offset"] for row in reminders) == [-30, 15]
    people = workspace.reader.linked("participation", "activity", [brought.rows[0].id or 0])
    assert [(p.values["address"], p.values["answer"]) for p in people.values()] == [
        ("ann@example.com", "accepted")
    ]


def test_a_bom_folds_and_bad_lines_do_not_spoil_a_file(workspace: Workspace) -> None:
    text = (
        "\ufeffBEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART:20260706T090000\n"
        "SUMMARY:A long\n  subject\nthis is no line at all\nDESCRIPTION:Über\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    values = only(workspace, bring_bytes(workspace, text.encode(), "bom.ics"))

    assert (values["subject"], values["body"]) == ("A long subject", "Über")


def test_a_floating_time_is_meant_at_the_office(workspace: Workspace) -> None:
    event = "BEGIN:VEVENT\nUID:2\nDTSTART:20260706T090000\nSUMMARY:Here\nEND:VEVENT"
    zone = workspace.worktime.office_zone()
    starts = only(workspace, bring(workspace, event))["starts"]
    assert starts == datetime(2026, 7, 6, 9, 0, tzinfo=zone)


def test_a_period_among_single_dates_gives_its_start(workspace: Workspace) -> None:
    event = """BEGIN:VEVENT
UID:3
DTSTART;TZID=Europe/Berlin:20260303T100000
RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20260305T100000/PT2H,20260306T100000/20260306T110000
SUMMARY:By hand
END:VEVENT"""
    bring(workspace, event)
    assert [one[:11] for one in dates(workspace)] == ["03-03 10:00", "03-05 10:00", "03-06 10:00"]


def test_a_task_tells_how_far_it_is(workspace: Workspace) -> None:
    begun = """BEGIN:VTODO
UID:4
DUE;VALUE=DATE:20260710
PERCENT-COMPLETE:40
SUMMARY:Half way
END:VTODO"""
    over = "BEGIN:VTODO\nUID:5\nPERCENT-COMPLETE:100\nSUMMARY:Ready\nEND:VTODO"
    bring(workspace, begun, over)
    found = workspace.reader.many("activity", workspace.titles.find("activity", "Half way"), None)
    assert [row["state"] for row in found.values()] == ["working"]
    found = workspace.reader.many("activity", workspace.titles.find("activity", "Ready"), None)
    assert [row["state"] for row in found.values()] == ["done"]


def test_categories_are_kinds_or_are_named(workspace: Workspace) -> None:
    event = """BEGIN:VEVENT
UID:6
DTSTART:20260706T090000Z
CATEGORIES:Call,Garden
SUMMARY:Ring
END:VEVENT"""
    brought = bring(workspace, event)
    assert only(workspace, brought)["kind"] == "call"
    assert any("Garden" in one.reason for one in brought.left)


def test_apple_and_nextcloud_habits_are_understood(workspace: Workspace) -> None:
    event = """BEGIN:VEVENT
CREATED:20260101T000000Z
UID:7
DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260706T090000
DURATION:PT45M
SUMMARY:Visit
LOCATION:Street 1\\nTown
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=70:geo:52.5,13.4
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
TRANSP:OPAQUE
BEGIN:VALARM
ACTION:AUDIO
TRIGGER;VALUE=DATE-TIME:20260706T060000Z
ATTACH;VALUE=URI:Chord
END:VALARM
END:VEVENT"""
    brought = bring(workspace, event, head="PRODID:-//Apple Inc.//macOS//EN", eol="\n")
    values = only(workspace, brought)
    assert values["ends"] - values["starts"] == timedelta(minutes=45)
    assert values["starts"] == datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
    reminders = workspace.reader.linked("reminder", "activity", [brought.rows[0].id or 0]).values()
    assert [row.values["offset"] for row in reminders] == [60]
