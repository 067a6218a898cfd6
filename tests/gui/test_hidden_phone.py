"""A card whose telephone a role hides: it is called by a button and never read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.rights.page import RightsPage
from tests.firebird_server import FirebirdServer
from tests.gui.card_desk import Desk
from tests.gui.hidden_card import OtherProgram, desk, fact_of, panel, program_for
from tests.strict_office import TwoSellers, two_sellers

__all__ = ["desk", "panel"]

DIALLED = ["tel:+74951234567"]


@pytest.fixture(scope="module")
def hidden(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        base = made.office.sign_in(made.office.boss)
        roles = Roles(base)
        roles.show(roles.named("seller"), base.catalogue["client"], "phone", words.HIDDEN)
        yield made


@pytest.fixture
def telephone(qapp: QApplication) -> Iterator[OtherProgram]:
    with program_for("tel") as made:
        yield made


@pytest.mark.parametrize(("language", "word"), [("en", "hidden"), ("ru", "скрыто")])
def test_a_hidden_number_is_called_and_not_shown(
    desk: Desk, hidden: TwoSellers, telephone: OtherProgram, qapp: QApplication, qtbot: QtBot,
    language: str, word: str,
) -> None:  # fmt: skip
    switch_language(qapp, language)
    panel = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, panel, width=440)
    panel.show_record(Ref("client", hidden.hers))
    QGuiApplication.clipboard().setText("before")

    fact = fact_of(panel, MASK)
    assert fact.shown.pills == ((word, "neutral"),)
    assert not fact.editable and not fact.shown.copy
    panel.actions_row.call.click()

    qtbot.waitUntil(lambda: telephone.asked == DIALLED)
    assert QGuiApplication.clipboard().text() == "before"
    assert not [note for note in desk.notes if "123" in note.text]


def test_the_line_of_the_contact_calls_as_well(
    panel: RecordPanel, telephone: OtherProgram, qtbot: QtBot
) -> None:
    panel.controller.open_fact(fact_of(panel, MASK))

    qtbot.waitUntil(lambda: telephone.asked == DIALLED)


def test_the_form_saves_the_rest_and_asks_for_no_other_number(
    desk: Desk, hidden: TwoSellers, qtbot: QtBot
) -> None:
    page = CardPage(desk.session, desk.navigator, Ref("client", hidden.hers))
    desk.show(qtbot, page)
    page.edit()
    assert page._forms is not None
    form = page._forms.form
    assert not form.editors["phone"].isEnabled() and not page.is_changed()

    form.editors["city"].set_raw("Tomsk")
    page.run("save")

    boss = hidden.office.sign_in(hidden.office.boss)
    card = boss.reader.get("client", hidden.hers)
    assert card is not None and card.values["city"] == "Tomsk"
    assert card.values["phone"].endswith("45-67")


def test_the_page_of_rights_offers_what_a_field_can(
    hidden: TwoSellers, own_home: Path, qtbot: QtBot
) -> None:
    desk = Desk(hidden.office.sign_in(hidden.office.boss), own_home)
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
    for key in ("phone", "revenue", "email", "city", "status"):
        box.field.set_value(key)
        offered[key] = [box.how.itemData(place) for place in range(box.how.count())]
    assert offered == {
        "phone": ["", words.READ_ONLY, words.MASKED, words.HIDDEN],
        "email": ["", words.READ_ONLY, words.MASKED, words.HIDDEN],
        "city": ["", words.READ_ONLY, words.MASKED, words.HIDDEN],
        "revenue": ["", words.READ_ONLY, words.HIDDEN], "status": ["", words.READ_ONLY],
    }  # fmt: skip
    box.field.set_value("phone")
    assert box.how.value() == words.HIDDEN
    box.reject()
