"""Days of the year: typed, shown, and the stretch of days that comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.annual import (
    format_yearly,
    month_day,
    next_round,
    parse_yearly,
    parts,
    stretches,
    yearly,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(("typed", "found"), [
    ("24.04", (4, 24, 0)), ("4.4.", (4, 4, 0)), ("24 апреля", (4, 24, 0)), ("24 April", (4, 24, 0)),
    ("April 24", (4, 24, 0)), ("24.04.1988", (4, 24, 1988)), ("24 апреля 1988", (4, 24, 1988)),
    ("--04-24", (4, 24, 0)), ("1988-04-24", (4, 24, 1988)), ("29.02", (2, 29, 0)),
])  # fmt: skip
def test_a_day_is_read_with_a_year_or_without(typed: str, found: tuple[int, int, int]) -> None:
    assert parts(parse_yearly(typed, today=TODAY)) == found


@pytest.mark.parametrize("typed", ["", "soon", "31.02", "29.02.2027", "--13-01", "12", "4.4.4.4"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_yearly(typed, today=TODAY)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.booleans(), st.sampled_from(["ru", "en"]))
def test_what_is_shown_is_read_back(day: date, with_year: bool, language: str) -> None:
    number = yearly(day.month, day.day, day.year if with_year else 0)
    assert parse_yearly(format_yearly(number, language), today=TODAY) == number


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.integers(0, 400), st.integers(0, 365))
def test_a_day_is_in_the_stretch_exactly_when_it_comes_round(
    today: date, days: int, place: int
) -> None:
    wanted = date(2024, 1, 1) + timedelta(days=place)  # a leap year: every day there is
    comes = next_round(wanted.month, wanted.day, today)
    inside = any(a <= month_day(wanted) <= b for a, b in stretches(today, days))
    assert inside is ((comes - today).days <= days or days >= 365)


def test_the_leap_day_comes_round_on_the_28th_in_plain_years() -> None:
    assert next_round(2, 29, date(2027, 1, 1)) == date(2027, 2, 28)
    assert next_round(2, 29, date(2028, 1, 1)) == date(2028, 2, 29)
