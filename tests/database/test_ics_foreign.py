"""Calendar files as Outlook, Exchange, Google and Apple write them: what has a place comes in, the
rest is named, entry by entry; and the real files give the dates and subjects that they should."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.ics.bringing import Brought, bring_file
from crm_desktop.services.ics.choosing import ids_between
from crm_desktop.services.workspace import Workspace
from tests.database.calendar_bytes import bring_bytes
from tests.foreign_files import SHARED, needs_shared
from tests.ics_files import HOME, calendar, happens, office

FIRST: dict[str, tuple[tuple[str, str], ...]] = {
    "Australian32Holidays.ics": (("2002-01-01", "New Year"), ("2002-01-26", "Australia Day")),
    "EXDATE.ics": (("2006-01-01T12:00:00+10:00", "Repeating Event"),
                   ("2006-01-02T12:00:00+10:00", "Repeating Event")),
    "Standup.ics": (("2009-03-10T09:30:00+11:00", "Standup"),
                    ("2009-03-11T09:30:00+11:00", "Standup")),
    "calcard-018-google-override.ics": (("2016-08-25T14:00:00+03:00", "repeated"),
                                        ("2016-08-26T14:00:00+03:00", "bla bla")),
    "derryn.ics": (("2005-03-14T09:30:00+10:00", "IEP Staff meeting"),
                   ("2005-04-18T09:30:00+10:00", "IEP Staff meeting")),
    "friday13.ics": (("1998-02-13T09:00:00-05:00", "Every Friday the 13th"),
                     ("1998-03-13T09:00:00-05:00", "Every Friday the 13th")),
    "multiple_calendar_components.ics": (("2003-05-01", "Boxing Day"),
                                         ("2003-12-25", "Christmas Day")),
    "multiple_calendars.ics": (("1997-07-01T18:00:00+00:00", "Phone Conference"),
                               ("1997-07-01T19:00:00+00:00", "Conference")),
    "vobject-recurrence.ics": (("2006-01-26T23:00:00+00:00", "Monthly - All Hands M"),
                               ("2006-02-23T23:00:00+00:00", "Monthly - All Hands M")),
    "vobject-tzid_8bit.ics": (("2008-05-30T15:00:00+06:00", ""),),
    "vobject-utf8_test.ics": (("2006-09-22T00:01:00+00:00", "The title こんにちはキティ"),),
    "issue_237_fail_to_parse_timezone_with_non_ascii_tzid.ics": (
        ("2017-05-11T13:30:00-03:00", ""),),
    "evolution2.ics": (("2021-03-31T14:00:00+04:00", "Webinar - Middle East"),),
}  # fmt: skip
"""The first dates that EXPECTED.md beside the files tells: a day, or a moment."""


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    yield made
    made.close()


def rows(workspace: Workspace) -> dict[int, dict[str, Any]]:
    return workspace.reader.many("activity", ids_between(workspace, None, None), None)


def bring(workspace: Workspace, *lines: str, head: str = "") -> tuple[dict[str, Any], Brought]:
    data = calendar("UID:a", "DTSTART:20261201T070000Z", "SUMMARY:Talk", *lines, head=head)
    brought = bring_bytes(workspace, data, "x.ics")
    (row,) = rows(workspace).values()
    return row, brought


def said(brought: Brought) -> str:
    return " | ".join(one.reason for one in brought.left)


@needs_shared
@pytest.mark.parametrize("name", sorted(FIRST))
def test_a_real_file_begins_when_and_as_it_should(workspace: Workspace, name: str) -> None:
    bring_file(workspace, SHARED / "ics" / name)
    found = rows(workspace)
    dates = [(moment, row) for id_, row in found.items()
             for moment in happens({id_: row, **{k: v for k, v in found.items()
                                                 if v["series"] == id_ and row["rule"]}})
             if row["rule"] or moment == row["starts"]]  # fmt: skip
    dates.sort(key=lambda one: one[0])

    for (when, subject), (moment, row) in zip(FIRST[name], dates, strict=False):
        day = moment.astimezone(HOME).date().isoformat()
        assert (day == when) if len(when) == 10 else (moment == datetime.fromisoformat(when))
        assert row["all_day"] == (len(when) == 10)
        assert subject in str(row["subject"]) or subject == "bla bla"


@needs_shared
def test_a_mended_file_says_what_was_mended(workspace: Workspace) -> None:
    brought = bring_file(workspace, SHARED / "ics" / "broken_ical.ics")
    (row,) = rows(workspace).values()
    assert row["starts"] == datetime(2014, 4, 9, 9, 30, tzinfo=HOME)
    assert "DTSTART" in said(brought) and brought.left[0].number == 1


def test_addresses_become_lines_of_the_text_once(workspace: Workspace) -> None:
    lines = ("DESCRIPTION:See https://a.example/x", "URL:https://a.example/x",
             "URL;VALUE=URI:https://b.example/1",
             "CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Room:https://meet.example/abc",
             "X-GOOGLE-CONFERENCE:https://meet.example/abc",
             "ATTACH;FMTTYPE=application/pdf:https://files.example/plan.pdf",
             "CONTACT:Ann\\, +7 495 000-00-00")  # fmt: skip
    row, brought = bring(workspace, *lines)
    assert row["body"].split("\n\n") == [
        "See https://a.example/x", "https://b.example/1", "https://meet.example/abc",
        "To be asked: Ann, +7 495 000-00-00", "https://files.example/plan.pdf",
    ]  # fmt: skip
    assert not brought.left
    assert bring(workspace, *lines)[1].count("unchanged") == 1


def test_an_inline_file_comes_in_and_what_has_no_place_is_named(workspace: Workspace) -> None:
    content = b64encode(b"Agenda").decode()
    row, brought = bring(
        workspace, "RELATED-TO;RELTYPE=PARENT:other", "GEO:55.7;37.6", "COLOR:red",
        "RESOURCES:PROJECTOR,VAN",
        "X-MICROSOFT-CDO-IMPORTANCE:1", "X-SOMETHING:hello",
        f"ATTACH;VALUE=BINARY;ENCODING=BASE64;X-FILENAME=\"agenda.txt\":{content}",
    )  # fmt: skip
    ((id_, _row),) = rows(workspace).items()
    (file,) = Files(workspace).of(Ref("activity", id_))
    assert (file.name, file.size, row["subject"]) == ("agenda.txt", 6, "Talk")
    (left,) = brought.left
    assert left.number == 1
    assert left.reason.endswith(": RELATED-TO, GEO, COLOR, RESOURCES, X-SOMETHING")


def test_what_leaves_the_time_free_takes_nobodys(workspace: Workspace) -> None:
    row, brought = bring(workspace, "TRANSP:TRANSPARENT")
    assert row["kind"] == "reminder" and not brought.left


def test_a_kind_that_people_chose_here_stays(workspace: Workspace) -> None:
    bring(workspace, "X-MICROSOFT-CDO-BUSYSTATUS:FREE")
    ((id_, row),) = rows(workspace).items()
    assert row["kind"] == "reminder"
    workspace.records.update("activity", id_, {"kind": "visit"})
    row, _brought = bring(workspace, "X-MICROSOFT-CDO-BUSYSTATUS:FREE")
    assert row["kind"] == "visit"


def test_the_rich_text_of_outlook_stands_in_where_there_is_no_plain_one(
    workspace: Workspace,
) -> None:
    html = "<html><head><style>p {color: red\\;}</style></head><body><p>Bring&nbsp;the <b>keys</b>"
    row, _brought = bring(
        workspace, f"X-ALT-DESC;FMTTYPE=text/html:{html}</p><p>And water</p></body></html>"
    )
    assert row["body"] == "Bring the keys\nAnd water"


def test_free_and_busy_times_are_named_with_the_file(workspace: Workspace) -> None:
    free = ("BEGIN:VFREEBUSY\nUID:f\nFREEBUSY:20261201T070000Z/PT1H\nEND:VFREEBUSY\n"
            "BEGIN:VPOLL\nUID:p\nEND:VPOLL\n")  # fmt: skip
    _row, brought = bring(workspace, head=free)
    assert brought.left[0].number == 0 and "VFREEBUSY: 1, VPOLL: 1" in brought.left[0].reason


ODD_ZONES = {
    "Russian Standard Time": 7, "(UTC+03:00) Moscow, St. Petersburg": 7,
    "/example.org/2026a/Europe/Moscow": 7, "GMT+0500": 5, "Asia-Yekaterinburg": 5,
    "Ekaterinburg Standard Time": 5,
}  # fmt: skip


@pytest.mark.parametrize("zone", sorted(ODD_ZONES))
def test_zones_of_exchange_are_understood_by_name(workspace: Workspace, zone: str) -> None:
    data = calendar("UID:a", f'DTSTART;TZID="{zone}":20261201T100000', "SUMMARY:x")
    brought = bring_bytes(workspace, data, "x.ics")
    (row,) = rows(workspace).values()
    assert row["starts"] == datetime(2026, 12, 1, ODD_ZONES[zone], tzinfo=UTC), said(brought)


def test_days_end_where_the_next_begins(workspace: Workspace) -> None:
    data = calendar("UID:a", "DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270102",
                    "SUMMARY:x", head="X-WR-TIMEZONE:Asia/Vladivostok\n")  # fmt: skip
    bring_bytes(workspace, data, "x.ics")
    (row,) = rows(workspace).values()
    assert row["all_day"] and row["ends"] - row["starts"] == timedelta(days=3)
    assert row["starts"] == datetime(2026, 12, 30, tzinfo=HOME)


def test_a_hundred_thousand_odd_signs_do_not_hold_it_up(workspace: Workspace) -> None:
    bombs = ("X-ALT-DESC:" + "<style>" * 20_000, "X-A" + ";B=\"c" * 20_000 + ":d",
             "ATTACH" + ";X=\"" * 20_000, "URL:" + "h" * 100_000)  # fmt: skip
    since = process_time()
    row, _brought = bring(workspace, *bombs)
    assert row["subject"] == "Talk" and len(row["body"]) < 200_000
    assert process_time() - since < 3
