"""What is grey says why and whom to ask: actions, the palette, menus of lists, buttons of cards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.widgets.popover import Menu
from tests.firebird_server import FirebirdServer
from tests.gui.strict_window import WAIT_MS, window_over
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Sellers see everybody's clients, and change their own."""
    with two_sellers(firebird) as made:
        base = made.office.sign_in(made.office.boss)
        roles = Roles(base)
        seller, client = roles.named("seller"), base.catalogue["client"]
        roles.set(seller, client, {words.SEE: words.ALL, words.EXPORT: words.NONE})
        roles.set(seller, base.catalogue["activity"], {words.PRINT: words.NONE})
        yield made


@pytest.fixture
def window(
    sellers: TwoSellers, qtbot: QtBot, qapp: QApplication, own_home: Path, tmp_path: Path
) -> Iterator[MainWindow]:
    """Anna's, with what she may not do read."""
    with window_over(sellers.office.of(sellers.anna), tmp_path, qtbot) as made:
        refusals = made.session.refusals
        qtbot.waitUntil(lambda: bool(refusals.why(words.EXPORT, "client")), timeout=WAIT_MS)
        yield made


def clients(window: MainWindow, qtbot: QtBot) -> RecordListPage:
    window.navigator.show_list("client")
    page = window.pages.page
    assert isinstance(page, RecordListPage)
    qtbot.waitUntil(lambda: page.view.model.rowCount() == 2, timeout=WAIT_MS)
    return page


def test_a_command_that_is_refused_says_why_instead_of_nothing(
    window: MainWindow, qtbot: QtBot
) -> None:
    clients(window, qtbot)
    told: list[str] = []
    window.actions.refused.connect(told.append)

    assert not window.actions.run("export")

    assert "Exporting" in told[0] and "Olga Boss" in told[0] and "Ask for the role" in told[0]
    assert window.actions.get("new").can_run and not window.actions.get("new").why()


def test_the_palette_shows_it_with_the_reason(window: MainWindow, qtbot: QtBot) -> None:
    clients(window, qtbot)
    window.open_search("> export")
    palette = window.search().palette

    qtbot.waitUntil(lambda: "Export what is seen" in palette.shown_titles(), timeout=WAIT_MS)
    (item,) = [one for one in palette._results.lines if one.title == "Export what is seen"]
    assert item.icon == "lock" and "Not allowed: Exporting" in item.detail
    window.search().close()


def lines_of(page: RecordListPage) -> dict[str, QAction]:
    page.rows._menu(0, QPoint(0, 0))
    menus = [one for one in page.findChildren(Menu) if one.isVisible()]
    return {action.text().split("\t")[0]: action for action in menus[-1].actions()}


def test_the_menu_of_a_list_is_grey_where_a_right_is_missing(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = clients(window, qtbot)

    lines = lines_of(page)

    export = lines["Export…"]
    assert not export.isEnabled() and "Ask for the role" in export.toolTip()
    assert lines["Open"].isEnabled()
    export.parent().close()  # type: ignore[attr-defined]


def test_repeating_in_a_list_asks_for_the_right_to_make_a_template(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    """It asked for that to make a deal, opened the form of a template and refused to save it."""
    sellers.work().records.create("deal", {"name": "Windows", "client": sellers.hers})
    window.navigator.show_list("deal")
    page = window.pages.page
    assert isinstance(page, RecordListPage)
    qtbot.waitUntil(lambda: page.view.model.rowCount() == 1, timeout=WAIT_MS)

    line = lines_of(page)["Repeat…"]

    assert not line.isEnabled() and "“Recurring deals”" in line.toolTip()
    line.parent().close()  # type: ignore[attr-defined]


def test_a_planner_that_may_not_be_printed_says_so_before_a_file_is_named(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.navigator.open_page("planner")
    page = window.pages.page
    assert isinstance(page, PlannerPage)

    page.printing.open()

    (menu,) = [one for one in page.findChildren(Menu) if one.isVisible()]
    for line in menu.actions():
        assert not line.isEnabled() and "Not allowed: Printing" in line.toolTip()
    menu.close()


def card_of(window: MainWindow, qtbot: QtBot, id_: int) -> CardPage:
    window.navigator.open_record(Ref("client", id_))
    page = window.pages.page
    assert isinstance(page, CardPage)
    qtbot.waitUntil(lambda: page.controller.contents is not None, timeout=WAIT_MS)
    return page


def test_the_card_of_a_colleagues_client_says_whose_it_is(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = card_of(window, qtbot, sellers.his)

    qtbot.waitUntil(lambda: not page.edit_button.isEnabled(), timeout=WAIT_MS)
    assert "Boris Seller" in page.edit_button.toolTip()

    page = card_of(window, qtbot, sellers.hers)
    qtbot.waitUntil(lambda: page.edit_button.isEnabled(), timeout=WAIT_MS)
    assert page.edit_button.toolTip() == "F2"


def test_whoever_only_reads_sees_saved_views_grey(window: MainWindow, qtbot: QtBot) -> None:
    page = clients(window, qtbot)
    base = window.session.base
    base.read_only = "You came in only to read."

    why = window.session.refusals.why(words.EDIT, "client")

    assert why == base.read_only and not window.session.refusals.why(words.SEE, "client")
    assert not window.actions.get("new").can_run
    assert not lines_of(page)["Edit a field…"].isEnabled()
    told: list[str] = []
    window.navigator.noted.connect(lambda note: told.append(note.text))
    page.views._save_clicked(page.view)
    assert told == [base.read_only]


def test_the_toolbar_of_a_list_is_grey_for_who_only_reads_and_wakes_with_a_seat(
    window: MainWindow, qtbot: QtBot
) -> None:
    page, base = clients(window, qtbot), window.session.base
    new, bring, save = page.view.new_button, page.view.import_button, page.view.filters.save
    assert new.isEnabled() and bring.isEnabled()

    base.read_only = "You came in only to read."
    window.session.seat.changed.emit()

    for button in (new, bring, save):
        assert not button.isEnabled() and button.toolTip() == base.read_only
    told: list[str] = []
    window.navigator.noted.connect(lambda note: told.append(note.text))
    page.rows.edit()
    page.many.delete()
    page.views.save_as(page.view)
    assert told == [base.read_only] * 3 and page.rows.inline.editor is None

    base.read_only = ""
    window.session.seat.changed.emit()
    assert new.isEnabled() and bring.isEnabled() and not new.toolTip()


def test_a_role_that_changes_is_felt_at_once(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = clients(window, qtbot)
    feed = window.session.base.feed
    assert feed is not None and page.view.new_button.isEnabled()
    qtbot.waitUntil(lambda: feed.hears, timeout=WAIT_MS)
    base = sellers.office.sign_in(sellers.office.boss)
    roles, client = Roles(base), base.catalogue["client"]
    seller = roles.named("seller")

    roles.set(seller, client, {words.CREATE: words.NONE})
    try:
        qtbot.waitUntil(lambda: not page.view.new_button.isEnabled(), timeout=3_000)
        assert "Ask for the role" in page.view.new_button.toolTip()
    finally:
        roles.set(seller, client, {words.CREATE: words.OWN})
    qtbot.waitUntil(page.view.new_button.isEnabled, timeout=3_000)
