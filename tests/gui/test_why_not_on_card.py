"""Whatever changes a record on its card is grey with the reason, and wakes by itself: for who sees
a colleague's client only, and for who came in to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.card_tabs import TIMELINE
from crm_desktop.ui.record_card.facts import NEW
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.record_card.table_tab import TableTab
from crm_desktop.ui.record_card.timeline import TimelineTab
from tests.firebird_server import FirebirdServer
from tests.gui.strict_window import WAIT_MS, until_it_hears, window_over
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Sellers see everybody's clients, and change their own."""
    with two_sellers(firebird) as made:
        base = made.office.sign_in(made.office.boss)
        roles = Roles(base)
        roles.set(roles.named("seller"), base.catalogue["client"], {words.SEE: words.ALL})
        yield made


@pytest.fixture
def window(
    sellers: TwoSellers, qtbot: QtBot, qapp: QApplication, own_home: Path, tmp_path: Path
) -> Iterator[MainWindow]:
    """Anna's."""
    with window_over(sellers.office.of(sellers.anna), tmp_path, qtbot) as made:
        yield made


def card_of(window: MainWindow, qtbot: QtBot, id_: int) -> CardPage:
    window.navigator.open_record(Ref("client", id_))
    page = window.pages.page
    assert isinstance(page, CardPage)
    qtbot.waitUntil(lambda: page.controller.contents is not None, timeout=WAIT_MS)
    return page


def read_only(window: MainWindow, why: str) -> None:
    """As if the seat was given up, or taken again for ''."""
    window.session.base.read_only = why
    window.session.seat.changed.emit()


def test_a_colleagues_client_cannot_be_changed_in_place_nor_its_people_added(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = card_of(window, qtbot, sellers.his)
    qtbot.waitUntil(lambda: "Boris Seller" in page.edit_button.refused(), timeout=WAIT_MS)
    facts, rights = page.overview.facts, page.controller.rights

    fact = next(row.fact for row in facts._rows if row.fact and row.fact.field.key == "city")
    facts.edit(fact)
    assert not facts.is_editing() and "Boris Seller" in fact.closed
    assert "Boris Seller" in facts.row_of(fact.key).toolTip()
    page.overview.add_contact()
    assert facts.row_of((NEW, "value")) is None
    told: list[str] = []
    window.session.refusals.said.connect(told.append)
    page.edit()
    assert len(told) == 1 and "Boris Seller" in told[0] and page._forms is None
    assert "Boris Seller" in rights.of_card()["phone"]
    assert not rights.why(words.CREATE, window.session.base.catalogue["activity"])


def test_ones_own_client_is_open(window: MainWindow, qtbot: QtBot, sellers: TwoSellers) -> None:
    page = card_of(window, qtbot, sellers.hers)

    qtbot.waitUntil(page.edit_button.isEnabled, timeout=WAIT_MS)
    fact = next(
        row.fact for row in page.overview.facts._rows if row.fact and row.fact.field.key == "city"
    )
    page.overview.facts.edit(fact)

    assert page.overview.facts.is_editing() and not fact.closed
    page.overview.facts.end_all()


def typing(page: CardPage, qtbot: QtBot, town: str) -> FormController:
    """The card is edited, and that is typed as its town."""
    qtbot.waitUntil(page.edit_button.isEnabled, timeout=WAIT_MS)
    page.edit()
    forms = page._forms
    assert forms is not None
    with qtbot.waitSignal(forms.ready, timeout=WAIT_MS):
        pass
    forms.form.editors["city"].set_raw(town)
    forms.form.changed.emit()
    return forms


def test_who_only_reads_keeps_what_he_typed_and_saves_it_with_a_seat(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = card_of(window, qtbot, sellers.hers)
    forms = typing(page, qtbot, "Typed before")

    read_only(window, "You gave up your seat.")

    save = forms.panel.save
    assert not save.isEnabled() and save.toolTip() == "You gave up your seat."
    assert forms.form.editors["city"].raw() == "Typed before"
    read_only(window, "")
    assert save.isEnabled() and save.toolTip() == "Ctrl+S"
    forms.save()
    qtbot.waitUntil(lambda: page._forms is None, timeout=WAIT_MS)
    record = window.session.base.reader.get("client", sellers.hers)
    assert record is not None and record.values["city"] == "Typed before"


def test_tabs_and_the_quick_entry_are_grey_for_who_only_reads(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    page = card_of(window, qtbot, sellers.hers)
    qtbot.waitUntil(page.edit_button.isEnabled, timeout=WAIT_MS)
    timeline = page.tabs.open_tab(TIMELINE)
    assert isinstance(timeline, TimelineTab)
    timeline.entry.text.set_text("Half a thought")
    timeline.entry._typed()
    assert timeline.entry.button.isEnabled()
    contents = page.controller.contents
    assert contents is not None
    tables = [page.tabs.open_tab(tab.key) for tab in contents.tabs]
    children = [tab for tab in tables if isinstance(tab, TableTab)]
    assert children

    read_only(window, "Only to read.")

    assert timeline.entry.button.refused() == "Only to read."
    assert timeline.entry.text.text() == "Half a thought"
    for tab in children:
        assert tab.add_button.refused() == tab.delete_button.refused() == "Only to read."
        told: list[str] = []
        window.session.refusals.said.connect(told.append)
        tab.table.delete_asked.emit()
        assert told == ["Only to read."]
    read_only(window, "")
    assert timeline.entry.button.isEnabled() and not children[0].add_button.refused()
    timeline.entry.clear(contents.ref)


def test_a_record_one_may_not_see_says_so_and_whom_to_ask(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    base = sellers.office.sign_in(sellers.office.boss)
    roles, client = Roles(base), base.catalogue["client"]
    seller, refusals = roles.named("seller"), window.session.refusals
    roles.set(seller, client, {words.SEE: words.OWN})
    try:
        qtbot.waitUntil(lambda: bool(refusals.why(words.BEYOND, "client")), timeout=WAIT_MS)
        window.navigator.open_record(Ref("client", sellers.his))
        page = window.pages.page
        assert isinstance(page, CardPage)
        qtbot.waitUntil(lambda: page._gone is not None, timeout=WAIT_MS)
        assert page._gone is not None
        said = page._gone._text.text()
        assert page._gone._title.text() == "This record is not shown to you"
        assert "Clients" in said and "Own" in said and "Olga Boss" in said
        assert "Boris" not in said and "Thistle" not in said
    finally:
        roles.set(seller, client, {words.SEE: words.ALL})


def test_an_open_card_follows_the_rights_and_keeps_what_was_typed(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    until_it_hears(window, qtbot)
    base = sellers.office.sign_in(sellers.office.boss)
    roles, client = Roles(base), base.catalogue["client"]
    seller = roles.named("seller")
    mine = card_of(window, qtbot, sellers.hers)
    forms = typing(mine, qtbot, "Half typed")
    page = card_of(window, qtbot, sellers.his)

    roles.set(seller, client, {words.SEE: words.OWN})
    try:
        qtbot.waitUntil(lambda: page.stack.currentWidget() is page._gone, timeout=WAIT_MS)
        assert page._gone is not None
        assert forms.form.editors["city"].raw() == "Half typed"
    finally:
        roles.set(seller, client, {words.SEE: words.ALL})
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page._card, timeout=WAIT_MS)
    assert forms.form.editors["city"].raw() == "Half typed"
    mine._end_form()
