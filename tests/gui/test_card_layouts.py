"""Tabs and sections as people arrange them: by mouse and keyboard, own and for the office."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.customisation.layouts import CardLayout, with_section
from crm_desktop.ui.record_card.arrange_list import ArrangeLine, ArrangeList
from crm_desktop.ui.record_card.arranging import SECTIONS, ArrangeDialog
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> CardPage:
    made = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, made)
    return made


def in_bar(page: CardPage) -> list[str]:
    return [tab.key for tab in page.tabs.bar._in_bar()]


def folded(page: CardPage) -> list[str]:
    return [tab.key for tab in page.tabs.bar._folded]


def titles(page: CardPage) -> list[str]:
    return [section.title for section in page.overview.facts._sections]


def test_empty_tabs_wait_under_more_until_something_is_there(
    page: CardPage, desk: Desk, client: Ref
) -> None:
    assert "employment.client" in folded(page) and "employment.client" not in in_bar(page)
    person = desk.make("person", name="Anna")
    desk.make("employment", job_title="Engineer", person=person.id, client=client.id)
    assert "employment.client" in in_bar(page)


def test_a_folded_tab_stands_in_the_bar_while_it_is_looked_at(page: CardPage) -> None:
    page.tabs.open_tab("employment.client")
    assert (
        in_bar(page)[-1] == "employment.client" and page.tabs.bar.current() == "employment.client"
    )
    page.tabs.open_tab("details")
    assert "employment.client" not in in_bar(page)


def test_a_tab_is_moved_with_ctrl_and_an_arrow_and_stays_there(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    page.tabs.open_tab("timeline")
    qtbot.keyClick(page.tabs.bar, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert in_bar(page)[:2] == ["timeline", "details"]
    again = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, again)
    assert in_bar(again)[:2] == ["timeline", "details"]


def test_a_tab_is_dragged_to_another_place(page: CardPage, qtbot: QtBot) -> None:
    bar = page.tabs.bar
    places = {tab.key: rect.center().toPoint() for tab, rect in bar._layout()[0]}
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=places["history"])
    qtbot.mouseMove(bar, places["timeline"] + QPoint(6, 0))
    qtbot.mouseMove(bar, places["timeline"])
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=places["timeline"])
    keys = in_bar(page)
    assert keys.index("history") < keys.index("timeline")


def test_a_hidden_tab_comes_back_by_starting_again(page: CardPage, qapp: QApplication) -> None:
    page.arranging.hide_tab("history")
    assert "history" not in in_bar(page)
    dialog = page.arranging.open()
    assert isinstance(dialog, ArrangeDialog)
    dialog._start_again()
    dialog.accept()
    assert "history" in in_bar(page)


def test_a_new_section_takes_three_clicks(page: CardPage, desk: Desk, client: Ref) -> None:
    dialog = page.arranging.new_section()  # "…", then "New section…"
    assert dialog is not None
    dialog.name.setText("Delivery")
    dialog.tick("city", True)
    dialog.create()
    assert "Delivery" in titles(page)


def test_a_section_without_a_name_is_refused_in_place(page: CardPage) -> None:
    dialog = page.arranging.new_section()
    assert dialog is not None
    dialog.create()
    assert dialog.box.error() and dialog.isVisible()
    dialog.reject()


def test_the_form_follows_the_sections_and_keeps_what_is_hidden(
    page: CardPage, desk: Desk, client: Ref
) -> None:
    entity = desk.base.catalogue["client"]
    layout = with_section(CardLayout(hidden_fields=frozenset({"web"})), entity, "Place", ["city"])
    desk.base.records.update("client", client.id, {"web": "https://vector.example"})
    desk.base.layouts.save("client", layout)
    page.edit()
    assert page._forms is not None
    form = page._forms.form
    assert [s._title for s in form._sections][-1] == "Place"
    assert not form.boxes["web"].isVisible() and form.boxes["city"].isVisible()
    form.editors["city"].set_raw("Tomsk")
    page.run("save")
    assert desk.values(client)["web"] == "https://vector.example"


def test_the_default_of_the_office_is_seen_by_who_has_nothing_own(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    anna = desk.make("staff", name="Anna")
    dialog = page.arranging.open()
    assert dialog is not None
    dialog.office.setChecked(True)
    dialog.tabs.setCurrentRow([line.key for line in dialog.tabs.lines()].index("history"))
    dialog.tabs.toggle(dialog.tabs.currentRow())
    dialog.accept()
    desk.base.work_as(anna.id)
    other = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, other)
    assert "history" not in in_bar(other)


def test_fields_are_moved_and_sections_renamed_by_keyboard(page: CardPage, qtbot: QtBot) -> None:
    dialog = page.arranging.open()
    assert dialog is not None
    dialog.show_page(SECTIONS)
    rows = dialog.sections
    keys = [line.key for line in rows.lines()]
    rows.setCurrentRow(keys.index("city"))
    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    rows.item(0).setText("About them")
    layout = dialog.made()
    assert layout is not None and layout.sections[0].title == "About them"
    assert "city" not in next(s.fields for s in layout.sections if s.title == "Address")
    dialog.reject()


LINES = [ArrangeLine("a", "A", heading=True), ArrangeLine("1", "one"), ArrangeLine("2", "two"),
         ArrangeLine("b", "B", heading=True), ArrangeLine("3", "three")]  # fmt: skip


def test_a_heading_moves_with_all_below_it(qtbot: QtBot) -> None:
    rows = ArrangeList(name="Sections")
    qtbot.addWidget(rows)
    rows.set_lines(LINES)
    rows.setCurrentRow(3)
    rows.move_current(-1)
    assert [line.key for line in rows.lines()] == ["b", "3", "a", "1", "2"]
    rows.setCurrentRow(1)
    rows.move_current(-1)  # no field stands above the first heading
    assert [line.key for line in rows.lines()][0] == "b"


def test_two_sections_never_share_a_name(qtbot: QtBot) -> None:
    rows = ArrangeList(name="Sections")
    qtbot.addWidget(rows)
    rows.set_lines(LINES)
    rows.item(3).setText("  A ")
    assert [line.text for line in rows.lines() if line.heading] == ["A", "A (2)"]
