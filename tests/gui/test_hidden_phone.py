"""A card whose telephone a role hides: it is called by a button and never read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.facts import Fact
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.rights.page import RightsPage
from tests.firebird_server import FirebirdServer
from tests.gui.card_desk import Desk
from tests.strict_office import TwoSellers, two_sellers

DIALLED = ["tel:+74951234567"]


class Telephone(QObject):
    """The telephone program of the computer."""

    def __init__(self) -> None:
        super().__init__()
        self.dialled: list[str] = []

    @Slot(QUrl)
    def dial(self, url: QUrl) -> None:
        self.dialled.append(url.toString())


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        base = made.office.sign_in(made.office.boss)
        roles = Roles(base)
        roles.show(roles.named("seller"), base.catalogue["client"], "phone", words.HIDDEN)
        yield made


@pytest.fixture
def telephone(qapp: QApplication) -> Iterator[Telephone]:
    made = Telephone()
    QDesktopServices.setUrlHandler("tel", made, "dial")
    yield made
    QDesktopServices.unsetUrlHandler("tel")


@pytest.fixture
def desk(sellers: TwoSellers, qapp: QApplication, own_home: Path) -> Iterator[Desk]:
    """Anna at her desk."""
    made = Desk(sellers.work(), own_home)
    yield made
    made.session.workspace = None
    made.session.closed.emit()
    switch_language(qapp, "en")


@pytest.fixture
def panel(desk: Desk, sellers: TwoSellers, qtbot: QtBot) -> RecordPanel:
    made = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, made, width=440)
    made.show_record(Ref("client", sellers.hers))
    return made


def phone_of(panel: RecordPanel) -> Fact:
    """The line of the telephone."""
    rows = [row.fact for _h, group in panel.overview.facts._placed for row in group]
    return next(fact for fact in rows if fact is not None and fact.shown.text == MASK)


@pytest.mark.parametrize(("language", "word"), [("en", "hidden"), ("ru", "скрыто")])
def test_a_hidden_number_is_called_and_not_shown(
    desk: Desk, sellers: TwoSellers, telephone: Telephone, qapp: QApplication, qtbot: QtBot,
    language: str, word: str,
) -> None:  # fmt: skip
    switch_language(qapp, language)
    panel = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, panel, width=440)
    panel.show_record(Ref("client", sellers.hers))
    QGuiApplication.clipboard().setText("before")

    fact = phone_of(panel)
    assert fact.shown.pills == ((word, "neutral"),)
    assert not fact.editable and not fact.shown.copy
    panel.actions_row.call.click()

    qtbot.waitUntil(lambda: telephone.dialled == DIALLED)
    assert QGuiApplication.clipboard().text() == "before"
    assert not [note for note in desk.notes if "123" in note.text]


def test_the_line_of_the_contact_calls_as_well(
    panel: RecordPanel, telephone: Telephone, qtbot: QtBot
) -> None:
    panel.controller.open_fact(phone_of(panel))

    qtbot.waitUntil(lambda: telephone.dialled == DIALLED)


def test_the_form_saves_the_rest_and_asks_for_no_other_number(
    desk: Desk, sellers: TwoSellers, qtbot: QtBot
) -> None:
    page = CardPage(desk.session, desk.navigator, Ref("client", sellers.hers))
    desk.show(qtbot, page)
    page.edit()
    assert page._forms is not None
    form = page._forms.form
    assert not form.editors["phone"].isEnabled() and not page.is_changed()

    form.editors["city"].set_raw("Tomsk")
    page.run("save")

    boss = sellers.office.sign_in(sellers.office.boss)
    card = boss.reader.get("client", sellers.hers)
    assert card is not None and card.values["city"] == "Tomsk"
    assert card.values["phone"].endswith("45-67")


def test_the_page_of_rights_offers_what_a_field_can(
    sellers: TwoSellers, own_home: Path, qtbot: QtBot
) -> None:
    desk = Desk(sellers.office.sign_in(sellers.office.boss), own_home)
    page = RightsPage(desk.session, desk.navigator)
    desk.show(qtbot, page, width=1300)
    tab = page.roles
    assert tab.seen is not None
    (role,) = [one for one in tab.seen.roles if one.built_in == "seller"]
    tab.role.set_value(role.id)
    tab.role.activated.emit(0)
    keys = [entity.key if entity else "" for entity, _actions in tab.seen.objects]

    box = tab.open_line(keys.index("client"))

    assert box is not None
    offered = {}
    for key in ("phone", "revenue", "email", "city"):
        box.field.set_value(key)
        offered[key] = [box.how.itemData(place) for place in range(box.how.count())]
    assert offered == {
        "phone": ["", words.READ_ONLY, words.MASKED, words.HIDDEN],
        "email": ["", words.READ_ONLY, words.MASKED, words.HIDDEN],
        "revenue": ["", words.READ_ONLY, words.HIDDEN], "city": ["", words.READ_ONLY],
    }  # fmt: skip
    box.field.set_value("phone")
    assert box.how.value() == words.HIDDEN
    box.reject()
