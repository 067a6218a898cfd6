"""A colleague's card on the board and a colleague's entry in the planner are not taken: the pointer
and a sentence say why before anything moves; both pages are read anew when rights are others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.board.acts import Chosen, card_actions
from crm_desktop.ui.board.page import BoardPage
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.planner.page import PlannerPage
from tests.firebird_server import FirebirdServer
from tests.gui.planner_desk import move
from tests.gui.strict_window import WAIT_MS, until_it_hears, window_over
from tests.strict_office import TwoSellers, two_sellers

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Sellers see everybody's deals, clients and activities, and change their own."""
    with two_sellers(firebird) as made:
        roles, base = roles_of(made)
        for key in ("client", "deal", "activity"):
            roles.set(roles.named("seller"), base.catalogue[key], {words.SEE: words.ALL})
        for login, client, name in (
            (made.anna, made.hers, "Hers"), (made.boris, made.his, "His"),
        ):  # fmt: skip
            _work(made.office.sign_in(login), client, name)
        yield made


def _work(base: Workspace, client: int, name: str) -> None:
    """A deal and a visit of today of whoever works there."""
    first = base.pipelines.all()[0]
    base.records.create("deal", {
        "name": name, "client": client, "pipeline": first.id, "stage": first.stages[0].id,
        "responsible": base.user_id,
    })  # fmt: skip
    day = base.clock.local().replace(hour=11, minute=0, second=0, microsecond=0)
    base.records.create("activity", {
        "subject": name, "kind": "visit", "author": base.user_id, "starts": day,
        "ends": day + timedelta(hours=2), "about": Ref("client", client),
    })  # fmt: skip


def roles_of(sellers: TwoSellers) -> tuple[Roles, Workspace]:
    """The administrator's hand."""
    base = sellers.office.sign_in(sellers.office.boss)
    return Roles(base), base


@pytest.fixture
def window(
    sellers: TwoSellers, qtbot: QtBot, qapp: QApplication, own_home: Path, tmp_path: Path
) -> Iterator[MainWindow]:
    """Anna's, with what is narrow read."""
    with window_over(sellers.office.of(sellers.anna), tmp_path, qtbot) as made:
        qtbot.waitUntil(lambda: made.session.refusals.is_narrow("deal"), timeout=WAIT_MS)
        yield made


def said(window: MainWindow) -> list[str]:
    told: list[str] = []
    window.session.refusals.said.connect(told.append)
    return told


def hold(view: Any, start: QPoint, end: QPoint) -> None:
    """Presses and moves; the button stays down."""
    QTest.mousePress(view.viewport(), LEFT, NONE, start)
    for part in (0.3, 0.7, 1.0):
        move(view.viewport(), start + (QPointF(end - start) * part).toPoint(), NONE)


def board_of(window: MainWindow, qtbot: QtBot) -> BoardPage:
    window.navigator.open_page("board")
    page = window.pages.page
    assert isinstance(page, BoardPage)
    qtbot.waitUntil(lambda: len(cards_of(page)) == 2, timeout=WAIT_MS)
    return page


def cards_of(page: BoardPage) -> dict[str, Any]:
    found = page.controller.found
    return {card.name: card for card in found.cards} if found is not None else {}


def test_a_colleagues_card_is_not_taken(window: MainWindow, qtbot: QtBot) -> None:
    page = board_of(window, qtbot)
    his, hers, told = cards_of(page)["His"], cards_of(page)["Hers"], said(window)
    qtbot.waitUntil(lambda: bool(page.controller.why_not([his])), timeout=WAIT_MS)
    place = page.view.rect_of(his).center().toPoint()

    hold(page.view, place, place + QPoint(300, 0))

    assert page.view.gestures.ghost_at() is None
    assert page.view.viewport().cursor().shape() == Qt.CursorShape.ForbiddenCursor
    assert len(told) == 1 and "Boris Seller" in told[0] and "Olga Boss" in told[0]
    QTest.mouseRelease(page.view.viewport(), LEFT, NONE, place + QPoint(300, 0))
    assert not page.controller.why_not([hers])
    lines = {one.id: one.why() for one in
             card_actions(page.controller, Chosen(his, (his,)), lambda _card: None)}  # fmt: skip
    assert lines["delete"] and not lines["open"]


