"""Links are typed: suggestions by the beginning, a new record on the spot, nothing lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.editors.links import LinkEditor
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


def an_editor(desk: Desk, qtbot: QtBot, entity: str, key: str) -> LinkEditor:
    f = desk.base.catalogue[entity].field(key)
    made = editor_for(f, desk.base.parse_context, desk.session)
    desk.show(qtbot, made, width=300, height=40)
    made.start()
    assert isinstance(made, LinkEditor)
    return made


def offered(editor: LinkEditor) -> list[str]:
    return [row.sentence or row.text for row in editor.suggestions.rows()]


@pytest.fixture
def status(desk: Desk, qtbot: QtBot) -> LinkEditor:
    return an_editor(desk, qtbot, "client", "status")


def test_only_values_of_the_book_are_offered(status: LinkEditor) -> None:
    status.search("")

    assert offered(status) == ["New", "Negotiation", "Active", "Sleeping", "Lost"]


def test_typing_narrows_by_the_beginning(status: LinkEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(status.line, "ne")

    qtbot.waitUntil(lambda: offered(status) == ["New", "Negotiation", "Create “ne”"])


def test_enter_takes_the_marked_row(status: LinkEditor, desk: Desk, qtbot: QtBot) -> None:
    status.search("lo")

    qtbot.keyClick(status.suggestions._popup, Qt.Key.Key_Return)

    assert status.line.text() == "Lost"
    assert status.value() == desk.base.titles.find("reference", "Lost")[0]


def test_a_new_value_is_made_on_the_spot(status: LinkEditor, desk: Desk) -> None:
    status.search("Frozen")
    (offer,) = status.suggestions.rows()

    status.choose(offer)

    made = desk.values(Ref("reference", status.value()))
    assert (made["name"], made["book"]) == ("Frozen", "client_status")


def test_the_title_of_a_value_is_looked_up(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    editor = an_editor(desk, qtbot, "person", "client")

    editor.set_value(client.id)

    assert editor.line.text() == "Vector Ltd"


def test_text_that_leads_nowhere_stays_and_is_named(status: LinkEditor) -> None:
    status.set_raw({"text": "Unheard of", "ref": None})

    assert "Unheard of" in status.check()
    assert status.line.text() == "Unheard of"


def test_an_emptied_link_is_none(status: LinkEditor, desk: Desk) -> None:
    status.set_value(desk.base.titles.find("reference", "Lost")[0])

    status.set_raw({"text": "", "ref": None})

    assert status.check() == ""
    assert status.value() is None


def test_a_record_link_offers_every_able_object(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    person = desk.make("person", name="Vera Smith")
    editor = an_editor(desk, qtbot, "activity", "about")

    editor.search("ve")

    found = {row.ref: row.side for row in editor.suggestions.rows()}
    assert found == {client: "Client", person: "Person"}


def test_opening_leads_to_the_linked_record(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    editor = an_editor(desk, qtbot, "person", "client")
    editor.set_value(client.id)

    with qtbot.waitSignal(editor.open_wanted) as asked:
        editor._go.click()

    assert asked.args == [client]
