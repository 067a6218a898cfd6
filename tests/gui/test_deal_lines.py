"""Lines of a deal are entered by keyboard alone, pasted, ordered, deleted; saved at once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.errors import BaseBusy, DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query, Sort
from crm_desktop.ui.deals.lines_tab import LinesTab
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.theme import color
from crm_desktop.ui.widgets.inputs import LineEdit
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]
D = Decimal
KEY = Qt.Key


@pytest.fixture
def deal(desk: Desk) -> Ref:
    pipeline = desk.base.lists.open(Query("pipeline")).first(1)[0].id
    stage = desk.base.lists.open(Query("stage")).first(1)[0].id
    return desk.make("deal", name="Flat", pipeline=pipeline, stage=stage)


@pytest.fixture
def tab(desk: Desk, deal: Ref, qtbot: QtBot) -> Iterator[LinesTab]:
    from crm_desktop.ui.record_card.loading import load_card

    controller = CardController(desk.session, desk.navigator, desk.session)
    made = LinesTab(controller)
    controller.loaded.connect(made.show_contents)
    desk.show(qtbot, made)
    made.show_contents(load_card(desk.base, deal))
    made.focus_grid()
    yield made
    controller.show_record(None)


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    qtbot.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)
    QApplication.processEvents()


def enter(qtbot: QtBot, *texts: str) -> None:
    """Types one cell after the other, each ended by Enter."""
    for text in texts:
        for sign in text:
            widget = QApplication.focusWidget()
            assert widget is not None
            qtbot.keyClicks(widget, sign)
        press(qtbot, KEY.Key_Return)


def lines(desk: Desk) -> list[tuple[object, ...]]:
    columns = ("name", "quantity", "price", "discount", "total")
    rows = desk.base.lists.open(
        Query("deal_line", columns=columns, sort=(Sort("position"),))
    ).first(20)
    return [row.cells for row in rows]


def test_a_line_is_entered_by_keyboard_alone(
    desk: Desk, deal: Ref, tab: LinesTab, qtbot: QtBot
) -> None:
    enter(qtbot, "Windows", "2", "pcs", "18500", "5", "20")
    enter(qtbot, "Installation", "2", "", "4200", "", "")

    assert lines(desk) == [
        ("Windows", D("2.000"), D("18500.00"), D("5.00"), D("35150.00")),
        ("Installation", D("2.000"), D("4200.00"), None, D("8400.00")),
    ]
    assert desk.values(deal)["amount"] == D("43550.00")
    assert "43,550.00" in tab.total.text()
    assert tab.grid.currentIndex().row() == 2


def test_ctrl_d_repeats_the_cell_above(desk: Desk, tab: LinesTab, qtbot: QtBot) -> None:
    enter(qtbot, "Windows", "2")
    tab.grid.go(1, 0)

    press(qtbot, KEY.Key_D, Qt.KeyboardModifier.ControlModifier)

    assert [row[0] for row in lines(desk)] == ["Windows", "Windows"]


def test_what_is_no_number_changes_nothing(desk: Desk, tab: LinesTab, qtbot: QtBot) -> None:
    enter(qtbot, "Windows", "two")

    assert lines(desk)[0][1] == D("1.000")
    assert "is not a number" in desk.notes[-1].text


def test_delete_removes_and_the_toast_brings_back(desk: Desk, tab: LinesTab, qtbot: QtBot) -> None:
    enter(qtbot, "Windows", "2")
    tab.grid.go(0, 0)

    press(qtbot, KEY.Key_Delete)
    assert lines(desk) == []
    assert desk.notes[-1].undo_operation is not None
    desk.base.undo.undo(desk.notes[-1].undo_operation)

    assert [row[0] for row in lines(desk)] == ["Windows"]


def test_rows_of_a_spreadsheet_are_pasted_in_one_operation(
    desk: Desk, deal: Ref, tab: LinesTab, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText(
        "Name\tQty\tUnit\tPrice\tDisc.\tVAT\n"
        "Windows\t2\tpcs\t18500\t5\t20\nSills\t2\tpcs\t2150\t5\t20%\nWork\t2\t\t4200\t\t20\n"
    )

    press(qtbot, KEY.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert desk.values(deal)["amount"] == D("47635.00")
    assert "47,635.00" in tab.total.text()
    assert "7,939.16" in tab.vat.text()
    desk.base.undo.undo(desk.notes[-1].undo_operation or 0)
    assert lines(desk) == []


def test_a_row_that_cannot_be_read_is_named(desk: Desk, tab: LinesTab, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("Windows\t2\nSills\tmany\n")

    press(qtbot, KEY.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert lines(desk) == []
    assert "Row 2" in desk.notes[-1].text


def test_alt_and_an_arrow_move_a_line(desk: Desk, tab: LinesTab, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("One\t1\nTwo\t2\nThree\t3\n")
    press(qtbot, KEY.Key_V, Qt.KeyboardModifier.ControlModifier)
    tab.grid.go(2, 0)

    press(qtbot, KEY.Key_Up, Qt.KeyboardModifier.AltModifier)

    assert [tab.model.text(place, "name") for place in range(3)] == ["One", "Three", "Two"]
    places = {row.values["name"]: row.values["position"] for row in tab.model.rows[:-1]}
    assert places == {"One": 1, "Three": 2, "Two": 3}


def test_vat_comes_on_top_when_it_is_not_included(
    desk: Desk, deal: Ref, tab: LinesTab, qtbot: QtBot
) -> None:
    enter(qtbot, "Work", "1", "", "1000", "", "20")
    assert desk.values(deal)["amount"] == D("1000.00")

    qtbot.mouseClick(tab.included, Qt.MouseButton.LeftButton)

    assert desk.values(deal)["amount"] == D("1200.00")


def test_an_amount_by_hand_is_said_and_taken_back(
    desk: Desk, deal: Ref, tab: LinesTab, qtbot: QtBot
) -> None:
    enter(qtbot, "Work", "1", "", "1000")
    desk.base.records.update(*deal, {"amount": D(900)})
    assert tab.contents is not None
    tab.load(tab.contents)

    qtbot.mouseClick(tab.follow, Qt.MouseButton.LeftButton)

    assert desk.values(deal)["amount"] == D("1000.00")


@pytest.mark.parametrize("another", [False, True])
def test_what_is_being_typed_stays_when_the_lines_are_read_again(
    desk: Desk, deal: Ref, tab: LinesTab, qtbot: QtBot, *, another: bool
) -> None:
    enter(qtbot, "Windows", "2", "", "18500")
    widget = QApplication.focusWidget()
    assert widget is not None
    qtbot.keyClicks(widget, "5")

    if another:
        desk.make("deal_line", name="Sills", deal=deal.id, price=D(100))
    assert tab.contents is not None
    tab.load(tab.contents)
    press(qtbot, KEY.Key_Return)

    assert lines(desk)[0][3] == D("5.00")
    assert tab.model.rowCount() == (3 if another else 2)


def test_a_cell_typed_as_the_seat_goes_is_saved_when_there_is_one_again(
    desk: Desk, tab: LinesTab, qtbot: QtBot
) -> None:
    enter(qtbot, "Windows", "2")
    line = tab.model.rows[0]
    desk.base.read_only = "You gave up your seat."
    line.values["price"] = D("18500")
    tab.model.typed.emit(line, "price")  # the editor was open when the seat went
    desk.session.seat.changed.emit()

    tab.grid.go(0, 2)
    assert not tab.model.flags(tab.grid.currentIndex()) & Qt.ItemFlag.ItemIsEditable
    assert tab.is_changed() and tab.model.rows[0].values["price"] == D("18500")
    assert tab.included.toolTip() == "You gave up your seat."
    desk.base.read_only = ""
    desk.session.seat.changed.emit()

    qtbot.waitUntil(lambda: lines(desk)[0][2] == D("18500.00"))
    assert not tab.is_changed()
    assert tab.model.flags(tab.grid.currentIndex()) & Qt.ItemFlag.ItemIsEditable


@pytest.mark.parametrize("heard", [True, False])
def test_lines_typed_while_the_server_is_away_are_saved_once_when_it_is_back(
    desk: Desk, tab: LinesTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, heard: bool
) -> None:
    """What was typed was read over; of one line nobody heard that the server had kept it."""
    records, place = desk.base.records, "_log" if heard else "publish"
    usual = getattr(records, place)

    def broken(*_given: object) -> None:
        monkeypatch.setattr(records, place, usual)
        raise DatabaseUnavailable("The line broke")

    monkeypatch.setattr(records, place, broken)
    enter(qtbot, "Windows")
    qtbot.waitUntil(tab.is_changed)
    assert tab.model.rows[0].values["name"] == "Windows"

    desk.session.line.back.emit()

    qtbot.waitUntil(lambda: bool(lines(desk)) and not tab.is_changed())
    assert [line[0] for line in lines(desk)] == ["Windows"]
    assert [line.values.get("name") for line in tab.model.rows] == ["Windows", None]


def test_a_cell_that_somebody_else_changed_meanwhile_is_asked_for(
    desk: Desk, tab: LinesTab, qtbot: QtBot
) -> None:
    """Whoever came last won without a word."""
    enter(qtbot, "Windows", "2")
    tab.grid.go(0, 4)
    line = tab.model.rows[0]
    desk.base.records.update("deal_line", line.id, {"quantity": D(9)})
    enter(qtbot, "4")
    assert lines(desk)[0][1:4:2] == (D("9.000"), D("4.00")), "of the other cell nothing is asked"
    desk.base.records.update("deal_line", line.id, {"discount": D(7)})
    tab.grid.go(0, 4)

    enter(qtbot, "5")

    assert lines(desk)[0][3] == D("7.00") and "“7”" in desk.notes[-1].text
    widget = QApplication.focusWidget()
    assert isinstance(widget, LineEdit) and widget.text() == "5"
    press(qtbot, KEY.Key_Return)
    assert lines(desk)[0][3] == D("5.00")


def test_a_cell_that_others_hold_stays_and_is_saved_by_another_enter(
    desk: Desk, tab: LinesTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(qtbot, "Windows", "2")

    def held(*_given: object) -> None:
        raise BaseBusy("Somebody is saving the same just now.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.base.records, "_log", held)
        tab.grid.go(0, 3)
        enter(qtbot, "18500")
        assert desk.notes[-1].text == "Somebody is saving the same just now."
        assert tab.is_changed() and tab.model.rows[0].values["price"] == D("18500")

    tab.grid.go(0, 3)
    press(qtbot, KEY.Key_F2)
    press(qtbot, KEY.Key_Return)

    assert lines(desk)[0][2] == D("18500.00") and not tab.is_changed()


def test_a_chosen_cell_is_painted_so_that_its_words_can_be_read(
    desk: Desk, tab: LinesTab, qtbot: QtBot
) -> None:
    enter(qtbot, "Window", "2", "pcs", "610")
    grid = tab.grid

    def ground() -> str:
        cell = grid.visualRect(grid.currentIndex())
        picture = grid.viewport().grab(cell).toImage()
        return picture.pixelColor(picture.width() - 4, picture.height() // 2).name()

    grid.setCurrentIndex(grid.model().index(0, 0))
    assert grid.selectedIndexes() == [grid.currentIndex()]
    assert ground() == color("select").name()
    tab.setFocus()
    grid.clearFocus()
    assert ground() == color("surface").name()
