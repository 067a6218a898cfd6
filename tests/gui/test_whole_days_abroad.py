"""A whole day stands on its date in lists, cards and reminders of a seat in another zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.models.whole_days import date_of
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.progress_figures import ProgressFigures
from crm_desktop.ui.record_card.loading import load_card
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.record_list.cells import RowMaker
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.record_list.whole_days import WholeDays
from tests.gui.card_desk import NOON, Desk, client, desk

__all__ = ["client", "desk"]
OFFICE = ZoneInfo("Europe/Moscow")
DAY = date(2026, 12, 1)


@pytest.fixture(params=["Europe/Kaliningrad", "Asia/Vladivostok", "Europe/Moscow"])
def fair(desk: Desk, request: pytest.FixtureRequest) -> Ref:
    """A day of the office in Moscow, looked at from elsewhere."""
    base = desk.base
    (company,) = base.lists.open(Query("working_calendar")).ids()
    base.records.update("working_calendar", company, {"zone": OFFICE.key})
    base.clock = base.records.clock = MovedClock(NOON, ZoneInfo(request.param))
    starts = datetime(2026, 12, 1, tzinfo=OFFICE)
    return desk.make("activity", subject="Fair", all_day=True, starts=starts, state="planned")


def test_the_card_names_the_day(desk: Desk, fair: Ref) -> None:
    values = load_card(desk.base, fair).values
    here = desk.base.clock.zone()
    for key in ("starts", "due", "moment"):
        assert values[key].astimezone(here) == datetime(2026, 12, 1, tzinfo=here)
    assert date_of(values["starts"], here) == DAY


def test_the_list_names_the_day(desk: Desk, fair: Ref) -> None:
    base, columns = desk.base, ("subject", "starts", "moment")
    desk.make("activity", subject="Talk", starts=NOON, state="planned")
    rows = base.lists.open(Query("activity", columns)).rows(0, 10)
    shown = WholeDays(base, base.catalogue["activity"], columns).rows(rows)
    cells = {row.cells[0]: row.cells[1:] for row in shown}
    here = base.clock.zone()
    assert cells["Fair"] == (datetime(2026, 12, 1, tzinfo=here),) * 2
    assert cells["Talk"] == (NOON, NOON)


def test_a_next_step_of_a_whole_day_has_a_date_and_no_hour(
    desk: Desk, fair: Ref, client: Ref
) -> None:
    base, now = desk.base, desk.base.clock.local()
    base.records.update(*fair, {"about": client})
    field, office = base.catalogue["client"].field("next_step_at"), base.worktime.usual_zone()
    rows = base.lists.open(Query("client", ("next_step_at",))).rows(0, 1)
    maker = RowMaker(
        base.catalogue["client"], [FieldChoice("next_step_at", field)], now=now, language="en",
        office=office,
    )  # fmt: skip
    (row,) = maker.rows(rows)
    assert row.cells[0].text == "1 Dec"

    told = ProgressFigures().load(base, base.catalogue["client"], client.id)
    around = Surroundings(base.catalogue, {}, "en", now, office)
    assert ProgressFigures().say(told, around)[0].text == "1 Dec · Fair"
