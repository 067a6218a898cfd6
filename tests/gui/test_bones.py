"""What stands in the place of a page while it is being read: nothing at first, grey bars then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.duplicates.page import DuplicatesPage
from crm_desktop.ui.funnel.page import SalesFiguresPage
from crm_desktop.ui.navigation import PAGE, Place
from crm_desktop.ui.operations_list.page import OperationsPage
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.history import HistoryTab
from crm_desktop.ui.reminders.outgoing_page import OutgoingPage
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.strips import Skeleton
from tests.gui.card_desk import *  # noqa: F403
from tests.gui.card_desk import Desk
from tests.gui.held_operations import HeldReads

PAGES: dict[str, Callable[[Desk], Any]] = {
    "duplicates": lambda desk: DuplicatesPage(
        desk.session, desk.navigator, Place(PAGE, "client", name="duplicates")
    ),
    "operations": lambda desk: OperationsPage(desk.session, desk.navigator),
    "figures": lambda desk: SalesFiguresPage(desk.session, desk.navigator),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_read_for_long_shows_bones(desk: Desk, qtbot: QtBot, name: str) -> None:
    reads = desk.session.operations = HeldReads()
    page = PAGES[name](desk)
    desk.show(qtbot, page, 1100, 700)
    page.take_focus()
    before = page.window().focusWidget()
    assert page.bones.isHidden()
    qtbot.waitUntil(page.bones.isVisible)
    assert not page.empty.isVisible()
    assert page.bones.hasFocus() or page.window().focusWidget() is before
    reads.let_go()
    assert page.bones.isHidden()
    assert page.window().focusWidget() is before or before.isHidden()


def test_a_page_without_rows_keeps_the_keyboard(desk: Desk, qtbot: QtBot) -> None:
    page = OutgoingPage(desk.session, desk.navigator)
    desk.show(qtbot, page, 1100, 700)
    page.take_focus()
    assert page.table.isHidden() and page.hasFocus()
    page.show_table(some=True)
    assert page.table.hasFocus()
    page.show_table(some=False)
    assert page.hasFocus()


def test_the_history_of_a_card_shows_bones(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    page = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, page)
    reads = desk.session.operations = HeldReads()
    tab = page.tabs.open_tab("history")
    assert isinstance(tab, HistoryTab)
    qtbot.waitUntil(tab.bones.isVisible)
    reads.let_go()
    assert tab.bones.isHidden()


def test_what_is_read_at_once_shows_no_bones(qtbot: QtBot, desk: Desk) -> None:
    place, bones = Label("There", "body"), Skeleton(3)
    for one in (place, bones):
        qtbot.addWidget(one)
    place.show()
    bones.hide()
    bones.begin(place)
    bones.end()
    assert bones.isHidden() and place.isVisible() and not bones._soon.isActive()
