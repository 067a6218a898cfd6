"""Somebody is away: proposals, one changed, one left out, applied at once or tried as drafts."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.ui.planner.away_box import AwayBox
from tests.gui.planner_desk import LEFT, PlannerDesk, answered, at, planner

__all__ = ["planner"]


def opened(planner: PlannerDesk, qtbot: QtBot) -> AwayBox:
    """The box for Boris, by the button."""
    planner.open(qtbot)
    planner.grid.set_current_row(planner.people["Boris"])
    QTest.mouseClick(planner.page.away_button, LEFT)
    box = planner.page.away.box
    assert box is not None and box.isVisible()
    return box


def pick(box: AwayBox, number: int, text: str) -> None:
    """Another way out, with the keyboard."""
    combo = box.choices[number]
    combo.setFocus()
    while combo.currentText() != text:
        before = combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down)
        assert combo.currentIndex() != before, text


def test_the_day_is_planned_anew_as_one_operation(planner: PlannerDesk, qtbot: QtBot) -> None:
    first, second = planner.plan("Boris", at(9)), planner.plan("Boris", at(11))
    third = planner.plan("Boris", at(15))
    box = opened(planner, qtbot)
    assert box.count.text() == "3 open entries"

    pick(box, 0, "Clara")
    pick(box, 2, "Leave it as it is")
    assert box.count.text() == "3 open entries · 1 stays as it is"
    QTest.mouseClick(box.go, LEFT)

    assert planner.who(first) == "Clara" and planner.times(first)[0] == at(9)
    assert planner.values(second)["author"] != planner.people["Boris"].id
    assert planner.who(third) == "Boris"
    assert "leave" in {bar.kind for bar in planner.grid.drawing.sheet.bars()}
    assert planner.notes[-1].text == "2 entries planned anew" and planner.page.away.box is None
    planner.base.undo.undo(planner.notes[-1].undo_operation)
    assert planner.who(first) == planner.who(second) == "Boris"


def test_proposals_can_be_tried_as_drafts(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Boris", at(9))
    box = opened(planner, qtbot)

    QTest.mouseClick(box.draft, LEFT)

    assert planner.page.draft_bar.isVisible() and planner.who(visit) == "Boris"
    assert planner.bar(visit).draft == "moved"
    assert planner.bar(visit).row != planner.people["Boris"]


def test_other_days_are_asked_anew_and_wrong_ones_say_so(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Boris", at(9))
    planner.plan("Boris", at(9, day=1))
    box = opened(planner, qtbot)
    assert len(box.proposals) == 1

    box.last.set_day(at(9, day=1).date())
    box.last.day_changed.emit(box.last.day())
    assert len(box.proposals) == 2
    box.first.set_day((at(9) + timedelta(days=5)).date())
    box.first.day_changed.emit(box.first.day())

    assert not box.proposals and not box.go.isEnabled()
    assert box.count.text() == "Choose who is away, and from which day to which"


def test_a_clash_that_came_meanwhile_is_asked_and_the_box_stays(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Boris", at(9))
    box = opened(planner, qtbot)
    pick(box, 0, "Clara")
    planner.plan("Clara", at(9), subject="Lesson")

    said = answered("Save all the same")
    QTest.mouseClick(box.go, LEFT)

    assert "“Lesson”" in said[0] and planner.who(visit) == "Clara"
