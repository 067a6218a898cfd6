"""Two windows over one base on a server: what one saves, the other shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui import theme
from crm_desktop.ui.record_card.card import CardPage
from tests.bases import ready_base
from tests.gui.shell_desk import Shell, fill_clients

COUNT = 60


def _clients(base: Workspace) -> None:
    fill_clients(base, COUNT)


@pytest.fixture
def address(firebird_url: str) -> str:
    ready_base(firebird_url, more=_clients).close()
    return firebird_url


@pytest.fixture
def two(
    address: str, own_home: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[tuple[Shell, Shell]]:
    """Ann's window and Ben's."""
    theme.apply(qapp, "light")
    shells = []
    for name in ("ann", "ben"):
        home = own_home / name
        home.mkdir()
        shell = Shell(qtbot, home)
        shell.open(address)
        shells.append(shell)
    yield shells[0], shells[1]
    for shell in shells:
        shell.close()


def client(shell: Shell, number: int) -> Ref:
    found = shell.base.titles.find("client", f"Client {number:03}")
    return Ref("client", found[0])


def card(shell: Shell, ref: Ref) -> CardPage:
    shell.navigator.open_record(ref)
    shell.wait(lambda: isinstance(shell.window.pages.page, CardPage))
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page.controller.contents is not None)
    return page


def test_a_list_shows_what_a_colleague_saves_and_stays_where_it_is(
    two: tuple[Shell, Shell],
) -> None:
    ann, ben = two
    page = ann.list()
    ann.rows(page, COUNT)
    table = page.view.table
    table.setCurrentIndex(page.view.model.index(40, 0))
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    ann.wait(lambda: page.view.model.id_of(40) is not None)
    scrolled = table.verticalScrollBar().value()
    pointed = page.view.model.id_of(table.currentIndex().row())
    ref = client(ben, 58)

    ben.base.records.update(*ref, {"name": "Client 058 renamed"})

    ann.wait(lambda: "Client 058 renamed" in ann.texts(page, 59)[58])
    assert table.verticalScrollBar().value() == scrolled
    assert page.view.model.id_of(table.currentIndex().row()) == pointed != ref.id


def test_a_new_record_of_a_colleague_comes_into_the_list(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    page = ann.list()

    ben.base.records.create("client", {"name": "Client 999"})

    ann.wait(lambda: page.controller.total == COUNT + 1)


def test_an_open_card_follows(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    page = card(ann, client(ann, 3))

    ben.base.records.update(*client(ben, 3), {"name": "Client 003 renamed"})

    ann.wait(lambda: page.title() == "Client 003 renamed")
