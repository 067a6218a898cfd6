"""The menu over cards of the board: one registry of what can be done, for one card and for many."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.services.board.stuck import reach_of
from crm_desktop.ui.board.acts import Chosen, card_actions, card_menu
from crm_desktop.ui.widgets.popover import Menu
from tests.gui.board_desk import CTRL, BoardDesk, board

__all__ = ["board"]


def menu_of(board: BoardDesk, *names: str) -> Menu:
    """The menu over these cards."""
    board.click(names[0])
    for name in names[1:]:
        board.click(name, CTRL)
    chosen = Chosen(board.card(names[-1]), tuple(board.view.held()))
    actions = card_actions(board.page.controller, chosen, board.page._call)
    return card_menu(board.page.controller, actions, chosen, board.view)


def ids(menu: Menu) -> set[str]:
    return {action.objectName() for action in menu.actions() if action.objectName()}


def test_one_card_and_several_offer_what_makes_sense(board: BoardDesk, qtbot: QtBot) -> None:
    one, other = board.deal("One"), board.deal("Other")
    board.open(qtbot)
    both = {"show-in-list", "plan-step", "delete"}
    single = both | {"open", "open-new-tab", "open-client", "call", "log-call", "start-set",
                     "repeat"}  # fmt: skip
    assert ids(menu_of(board, "One")) == single
    assert ids(menu_of(board, "One", "Other")) == both | {"call-round"}
    assert board.stage_of(one) == board.stage_of(other)


def test_keys_stand_beside_the_words(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("One")
    board.open(qtbot)
    texts = {a.objectName(): a.text() for a in menu_of(board, "One").actions()}
    assert texts["log-call"] == "Note a call\tCtrl+Shift+K"
    assert texts["delete"] == "Delete\tDel"


def test_what_is_chosen_is_called_and_shown_in_the_list(board: BoardDesk, qtbot: QtBot) -> None:
    deals = [board.deal("One"), board.deal("Other")]
    board.open(qtbot)
    for name in ("call-round", "show-in-list"):
        menu = menu_of(board, "One", "Other")
        next(a for a in menu.actions() if a.objectName() == name).trigger()
        where = board.places[-1].where
        assert isinstance(where, Condition)
        assert set(where.value) == {ref.id for ref in deals}


def test_a_stage_is_chosen_from_the_menu(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("One")
    board.open(qtbot)
    menu = menu_of(board, "One")
    (to,) = [action.menu() for action in menu.actions() if action.menu() is not None]
    assert [a.text() for a in to.actions()] == ["Measurement", "Payment", "Done", "Refused"]
    to.actions()[0].trigger()
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Measurement")


def test_commands_of_the_window_act_on_the_current_card(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("One")
    board.open(qtbot)
    assert not board.page.run("open")
    board.click("One")
    assert board.page.pointed() == Ref("deal", deal.id)
    assert board.page.run("open") and board.places[-1].id == deal.id
    assert not board.page.run("call-round")
    assert QApplication.activePopupWidget() is None


def test_what_a_card_tells_does_not_cover_the_menu(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("One")
    board.open(qtbot)
    menu, hover, card = menu_of(board, "One"), board.page.hover, board.card("One")
    reach = reach_of(board.base, [card])[card.id]
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())

    menu.popup(board.page.mapToGlobal(board.page.rect().center()))
    hover._card = card  # whatever the pointer of this machine stands over
    hover._show(card, reach)
    assert not QToolTip.isVisible()

    menu.close()
    hover._card = card
    hover._show(card, reach)
    assert QToolTip.isVisible()
    QToolTip.hideText()
