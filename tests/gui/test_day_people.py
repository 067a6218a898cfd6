"""A person's day: somebody new at a client, added from the client's card."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.ui.editors.links import LinkEditor
from crm_desktop.ui.itemmodels.cells import Column
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.child_columns import shared_out
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.children import ChildTab
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def people(desk: Desk, client: Ref, qtbot: QtBot) -> ChildTab:
    """The tab with the people of a client, one with a long name."""
    desk.make("person", name="Konstantinopolskaya Vyacheslava", client=client.id)
    page = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, page, 1100)
    found = page.tabs.open_tab("employment.client")
    assert isinstance(found, ChildTab)
    qtbot.waitUntil(lambda: found.model.rowCount() == 1)
    return found


def opened(people: ChildTab, qtbot: QtBot) -> ChildDialog:
    qtbot.mouseClick(people.add_button, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ChildDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_somebody_unknown_is_made_inside_the_form(
    people: ChildTab, desk: Desk, qtbot: QtBot
) -> None:
    dialog = opened(people, qtbot)
    editor = dialog.forms.form.editors["person"]
    assert next(iter(dialog.forms.form.editors)) == "person", "who it is comes first"
    assert editor.line.hasFocus()
    qtbot.keyClicks(editor.line, "Anna Petrova")
    qtbot.waitUntil(editor.suggestions.is_open)

    qtbot.keyClick(editor.suggestions._popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.value() is not None)
    dialog.forms.save()

    qtbot.waitUntil(lambda: people.model.rowCount() == 2)
    cursor = desk.base.lists.open(Query("person", columns=("name", "client.name")))
    assert ("Anna Petrova", "Vector Ltd") in [
        tuple(str(c) for c in r.cells) for r in cursor.first(9)
    ]


def test_an_empty_tab_offers_somebody_new_once(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    page = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, page, 1100)

    tab = page.tabs.open_tab("employment.client")

    assert isinstance(tab, ChildTab)
    qtbot.waitUntil(tab.add_button.isHidden)


def test_the_tab_of_people_adds_not_a_job_but_somebody(people: ChildTab) -> None:
    assert people.add_button.text() == "Add"


def test_a_name_is_read_whole_where_there_is_room(people: ChildTab) -> None:
    columns: list[Column] = people.model.columns
    assert columns[0].key == "person"
    hint = people.table.itemDelegate().sizeHint(None, people.model.index(0, 0)).width()
    assert people.table.columnWidth(0) >= hint


def test_columns_give_way_only_as_far_as_they_can() -> None:
    assert sum(shared_out([300, 200, 100], 1000)) <= 1000
    assert sum(shared_out([300, 200, 100], 500)) <= 500
    assert min(shared_out([300, 200, 100], 10)) >= 80
    assert shared_out([300, 200, 100], 500, {1})[1] == 200
    assert shared_out([700, 200], 1000)[0] >= 700, "nothing is cut while there is room"


def test_what_is_not_found_is_said(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    field = replace(desk.base.catalogue["person"].field("client"), create=False)
    editor = LinkEditor(field, desk.base.parse_context, desk.session)
    desk.show(qtbot, editor)
    editor.line.setFocus()

    editor.search("nowhere")

    qtbot.waitUntil(editor.suggestions.is_open)
    assert editor.suggestions.rows() == []


@pytest.fixture
def company(desk: Desk, client: Ref, qtbot: QtBot) -> LinkEditor:
    """The link to a company, typed in place; there is one company."""
    editor = LinkEditor(desk.base.catalogue["person"].field("client"), desk.base.parse_context,
                        desk.session)  # fmt: skip
    desk.show(qtbot, editor)
    editor.in_place = True
    editor.line.setFocus()
    return editor


def test_tab_takes_the_only_record_that_fits(
    company: LinkEditor, client: Ref, qtbot: QtBot
) -> None:
    qtbot.keyClicks(company.line, "Vec")
    qtbot.waitUntil(company.suggestions.is_open)

    with qtbot.waitSignal(company.stepped):
        qtbot.keyClick(company.suggestions._popup, Qt.Key.Key_Tab)

    assert company.value() == client.id


def test_tab_leaves_the_keyboard_in_a_cell_that_cannot_be_kept(
    company: LinkEditor, qtbot: QtBot
) -> None:
    qtbot.keyClicks(company.line, "Nobody")
    qtbot.waitUntil(company.suggestions.is_open)

    qtbot.keyClick(company.suggestions._popup, Qt.Key.Key_Tab)

    assert not company.suggestions.is_open() and company.line.hasFocus()
