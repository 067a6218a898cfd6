"""A card whose e-mail address a role hides or masks: it is written to by a button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.audit.words import said
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.contacts import ContactsTab
from crm_desktop.ui.record_card.panel import RecordPanel
from tests.firebird_server import FirebirdServer
from tests.gui.card_desk import Desk
from tests.gui.hidden_card import OtherProgram, desk, fact_of, panel, program_for
from tests.seller_fixtures import boss
from tests.strict_office import TwoSellers, two_sellers

__all__ = ["boss", "desk", "panel"]

MAIL = "daisy.rose@daisies.example"
MASKED = f"d{MASK}@daisies.example"


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        boss = made.office.sign_in(made.office.boss)
        boss.records.update("client", made.hers, {"email": MAIL})
        yield made


@pytest.fixture
def program(qapp: QApplication) -> Iterator[OtherProgram]:
    with program_for("mailto") as made:
        yield made


@pytest.fixture(params=[words.HIDDEN, words.MASKED])
def text(request: pytest.FixtureRequest, boss: Workspace) -> str:
    """What Anna's role shows of it."""
    roles = Roles(boss)
    roles.show(roles.named("seller"), boss.catalogue["client"], "email", request.param)
    return MASK if request.param == words.HIDDEN else MASKED


@pytest.fixture
def hidden(office: TwoSellers, text: str) -> TwoSellers:
    return office


def test_the_button_writes_and_tells_nothing(
    panel: RecordPanel, desk: Desk, boss: Workspace, text: str, program: OtherProgram, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("before")
    fact = fact_of(panel, text)
    wanted = Wanted(what=audit.WRITTEN_TO)
    before = audit.counted(boss, wanted)

    assert not fact.editable and not fact.shown.copy
    panel.actions_row.write.click()
    qtbot.waitUntil(lambda: program.asked == [f"mailto:{MAIL}"])
    panel.controller.open_fact(fact)
    qtbot.waitUntil(lambda: len(program.asked) == 2)

    assert QGuiApplication.clipboard().text() == "before"
    assert not [note for note in desk.notes if "rose" in note.text]
    assert any("Writing" in note.text for note in desk.notes)
    assert audit.counted(boss, wanted) == before + 2
    assert said(audit.WRITTEN_TO) == "Wrote to a hidden e-mail address"


def test_the_tab_of_contacts_writes_as_well(
    office: TwoSellers, desk: Desk, text: str, program: OtherProgram, qtbot: QtBot
) -> None:
    page = CardPage(desk.session, desk.navigator, Ref("client", office.hers))
    desk.show(qtbot, page)
    tab = page.tabs.open_tab("channel.owner")
    assert isinstance(tab, ContactsTab)
    row = next(row for row in tab._rows if row._words.text == text)

    assert row.use.toolTip().startswith("Write a letter")
    row.use.click()

    qtbot.waitUntil(lambda: program.asked == [f"mailto:{MAIL}"])
