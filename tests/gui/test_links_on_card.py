"""What an activity is linked to, in the head of its card and on the cards of the others."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.concerns import concerned, link
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.marks.links_line import LinksLine
from crm_desktop.ui.marks.record_chooser import RecordChooser
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


def opened(desk: Desk, qtbot: QtBot, ref: Ref) -> CardPage:
    page = CardPage(desk.session, desk.navigator, ref, parts=CARD_PARTS)
    desk.show(qtbot, page)
    return page


def links(page: CardPage) -> LinksLine:
    found = page.findChild(LinksLine)
    assert found is not None
    return found


def linked(desk: Desk, call: Ref) -> list[Ref]:
    return list(concerned(desk.base, [call.id]).get(call.id, {}).values())


def test_a_record_is_found_and_linked_by_keyboard(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    call, deal = (
        desk.make("activity", subject="Call", about=client),
        desk.make("client", name="Zett"),
    )
    line = links(opened(desk, qtbot, call))
    line.choose()
    chooser = line.window().findChild(RecordChooser)
    assert chooser is not None

    qtbot.keyClicks(chooser.list.line, "Zet")
    qtbot.waitUntil(lambda: any("Zett" in item.text for item in chooser.list._items))
    qtbot.keyClick(chooser.list.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: [chip.text() for chip in line.chips] == ["Zett"])
    assert linked(desk, call) == [deal] and desk.notes[-1].undo_operation is not None


def test_delete_on_a_chip_takes_the_link_away(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    call = desk.make("activity", subject="Call")
    link(desk.base, call.id, client)
    line = links(opened(desk, qtbot, call))

    qtbot.keyClick(line.chips[0], Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: not line.chips)
    assert linked(desk, call) == []


def test_a_chip_opens_its_record(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    call = desk.make("activity", subject="Call")
    link(desk.base, call.id, client)
    line, places = links(opened(desk, qtbot, call)), list[Ref | None]()
    desk.navigator.place_wanted.connect(lambda place, _tab: places.append(place.ref))

    qtbot.keyClick(line.chips[0], Qt.Key.Key_Return)

    assert places == [client]


def test_the_card_of_the_other_counts_and_lists_it(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    call = desk.make("activity", subject="Call")
    link(desk.base, call.id, client)
    page = opened(desk, qtbot, client)
    contents = page.tabs._contents
    assert contents is not None and contents.event_count == 4  # three of its own
    tab = page.tabs.open_tab("activity_link.record")
    assert tab is not None
    qtbot.waitUntil(lambda: tab.model.rowCount() == 1)  # type: ignore[attr-defined]
    assert tab.model.cell(0, 0).text == "Call"  # type: ignore[attr-defined]
    assert tab.model.columnCount() == 1  # its name would only repeat the card's
