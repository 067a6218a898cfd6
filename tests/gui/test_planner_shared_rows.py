"""Entries that stand in the rows of several, and what comes from the base while one is held."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from tests.gui.planner_desk import LEFT, NONE, PlannerDesk, at, planner

__all__ = ["planner"]


def booked(planner: PlannerDesk) -> tuple[Ref, Ref]:
    """A visit of Anna's for which the room is taken: it and the booking."""
    visit = planner.plan("Anna", at(10))
    part = planner.make("participation", activity=visit.id, resource=planner.room.id,
                        role="resource")  # fmt: skip
    return visit, part


def held(planner: PlannerDesk, visit: Ref, row: Ref) -> QPoint:
    """Where the bar of a row is taken hold of."""
    rect = planner.grid.rect_of(planner.bar(visit, row))
    return (rect.center() - planner.grid.offset).toPoint()


def test_after_the_base_was_read_anew_the_bar_that_is_held_is_the_one_that_moves(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit, part = booked(planner)
    planner.open(qtbot)
    anna = planner.people["Anna"]
    QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, held(planner, visit, anna))
    planner.page.controller.read()

    planner.drag(held(planner, visit, anna), planner.spot(planner.people["Clara"], at(10, 30)))

    assert planner.who(visit) == "Clara"
    assert planner.values(part)["resource"] == planner.room.id


def test_chosen_in_one_row_it_is_moved_from_another(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit, part = booked(planner)
    other = planner.make("resource", name="Room 2", kind="room")
    planner.open(qtbot)
    anna = held(planner, visit, planner.people["Anna"])
    QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, anna)

    planner.drag(held(planner, visit, planner.room), planner.spot(other, at(10, 30)))

    assert planner.who(visit) == "Anna"
    assert planner.values(part)["resource"] == other.id
    assert planner.notes[-1].text == "“Visit”: Room 2 is booked from 10:00"


def test_what_comes_from_the_base_waits_until_the_mouse_lets_go(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    start, end = planner.middle(visit), planner.spot(planner.people["Boris"], at(10, 30))
    planner.hold(start, end)

    late = planner.plan("Clara", at(15))
    planner.page.controller.read()
    QTest.mouseRelease(planner.grid.viewport(), LEFT, NONE, end)

    assert planner.who(visit) == "Boris"
    qtbot.waitUntil(lambda: late.id in {bar.id for bar in planner.grid.drawing.sheet.bars()})


def test_what_came_meanwhile_is_shown_when_the_gesture_is_given_up(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    planner.hold(planner.middle(visit), planner.spot(planner.people["Boris"], at(12)))
    late = planner.plan("Clara", at(15))
    planner.page.controller.read()
    assert planner.grid.gestures.ghosts()

    QTest.keyClick(planner.grid, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: late.id in {bar.id for bar in planner.grid.drawing.sheet.bars()})
    assert planner.who(visit) == "Anna"
