"""Whoever a deal is about is called from the card of the deal."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]


def card_of(desk: Desk, qtbot: QtBot, deal: Ref) -> CardPage:
    page = CardPage(desk.session, desk.navigator, deal, parts=CARD_PARTS)
    desk.show(qtbot, page)
    qtbot.waitUntil(lambda: page.actions_row.note.isVisible())
    return page


def test_the_telephone_of_the_client_is_dialled(desk: Desk, qtbot: QtBot) -> None:
    client = desk.make("client", name="Vector", phone="+79165551234")
    deal = desk.make("deal", name="Flat", client=client.id)

    page = card_of(desk, qtbot, deal)

    assert page.actions_row.call.isVisible() and page.actions_row.talk.isVisible()
    assert page.actions_row.call.toolTip() == "+7 916 555-12-34"


def test_without_a_number_there_is_nothing_to_dial(desk: Desk, qtbot: QtBot) -> None:
    deal = desk.make("deal", name="Flat", client=desk.make("client", name="Vector").id)

    page = card_of(desk, qtbot, deal)

    assert not page.actions_row.call.isVisible()
