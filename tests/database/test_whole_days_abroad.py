"""What goes on all day stays on its date, whatever zone the seat is in, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.models.whole_days import (
    date_of,
    days_begun,
    is_midnight,
    midnight_in,
    overdue_after,
    seen_from,
)
from crm_desktop.services.activities.service import plan
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.ics.exporting import calendar_bytes
from crm_desktop.services.workspace import Workspace
from tests.ics_files import HOME, NOW, office

DAY = date(2026, 12, 1)
SEATS = ("Europe/Kaliningrad", "Asia/Vladivostok", "America/Halifax", "UTC")


@pytest.fixture(params=SEATS)
def seat(request: pytest.FixtureRequest, base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    made.clock = made.records.clock = MovedClock(NOW, ZoneInfo(request.param))
    yield made
    made.close()


def here(seat: Workspace) -> tzinfo:
    return seat.clock.zone()


def values(seat: Workspace, id_: int) -> dict[str, Any]:
    return seat.reader.many("activity", [id_], None)[id_]


def test_a_day_typed_anywhere_is_that_day_of_the_office(seat: Workspace) -> None:
    starts = midnight_in(DAY, here(seat))
    given = {"subject": "Fair", "all_day": True, "starts": starts,
             "ends": midnight_in(DAY + timedelta(days=2), here(seat))}  # fmt: skip
    (id_,) = seat.records.create("activity", given).ids

    row = values(seat, id_)
    assert row["starts"] == row["moment"] == datetime(2026, 12, 1, tzinfo=HOME)
    assert row["due"] == datetime(2026, 12, 2, tzinfo=HOME)  # its last day
    assert row["ends"] == datetime(2026, 12, 3, tzinfo=HOME)
    assert date_of(row["starts"], here(seat)) == DAY


def test_a_day_said_in_words_is_that_day_of_the_office(seat: Workspace) -> None:
    row = values(seat, plan(seat, "Holiday all day on 1 December", "leave"))
    if row["all_day"]:
        assert row["starts"] == datetime(2026, 12, 1, tzinfo=HOME)
    assert date_of(row["starts"] or row["due"], here(seat)) == DAY


def test_it_goes_out_and_moves_by_dates(seat: Workspace) -> None:
    given = {"subject": "Fair", "all_day": True, "starts": midnight_in(DAY, here(seat))}
    (id_,) = seat.records.create("activity", given).ids
    data, _count = calendar_bytes(seat, [id_])
    assert b"DTSTART;VALUE=DATE:20261201" in data

    later = midnight_in(DAY + timedelta(days=5), here(seat))
    seat.records.update("activity", id_, {"starts": later})
    assert values(seat, id_)["starts"] == datetime(2026, 12, 6, tzinfo=HOME)


def test_times_of_a_day_and_zones_of_their_own_stay(seat: Workspace) -> None:
    noon = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    kathmandu = midnight_in(DAY, ZoneInfo("Asia/Kathmandu"))
    own = ({"starts": noon}, {"starts": kathmandu, "zone": "Asia/Kathmandu"})
    made = [
        seat.records.create("activity", {"subject": "x", "all_day": True, **one}).ids[0]
        for one in own
    ]
    assert [values(seat, id_)["starts"] for id_ in made] == [noon, kathmandu]


@pytest.mark.parametrize("zone", [*SEATS, "Asia/Kamchatka"])
def test_the_noon_tells_the_date_on_every_day_of_a_year(zone: str) -> None:
    place = ZoneInfo(zone)
    for number in range(366):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert date_of(midnight_in(day, HOME), place) == day
        assert is_midnight(midnight_in(day, place), place)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("office", ["Europe/Moscow", "Asia/Kamchatka"])
def test_a_day_is_the_same_however_far_away_the_office_is(zone: str, office: str) -> None:
    here, there = ZoneInfo(zone), ZoneInfo(office)
    starts, ends = (midnight_in(DAY + timedelta(days=n), there) for n in (0, 2))
    values = {"starts": starts, "ends": ends, "due": starts}
    seen = seen_from(here, values, ("starts", "ends", "due"), there)
    assert [seen[key].astimezone(here).date() for key in ("starts", "ends")] == [
        DAY, DAY + timedelta(days=2),
    ]  # fmt: skip
    late = overdue_after(starts, here, there)
    assert late == midnight_in(DAY + timedelta(days=1), here)
    for by, spared in ((timedelta(minutes=-1), True), (timedelta(minutes=1), False)):
        past = starts < late + by
        assert (starts in days_begun(late + by, here, there)) == (spared and past)
