"""The link beside the heading of a section has room for its words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.ui.record_card.facts import FactSection
from crm_desktop.ui.record_card.facts_view import FactsView
from crm_desktop.ui.widgets.buttons import Button
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]


def test_longer_words_get_more_room_in_a_heading_of_the_same_size(desk: Desk, qtbot: QtBot) -> None:
    view = FactsView(lambda field: pytest.fail(f"{field.key} is not edited here"))
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    for title, word in (("Contacts", ""), ("Contacts", "Add"), ("Контакты", "Добавить контакт")):
        view.set_sections([FactSection("contacts", title, (), word)])
        shown = [button for button in view.findChildren(Button) if button.isVisible()]
        assert [button.text() for button in shown] == [word] * bool(word)
        assert all(button.width() == button.sizeHint().width() for button in shown)
        assert all(button.geometry().right() < view.width() for button in shown)
