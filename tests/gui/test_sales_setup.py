"""The page of the sales set-up: stages ordered, changed and asked of; rules read and switched."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query, Sort
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.navigation import Place
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.sales_setup.page import RULES, SalesSetupPage
from crm_desktop.ui.sales_setup.rule_picks import RulePicks
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> SalesSetupPage:
    made = SalesSetupPage(desk.session, desk.navigator)
    desk.show(qtbot, made, 1180, 720)
    qtbot.waitUntil(lambda: made.stages.view.count() == 7)
    return made


def names(desk: Desk) -> list[object]:
    query = Query("stage", columns=("name",), sort=(Sort("position"),))
    return [row.cells[0] for row in desk.base.lists.open(query).first(20)]


def test_alt_and_an_arrow_move_a_stage(desk: Desk, page: SalesSetupPage, qtbot: QtBot) -> None:
    page.stages.view.setCurrentRow(1)

    qtbot.keyClick(page.stages.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    assert names(desk)[:3] == ["Contact made", "New enquiry", "Offer sent"]
    desk.base.undo.undo(desk.notes[-1].undo_operation or 0)
    assert names(desk)[:2] == ["New enquiry", "Contact made"]


def test_a_field_is_saved_when_it_is_left(desk: Desk, page: SalesSetupPage, qtbot: QtBot) -> None:
    page.stages.view.setCurrentRow(2)
    stage = page.stages.view.ids()[2]
    editor = page.stages.form.editors["probability"]
    editor.set_value(45)

    editor.checked.emit("")

    assert desk.values(Ref("stage", stage))["probability"] == 45


def test_what_is_needed_is_picked_not_typed(desk: Desk, page: SalesSetupPage, qtbot: QtBot) -> None:
    page.stages.view.setCurrentRow(2)
    stage = page.stages.view.ids()[2]
    button = page.stages.form.needs["to_leave"]

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button._list is not None
    button._list.picked.emit("files")
    button._list.picked.emit("amount")

    assert desk.values(Ref("stage", stage))["to_leave"] == "files, amount"
    assert button.text() == "Files, Amount"


def test_a_new_stage_stands_before_the_ends(desk: Desk, page: SalesSetupPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.stages.new_stage, Qt.MouseButton.LeftButton)

    assert names(desk)[4:] == ["Contract", "New stage", "Won", "Lost"]
    desk.base.undo.undo(desk.notes[-1].undo_operation or 0)
    assert names(desk)[4:] == ["Contract", "Won", "Lost"]


def test_a_rule_is_a_sentence_with_a_switch(desk: Desk, page: SalesSetupPage, qtbot: QtBot) -> None:
    stage = page.stages.view.ids()[0]
    rule = desk.make("automation", name="Call", event="stage", stage=stage, deed="activity",
                     kind="call", subject="Call {client}", minutes=15)  # fmt: skip
    page.show_tab(RULES)
    qtbot.waitUntil(lambda: len(page.rules.rows) == 1)
    (row,) = page.rules.rows
    assert row.line.sentence == (
        "The stage “New enquiry” is entered → plan “Call {Client}” (call) for: the responsible, "
        "due in 15 working minutes"
    )

    qtbot.mouseClick(row.on, Qt.MouseButton.LeftButton)

    assert desk.values(rule)["retired"] is True


def test_what_has_no_list_of_its_own_opens_its_card(
    desk: Desk, page: SalesSetupPage, qtbot: QtBot
) -> None:
    queue = desk.make("queue", name="Calls", way="turn")
    opened: list[Place] = []
    desk.navigator.place_wanted.connect(lambda place, _tab: opened.append(place))
    page.show_tab("queue")
    tab = page.tabs["queue"]
    qtbot.waitUntil(lambda: tab.model.rowCount() == 1)

    tab.table.row_opened.emit(0, False)

    assert [place.ref for place in opened] == [queue]


def test_a_rule_is_tried_out_before_it_works(
    desk: Desk, page: SalesSetupPage, qtbot: QtBot
) -> None:
    stage = page.stages.view.ids()[0]
    deal = desk.make("deal", name="Flat", stage=stage)
    desk.make("automation", name="Call", event="stage", stage=stage, deed="activity", kind="call",
              subject="Call")  # fmt: skip
    page.show_tab(RULES)
    qtbot.waitUntil(lambda: len(page.rules.rows) == 1)

    qtbot.mouseClick(page.rules.rows[0].trial, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: page.rules.dialog is not None)
    dialog = page.rules.dialog
    assert dialog is not None
    assert "1 time in the last 30 days" in dialog.said.text()
    assert [one.ref for one in dialog._found] == [deal]
    dialog.done(0)


def test_fields_of_a_rule_are_picked_by_their_names(desk: Desk, qtbot: QtBot) -> None:
    values = {"name": "Mark", "event": "made", "deed": "set_field", "value": "hot"}
    made = CardPage(desk.session, desk.navigator, Ref("automation", 0), values=values,
                    parts=CARD_PARTS)  # fmt: skip
    desk.show(qtbot, made)
    picks = made.findChildren(RulePicks)[0]
    qtbot.waitUntil(lambda: picks.picks["field"].isVisible())

    picks.picks["field"].set_value("note")
    picks.picks["field"].activated.emit(0)

    form = picks._forms.form
    assert form.editors["field"].value() == "note"
    assert not form.editors["field"].isVisible()
    assert not picks.picks["at"].isVisible()
