"""The quick-add line from anywhere in the program: a small window, by shortcut or from the tray."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.models.query import Query
from crm_desktop.ui.activities.quick_window import QuickAdding, QuickWindow
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]


def opened(desk: Desk, qtbot: QtBot) -> QuickWindow:
    QuickAdding.of(desk.session, desk.navigator)
    desk.navigator.quick_add()
    window = QuickAdding.of(desk.session, desk.navigator).window
    assert window is not None
    qtbot.waitUntil(window.isVisible)
    return window


def subjects(desk: Desk) -> list[str]:
    rows = desk.base.lists.open(Query("activity", ("subject",))).first(9)
    return [str(row.cells[0]) for row in rows]


def test_enter_plans_what_is_typed_and_puts_the_window_away(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    assert window.focusWidget() is window.add.line

    QTest.keyClicks(window.add.line, "Call Ann tomorrow at 10")
    QTest.keyClick(window.add.line, Qt.Key.Key_Return)

    assert subjects(desk) == ["Call Ann"]
    assert not window.isVisible()
    assert desk.notes[-1].undo_operation is not None


def test_escape_keeps_what_was_typed_for_the_next_time(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    QTest.keyClicks(window.add.line, "Call")
    QTest.keyClick(window.add.line, Qt.Key.Key_Escape)
    assert not window.isVisible()

    again = opened(desk, qtbot)

    assert again is window and again.add.line.text() == "Call"
    assert subjects(desk) == []


def test_without_a_base_there_is_nothing_to_plan_in(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    base, desk.session.workspace = desk.session.workspace, None
    desk.session.closed.emit()
    desk.navigator.quick_add()

    assert not window.isVisible()
    assert QuickAdding.of(desk.session, desk.navigator).window is None
    desk.session.workspace = base


def test_what_was_typed_elsewhere_is_planned_from_here(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    desk.navigator.plan_line("Call Boris on Friday at 15")
    qtbot.waitUntil(window.isVisible)

    QTest.keyClick(window.add.line, Qt.Key.Key_Return)

    assert subjects(desk) == ["Call Boris"]


def test_the_line_chooses_the_kind_until_the_person_does(desk: Desk, qtbot: QtBot) -> None:
    add = opened(desk, qtbot).add

    add.line.setText("Call Ann")
    said = add.kind.value()
    add.line.setText("Paint the fence")
    back = add.kind.value()
    add.kind.set_value("meeting")
    add.kind.activated.emit(add.kind.currentIndex())
    add.line.setText("Call Ann")

    assert (said, back, add.kind.value()) == ("call", "task", "meeting")
