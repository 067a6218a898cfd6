"""Everything the mouse can do on the sheet, by keys: edges, empty time, rows, groups, the card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from crm_desktop.services.planner.bars import seconds
from tests.gui.planner_desk import PlannerDesk, at, planner

__all__ = ["planner"]
K = Qt.Key
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def press(planner: PlannerDesk, key: Qt.Key, modifiers: Qt.KeyboardModifier = SHIFT & ALT) -> None:
    QTest.keyClick(planner.grid, key, modifiers)


def test_both_edges_are_moved(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    press(planner, K.Key_Right)

    press(planner, K.Key_Left, ALT | SHIFT)
    assert planner.times(visit) == (at(9, 45), at(11))
    press(planner, K.Key_Right, ALT | SHIFT | CTRL)
    assert planner.times(visit) == (at(9, 46), at(11))
    QTest.keyClicks(planner.grid, "]")
    assert planner.times(visit) == (at(9, 47), at(11))
    press(planner, K.Key_Left, SHIFT)
    assert planner.times(visit) == (at(9, 47), at(10, 45))


def test_a_start_is_never_moved_past_the_end(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10), minutes=15)
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    press(planner, K.Key_Right)

    press(planner, K.Key_Right, ALT | SHIFT)

    assert planner.times(visit) == (at(10), at(10, 15))


def test_a_row_without_entries_is_not_passed_over(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Anna", at(9))
    planner.plan("Clara", at(12))
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    press(planner, K.Key_Right)

    press(planner, K.Key_Down)
    assert planner.grid.current is None
    assert planner.grid.current_row == planner.people["Boris"]
    assert "Boris" in planner.grid.accessibleName()
    press(planner, K.Key_Down)
    assert planner.grid.current.row == planner.people["Clara"]


def test_empty_time_is_swept_over_by_arrows(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Anna", at(9))
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    press(planner, K.Key_Right)
    QTest.keyClicks(planner.grid, "s")
    press(planner, K.Key_Right, SHIFT)
    for key in (K.Key_Right, K.Key_Right, K.Key_Down):
        press(planner, key)

    with qtbot.waitSignal(planner.grid.new_wanted) as asked:
        press(planner, K.Key_Return)

    row, starts, ends = asked.args
    assert row == planner.people["Boris"]
    assert (starts, ends) == (seconds(at(10, 30)), seconds(at(11, 15)))


def test_esc_lets_go_of_empty_time(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    QTest.keyClicks(planner.grid, "s")
    assert planner.grid.keys.empty.rects()

    press(planner, K.Key_Escape)

    assert not planner.grid.keys.empty.rects()


def test_empty_time_goes_by_days_in_a_week_of_one_person(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.open(qtbot)
    planner.page.controller.show_view("week")
    grid = planner.page.controller.grid
    grid.setFocus()
    QTest.keyClicks(grid, "s")
    _row, starts, ends = grid.keys.empty.held
    QTest.keyClick(grid, K.Key_Right)
    QTest.keyClick(grid, K.Key_Down)
    QTest.keyClick(grid, K.Key_Down, SHIFT)

    found = grid.keys.empty.held

    assert found[1:] == (starts + 86400 + 900, ends + 86400 + 1800)


def test_a_row_takes_another_place(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])

    press(planner, K.Key_Down, CTRL | SHIFT)
    names = [line.row.name for line in planner.grid.drawing.sheet.lines]
    assert names.index("Boris") < names.index("Anna") < names.index("Clara")
    press(planner, K.Key_Up, CTRL | SHIFT)
    names = [line.row.name for line in planner.grid.drawing.sheet.lines]
    assert names.index("Anna") < names.index("Boris")


def test_a_group_is_folded_and_opened(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])

    QTest.keyClicks(planner.grid, "g")
    assert planner.people["Anna"] not in planner.grid.drawing.geometry.by_ref
    QTest.keyClicks(planner.grid, "g")
    assert planner.people["Anna"] in planner.grid.drawing.geometry.by_ref


def test_the_card_of_the_pointer_is_told_to_the_keyboard(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Anna", at(10), subject="Fitting")
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Anna"])
    press(planner, K.Key_Right)

    QTest.keyClicks(planner.grid, "i")

    qtbot.waitUntil(lambda: "Fitting" in QToolTip.text())