def test_ones_own_card_is_taken(window: MainWindow, qtbot: QtBot) -> None:
    page = board_of(window, qtbot)
    place = page.view.rect_of(cards_of(page)["Hers"]).center().toPoint()

    hold(page.view, place, place + QPoint(20, 20))

    assert page.view.gestures.ghost_at() is not None
    page.view.gestures.cancel()


def test_the_board_is_read_anew_when_more_is_seen(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = board_of(window, qtbot)
    until_it_hears(window, qtbot)
    roles, base = roles_of(sellers)
    deal, seller = base.catalogue["deal"], roles.named("seller")

    roles.set(seller, deal, {words.SEE: words.OWN})
    try:
        qtbot.waitUntil(lambda: set(cards_of(page)) == {"Hers"}, timeout=WAIT_MS)
    finally:
        roles.set(seller, deal, {words.SEE: words.ALL})
    qtbot.waitUntil(lambda: set(cards_of(page)) == {"Hers", "His"}, timeout=WAIT_MS)


def planner_of(window: MainWindow, qtbot: QtBot) -> PlannerPage:
    window.navigator.open_page("planner")
    page = window.pages.page
    assert isinstance(page, PlannerPage)
    page.controller.show_days(1)
    qtbot.waitUntil(lambda: {"Hers", "His"} <= bars_of(page).keys(), timeout=WAIT_MS)
    return page


def bars_of(page: PlannerPage) -> dict[str, Any]:
    drawing = page.grid.drawing
    return {bar.subject: bar for bar in drawing.sheet.bars()} if drawing is not None else {}


def test_a_colleagues_entry_is_not_taken(window: MainWindow, qtbot: QtBot) -> None:
    page = planner_of(window, qtbot)
    owners, told = page.controller.owners, said(window)
    his, hers = bars_of(page)["His"], bars_of(page)["Hers"]
    page.grid.hovered.emit(his)
    qtbot.waitUntil(lambda: bool(owners.why(words.EDIT, [his])), timeout=WAIT_MS)
    place = (page.grid.rect_of(his).center() - page.grid.offset).toPoint()

    hold(page.grid, place, place + QPoint(120, 0))

    assert not page.grid.gestures.moving
    assert page.grid.viewport().cursor().shape() == Qt.CursorShape.ForbiddenCursor
    assert len(told) == 1 and "Boris Seller" in told[0]
    QTest.mouseRelease(page.grid.viewport(), LEFT, NONE, place + QPoint(120, 0))
    page.controller.delete([his])
    assert len(told) == 2 and window.session.base.reader.get("activity", his.id) is not None
    page.grid.hovered.emit(hers)
    assert not owners.why(words.EDIT, [hers])
    page.controller.drafting.turn(True)  # to try things out is free
    assert not owners.why(words.EDIT, [his])
    page.controller.drafting.turn(False)


def test_the_planner_is_read_anew_when_less_is_seen(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = planner_of(window, qtbot)
    until_it_hears(window, qtbot)
    roles, base = roles_of(sellers)
    activity, seller = base.catalogue["activity"], roles.named("seller")
    before = roles.named("seller").scope(activity.number, words.CALENDARS)

    roles.set(seller, activity, {words.SEE: words.OWN, words.CALENDARS: words.OWN})
    try:
        qtbot.waitUntil(lambda: "His" not in bars_of(page), timeout=WAIT_MS)
        assert "Hers" in bars_of(page)
    finally:
        roles.set(seller, activity, {words.SEE: words.ALL, words.CALENDARS: before})
    qtbot.waitUntil(lambda: "His" in bars_of(page), timeout=WAIT_MS)
