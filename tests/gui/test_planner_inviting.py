"""Inviting: the free/busy strip, slots at which all are free, one click takes one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import seconds
from crm_desktop.ui.planner.inviting import InvitePanel
from crm_desktop.ui.planner.new_box import NewBox
from crm_desktop.ui.planner.together_tab import TogetherTab
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.widgets.popover import Popover
from tests.gui.planner_desk import LEFT, PlannerDesk, answered, at, planner

__all__ = ["planner"]


def new_box(planner: PlannerDesk, qtbot: QtBot) -> NewBox:
    """The box for Anna, swept from 10 to 11."""
    planner.open(qtbot)
    anna = planner.people["Anna"]
    planner.drag(planner.spot(anna, at(10)), planner.spot(anna, at(11)))
    found = planner.page.window().findChild(Popover).findChild(NewBox)
    assert isinstance(found, NewBox)
    return found


def invite(panel: InvitePanel, name: str) -> None:
    """With the keyboard."""
    panel.add.setFocus()
    panel.add.setCurrentIndex(panel.add.findText(name))
    panel.add.activated.emit(panel.add.currentIndex())


def test_a_slot_for_all_is_taken_by_one_click(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Boris", at(10, 30), minutes=90, subject="Lesson")
    box = new_box(planner, qtbot)
    panel = box.findChild(InvitePanel)
    invite(panel, "Boris")
    invite(panel, "Room 1")
    offer = panel.offer
    assert offer.isVisible() and offer.strip.accessibleName() == (
        "Anna is free; Boris is busy 10:30–12:00; Room 1 is free"
    )
    assert [b.text() for b in offer.buttons][:2] == ["today, 12:00", "today, 14:00"]

    QTest.mouseClick(offer.buttons[0], LEFT)
    QTest.keyClicks(box.subject, "Talk")
    QTest.mouseClick(box.go, LEFT)

    bars = [b for b in planner.grid.drawing.sheet.bars() if b.subject == "Talk"]
    assert {b.starts for b in bars} == {seconds(at(12))}
    assert {b.row for b in bars} == {
        planner.people["Anna"], planner.people["Boris"], planner.room
    }  # fmt: skip


def test_who_is_taken_out_again_does_not_count(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Boris", at(10), minutes=120)
    panel = new_box(planner, qtbot).findChild(InvitePanel)
    invite(panel, "Boris")
    assert panel.offer.said.text().startswith("Somebody is busy then")

    panel.remove(planner.people["Boris"])

    assert panel.offer.said.text().startswith("Everybody has time then")


def test_a_clash_with_who_is_invited_is_asked_before_it_is_saved(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    planner.plan("Boris", at(10), subject="Lesson")
    box = new_box(planner, qtbot)
    invite(box.findChild(InvitePanel), "Boris")

    said = answered("Leave it")
    QTest.keyClicks(box.subject, "Talk")
    QTest.keyClick(box.subject, Qt.Key.Key_Return)

    assert "Boris\n“Talk” 18 Nov 10:00–11:00\n“Lesson”" in said[0]
    assert {b.subject for b in planner.grid.drawing.sheet.bars()} == {"Lesson"}


def tab_of(planner: PlannerDesk, qtbot: QtBot, ref: Ref) -> TogetherTab:
    """The participants of an activity in its card."""
    from crm_desktop.ui.features import CARD_PARTS

    card = CardPage(planner.session, planner.navigator, ref, parts=CARD_PARTS)
    planner.show(qtbot, card, 1000, 760)
    card.tabs.open_tab("participation.activity")
    found = card.findChild(TogetherTab)
    assert isinstance(found, TogetherTab)
    return found


def test_the_participants_tab_offers_times_and_moves_the_activity(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(10))
    planner.plan("Boris", at(9, 30), minutes=120, subject="Lesson")
    planner.make("participation", activity=visit.id, staff=planner.people["Boris"].id,
                 role="participant")  # fmt: skip
    tab = tab_of(planner, qtbot, visit)
    assert tab.offer.isVisible() and tab.children_tab.isVisible()
    assert tab.offer.said.text().startswith("Somebody is busy then")

    QTest.mouseClick(tab.offer.buttons[0], LEFT)

    assert planner.times(visit) == (at(11, 30), at(12, 30))
    assert planner.notes[-1].text == "Takes place today, 11:30 now"
    planner.base.undo.undo(planner.notes[-1].undo_operation)
    assert planner.times(visit)[0] == at(10)


def test_what_repeats_offers_no_other_time(planner: PlannerDesk, qtbot: QtBot) -> None:
    visit = planner.plan("Anna", at(10), rule="FREQ=DAILY")

    tab = tab_of(planner, qtbot, visit)

    assert not tab.offer.isVisible() and tab.children_tab.isVisible()
