"""Whole-day reminders of one day take one lane, with the number of the others; nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.planner.state import MONTH, WEEK
from crm_desktop.ui.widgets.popover import Menu
from tests.gui.planner_desk import LEFT, NONE, PlannerDesk, at, planner

__all__ = ["planner"]
DAYS = timedelta(days=1)


@pytest.fixture
def birthdays(planner: PlannerDesk) -> list[Ref]:
    """Three of Anna's on Wednesday, the first one done, and a visit."""
    planner.plan("Anna", at(10))
    return [
        planner.plan("Anna", at(0), 1440, subject=f"Birthday: {name}", kind="reminder",
                     all_day=True, state=state)
        for name, state in (("Yan", "done"), ("Olga", "planned"), ("Igor", "planned"))
    ]  # fmt: skip


def shown(desk: PlannerDesk) -> list[tuple[str, int]]:
    """What stands in Anna's row, and how many behind it."""
    drawing = desk.page.controller.grid.drawing
    line = drawing.sheet.by_ref[desk.people["Anna"]]
    return [(spot.bar.subject, len(line.behind.get(spot.bar.key, ()))) for spot in line.spots]


def test_reminders_of_a_day_take_one_lane(
    planner: PlannerDesk, birthdays: list[Ref], qtbot: QtBot
) -> None:
    planner.open(qtbot)
    assert shown(planner) == [("Birthday: Olga", 2), ("Visit", 0)]
    line = planner.grid.drawing.sheet.by_ref[planner.people["Anna"]]
    assert line.lanes == 2
    assert len(list(planner.grid.drawing.sheet.bars())) == 4


def test_reminders_of_other_days_stand_alone(
    planner: PlannerDesk, birthdays: list[Ref], qtbot: QtBot
) -> None:
    planner.plan("Anna", at(0, day=1), 1440, subject="Founded", kind="reminder", all_day=True)
    planner.plan("Anna", at(0), 1440, subject="Fair", kind="meeting", all_day=True)
    planner.open(qtbot, days=3)
    assert sorted(shown(planner)) == [
        ("Birthday: Olga", 2), ("Fair", 0), ("Founded", 0), ("Visit", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("by_key", [True, False])
def test_opening_asks_which_one_is_meant(
    planner: PlannerDesk, birthdays: list[Ref], qtbot: QtBot, by_key: bool
) -> None:
    planner.open(qtbot)
    opened: list[Ref] = []
    planner.navigator.place_wanted.connect(lambda place, _beside: opened.append(place.ref))
    place = planner.middle(birthdays[1])
    if by_key:
        QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, place)
        QTest.keyClick(planner.grid, Qt.Key.Key_Return)
    else:
        QTest.mouseDClick(planner.grid.viewport(), LEFT, NONE, place)
    menus = [menu for menu in planner.grid.findChildren(Menu) if menu.isVisible()]
    assert len(menus) == 1 and opened == []
    (olga, igor, yan) = menus[0].actions()
    assert "Olga" in olga.text() and "Yan" in yan.text()
    igor.trigger()
    assert opened == [birthdays[2]]


def test_one_that_is_dragged_away_leaves_the_others(
    planner: PlannerDesk, birthdays: list[Ref], qtbot: QtBot
) -> None:
    planner.open(qtbot, days=3)
    start = planner.middle(birthdays[1])
    planner.drag(start, planner.spot(planner.people["Anna"], at(14, day=1)))
    qtbot.waitUntil(lambda: planner.times(birthdays[1]) == (at(0, day=1), at(0, day=2)))
    qtbot.waitUntil(lambda: ("Birthday: Igor", 1) in shown(planner))
    assert planner.times(birthdays[2]) == (at(0), at(0) + DAYS)


@pytest.mark.parametrize(("view", "seen"), [(WEEK, 1), (MONTH, 3)])
def test_the_band_of_a_week_is_one_lane_and_a_month_counts_by_itself(
    planner: PlannerDesk, birthdays: list[Ref], qtbot: QtBot, view: str, seen: int
) -> None:
    planner.open(qtbot)
    planner.page.controller.show_view(view)
    grid = planner.page.controller.grid
    if view == WEEK:
        assert grid.days.lanes == seen and shown(planner)[0] == ("Birthday: Olga", 2)
    else:
        day = grid.cells.plan.by_day
        assert max(sum(bar.all_day for bar in bars) for bars in day.values()) == seen
