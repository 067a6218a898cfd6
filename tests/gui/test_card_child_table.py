"""The tables on a card: sorted by a click, copied as a table."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.children import ChildTab
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def tab(desk: Desk, client: Ref, qtbot: QtBot) -> ChildTab:
    """The people of a client: Boris, Anna, Clara."""
    for name in ("Boris", "Anna", "Clara"):
        desk.make("person", name=name, client=client.id)
    page = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, page)
    found = page.tabs.open_tab("employment.client")
    assert isinstance(found, ChildTab)
    qtbot.waitUntil(lambda: found.model.rowCount() == 3)
    return found


def names(tab: ChildTab) -> list[str]:
    cells = [tab.model.cell(row, 0) for row in range(tab.model.rowCount())]
    return [cell.text if cell is not None else "…" for cell in cells]


def test_a_click_sorts_upwards_then_downwards(tab: ChildTab, qtbot: QtBot) -> None:
    tab.table.head.sort_asked.emit(0, False)
    qtbot.waitUntil(lambda: names(tab) == ["Anna", "Boris", "Clara"])

    tab.table.head.sort_asked.emit(0, False)

    qtbot.waitUntil(lambda: names(tab) == ["Clara", "Boris", "Anna"])


def test_all_rows_are_copied_with_their_headings(tab: ChildTab, desk: Desk) -> None:
    tab.table.head.sort_asked.emit(0, False)

    tab.copy_all()

    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Person\t")
    assert [line.split("\t")[0] for line in lines[1:]] == ["Anna", "Boris", "Clara"]
    assert desk.notes[-1].text == "3 rows copied"
