"""Working time agrees with a counter that looks at the clock in every single minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.errors import InvalidInput
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING, SpecialDay, WorkCalendar
from crm_desktop.models.worktime.holidays import check_country
from crm_desktop.models.worktime.hours import Hours, format_hours, minutes_of, parse_hours

MINUTE = timedelta(minutes=1)
OFFICE = parse_hours("09:00-13:00 14:00-18:00")
WEEK = (OFFICE,) * 5 + ((), ())
MOSCOW = ZoneInfo("Europe/Moscow")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC")
# both changes of the clocks in all of them, the leap day, the end of a year
NEAR = (
    date(2026, 3, 28), date(2026, 10, 24), date(2026, 3, 7), date(2026, 10, 31),
    date(2026, 4, 4), date(2026, 10, 3), date(2028, 2, 28), date(2026, 12, 30),
)  # fmt: skip


def worked(calendar: WorkCalendar, moment: datetime) -> bool:
    """The counter: what the clocks show in this minute, and whether that is worked."""
    local = moment.astimezone(calendar.zone)
    minute = local.hour * 60 + local.minute
    absent = any(a <= moment < b for a, b in calendar.absent)
    hours = calendar.plan(local.date()).hours
    return not absent and any(begin <= minute < end for begin, end in hours)


@st.composite
def day_hours(draw: st.DrawFn) -> Hours:
    cuts = sorted(draw(st.lists(st.integers(0, 96), unique=True, max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    text = " ".join(format_hours(((15 * a, 15 * b),)) for a, b in pairs)
    return parse_hours(text)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[WorkCalendar, datetime]:
    day = draw(st.sampled_from(NEAR))
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(0, 2879)) * MINUTE
    week = tuple(draw(day_hours()) for _ in range(7))
    special = {day + timedelta(days=1): SpecialDay(draw(day_hours()))}
    since = start + draw(st.integers(0, 1440)) * MINUTE
    absent = ((since, since + draw(st.integers(1, 600)) * MINUTE),)
    chosen = draw(st.booleans())
    return WorkCalendar(week, special if chosen else {}, zone=zone, absent=absent), start


@settings(max_examples=120, deadline=None)
@given(calendars(), st.integers(0, 3000))
def test_minutes_between_are_those_that_a_counter_counts(
    made: tuple[WorkCalendar, datetime], length: int
) -> None:
    calendar, start = made
    counted = sum(worked(calendar, start + n * MINUTE) for n in range(length))
    end = start + length * MINUTE

    assert WorkTime(calendar).minutes_between(start, end) == counted
    assert WorkTime(calendar).minutes_between(end, start) == -counted


@settings(max_examples=120, deadline=None)
@given(calendars(), st.integers(1, 900))
def test_adding_ends_where_a_counter_ends(
    made: tuple[WorkCalendar, datetime], minutes: int
) -> None:
    calendar, start = made
    moment, left = start, minutes
    while left and moment < start + timedelta(days=4):
        left -= worked(calendar, moment)
        moment += MINUTE
    if left:  # the counter saw too little work in four days
        return

    time = WorkTime(calendar)
    assert time.add_minutes(start, minutes) == moment
    assert time.minutes_between(time.add_minutes(moment, -minutes), moment) == minutes


@settings(max_examples=120, deadline=None)
@given(calendars())
def test_the_next_working_moment_is_the_first_worked_minute(
    made: tuple[WorkCalendar, datetime],
) -> None:
    calendar, start = made
    minutes = (start + n * MINUTE for n in range(5000))
    first = next((one for one in minutes if worked(calendar, one)), None)
    if first is not None:
        assert WorkTime(calendar).next_moment(start) == first


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    night = WorkTime(WorkCalendar((parse_hours("00:00-06:00"),) * 7, zone=ZoneInfo(ZONES[0])))

    def length(day: date) -> int:
        ((begin, end),) = night.ranges(day)
        return int((end - begin) / MINUTE)

    assert [length(date(2026, *d)) for d in ((3, 28), (3, 29), (10, 25))] == [360, 300, 420]


def test_the_russian_year_has_its_holidays_and_short_eves() -> None:
    calendar = WorkCalendar(WEEK, country="RU", language="ru", zone=MOSCOW)
    short = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    short = [day for day in short if calendar.kind(day) == SHORT]

    assert short == [date(2026, 4, 30), date(2026, 5, 8), date(2026, 6, 11), date(2026, 11, 3)]
    assert calendar.plan(date(2026, 6, 12)).name == "День России"
    assert calendar.kind(date(2026, 12, 31)) == OFF  # moved from a Sunday
    assert minutes_of(calendar.plan(date(2026, 6, 11)).hours) == 420


def test_a_worked_saturday_has_the_hours_of_the_week() -> None:
    calendar = WorkCalendar(WEEK, country="RU", zone=MOSCOW)

    assert calendar.kind(date(2024, 4, 27)) == WORKING
    assert calendar.plan(date(2024, 4, 27)).hours == OFFICE


def test_a_special_day_goes_before_holiday_and_weekday() -> None:
    special = {date(2026, 1, 5): SpecialDay(parse_hours("10-12"), "Stocktaking")}
    time = WorkTime(WorkCalendar(WEEK, special, country="RU", zone=MOSCOW))

    begin = datetime(2026, 1, 5, 10, tzinfo=MOSCOW)
    assert time.next_moment(datetime(2026, 1, 1, tzinfo=UTC)) == begin
    assert time.name_of(date(2026, 1, 5)) == "Stocktaking"


def test_a_deadline_passes_lunch_the_night_and_the_weekend() -> None:
    time = WorkTime(WorkCalendar(WEEK, zone=MOSCOW))
    friday = datetime(2026, 11, 20, 12, 30, tzinfo=MOSCOW)

    assert time.add_minutes(friday, 60) == friday + timedelta(minutes=120)
    assert time.add_minutes(friday, 5 * 60) == datetime(2026, 11, 23, 9, 30, tzinfo=MOSCOW)
    assert time.add_minutes(friday, 270) == datetime(2026, 11, 20, 18, tzinfo=MOSCOW)
    assert time.add_minutes(friday, 0) == friday


def test_a_calendar_without_work_says_so_and_ends() -> None:
    never = WorkTime(WorkCalendar(((),) * 7))

    for ask in (never.next_moment, lambda moment: never.add_minutes(moment, 1)):
        with pytest.raises(InvalidInput):
            ask(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(InvalidInput):
        never.add_minutes(datetime(2026, 1, 1, tzinfo=UTC), 10**12)


@pytest.mark.parametrize(
    "text",
    [
        "9 to 6",
        "09:00-25:00",
        "18:00-09:00",
        "09:00-13:00 12:00-18:00",
        "09:60-10:00",
        "9-10 x",
        "1",
    ],
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_hours(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("", ""), ("off", ""), ("9-18", "09:00-18:00"), ("14-18; 9-14", "09:00-18:00"),
     ("9.00–13.00, 14-24", "09:00-13:00 14:00-24:00")],
)  # fmt: skip
def test_hours_have_one_form(text: str, kept: str) -> None:
    assert format_hours(parse_hours(text)) == kept


def test_a_country_without_holidays_is_refused() -> None:
    assert check_country(" ru ") == "RU"
    with pytest.raises(InvalidInput):
        check_country("Atlantis")


@pytest.mark.parametrize("year", [1, 9999])
def test_years_without_calendars_are_refused(year: int) -> None:
    office = WorkTime(WorkCalendar(WEEK, zone=MOSCOW))
    moment = datetime(year, 1 if year == 1 else 12, 31, tzinfo=UTC)
    for ask in (office.next_moment, lambda one: office.minutes_between(one, one)):
        with pytest.raises(InvalidInput):
            ask(moment)
