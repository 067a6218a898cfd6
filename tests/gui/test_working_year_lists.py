"""The page of working time lists the special days of the year and who is away."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.worktime.calendar import SHORT
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.working_time.page import WorkingTimePage
from tests.bases import keep_holidays_of_russia
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> WorkingTimePage:
    made = WorkingTimePage(desk.session, desk.navigator)
    desk.show(qtbot, made, width=1200)
    return made


def test_holidays_stand_there_and_changed_days_are_marked(
    page: WorkingTimePage, qtbot: QtBot
) -> None:
    assert any(what == "Thanksgiving Day" for _days, what, _mark in page.lists.days.lines())
    assert not any(mark for _days, _what, mark in page.lists.days.lines())

    page.set_day(date(2026, 11, 24), SHORT)

    changed = ("24 Nov", "Short day", "changed here")
    qtbot.waitUntil(lambda: changed in page.lists.days.lines())


def test_who_is_away_stands_there_from_when_to_when(
    page: WorkingTimePage, desk: Desk, qtbot: QtBot
) -> None:
    assert page.lists.away.lines() == []
    who = desk.make("staff", name="Ann").id
    starts, ends = (datetime(2026, 7, day, 12, tzinfo=UTC) for day in (6, 17))
    desk.make("activity", subject="Leave", kind="leave", state="planned", author=who,
              starts=starts, ends=ends)  # fmt: skip

    qtbot.waitUntil(lambda: page.lists.away.lines() == [("6 Jul – 17 Jul", "Ann", "")])


def test_the_year_fits_into_a_narrow_window(
    page: WorkingTimePage, desk: Desk, qtbot: QtBot
) -> None:
    keep_holidays_of_russia(desk.base)  # their names are long
    page.resize(600, 700)
    area = page.grid.parentWidget().parentWidget()
    qtbot.waitUntil(lambda: page.grid.width() <= area.width())
    qtbot.waitUntil(lambda: page.lists.away.y() > page.lists.days.y())
    page.resize(1500, 700)
    qtbot.waitUntil(lambda: page.lists.away.y() == page.lists.days.y())


def test_an_absence_opens_its_record(page: WorkingTimePage, desk: Desk, qtbot: QtBot) -> None:
    who = desk.make("staff", name="Ann").id
    starts, ends = (datetime(2026, 7, day, 12, tzinfo=UTC) for day in (6, 17))
    leave = desk.make("activity", subject="Leave", kind="leave", state="planned", author=who,
                      starts=starts, ends=ends)  # fmt: skip
    qtbot.waitUntil(lambda: len(page.lists.away.lines()) == 1)
    asked = []
    desk.navigator.place_wanted.connect(lambda place, _tab: asked.append(place))

    (name,) = page.lists.away.findChildren(Button)
    name.click()

    assert [(place.entity, place.id) for place in asked] == [(leave.entity, leave.id)]
