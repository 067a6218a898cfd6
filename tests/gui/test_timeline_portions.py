"""A long timeline is made a few entries at a time, so that the window goes on meanwhile."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.writing.staging import Create
from crm_desktop.ui.record_card import timeline
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.timeline import TimelineTab
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> CardPage:
    """The card of a client with 50 notes."""
    notes = [{"about": client, "body": f"Note {i}"} for i in range(50)]
    desk.base.records.apply([Create("activity", values) for values in notes])
    card = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, card)
    return card


def opened(page: CardPage) -> TimelineTab:
    tab = page.tabs.open_tab("timeline")
    assert isinstance(tab, TimelineTab)
    return tab


def shown(tab: TimelineTab) -> int:
    return sum(not row.isHidden() for row in tab._rows)


def test_no_turn_of_the_loop_makes_more_than_a_portion(page: CardPage, qtbot: QtBot) -> None:
    portion, tab = timeline._PORTION, opened(page)
    assert shown(tab) == portion  # the question was answered at once, the loop did not run yet

    tab._show_portion()

    assert shown(tab) == 2 * portion
    qtbot.waitUntil(lambda: shown(tab) == 30)
    qtbot.waitUntil(tab._more.isVisible)
    tab._more.click()
    assert shown(tab) == 30
    qtbot.waitUntil(lambda: shown(tab) > 49)


def test_another_filter_meanwhile_leaves_no_stale_rows(page: CardPage, qtbot: QtBot) -> None:
    tab = opened(page)
    tab._found = tab._found[:3]

    tab._fill()

    qtbot.waitUntil(lambda: not tab._waiting)
    assert shown(tab) == 3
