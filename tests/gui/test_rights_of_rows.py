"""What may not be done with single rows of a list is known before the gesture: menus, keys, typing
in place, changes of many with some records of colleagues among them."""

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
from crm_desktop.ui.duplicates.merge_page import MergePage
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.record_list.bulk_edit import BulkEditDialog
from crm_desktop.ui.record_list.delete_preview import DeletePreview
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.widgets.popover import Menu
from tests.firebird_server import FirebirdServer
from tests.gui.strict_window import WAIT_MS, until_it_hears, window_over
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Sellers see everybody's clients, and change and delete their own."""
    with two_sellers(firebird) as made:
        base = made.office.sign_in(made.office.boss)
        roles, own = (
            Roles(base),
            (words.EDIT, words.DELETE, words.MASS_EDIT, words.REASSIGN, words.MERGE),
        )
        for key in ("client", "person"):
            given = {words.SEE: words.ALL, **dict.fromkeys(own, words.OWN)}
            roles.set(roles.named("seller"), base.catalogue[key], given)
        yield made


@pytest.fixture
def window(
    sellers: TwoSellers, qtbot: QtBot, qapp: QApplication, own_home: Path, tmp_path: Path
) -> Iterator[MainWindow]:
    """Anna's, with what is narrow read."""
    with window_over(sellers.office.of(sellers.anna), tmp_path, qtbot) as made:
        qtbot.waitUntil(lambda: made.session.refusals.is_narrow("client"), timeout=WAIT_MS)
        yield made


def rows_of(window: MainWindow, qtbot: QtBot, entity: str) -> RecordListPage:
    window.navigator.show_list(entity)
    page = window.pages.page
    assert isinstance(page, RecordListPage)
    qtbot.waitUntil(lambda: page.view.model.rowCount() == 2, timeout=WAIT_MS)
    return page


def point_at(page: RecordListPage, qtbot: QtBot, record: int) -> int:
    """Makes the row of a record current."""
    row = page.view.model.row_of(record)
    assert row is not None
    page.view.table.go_to(row)
    qtbot.waitUntil(
        lambda: page.controller.pointed() == Ref(page.controller.key, record), timeout=WAIT_MS
    )
    return row


def lines_of(page: RecordListPage, row: int) -> dict[str, QAction]:
    page.rows._menu(row, QPoint(0, 0))
    menus = [one for one in page.findChildren(Menu) if one.isVisible()]
    found = {action.text().split("\t")[0]: action for action in menus[-1].actions()}
    menus[-1].close()
    return found


def shown(page: RecordListPage, row: int, column: int) -> str:
    cell = page.view.model.cell(row, column)
    return cell.text if cell is not None else ""


def said(window: MainWindow) -> list[str]:
    told: list[str] = []
    window.session.refusals.said.connect(told.append)
    return told


