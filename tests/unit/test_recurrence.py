"""Dates of recurrence agree with dateutil, keep the wall clock over DST, and never run for ever."""

# ruff: noqa: DTZ001  what is tried is the wall clock without a zone
from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.errors import InvalidInput
from crm_desktop.models.recurrence.occurrences import (
    check_rule,
    next_occurrence,
    occurrences,
)
from crm_desktop.models.recurrence.rule import Recurrence, parse_recurrence
from crm_desktop.models.recurrence.words import rule_in_words

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that do come to dates: dateutil itself walks to the year 9999 for the others."""
    freq = draw(st.sampled_from(("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    interval = draw(st.integers(1, 5))
    days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=4))
    filters = [""]
    if days:
        filters.append(f";BYDAY={','.join(days)}")
    if days and freq in ("MONTHLY", "YEARLY"):
        filters.append(f";BYDAY={','.join(days)};BYSETPOS={draw(st.sampled_from((1, -1)))}")
        filters.append(f";BYDAY={draw(st.sampled_from((-1, 1, 2, 4)))}{days[0]}")
    if freq != "WEEKLY":
        filters.append(f";BYMONTHDAY={draw(st.sampled_from((1, 15, 28, -1)))}")
    if interval == 1:
        filters.append(f";BYMONTH={draw(st.integers(1, 12))}")
    end = draw(st.sampled_from(("", f";COUNT={draw(st.integers(1, 60))}", ";UNTIL=20281231")))
    return f"FREQ={freq};INTERVAL={interval}{draw(st.sampled_from(filters))}{end}"


@settings(max_examples=120, deadline=None)
@given(
    rules(),
    st.datetimes(datetime(2022, 1, 1), datetime(2026, 12, 28)),
    st.integers(0, 800),
    st.integers(1, 60),
)
def test_any_window_of_any_rule_holds_what_dateutil_gives(
    rule: str, start: datetime, days_on: int, length: int
) -> None:
    start = start.replace(day=min(start.day, 28), microsecond=0)
    after = start + timedelta(days=days_on)
    before = after + timedelta(days=length)
    last = datetime(2028, 12, 31, 23, 59, 59) if "UNTIL" in rule else before
    wanted = []
    for one in rrulestr(rule.replace(";UNTIL=20281231", ""), dtstart=start):
        if one >= before or one > last:
            break
        wanted += [one.replace(tzinfo=UTC)] if one >= after else []

    found = occurrences(
        rule, start.replace(tzinfo=UTC), UTC,
        after=after.replace(tzinfo=UTC), before=before.replace(tzinfo=UTC),
    )  # fmt: skip

    assert found == wanted


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU,MO", "FREQ=MONTHLY;BYDAY=-1SU")),
    st.sampled_from(("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")),
    st.integers(0, 47),
)
def test_the_wall_clock_is_kept_over_every_change_of_the_clocks(
    rule: str, name: str, half_hours: int
) -> None:
    zone = ZoneInfo(name)
    wall = datetime(2026, 1, 1) + timedelta(minutes=30 * half_hours)
    found = occurrences(
        rule, wall.replace(tzinfo=zone).astimezone(UTC), zone,
        after=utc(2026, 1, 1), before=utc(2027, 1, 1),
    )  # fmt: skip
    plain = list(rrulestr(rule, dtstart=wall).xafter(wall, inc=True, count=400))

    expected = [one.replace(tzinfo=zone).astimezone(UTC) for one in plain]
    assert found == [one for one in expected if utc(2026, 1, 1) <= one < utc(2027, 1, 1)]


def test_a_skipped_hour_comes_an_hour_later_and_a_doubled_one_once() -> None:
    start = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    spring = occurrences(
        "FREQ=DAILY", start, BERLIN, after=utc(2026, 3, 28), before=utc(2026, 3, 31)
    )
    autumn = occurrences(
        "FREQ=DAILY", start, BERLIN, after=utc(2026, 10, 24, 12), before=utc(2026, 10, 26, 12)
    )

    assert spring == [utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1, 30), utc(2026, 3, 30, 0, 30)]
    assert autumn == [utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)]


def test_single_dates_come_in_and_go_out() -> None:
    text = "FREQ=DAILY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20260302T100000\nRDATE:20260310T090000Z"
    found = occurrences(
        text, datetime(2026, 3, 1, 10, tzinfo=BERLIN), BERLIN,
        after=utc(2026, 1, 1), before=utc(2027, 1, 1),
    )  # fmt: skip

    assert [one.day for one in found] == [1, 3, 4, 10]


def test_the_29th_of_february_comes_in_leap_years() -> None:
    found = occurrences(
        "FREQ=YEARLY", utc(2024, 2, 29, 9), UTC, after=utc(2024, 1, 1), before=utc(2034, 1, 1)
    )

    assert [one.year for one in found] == [2024, 2028, 2032]


def test_the_last_working_day_asks_the_calendar_only_if_the_rule_says_so() -> None:
    plain = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
    holiday = date(2026, 12, 31)
    between = {"after": utc(2026, 11, 1), "before": utc(2027, 2, 1)}

    def is_workday(day: date) -> bool:
        return day.weekday() < 5 and day != holiday

    def days(rule: str) -> list[date]:
        start = utc(2026, 1, 30, 9)
        found = occurrences(rule, start, UTC, is_workday=is_workday, **between)  # type: ignore[arg-type]
        return [one.date() for one in found]

    assert days(plain) == [date(2026, 11, 30), holiday, date(2027, 1, 29)]
    by_calendar = plain + "\nX-CRM-WORKDAYS:1"
    assert days(by_calendar) == [date(2026, 11, 30), date(2026, 12, 30), date(2027, 1, 29)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYHOUR=3;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TH;COUNT=10000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=3",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4;INTERVAL=9999",
        "FREQ=DAILY;BYHOUR={h};BYMINUTE={m};BYSECOND={m}",
    ],
)
def test_hostile_rules_cost_little(rule: str) -> None:
    hours, minutes = (",".join(map(str, range(n))) for n in (24, 60))
    text = rule.format(h=hours, m=minutes)
    began = time.perf_counter()
    found = occurrences(
        text, utc(1990, 1, 1), BERLIN, after=utc(2026, 1, 1), before=utc(2026, 3, 1)
    )

    assert len(found) <= 5000
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "BYDAY=MO", "FREQ=OFTEN", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=1;UNTIL=20260101",
        "FREQ=DAILY;UNTIL=20261340", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999999999999999",
        "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY\nFREQ=DAILY", "FREQ=DAILY\nEXDATE:tomorrow",
        "FREQ=DAILY;BYEASTER=1", "FREQ=MONTHLY;BYSETPOS=-1", "DTSTART:20260101T000000Z",
        "FREQ=DAILY;BYMONTHDAY=0", "FREQ=DAILY;COUNT=-1", "x" * 200_000,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_recurrence(text)

    assert len(refused.value.message) > 10


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="FREQ=DAILYWK;BYCOUNT:10,-\nEXRDTZ+", max_size=60))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        found = parse_recurrence(text)
    except InvalidInput:
        return
    assert parse_recurrence(found.text()) == found


def test_a_rule_without_any_date_is_refused_where_it_is_planned() -> None:
    with pytest.raises(InvalidInput):
        check_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", utc(2026, 1, 1), "Europe/Moscow")
    with pytest.raises(InvalidInput):
        check_rule("FREQ=DAILY", utc(2026, 1, 1), "Middle/Earth")


def test_the_next_date_lies_after_the_moment() -> None:
    start = utc(2026, 1, 5, 9)
    rule = Recurrence("FREQ=WEEKLY;INTERVAL=2")

    assert next_occurrence(rule, start, UTC, start) == utc(2026, 1, 19, 9)
    assert next_occurrence("FREQ=DAILY;COUNT=2", start, UTC, utc(2026, 1, 6, 9)) is None


@pytest.mark.parametrize(
    ("rule", "english", "russian"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every second Tuesday", "каждый второй вторник"),
        ("FREQ=WEEKLY;BYDAY=WE", "every Wednesday", "каждую среду"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "on Tuesdays and Thursdays", "по вторникам и четвергам"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "on weekdays", "по будням"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
         "on the last working day of the month", "по последним рабочим дням месяца"),
        ("FREQ=MONTHLY;BYDAY=2TU", "on the second Tuesday of the month",
         "во второй вторник месяца"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "on the 15th of the month", "15-го числа каждого месяца"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "on the last day of the month, every 3 months",
         "в последний день месяца, раз в 3 месяца"),
        ("FREQ=DAILY;COUNT=22", "every day, 22 times", "каждый день, 22 раза"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8;UNTIL=20301231", "every year on 8 March, until "
         "31 December 2030", "каждый год, 8 марта, до 31.12.2030"),
        ("FREQ=HOURLY;INTERVAL=5", "every 5 hours", "раз в 5 часов"),
        ("FREQ=DAILY\nEXDATE:20260301T090000Z", "every day, except 1 date",
         "каждый день, кроме 1 даты"),
        ("FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=20"),
        ("no rule", "no rule", "no rule"),
    ],
)  # fmt: skip
def test_a_rule_is_said_in_both_languages(rule: str, english: str, russian: str) -> None:
    assert rule_in_words(rule, "en") == english
    assert rule_in_words(rule, "ru") == russian


@settings(max_examples=100, deadline=None)
@given(rules())
def test_every_rule_can_be_said(rule: str) -> None:
    assert rule_in_words(rule, "en")
    assert rule_in_words(rule, "ru")
