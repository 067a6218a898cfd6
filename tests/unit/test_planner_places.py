"""What the planner works out for thousands of bars at once is what it works out for one."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.models.catalogue.definitions import Choice, Ref
from crm_desktop.services.planner.bars import Bar, PlanRow, many
from crm_desktop.ui.planner.axis import Axis
from crm_desktop.ui.planner.look import KIND, PERSON, SEGMENT, STATE, Look
from crm_desktop.ui.planner.sheet import Hours, make_sheet, shown_hours

ANNA = Ref("staff", 7)
BERLIN = ZoneInfo("Europe/Berlin")


def bar(id_: int, starts: int, minutes: int = 60, **values: object) -> Bar:
    given = {"kind": "call", "state": "planned", "subject": "Talk", "about": None, "version": 1,
             "who": ANNA.id, **values}  # fmt: skip
    return Bar(id_, ANNA, starts, starts + 60 * minutes, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", [UTC, BERLIN])
@pytest.mark.parametrize("opens, closes", [(0, 1440), (480, 1200)])
def test_places_of_many_are_those_of_each(zone: tzinfo, opens: int, closes: int) -> None:
    axis = Axis(
        date(2026, 10, 19), 14, zone, opens, closes
    )  # Berlin changes its clocks on the 25th
    moments = list(range(axis.edges[0] - 7200, axis.edges[-1] + 7200, 1741))

    assert axis.places(moments) == [axis.place(moment) for moment in moments]
    assert (25 - 19 in axis.whole) == (zone is UTC)


def test_bars_are_stacked_by_start_and_the_longer_one_first() -> None:
    axis = Axis(date(2026, 11, 16), 1, UTC)
    nine = axis.at(0, 540)
    given = [bar(1, nine), bar(2, nine, 120), bar(3, nine + 3600), bar(4, nine + 1800)]

    line = make_sheet(
        axis,
        [PlanRow(ANNA, "Anna", "", "")],
        given,
        Hours({}, {}),
        datetime(2026, 11, 16, tzinfo=UTC),
    ).lines[0]

    assert [(spot.bar.id, spot.lane) for spot in line.spots] == [(2, 0), (1, 1), (4, 2), (3, 1)]
    assert line.lanes == 3 and line.total.busy == 60 + 120 + 60 + 60


def test_hours_are_shown_around_what_lies_outside_the_usual_ones() -> None:
    axis = Axis(date(2026, 11, 16), 2, UTC, 0, 1440)
    early, late = bar(1, axis.at(0, 6 * 60 + 30)), bar(2, axis.at(1, 20 * 60), 61)

    assert shown_hours([early, late], axis) == (360, 1320)
    assert shown_hours([late], axis) == (480, 1320)
    assert shown_hours([bar(3, axis.at(0, 0), 1440), early._replace(all_day=True)], axis) == (
        480,
        1200,
    )


@pytest.mark.parametrize("way", [KIND, STATE, SEGMENT, PERSON])
def test_categories_of_many_are_those_of_each(way: str) -> None:
    client = Ref("client", 1)
    look = Look((Choice("call", "Call", "bad"), Choice("visit", "Visit")), (), way=way)
    look.segments = {client: 3}
    bars = [bar(1, 0), bar(2, 0, kind="visit", about=client), bar(3, 0, state="done", who=4)]

    assert look.numbers([*bars, *bars]) == [look.number(one) for one in (*bars, *bars)]
    assert len(set(look.numbers(bars))) > 1


def test_named_tuples_are_made_of_whole_rows() -> None:
    one = bar(1, 0)

    assert many(Bar, [tuple(one)]) == [one] and many(Bar, [tuple(one)])[0].subject == "Talk"
