"""Days, times, moments and lengths of time as people type them, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.date_formats import sheet_day
from crm_desktop.models.text.dates import (
    add_months,
    excel_date,
    format_date,
    format_datetime,
    format_duration,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from crm_desktop.models.text.problems import Unreadable

FRIDAY = date(2026, 11, 20)
MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)  # 10:15 in Moscow


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20.11.26", (2026, 11, 20)), ("2026-11-20", (2026, 11, 20)), ("1/2/2027", (2027, 2, 1)),
        ("24.04.88", (1988, 4, 24)), ("01.01.46", (2046, 1, 1)), ("01.01.47", (1947, 1, 1)),
        ("20", (2026, 11, 20)), ("5-го", (2026, 11, 5)), ("7.12", (2026, 12, 7)),
        ("+3", (2026, 11, 23)), ("-1", (2026, 11, 19)), ("+2 нед", (2026, 12, 4)),
        ("+1 мес", (2026, 12, 20)), ("через неделю", (2026, 11, 27)), ("in 3 days", (2026, 11, 23)),
        ("2 дня назад", (2026, 11, 18)), ("пт", (2026, 11, 20)), ("fri", (2026, 11, 20)),
        ("след. пт", (2026, 11, 27)), ("next friday", (2026, 11, 27)), ("вт", (2026, 11, 24)),
        ("в среду", (2026, 11, 25)), ("в прошлую пятницу", (2026, 11, 13)),
        ("Сегодня", (2026, 11, 20)), ("завтра", (2026, 11, 21)), ("вчера", (2026, 11, 19)),
        ("послезавтра", (2026, 11, 22)), ("tomorrow", (2026, 11, 21)),
        ("20 ноября", (2026, 11, 20)), ("20 ноя 2026", (2026, 11, 20)),
        ("1 мая 2025 г.", (2025, 5, 1)), ("Nov 20, 2026", (2026, 11, 20)),
        ("20th of November 2026", (2026, 11, 20)), ("March 3", (2026, 3, 3)),
        ("20112026", (2026, 11, 20)), ("20261120", (2026, 11, 20)), ("201126", (2026, 11, 20)),
        ("пт, 20 ноября", (2026, 11, 20)), ("20.11.2026 0:00:00", (2026, 11, 20)),
        ("2026-11-20T00:00:00", (2026, 11, 20)), ("20-ноя-26", (2026, 11, 20)),
    ],
)  # fmt: skip
def test_day(typed: str, day: tuple[int, int, int]) -> None:
    assert parse_date(typed, today=FRIDAY) == date(*day)


def test_order_of_day_month_and_year() -> None:
    assert parse_date("11/20/2026", today=FRIDAY, order="mdy") == FRIDAY
    assert parse_date("11/20", today=FRIDAY, order="mdy") == FRIDAY
    assert parse_date("26.11.20", today=FRIDAY, order="ymd") == FRIDAY
    assert parse_date("11202026", today=FRIDAY, order="mdy") == FRIDAY
    with pytest.raises(Unreadable, match="no_such_day"):
        parse_date("11/20/2026", today=FRIDAY)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"), (" ", "empty"), ("31", "no_such_day"), ("30.02.2026", "no_such_day"),
        ("0", "no_such_day"), ("+99999 лет", "no_such_day"), ("попозже", "not_a_date"),
        ("20.11.2026 10:40", "not_a_date"), ("45981.5", "not_a_date"), ("1" * 99, "not_a_date"),
        ("20.11-2026", "not_a_date"),
    ],
)  # fmt: skip
def test_no_day(typed: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_date(typed, today=FRIDAY)
    assert caught.value.code == code


def test_months_end_where_they_end() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 1, 31), -11) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("10:40", time(10, 40)), ("10.40", time(10, 40)), ("940", time(9, 40)), ("9", time(9)),
        ("9:05 pm", time(21, 5)), ("12 am", time(0)), ("в 10:40", time(10, 40)), ("10 ч", time(10)),
        ("10ч 40м", time(10, 40)), ("10:40:15", time(10, 40, 15)), ("7 вечера", time(19)),
        ("3 часа дня", time(15)), ("полдень", time(12)),
    ],
)  # fmt: skip
def test_time(typed: str, clock: time) -> None:
    assert parse_time(typed) == clock


@pytest.mark.parametrize("typed", ["", "24:00", "10:60", "13 pm", "скоро", "0 am"])
def test_no_time(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse_time(typed)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("20.11.2026 10:40", (20, 10, 40)), ("21 ноября в 11", (21, 11, 0)),
        ("12:30", (20, 12, 30)),
        ("завтра 11:00", (21, 11, 0)), ("завтра в 11", (21, 11, 0)), ("пт, 15:30", (20, 15, 30)),
        ("11:00 завтра", (21, 11, 0)), ("20.11.26", (20, 0, 0)), ("через 2 часа", (20, 12, 15)),
        ("+30м", (20, 10, 45)), ("in an hour", (20, 11, 15)), ("2026-11-20T10:40", (20, 10, 40)),
        ("2026-11-20T07:40:00Z", (20, 10, 40)), ("2026-11-20 09:40+02:00", (20, 10, 40)),
        ("через 3 дня", (23, 0, 0)), ("20.11.2026, 10:40", (20, 10, 40)),
    ],
)  # fmt: skip
def test_moment(typed: str, moment: tuple[int, int, int]) -> None:
    day, hour, minute = moment
    found = parse_datetime(typed, now=NOW, zone=MOSCOW)
    assert found == datetime(2026, 11, day, hour, minute, tzinfo=MOSCOW)
    assert found.tzinfo is MOSCOW


def test_hours_ahead_are_real_hours_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 10, 24, 23, 0, tzinfo=berlin)
    found = parse_datetime("in 5 hours", now=evening, zone=berlin)
    assert found.astimezone(UTC) - evening.astimezone(UTC) == timedelta(hours=5)
    assert found.hour == 3


@pytest.mark.parametrize("typed", ["", "никогда", "20.11.2026 25:00", "2026-13-20T10:40"])
def test_no_moment(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse_datetime(typed, now=NOW, zone=MOSCOW)


def test_serial_numbers_of_spreadsheets() -> None:
    assert excel_date(46346, zone=UTC) == datetime(2026, 11, 20, tzinfo=UTC)
    moment = datetime(2026, 11, 20, 10, 40, tzinfo=MOSCOW)
    assert excel_date(46346.4444444, zone=MOSCOW) == moment
    assert excel_date(1, zone=UTC) == datetime(1900, 1, 1, tzinfo=UTC)
    assert excel_date(44884, zone=UTC, since_1904=True) == datetime(2026, 11, 20, tzinfo=UTC)
    for serial in (60.0, -1.0, 1e12, float("nan")):
        with pytest.raises(Unreadable):
            excel_date(serial, zone=UTC)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1ч 30м", 5400), ("90 мин", 5400), ("1:30", 5400), ("1:30:15", 5415), ("1,5 ч", 5400),
        ("90", 5400), ("1h30m", 5400), ("1 h 30", 5400), ("полчаса", 1800), ("час", 3600),
        ("2 дня", 172800), ("45 сек", 45), ("полтора часа", 5400), ("0", 0), ("1.5", 90),
    ],
)  # fmt: skip
def test_duration(typed: str, seconds: int) -> None:
    assert parse_duration(typed) == seconds


@pytest.mark.parametrize("typed", ["", "долго", "30м 1ч", "1:75", "-5", "999999999 ч", "ч ч"])
def test_no_duration(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("day", "today", "russian", "english"),
    [
        (FRIDAY, None, "20 ноя 2026", "20 Nov 2026"), (FRIDAY, FRIDAY, "сегодня", "today"),
        (date(2026, 11, 19), FRIDAY, "вчера", "yesterday"),
        (date(2026, 11, 21), FRIDAY, "завтра", "tomorrow"),
        (date(2026, 9, 5), FRIDAY, "5 сен", "5 Sep"),
        (date(2025, 5, 1), FRIDAY, "1 мая 2025", "1 May 2025"),
    ],
)  # fmt: skip
def test_day_for_the_eye(day: date, today: date | None, russian: str, english: str) -> None:
    assert format_date(day, "ru", today) == russian
    assert format_date(day, "en", today) == english


def test_long_and_numeric_days() -> None:
    assert format_date(date(1988, 4, 24), "ru", style="long") == "24 апреля 1988"
    assert format_date(FRIDAY, "en", style="long") == "20 November 2026"
    assert format_date(FRIDAY, "ru", style="numeric") == "20.11.2026"
    assert format_date(FRIDAY, "en", style="numeric") == "2026-11-20"
    assert (sheet_day(FRIDAY, "ru"), sheet_day(FRIDAY, "en")) == ("20.11", "20 Nov")


def test_moment_for_the_eye() -> None:
    earlier = NOW - timedelta(days=1, minutes=15)
    assert format_datetime(NOW, "ru", zone=MOSCOW) == "20 ноя 2026, 10:15"
    assert format_datetime(NOW, "ru", zone=MOSCOW, now=NOW) == "сегодня, 10:15"
    assert format_datetime(earlier, "ru", zone=MOSCOW, now=NOW) == "вчера, 10:00"


@pytest.mark.parametrize(
    ("seconds", "russian", "english"),
    [
        (5400, "1 ч 30 мин", "1 h 30 min"), (240, "4 мин", "4 min"), (0, "0 мин", "0 min"),
        (45, "45 с", "45 s"), (108000, "30 ч", "30 h"), (-60, "-1 мин", "-1 min"),
    ],
)  # fmt: skip
def test_duration_for_the_eye(seconds: int, russian: str, english: str) -> None:
    assert format_duration(seconds, "ru") == russian
    assert format_duration(seconds, "en") == english


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["ru", "en"]))
def test_day_shown_is_day_read(day: date, language: str) -> None:
    for style in ("short", "long", "numeric"):
        assert parse_date(format_date(day, language, style=style), today=FRIDAY) == day


@given(st.integers(-(10**7), 7 * 10**7), st.sampled_from(["ru", "en"]))
def test_moment_shown_is_moment_read(minutes: int, language: str) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    shown = format_datetime(moment, language, zone=UTC)
    assert parse_datetime(shown, now=NOW, zone=UTC) == moment


@given(st.integers(0, 10**9), st.sampled_from(["ru", "en"]))
def test_duration_shown_is_duration_read(seconds: int, language: str) -> None:
    assert parse_duration(format_duration(seconds, language)) == seconds


TYPED = st.text() | st.from_regex(
    r"(через|in|в|пт|next|\+|-)? ?[0-9.:/ +ptмчднгя]{0,16} ?(ноя|мая|pm|г\.|ago)?[0-9: ]{0,8}",
    fullmatch=True,
)


@given(TYPED, st.sampled_from(["dmy", "mdy", "ymd"]), st.dates())
def test_any_text_is_read_or_unreadable(text: str, order: str, today: date) -> None:
    moment = datetime.combine(today, time(12), UTC)
    for read in (
        lambda: parse_date(text, today=today, order=order),
        lambda: parse_datetime(text, now=moment, zone=UTC, order=order),
        lambda: parse_time(text),
        lambda: parse_duration(text),
    ):
        try:
            read()
        except Unreadable as problem:
            assert problem.code
