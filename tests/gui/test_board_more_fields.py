"""Fields of the office's own on the cards of the board."""

from __future__ import annotations

from datetime import date

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.overlay import custom_key
from crm_desktop.services.board.more_fields import MOST, offered
from crm_desktop.services.board.reading import Asked
from crm_desktop.ui.board import state
from crm_desktop.ui.board.look_menu import look_menu
from tests.gui.board_desk import BoardDesk, board

__all__ = ["board"]
PROFILE, DELIVERY = custom_key("profile"), custom_key("delivery")


def own_fields(board: BoardDesk) -> None:
    """A text and a day that the office has made for its deals."""
    for key, kind, label in (("profile", "text", "Profile"), ("delivery", "date", "Delivery")):
        definition = {"key": key, "type": kind, "label": label}
        board.base.constructor.add_field(board.base.catalogue["deal"], definition)


def lines(board: BoardDesk, name: str) -> list[str]:
    drawing = board.view.drawing
    return [value for _key, value in drawing._lines(board.card(name))]


def test_a_field_of_the_offices_own_is_chosen_and_read(board: BoardDesk, qtbot: QtBot) -> None:
    own_fields(board)
    board.deal("A", **{PROFILE: "Rehau 70", DELIVERY: date(2027, 3, 1)})
    board.deal("B")
    board.open(qtbot)
    low = board.view.layout_.card
    menu = look_menu(board.page.controller, board.page)
    further = next(a.menu() for a in menu.actions() if a.text() == "Further fields")
    for label in ("Profile", "Delivery"):
        next(a for a in further.actions() if a.text() == label).trigger()
        further = look_menu(board.page.controller, board.page).findChild(type(further))
    qtbot.waitUntil(lambda: "Profile: Rehau 70" in lines(board, "A"))
    assert "2027" in lines(board, "A")[-1]
    assert lines(board, "B")[-2:] == ["", ""]
    assert board.view.layout_.card > low
    kept = state.load(board.session.settings, board.session.address)
    assert kept.more == (PROFILE, DELIVERY)


def test_a_changed_field_is_seen_on_its_card(board: BoardDesk, qtbot: QtBot) -> None:
    own_fields(board)
    deal = board.deal("A", **{PROFILE: "Rehau 70"})
    board.open(qtbot, more=(PROFILE,))
    qtbot.waitUntil(lambda: "Profile: Rehau 70" in lines(board, "A"))
    board.base.records.update("deal", deal.id, {PROFILE: "Veka"})
    qtbot.waitUntil(lambda: "Profile: Veka" in lines(board, "A"))


def test_a_field_that_has_gone_is_passed_over(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("A")
    board.open(qtbot, more=("gone", "tags"))
    assert [f.key for f in board.page.controller.found.more_fields] == ["tags"]  # type: ignore[union-attr]


def test_what_cards_show_anyway_is_not_offered(board: BoardDesk) -> None:
    own_fields(board)
    keys = {f.key for f in offered(board.base.catalogue)}
    assert {PROFILE, DELIVERY, "campaign", "note"} <= keys
    assert not keys & {"name", "client", "person", "amount", "stage", "next_step", "next_step_at"}
    assert len(keys) > MOST
    assert not board.base.board.read(Asked()).more_fields
