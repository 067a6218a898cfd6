"""People and competitors of a deal are picked in place, with role and price, and changed there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.editors.links import LinkEditor
from crm_desktop.ui.navigation import Place
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.picked_tab import PickedTab
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def deal(desk: Desk, client: Ref) -> Ref:
    desk.make("person", name="Olga Kim", client=client.id)
    return desk.make("deal", name="Two windows", client=client.id)


def opened(desk: Desk, deal: Ref, qtbot: QtBot, key: str) -> PickedTab:
    page = CardPage(desk.session, desk.navigator, deal)
    desk.show(qtbot, page)
    found = page.tabs.open_tab(key)
    assert isinstance(found, PickedTab)
    return found


def pick(tab: PickedTab, qtbot: QtBot, key: str, text: str) -> None:
    """Types into a link and takes the first suggestion."""
    editor = tab.line.editors[key]
    assert isinstance(editor, LinkEditor)
    editor.start()
    QTest.keyClicks(editor.line, text)
    qtbot.waitUntil(editor.suggestions.is_open)
    QTest.keyClick(editor.suggestions._popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.text_error() == "" and editor.value() is not None)


def rows(desk: Desk, entity: str, deal: Ref) -> list[dict[str, object]]:
    found = desk.base.reader.linked(entity, "deal", [deal.id])
    return [row.values for _id, row in sorted(found.items())]


def cells(tab: PickedTab) -> list[str]:
    found = [tab.model.cell(0, place) for place in range(tab.model.columnCount())]
    return [cell.text if cell is not None else "…" for cell in found]


def test_a_person_is_picked_with_a_role_by_keys_alone(desk: Desk, deal: Ref, qtbot: QtBot) -> None:
    desk.make("reference", book="role", name="Pays for it")
    tab = opened(desk, deal, qtbot, "deal_person.deal")
    pick(tab, qtbot, "person", "Olg")
    pick(tab, qtbot, "role", "Pays")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(rows(desk, "deal_person", deal)) == 1)
    qtbot.waitUntil(lambda: tab.model.rowCount() == 1 and cells(tab)[:2] != ["…", "…"])
    assert {"Olga Kim", "Pays for it"} <= set(cells(tab))
    assert tab.line.picked() == "" and desk.notes[-1].undo_operation is not None


def test_somebody_new_is_made_on_the_spot(desk: Desk, deal: Ref, qtbot: QtBot) -> None:
    tab = opened(desk, deal, qtbot, "deal_person.deal")
    pick(tab, qtbot, "person", "Ivan Architect")
    tab.line.put_in.click()
    qtbot.waitUntil(lambda: len(rows(desk, "deal_person", deal)) == 1)
    (row,) = rows(desk, "deal_person", deal)
    assert row["name"] == "Ivan Architect"


def test_nothing_picked_adds_nothing(desk: Desk, deal: Ref, qtbot: QtBot) -> None:
    tab = opened(desk, deal, qtbot, "deal_person.deal")
    tab.line.put_in.click()
    assert rows(desk, "deal_person", deal) == []
    assert QApplication.focusWidget() is tab.line.editors["person"].focusProxy()


def test_a_role_is_changed_in_place(desk: Desk, deal: Ref, qtbot: QtBot) -> None:
    roles = [desk.make("reference", book="role", name=name) for name in ("Buys", "Decides")]
    olga = desk.base.titles.find("person", "Olga Kim")[0]
    joined = desk.make("deal_person", deal=deal.id, person=olga, role=roles[0].id, note="Friday")
    tab = opened(desk, deal, qtbot, "deal_person.deal")
    qtbot.waitUntil(lambda: tab.model.rowCount() == 1)
    tab.table.go_to(0)
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: tab.line.put_in.text() == "Save")
    qtbot.waitUntil(lambda: tab.line.picked() == "Olga Kim")
    tab.line.editors["role"].set_value(roles[1].id)
    tab.line.put_in.click()
    qtbot.waitUntil(lambda: desk.values(joined)["role"] == roles[1].id)
    assert (desk.values(joined)["note"], desk.values(joined)["person"]) == ("Friday", olga)
    assert tab.line.put_in.text() == "Add"


def test_escape_leaves_a_row_as_it_was(desk: Desk, deal: Ref, qtbot: QtBot) -> None:
    olga = desk.base.titles.find("person", "Olga Kim")[0]
    joined = desk.make("deal_person", deal=deal.id, person=olga)
    tab = opened(desk, deal, qtbot, "deal_person.deal")
    qtbot.waitUntil(lambda: tab.model.rowCount() == 1)
    tab.table.go_to(0)
    tab.change()
    qtbot.waitUntil(lambda: tab.line.picked() == "Olga Kim")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert (tab.line.picked(), tab.is_changed()) == ("", False)
    assert desk.values(joined)["role"] is None


def test_a_competitor_is_picked_with_a_price(desk: Desk, deal: Ref, qtbot: QtBot) -> None:
    desk.make("reference", book="competitor", name="Okna Plus")
    tab = opened(desk, deal, qtbot, "deal_competitor.deal")
    pick(tab, qtbot, "competitor", "Okna")
    price = tab.line.editors["price"]
    price.start()
    QTest.keyClicks(QApplication.focusWidget(), "1500,50")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(rows(desk, "deal_competitor", deal)) == 1)
    assert rows(desk, "deal_competitor", deal)[0]["price"] == Decimal("1500.50")


def test_enter_on_a_row_opens_the_card_of_the_person(desk: Desk, deal: Ref, qtbot: QtBot) -> None:
    places: list[Place] = []
    desk.navigator.place_wanted.connect(lambda place, _tab: places.append(place))
    olga = desk.base.titles.find("person", "Olga Kim")[0]
    desk.make("deal_person", deal=deal.id, person=olga)
    tab = opened(desk, deal, qtbot, "deal_person.deal")
    qtbot.waitUntil(lambda: tab.model.rowCount() == 1)
    tab.table.go_to(0)
    assert cells(tab)[0] == "Olga Kim" and tab.model.columnCount() == 3
    tab.table.row_opened.emit(0, False)
    qtbot.waitUntil(lambda: bool(places))
    assert places[-1].ref == Ref("person", olga)
