"""Draft mode in the window with real mouse events: seen, kept, applied, dropped."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.models.query import Query
from crm_desktop.services.reminders.outgoing import messages
from crm_desktop.ui.planner.new_box import NewBox
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.widgets.popover import Popover
from tests.gui.planner_desk import LEFT, NONE, PlannerDesk, answered, at, planner

__all__ = ["planner"]


def drafting(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.open(qtbot)
    QTest.mouseClick(planner.page.draft_button, LEFT)
    assert planner.page.draft_bar.isVisible()


def test_drafts_are_seen_with_their_load_and_saved_when_applied(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Boris", at(10))
    drafting(planner, qtbot)

    planner.drag(planner.middle(visit), planner.spot(planner.people["Clara"], at(12, 30)))

    assert planner.bar(visit).draft == "moved" and planner.who(visit) == "Boris"
    loads = {line.row.name: line.total.busy for line in planner.grid.drawing.sheet.lines}
    assert (loads["Boris"], loads["Clara"]) == (0, 60)
    assert planner.page.draft_bar.label.text() == "Draft: 1 change is not saved yet"
    QTest.mouseClick(planner.page.draft_bar.apply, LEFT)
    assert planner.who(visit) == "Clara" and planner.times(visit)[0] == at(12)
    assert planner.notes[-1].text == "1 draft applied · 2 colleagues get a message each"
    assert {m.whom for m in messages(planner.base)} == {
        planner.people["Boris"].id, planner.people["Clara"].id
    }  # fmt: skip
    planner.base.undo.undo(planner.notes[-1].undo_operation)
    assert planner.who(visit) == "Boris" and not planner.page.draft_bar.isVisible()


def test_new_copied_deleted_and_placed_wait_together(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit, gone = planner.plan("Anna", at(10)), planner.plan("Boris", at(10))
    planner.make("activity", subject="Call", kind="call", state="planned",
                 author=planner.people["Anna"].id)  # fmt: skip
    drafting(planner, qtbot)
    clara = planner.people["Clara"]

    ctrl = Qt.KeyboardModifier.ControlModifier
    planner.drag(planner.middle(visit), planner.spot(clara, at(9, 30)), ctrl)
    QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, planner.middle(gone))
    QTest.keyClick(planner.grid, Qt.Key.Key_Delete)
    planner.drag(planner.spot(clara, at(13)), planner.spot(clara, at(14)))
    box = planner.page.window().findChild(Popover).findChild(NewBox)
    QTest.keyClicks(box.subject, "Fitting")
    QTest.keyClick(box.subject, Qt.Key.Key_Return)
    planner.page.tray.setCurrentIndex(planner.page.tray.model().index(0, 0))
    QTest.keyClick(planner.page.tray, Qt.Key.Key_Return, ctrl)

    assert len(planner.page.controller.drafting.drafts) == 4
    assert planner.base.lists.count(Query("activity")) == 3
    assert not planner.page.tray.cards.cards
    QTest.mouseClick(planner.page.draft_bar.apply, LEFT)
    bars = list(planner.grid.drawing.sheet.bars())
    assert sorted(bar.subject for bar in bars) == ["Call", "Fitting", "Visit", "Visit"]
    assert not any(bar.draft for bar in bars) and planner.bar(visit)


def test_drafts_outlive_the_page_and_come_back_after_dropping(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    drafting(planner, qtbot)
    planner.drag(planner.middle(visit), planner.spot(planner.people["Boris"], at(12, 30)))
    planner.page.hide()

    planner.page = PlannerPage(planner.session, planner.navigator)
    planner.show(qtbot, planner.page, 1300, 760)
    assert planner.page.is_changed() and planner.bar(visit).row == planner.people["Boris"]
    QTest.mouseClick(planner.page.draft_bar.drop, LEFT)
    assert planner.bar(visit).row == planner.people["Anna"]
    planner.notes[-1].undo()
    assert planner.bar(visit).row == planner.people["Boris"]


def test_what_was_changed_meanwhile_is_asked_about(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit, other = planner.plan("Anna", at(10)), planner.plan("Anna", at(13))
    drafting(planner, qtbot)
    clara = planner.people["Clara"]
    planner.drag(planner.middle(visit), planner.spot(clara, at(10, 30)))
    planner.drag(planner.middle(other), planner.spot(clara, at(13, 30)))
    planner.base.records.update("activity", visit.id, {"starts": at(16)})

    said = answered("Apply the rest")
    QTest.mouseClick(planner.page.draft_bar.apply, LEFT)

    assert "Tick what is to be applied" in said[0]
    assert planner.who(visit) == "Anna" and planner.times(visit)[0] == at(16)
    assert planner.who(other) == "Clara"


def test_back_from_the_box_keeps_every_draft(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10))
    drafting(planner, qtbot)
    planner.drag(planner.middle(visit), planner.spot(planner.people["Clara"], at(10, 30)))
    planner.base.records.update("activity", visit.id, {"starts": at(16)})

    answered("Back")
    QTest.mouseClick(planner.page.draft_bar.apply, LEFT)

    assert len(planner.page.controller.drafting.drafts) == 1 and planner.who(visit) == "Anna"


def test_a_clash_of_drafts_is_asked_before_they_are_saved(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.plan("Boris", at(14), subject="Lesson")
    drafting(planner, qtbot)
    planner.drag(planner.middle(visit), planner.spot(planner.people["Boris"], at(14, 30)))

    said = answered("Save all the same")
    QTest.mouseClick(planner.page.draft_bar.apply, LEFT)

    assert "“Lesson”" in said[0] and planner.who(visit) == "Boris"


def test_the_keyboard_turns_drafting_on_and_moves_a_draft(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.open(qtbot)
    QTest.mouseClick(planner.grid.viewport(), LEFT, NONE, planner.middle(visit))

    QTest.keyClick(planner.grid, Qt.Key.Key_D)
    for _press in range(3):
        QTest.keyClick(planner.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(planner.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert planner.bar(visit).starts == int(at(10, 45).timestamp())
    assert planner.bar(visit).row == planner.people["Boris"]
    assert planner.times(visit)[0] == at(10) and planner.who(visit) == "Anna"
