"""The stages over the card of a deal: clicked, walked with arrows, hovered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query, Sort
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.deals.parts import RibbonPart, WorthFigures
from crm_desktop.ui.deals.ribbon import HERE, PASSED, StageRibbon, shares
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.children import ChildTab
from tests.gui.card_desk import NOON, Desk, desk

__all__ = ["desk"]


@pytest.fixture
def stages(desk: Desk) -> list[int]:
    rows = desk.base.lists.open(Query("stage", sort=(Sort("position"),))).first(10)
    return [row.id for row in rows]


@pytest.fixture
def page(desk: Desk, stages: list[int], qtbot: QtBot) -> CardPage:
    deal = desk.make("deal", name="Flat", stage=stages[0], amount=1000)
    clock = desk.base.clock
    assert isinstance(clock, MovedClock)
    clock.moment = NOON + timedelta(days=3)
    made = CardPage(desk.session, desk.navigator, deal, parts=CARD_PARTS)
    desk.show(qtbot, made)
    qtbot.waitUntil(lambda: bool(made.findChildren(StageRibbon)))
    return made


def ribbon(page: CardPage) -> StageRibbon:
    return page.findChildren(StageRibbon)[0]


def stage_of(desk: Desk, page: CardPage) -> object:
    assert page.controller.ref is not None
    return desk.values(page.controller.ref)["stage"]


def test_a_click_moves_the_deal(
    desk: Desk, page: CardPage, stages: list[int], qtbot: QtBot
) -> None:
    qtbot.mouseClick(ribbon(page).arrows[2], Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: stage_of(desk, page) == stages[2])
    qtbot.waitUntil(lambda: ribbon(page).arrows[2].state == HERE)
    assert ribbon(page).arrows[0].state == PASSED
    assert desk.notes[-1].undo_operation is not None


def test_arrows_walk_and_enter_moves(
    desk: Desk, page: CardPage, stages: list[int], qtbot: QtBot
) -> None:
    ribbon(page).arrows[0].setFocus()

    qtbot.keyClick(ribbon(page).arrows[0], Qt.Key.Key_Right)
    focused = QApplication.focusWidget()
    assert focused is ribbon(page).arrows[1]
    qtbot.keyClick(focused, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: stage_of(desk, page) == stages[1])


def test_a_hover_says_how_long_and_whose(page: CardPage) -> None:
    first, *_rest, last = ribbon(page).arrows

    assert "of working time" in first.toolTip()
    assert "not been here" in last.toolTip()
    assert "3 days" in ribbon(page).said.text()
    assert "2 days at most" in ribbon(page).said.text()


@pytest.mark.parametrize("width", [1500, 1100, 700, 420])
def test_names_give_way_from_the_ends(page: CardPage, stages: list[int], width: int) -> None:
    shown = ribbon(page)
    names = ("New", "Need found", "Offer sent and waited for", "Terms agreed", "Contract signed")
    for arrow, name in zip(shown.arrows, names, strict=True):
        arrow.stage = replace(arrow.stage, name=name)
    shown._line.resize(width, shown._line.height())
    arrows = shown.arrows

    assert arrows[0].state == HERE and arrows[0].width() >= arrows[0].needed()
    assert abs(arrows[-1].geometry().right() + 1 - width) <= 2
    whole = [arrow.width() >= arrow.needed() for arrow in arrows]
    assert whole == sorted(whole, reverse=True) and all(whole) == (width >= 700)


def test_long_names_take_room_from_short_ones() -> None:
    assert shares([50, 50, 200], 0, 300, 26) == [50, 50, 200]
    assert shares([50, 60, 200], 0, 400, 26) == [100, 100, 200]
    assert shares([50, 60, 70], 0, 300, 26) == [100, 100, 100]
    assert shares([100, 100, 100, 100], 1, 300, 26) == [50, 100, 100, 50]


def test_a_deal_is_won_by_a_button(
    desk: Desk, page: CardPage, stages: list[int], qtbot: QtBot
) -> None:
    won = next(one for one in ribbon(page).ends if one.text() == "Won")

    qtbot.mouseClick(won, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: stage_of(desk, page) == stages[5])
    qtbot.waitUntil(lambda: ribbon(page).said.text().startswith("Won since"))


def test_only_what_goes_through_stages_has_it(desk: Desk) -> None:
    catalogue = desk.base.catalogue

    for part in (RibbonPart(), WorthFigures()):
        assert part.accepts(catalogue, catalogue["deal"])
        assert not part.accepts(catalogue, catalogue["client"])


def test_the_way_through_the_stages_is_read_the_latest_first(
    desk: Desk, page: CardPage, stages: list[int], qtbot: QtBot
) -> None:
    qtbot.mouseClick(ribbon(page).arrows[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage_of(desk, page) == stages[2])
    tab = page.tabs.open_tab("deal_stage.deal")
    assert isinstance(tab, ChildTab)
    qtbot.waitUntil(lambda: tab.model.rowCount() == 2)

    rows = [tab.model.cell(place, 0) for place in range(2)]
    titles = desk.base.titles.of([Ref("stage", id_) for id_ in stages])
    names = [titles[Ref("stage", stages[place])].text for place in (2, 0)]
    assert [cell.text for cell in rows if cell is not None] == names
    tab.table.go_to(0)
    for button in (tab.add_button, tab.edit_button, tab.delete_button):
        assert not button.isVisibleTo(tab)
    assert [act[0] for act in tab.acts()] == ["copy"]
