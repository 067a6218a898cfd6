"""On the board and in the planner nothing is begun that could not be kept: for who only reads,
cards and bars are not taken, menus are grey, and everything wakes with a seat."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.ui.board.acts import Chosen, card_actions, card_menu
from tests.gui.board_desk import BoardDesk, board
from tests.gui.card_desk import Desk
from tests.gui.planner_desk import PlannerDesk, at, planner

__all__ = ["board", "planner"]

WHY = "You came in only to read."


def read_only(desk: Desk, why: str) -> list[str]:
    """As if there was no seat, or one again for ''; what is said when something is refused."""
    said: list[str] = []
    desk.base.read_only = why
    desk.session.seat.changed.emit()
    desk.session.refusals.said.connect(said.append)
    return said


def test_a_card_is_not_dragged_without_a_seat(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Windows for a school")
    board.open(qtbot)
    said = read_only(board, WHY)

    board.hold(board.middle("Windows for a school"), board.over("Payment"))
    assert board.view.gestures.ghost_at() is None
    QTest.mouseRelease(board.view.viewport(), Qt.MouseButton.LeftButton, pos=board.over("Payment"))
    board.key(Qt.Key.Key_Delete)

    assert said == [WHY, WHY] and board.stage_of(deal) == "First call"
    assert not board.page.new.isEnabled() and board.page.new.toolTip() == WHY
    read_only(board, "")
    assert board.page.new.isEnabled()
    board.drag(board.middle("Windows for a school"), board.over("Payment"))
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Payment")


def test_the_menu_of_a_card_is_grey_where_it_writes(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("Windows for a school")
    board.open(qtbot)
    read_only(board, WHY)
    card, controller = board.card("Windows for a school"), board.page.controller
    chosen = Chosen(card, (card,))

    menu = card_menu(
        controller, card_actions(controller, chosen, lambda _card: None), chosen, board.page
    )

    lines = {action.objectName(): action for action in menu.actions() if action.objectName()}
    grey = {name for name, action in lines.items() if not action.isEnabled()}
    assert {"log-call", "plan-step", "start-set", "delete"} <= grey
    assert not grey & {"open", "show-in-list", "call"}
    assert lines["delete"].toolTip() == WHY
    (to,) = [action for action in menu.actions() if action.text() == "Move to"]
    assert not to.isEnabled()
    menu.deleteLater()


def test_a_bar_is_not_dragged_nor_time_swept_over_without_a_seat(
    planner: PlannerDesk, qtbot: QtBot
) -> None:
    visit = planner.plan("Anna", at(11))
    planner.open(qtbot)
    qtbot.waitUntil(lambda: bool(list(planner.grid.drawing.sheet.bars())))
    said = read_only(planner, WHY)
    swept: list[object] = []
    planner.grid.new_wanted.connect(lambda *place: swept.append(place))

    planner.drag(planner.middle(visit), planner.middle(visit) + QPoint(200, 0))
    boris = planner.people["Boris"]
    planner.drag(planner.spot(boris, at(12)), planner.spot(boris, at(14)))

    assert said == [WHY, WHY] and not swept
    assert planner.times(visit)[0] == at(11)
    assert planner.page.new.refused() == WHY
    planner.page.controller.drafting.turn(True)  # to try things out is free
    assert planner.page.new.isEnabled()
    planner.drag(planner.middle(visit), planner.middle(visit) + QPoint(200, 0))
    assert len(planner.page.controller.drafting.drafts) == 1
    assert planner.page.draft_bar.apply.refused() == WHY
    read_only(planner, "")
    assert planner.page.draft_bar.apply.isEnabled()
    planner.page.controller.drafting.drop()
