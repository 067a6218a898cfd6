"""Where entries stand in days and months of one person."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, seconds
from crm_desktop.ui.planner.axis import Axis
from crm_desktop.ui.planner.day_layout import (
    MonthPlan,
    clock_shift,
    days_of,
    moved_days,
    pieces,
    spans,
)

ANNA = Ref("staff", 1)
WEEK = Axis(date(2026, 11, 16), 7, UTC, 0, 24 * 60)
SIX_WEEKS = Axis(date(2026, 10, 26), 42, UTC, 0, 24 * 60)


def bar(number: int, since: str, until: str, *, whole: bool = False) -> Bar:
    starts, ends = (
        seconds(datetime.fromisoformat(f"2026-11-{one}").replace(tzinfo=UTC))
        for one in (since, until)
    )
    return Bar(number, ANNA, starts, ends, "", "", "", None, 1, 1, all_day=whole)


def test_what_overlaps_stands_side_by_side_and_the_rest_takes_the_whole_width() -> None:
    found = pieces(
        WEEK,
        [
            bar(1, "16 09:00", "16 11:00"), bar(2, "16 10:00", "16 12:00"),
            bar(3, "16 13:00", "16 14:00"),
        ],
    )  # fmt: skip

    assert [(p.bar.id, p.column, p.columns) for p in found] == [(1, 0, 2), (2, 1, 2), (3, 0, 1)]


def test_a_free_column_beside_it_is_taken_as_well() -> None:
    found = pieces(
        WEEK,
        [
            bar(1, "16 09:00", "16 12:00"),
            bar(2, "16 09:00", "16 10:00"),
            bar(3, "16 09:00", "16 10:00"),
            bar(4, "16 10:30", "16 11:30"),
        ],
    )

    assert {p.bar.id: (p.column, p.wide) for p in found}[4] == (1, 2)


def test_over_midnight_it_stands_on_both_days() -> None:
    found = pieces(WEEK, [bar(1, "17 22:00", "18 02:00")])

    assert [(p.day, p.top, p.bottom, p.first, p.last) for p in found] == [
        (1, 22 * 60, 24 * 60, True, False), (2, 0, 2 * 60, False, True),
    ]  # fmt: skip


def test_what_ends_at_midnight_does_not_touch_the_next_day() -> None:
    assert list(days_of(WEEK, bar(1, "16 00:00", "17 00:00", whole=True))) == [0]


def test_whole_days_stand_above_the_hours_in_lanes() -> None:
    entries = [
        bar(1, "15 00:00", "18 00:00", whole=True), bar(2, "17 00:00", "19 00:00", whole=True),
        bar(3, "19 00:00", "20 00:00", whole=True), bar(4, "16 09:00", "16 10:00"),
    ]  # fmt: skip

    found, lanes = spans(WEEK, entries)

    assert [(s.bar.id, s.first, s.last, s.lane) for s in found] == [
        (1, 0, 1, 0), (2, 1, 2, 1), (3, 3, 3, 0),
    ]  # fmt: skip
    assert lanes == 2


def test_a_month_tells_how_many_more_there_are() -> None:
    entries = [bar(n, f"18 {8 + n:02}:00", f"18 {9 + n:02}:00") for n in range(6)]
    entries.append(bar(9, "17 00:00", "20 00:00", whole=True))

    plan = MonthPlan(SIX_WEEKS, entries, 4)

    day = 23  # the 18th
    assert plan.more == {day: 4}
    assert [(s.bar.id, s.lane) for s in plan.shown if s.first <= day <= s.last] == [
        (9, 0), (0, 1), (1, 2),
    ]  # fmt: skip


def test_days_are_those_of_the_clock_on_the_wall_when_clocks_are_changed() -> None:
    berlin = Axis(date(2026, 10, 24), 3, ZoneInfo("Europe/Berlin"), 0, 24 * 60)
    nine = berlin.at(0, 9 * 60)

    assert berlin.clock(moved_days(berlin, nine, 1)) == "09:00"
    at_nine = Bar(1, ANNA, nine, nine + 3600, "", "", "", None, 1, 1)
    assert clock_shift(berlin, at_nine, nine, berlin.at(2, 9 * 60)) == (2, 9 * 60)
