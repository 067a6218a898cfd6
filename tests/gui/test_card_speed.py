"""Opening a card never holds the window, however much hangs on the record."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.writing.staging import Create
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.panel import RecordPanel
from tests.gui.card_desk import Desk, client, desk
from tests.gui.conftest import NoStall

__all__ = ["client", "desk"]


@pytest.fixture
def busy(desk: Desk, client: Ref) -> Ref:
    """A client with 150 activities."""
    texts = [{"about": client, "body": f"Call number {i}: " + "talked. " * 20} for i in range(150)]
    desk.base.records.apply([Create("activity", values) for values in texts])
    return client


def test_a_busy_card_does_not_hold_the_window(
    desk: Desk, busy: Ref, qtbot: QtBot, no_stall: NoStall
) -> None:
    panel = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, panel, width=432)
    panel.show_record(desk.make("client", name="Another"))  # the first one loads the libraries
    qtbot.waitUntil(lambda: panel.header.title.text() == "Another")

    with no_stall():
        panel.show_record(busy)
        qtbot.waitUntil(lambda: panel.header.title.text() == "Vector Ltd")


def test_a_long_timeline_does_not_hold_the_window(
    desk: Desk, busy: Ref, qtbot: QtBot, no_stall: NoStall
) -> None:
    first = CardPage(desk.session, desk.navigator, busy)  # it loads the libraries
    desk.show(qtbot, first)
    first.tabs.open_tab("timeline")
    page = CardPage(desk.session, desk.navigator, busy)
    desk.show(qtbot, page)

    with no_stall():
        tab = page.tabs.open_tab("timeline")
        qtbot.waitUntil(lambda: tab is not None and bool(tab._rows))  # type: ignore[attr-defined]


def test_moving_on_makes_no_new_widgets(desk: Desk, busy: Ref, qtbot: QtBot) -> None:
    panel = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, panel, width=432)
    others = [desk.make("client", name=f"Client {i}", city="Omsk") for i in range(5)]
    panel.show_record(busy)
    qtbot.waitUntil(lambda: panel.header.title.text() == "Vector Ltd")
    before = len(panel.findChildren(object))

    for other in others:
        panel._timer.stop()
        panel.show_record(other)

    assert len(panel.findChildren(object)) == before
