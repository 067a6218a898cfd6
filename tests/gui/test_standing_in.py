"""Substitutions in the window: the page, the strip on cards, what who stands in is told."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import ChangeSet
from crm_desktop.settings import Settings
from crm_desktop.ui.card_features import CARD_PARTS
from crm_desktop.ui.main_window.sections import _stands_in
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.rights.standing_page import StandingPage
from crm_desktop.ui.rights.standing_strip import StandingStrip
from crm_desktop.ui.session import Session
from tests.firebird_server import FirebirdServer
from tests.gui.card_desk import Desk, desk
from tests.server_office import Office, server_office

__all__ = ["desk"]


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    name = f"standing_{secrets.token_hex(6)}"
    with server_office(firebird.empty_base(name)) as made:
        yield made
    firebird.remove(name)


class Two:
    """Two colleagues of one test; Boris is to stand in for Anna."""

    def __init__(self, office: Office) -> None:
        self.office, mark = office, secrets.token_hex(4)
        self.names = (f"Anna {mark}", f"Boris {mark}")
        self.anna, self.boris = (office.let_in(name) for name in self.names)
        self.boss = office.sign_in(office.boss)
        self.ids = [self.boss.titles.find("staff", name)[0] for name in self.names]

    def stand_in(self, days: int = 5, note: str = "Leave") -> None:
        now = self.boss.clock.now()
        Roles(self.boss).stand_in(*self.ids, now, now + timedelta(days=days), note)


@pytest.fixture
def two(office: Office) -> Two:
    return Two(office)


def session_on(base: Workspace, tmp_path: Path) -> Session:
    session = Session(Settings(tmp_path / "settings.json"), Operations(now=True))
    session.workspace = base
    return session


def page_on(base: Workspace, tmp_path: Path, qtbot: QtBot) -> StandingPage:
    made = StandingPage(session_on(base, tmp_path), Navigator())
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


def texts(page: StandingPage) -> list[list[str]]:
    count = page.model.rowCount()
    return [[page.table.cell(n, c).text for c in range(5)] for n in range(count)]  # type: ignore[union-attr]


def test_somebody_stands_in_and_it_is_ended(
    two: Two, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    page = page_on(two.boss, tmp_path, qtbot)

    page.show_place(Place(PAGE, name="standing-in", where=Condition("id", "in", (two.ids[0],))))
    box = page.ask(two.ids[0])
    assert box is not None and box.absent.value() == two.ids[0]
    box.instead.set_value(two.ids[1])
    box.go.click()
    assert box.isVisible()  # no last day yet
    box.last.set_day(two.boss.clock.today() + timedelta(days=3))
    box.note.setText("Leave")
    heard: list[ChangeSet] = []
    two.boss.listen(heard.append)
    box.go.click()

    assert any(one.touches("staff", frozenset(two.ids[:1])) for one in heard), "open cards hear it"
    row = next(row for row in texts(page) if row[0] == two.names[0])
    assert row[1] == two.names[1] and row[3:] == ["stands in now", "Leave"]
    page.table.go_to(texts(page).index(row))
    page.end.click()
    assert two.names[0] not in {row[0] for row in texts(page)}
    page.over.setChecked(True)
    row = next(row for row in texts(page) if row[0] == two.names[0])
    assert row[3] == "is over"
    page.table.go_to(texts(page).index(row))
    assert not page.end.isEnabled()


def test_who_stands_in_is_told_and_sees_his_own_alone(
    two: Two, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    two.stand_in()
    boris = two.office.sign_in(two.boris)

    page = page_on(boris, tmp_path, qtbot)

    assert [row[0] for row in texts(page)] == [two.names[0]]
    assert not page.new.isVisible() and page.ask() is None
    assert _stands_in(boris).startswith(f"You stand in for {two.names[0]} until")
    assert _stands_in(two.office.sign_in(two.anna)) == ""


def test_the_card_says_who_stands_in(
    two: Two, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    two.stand_in()
    asked: list[Place] = []
    for base, said in (
        (two.boss, f"{two.names[1]} stands in for {two.names[0]} until"),
        (two.office.sign_in(two.anna), f"{two.names[1]} stands in for you until"),
    ):
        navigator = Navigator()
        navigator.place_wanted.connect(lambda place, _tab: asked.append(place))
        card = CardPage(
            session_on(base, tmp_path), navigator, Ref("staff", two.ids[0]), parts=CARD_PARTS
        )
        qtbot.addWidget(card)
        card.show()

        qtbot.waitUntil(lambda card=card: card.findChild(StandingStrip) is not None)
        strip = card.findChild(StandingStrip)
        qtbot.waitUntil(lambda strip=strip, said=said: said in strip.strip.label.text())
        assert "Leave" in strip.strip.label.text()
        strip.strip.button.click()
        assert asked[-1].name == "standing-in"


def test_a_local_base_says_that_there_is_nothing_to_give(desk: Desk, qtbot: QtBot) -> None:
    page = StandingPage(desk.session, desk.navigator)
    desk.show(qtbot, page)

    assert page.none.isVisible() and not page.new.isVisible()
