"""The page of duplicates, the sheet of a merge, the strips in card and form, on real widgets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from crm_desktop.errors import BaseBusy, DatabaseUnavailable, UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.duplicates.choice_cell import ChoiceCell
from crm_desktop.ui.duplicates.merge_page import MergePage
from crm_desktop.ui.duplicates.page import DuplicatesPage
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.navigation import PAGE, Place
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import *  # noqa: F403
from tests.gui.card_desk import Desk


@pytest.fixture
def twins(desk: Desk) -> tuple[Ref, Ref]:
    return (
        desk.make("client", name="Acme Ltd", phone="+79161112233", city="Omsk"),
        desk.make("client", name="ACME", phone="+79161112233", city="Tver", web="https://acme.ru"),
    )


def page_of(desk: Desk, qtbot: QtBot) -> DuplicatesPage:
    page = DuplicatesPage(desk.session, desk.navigator, Place(PAGE, "client", name="duplicates"))
    desk.show(qtbot, page, 1100, 700)
    return page


def test_looking_for_duplicates_shows_a_group_side_by_side(desk: Desk, twins, qtbot: QtBot):
    desk.make("client", name="Other", phone="+79160000000")
    page = page_of(desk, qtbot)
    assert page.empty.isVisible()
    page.sweep()
    assert page.model.rowCount() == 1
    names = {b.text() for b in page.pane.sheet.findChildren(QPushButton)}
    assert {"Acme Ltd", "ACME"} <= names


def test_in_a_narrow_window_the_groups_leave_the_room_to_the_sheet(desk: Desk, twins, qtbot: QtBot):
    page = page_of(desk, qtbot)
    page.sweep()
    for wide, most in ((1500, 380), (860, 260)):
        page.resize(wide, 700)
        qtbot.waitUntil(lambda: page.pane.width() >= wide - most)  # noqa: B023
        assert sum(page.table.columnWidth(n) for n in (0, 1)) <= page.table.viewport().width() + 1


def test_a_merge_keeps_the_chosen_value_and_offers_to_undo(desk: Desk, twins, qtbot: QtBot):
    page = page_of(desk, qtbot)
    page.sweep()
    city = next(c for c in page.pane.sheet.findChildren(ChoiceCell) if c.text() == "Tver")
    qtbot.mouseClick(city, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.pane.merge_button, Qt.MouseButton.LeftButton)
    assert desk.values(twins[0])["city"] == "Tver"
    assert desk.values(twins[0])["web"] == "https://acme.ru"
    assert desk.base.reader.get(*twins[1]) is None
    operation = desk.notes[-1].undo_operation
    assert operation is not None
    desk.base.undo.undo(operation)
    assert desk.values(twins[1])["city"] == "Tver"


@pytest.mark.parametrize("error", [DatabaseUnavailable, BaseBusy])
def test_what_was_chosen_stands_when_it_could_not_be_merged(
    desk: Desk, twins, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, error: type[UserError]
):
    """The sheet was read anew: of a server that is away it was empty then."""
    page = page_of(desk, qtbot)
    page.sweep()
    city = next(c for c in page.pane.sheet.findChildren(ChoiceCell) if c.text() == "Tver")
    qtbot.mouseClick(city, Qt.MouseButton.LeftButton)

    def broken(*_given: object) -> None:
        raise error("Not now")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.base.records, "_log", broken)
        qtbot.mouseClick(page.pane.merge_button, Qt.MouseButton.LeftButton)
        assert desk.notes[-1].text == "Not now"

    qtbot.mouseClick(page.pane.merge_button, Qt.MouseButton.LeftButton)

    assert desk.values(twins[0])["city"] == "Tver"


def test_what_is_no_duplicate_goes_and_can_come_back(desk: Desk, twins, qtbot: QtBot):
    page = page_of(desk, qtbot)
    page.sweep()
    qtbot.mouseClick(page.pane.apart_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.empty.isVisible)
    undo = desk.notes[-1].undo
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)


def test_another_record_can_stay(desk: Desk, twins, qtbot: QtBot):
    shown: list[Place] = []
    desk.navigator.place_wanted.connect(lambda place, _new: shown.append(place))
    desk.navigator.open_merge("client", [ref.id for ref in twins])
    page = MergePage(desk.session, desk.navigator, shown[-1])
    desk.show(qtbot, page)
    page.pane.sheet.winner_chosen.emit(twins[1].id)
    qtbot.keyClick(page.pane.merge_button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.values(twins[1])["name"] == "ACME"
    assert desk.base.reader.get(*twins[0]) is None
    assert shown[-1].ref == twins[1]


def test_the_card_of_a_duplicate_says_so(desk: Desk, twins, qtbot: QtBot):
    desk.base.duplicates.sweep(desk.base.catalogue["client"])
    page = CardPage(desk.session, desk.navigator, twins[0], parts=CARD_PARTS)
    desk.show(qtbot, page)
    texts = [label.text() for label in page.findChildren(type(page_label(page)))]
    assert any("ACME" in text and "Possible duplicates" in text for text in texts)


def page_label(page: CardPage):
    from crm_desktop.ui.widgets.labels import Label

    return page.findChild(Label)


def test_typing_a_known_name_is_told_without_being_in_the_way(desk: Desk, twins, qtbot: QtBot):
    page = CardPage(desk.session, desk.navigator, Ref("client", 0), parts=CARD_PARTS)
    desk.show(qtbot, page)
    from crm_desktop.ui.duplicates.form_strip import LikenessStrip

    (strip,) = page.findChildren(LikenessStrip)
    assert not strip.isVisible()
    strip._forms.form.prefill({"name": "Acme"}, {})
    name = strip._forms.form.editors["name"]
    before = name.mapTo(page, QPoint(0, 0))
    strip.ask()
    assert strip.isVisible()
    assert "Acme Ltd" in strip.strip.label.text()
    QApplication.processEvents()
    assert name.mapTo(page, QPoint(0, 0)) == before  # no field leaves the pointer


def test_the_card_of_a_merged_record_is_that_of_the_one_that_stays(desk: Desk, twins, qtbot: QtBot):
    desk.base.merging.merge(desk.base.catalogue["client"], [ref.id for ref in twins])
    page = CardPage(desk.session, desk.navigator, twins[1], parts=CARD_PARTS)
    desk.show(qtbot, page)
    assert page.controller.ref == twins[0]


def test_groups_without_a_choice_are_merged_by_one_button(desk: Desk, qtbot: QtBot):
    same = {"name": "Acme Partners", "phone": "+79161112233", "email": "a@acme.example"}
    for _n in range(2):
        desk.make("client", **same)
    page = page_of(desk, qtbot)
    page.sweep()
    qtbot.mouseClick(page.alone_button, Qt.MouseButton.LeftButton)
    assert desk.notes[-1].text == "1 group merged"
    qtbot.waitUntil(page.empty.isVisible)
