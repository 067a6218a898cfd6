"""Calendar files for tests, and what real ones are expected to give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from crm_desktop.models.query import Query
from crm_desktop.models.recurrence.occurrences import occurrences
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

HOME = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

# File: activities that come of it, occurrences from 1990 to 2029 (EXPECTED.md beside the files).
# None: the reference of that page refuses the file; here it is read and told of.
EXPECTED: dict[str, tuple[int, int | None]] = {
    "2446.ics": (13, None),
    "Australian32Holidays.ics": (11, 172),
    "EXDATE.ics": (1, 5),
    "Standup.ics": (1, 5430),
    "alarm_etar_future.ics": (1, 1),
    "broken_ical.ics": (1, None),
    "calcard-018-google-override.ics": (2, 4),
    "calconnect6.ics": (1, 1),
    "calendar_with_unicode.ics": (0, 0),
    "derryn.ics": (3, 16),
    "event_with_recurrence_exdates_on_different_lines.ics": (1, 10),
    "evolution2.ics": (1, 1),
    "friday13.ics": (1, 55),
    "issue_156_RDATE_with_PERIOD_TZID_khal_2.ics": (1, 1),
    "issue_237_fail_to_parse_timezone_with_non_ascii_tzid.ics": (1, 1),
    "multiple_calendar_components.ics": (3, 3),
    "multiple_calendars.ics": (2, 2),
    "phpicalendar_sample.ics": (20, None),
    "recur-errors.ics": (4, 24),
    "vobject-recurrence.ics": (1, 11),
    "vobject-tzid_8bit.ics": (1, 1),
    "vobject-utf8_test.ics": (1, 1),
}


def office(address: str) -> Workspace:
    """An empty base of an office in Moscow, where it is always the same moment."""
    made = ready_base(address, language="en", clock=clock())
    (company,) = made.lists.open(Query("working_calendar")).ids()
    made.records.update("working_calendar", company, {"zone": HOME.key})
    return made


def clock() -> MovedClock:
    """A clock that stands, in an office in Moscow."""
    return MovedClock(NOW, HOME)


def calendar(*lines: str, head: str = "") -> bytes:
    """A calendar with one event of these lines."""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}BEGIN:VEVENT\n" + "\n".join(lines)
    return (text + "\nEND:VEVENT\nEND:VCALENDAR\n").encode()


def happens(rows: Mapping[int, Mapping[str, Any]]) -> list[datetime]:
    """The starts of all these activities from 1990 to 2029 by the clocks of each."""
    found: list[datetime] = []
    for id_, row in rows.items():
        zone = zone_named(row["zone"]) or HOME
        years = [datetime(year, 1, 1, tzinfo=zone) for year in range(1990, 2031)]
        first, last = years[0], years[-1]
        if not row["rule"]:
            found += [row["starts"]] if row["starts"] and first <= row["starts"] < last else []
            continue
        replaced = {one["occurrence"] for one in rows.values() if one["series"] == id_}
        for begin, end in pairwise(years):
            dates = occurrences(row["rule"], row["starts"], zone, after=begin, before=end)
            found += [one for one in dates if one not in replaced]
    return found