def test_the_menu_of_a_colleagues_row_is_grey_and_names_him(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")

    lines = lines_of(page, point_at(page, qtbot, sellers.his))

    for name in ("Edit in the list", "Edit a field…", "Reassign…", "Delete", "Tags…"):
        assert not lines[name].isEnabled(), name
        assert "Boris Seller" in lines[name].toolTip()
        assert "Olga Boss" in lines[name].toolTip()
    assert lines["Open"].isEnabled() and lines["Copy as a table"].isEnabled()

    lines = lines_of(page, point_at(page, qtbot, sellers.hers))
    for name in ("Edit in the list", "Edit a field…", "Reassign…", "Delete", "Tags…"):
        assert lines[name].isEnabled(), name


def test_keys_on_a_colleagues_row_say_why_and_begin_nothing(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")
    point_at(page, qtbot, sellers.his)
    told = said(window)

    page.rows.edit()
    page.view.table.delete_asked.emit()

    assert len(told) == 2 and all("Boris Seller" in one for one in told)
    assert page.rows.inline.editor is None
    assert window.session.base.reader.get("client", sellers.his) is not None


def test_typing_in_place_goes_by_the_row(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")
    hers, his = (page.view.model.row_of(one) for one in (sellers.hers, sellers.his))
    assert hers is not None and his is not None
    told, inline = said(window), page.rows.inline
    point_at(page, qtbot, sellers.hers)

    page.rows.edit()
    qtbot.waitUntil(lambda: inline.editor is not None, timeout=WAIT_MS)
    inline._cancelled()
    inline.cursor.go(his, inline.cursor.column)
    inline.begin("x")

    assert inline.editor is None and "Boris Seller" in told[0]


def test_a_change_of_many_says_first_which_are_left_out(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")
    page.view.model.ticks.add([sellers.hers, sellers.his])

    page.many.edit()
    qtbot.waitUntil(lambda: bool(page.view.findChildren(BulkEditDialog)), timeout=WAIT_MS)
    (dialog,) = page.view.findChildren(BulkEditDialog)

    words_ = dialog.left_out.text()
    assert "is not allowed with 1 of 2: it belongs to Boris Seller (1)." in words_
    assert "Ask for the role" in words_ and "Olga Boss" in words_
    dialog.choose("city")
    dialog.editor.set_value("Both towns")
    dialog.editor.changed.emit()
    qtbot.waitUntil(lambda: dialog.said() == "1 record will change.", timeout=WAIT_MS)
    dialog.press()
    reader = window.session.base.reader

    def city(id_: int) -> object:
        return reader.many("client", [id_], ["city"])[id_]["city"]

    qtbot.waitUntil(lambda: city(sellers.hers) == "Both towns", timeout=WAIT_MS)
    assert city(sellers.his) == "Town of Thistlehis"


def test_the_choice_of_whose_they_are_says_first_which_are_not_hers_to_give(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    boss = sellers.office.sign_in(sellers.office.boss)
    roles, client = Roles(boss), boss.catalogue["client"]
    seller = roles.named("seller")
    roles.set(seller, client, dict.fromkeys((words.EDIT, words.MASS_EDIT), words.ALL))
    roles.show(seller, client, "industry", words.READ_ONLY)
    try:
        window.session.refusals._others_now()
        page = rows_of(window, qtbot, "client")
        page.view.model.ticks.add([sellers.hers, sellers.his])
        page.many.edit()
        qtbot.waitUntil(lambda: bool(page.view.findChildren(BulkEditDialog)), timeout=WAIT_MS)
        (dialog,) = page.view.findChildren(BulkEditDialog)

        dialog.choose("industry")
        qtbot.waitUntil(lambda: "is closed to your role" in dialog.left_out.text(), timeout=WAIT_MS)
        assert not dialog.editor.isEnabled()
        dialog.choose("city")
        assert not dialog.left_out.text() and dialog.editor.isEnabled()
        dialog.choose("responsible")

        assert "with 1 of 2: it belongs to Boris Seller (1)." in dialog.left_out.text()
        assert dialog.meant([sellers.hers, sellers.his]) == [sellers.hers]
        dialog.reject()
    finally:
        roles.set(seller, client, dict.fromkeys((words.EDIT, words.MASS_EDIT), words.OWN))
        roles.show(seller, client, "industry", "")


def test_what_is_not_hers_is_not_merged_and_that_is_said_before(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")
    page.view.model.ticks.add([sellers.hers, sellers.his])

    page.many.merge()
    sheet = window.pages.page
    assert isinstance(sheet, MergePage)
    pane = sheet.pane
    qtbot.waitUntil(lambda: "Boris Seller" in pane.trouble.label.text(), timeout=WAIT_MS)
    assert pane.trouble.isVisibleTo(pane) and not pane.merge_button.isEnabled()
    assert pane.merge_button.refused() == pane.trouble.label.text()


def test_deleting_many_leaves_out_what_is_not_hers(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")
    page.view.model.ticks.add([sellers.hers, sellers.his])

    page.many.delete()
    qtbot.waitUntil(lambda: bool(page.view.findChildren(DeletePreview)), timeout=WAIT_MS)

    (box,) = page.view.findChildren(DeletePreview)
    assert "Boris Seller (1)" in box.left_out.text()
    assert box.windowTitle() == "Delete 1 record?"
    box.reject()


def test_nothing_opens_where_none_of_them_is_hers(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    base = window.session.base
    page = rows_of(window, qtbot, "client")
    page.view.model.ticks.add([sellers.his])
    told = said(window)

    page.many.edit()
    page.many.delete()

    assert len(told) == 2 and all("Boris Seller" in one for one in told)
    assert not page.view.findChildren(BulkEditDialog)
    assert base.reader.get("client", sellers.his) is not None


def test_people_go_by_whose_their_client_is(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "person")
    rows = range(page.view.model.rowCount())
    ids = [id_ for row in rows if (id_ := page.view.model.id_of(row)) is not None]
    clients = window.session.base.reader.many("person", ids, ["client"])
    hers = next(id_ for id_, row in clients.items() if row["client"] == sellers.hers)
    (his,) = set(ids) - {hers}

    why = lines_of(page, point_at(page, qtbot, his))["Delete"].toolTip()

    assert "Boris Seller" in why and "Olga Boss" in why
    assert lines_of(page, point_at(page, qtbot, hers))["Delete"].isEnabled()


def test_a_row_wakes_when_the_role_gives_more(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")
    until_it_hears(window, qtbot)
    point_at(page, qtbot, sellers.his)
    assert page.many.rights.why(words.EDIT)
    base = sellers.office.sign_in(sellers.office.boss)
    roles, client = Roles(base), base.catalogue["client"]

    roles.set(roles.named("seller"), client, {words.EDIT: words.ALL})
    try:
        qtbot.waitUntil(lambda: not page.many.rights.why(words.EDIT), timeout=WAIT_MS)
    finally:
        roles.set(roles.named("seller"), client, {words.EDIT: words.OWN})
    qtbot.waitUntil(lambda: bool(page.many.rights.why(words.EDIT)), timeout=WAIT_MS)


def test_a_field_that_a_role_hides_goes_from_an_open_list_and_tabs_are_counted_anew(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = rows_of(window, qtbot, "client")
    until_it_hears(window, qtbot)
    point_at(page, qtbot, sellers.hers)
    phone = page.controller.state.query.columns.index("phone")
    first = page.view.model.row_of(sellers.hers)
    assert first is not None and not shown(page, first, phone).endswith("•")
    qtbot.waitUntil(lambda: page.views.tab_texts()[0][1] == "2", timeout=WAIT_MS)
    base = sellers.office.sign_in(sellers.office.boss)
    roles, client = Roles(base), base.catalogue["client"]
    seller = roles.named("seller")

    roles.show(seller, client, "phone", words.HIDDEN)
    roles.set(seller, client, {words.SEE: words.OWN})
    try:
        qtbot.waitUntil(lambda: page.view.model.rowCount() == 1, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: shown(page, 0, phone).endswith("•"), timeout=WAIT_MS)
        qtbot.waitUntil(lambda: page.views.tab_texts()[0][1] == "1", timeout=WAIT_MS)
    finally:
        roles.set(seller, client, {words.SEE: words.ALL})
        roles.show(seller, client, "phone", "")
    qtbot.waitUntil(lambda: page.view.model.rowCount() == 2, timeout=WAIT_MS)
