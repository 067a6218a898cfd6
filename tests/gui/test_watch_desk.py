"""The head is told in his window; the administrator marks decoys from the card in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services import audit, watch
from crm_desktop.settings import Settings
from crm_desktop.ui.features import FEATURES
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.session import Session
from crm_desktop.ui.watch_desk import WatchDesk
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

_WAIT_MS = 20_000


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture
def window(
    sellers: TwoSellers, qtbot: QtBot, qapp: QApplication, own_home: Path, tmp_path: Path
) -> Iterator[MainWindow]:
    """The administrator's."""
    operations = Operations()
    session = Session(Settings(tmp_path / "settings.json"), operations)
    made = MainWindow(session, Navigator(), FEATURES)
    made.watching = WatchDesk(made)  # type: ignore[attr-defined]
    made.view.show()
    session.open(sellers.office.of(sellers.office.boss))
    qtbot.waitUntil(lambda: session.workspace is not None, timeout=_WAIT_MS)
    yield made
    session.close()
    operations.close(10)
    made.drop()


def test_a_decoy_is_marked_and_its_export_is_told(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    told: list[str] = []
    window.navigator.noted.connect(lambda note: told.append(note.text))
    window.navigator.open_record(Ref("client", sellers.hers))
    qtbot.waitUntil(lambda: window.actions.get("decoy").enabled(), timeout=_WAIT_MS)
    window.actions.run("decoy")
    qtbot.waitUntil(lambda: "The record is a decoy now" in told, timeout=_WAIT_MS)
    anna = sellers.work(sellers.anna)
    entry = audit.note(anna, audit.COPIED, amount=1, entity="client", detail="rows")
    audit.compare(anna, entry, anna.catalogue["client"], [sellers.hers])

    window.watching.look()  # type: ignore[attr-defined]

    qtbot.waitUntil(lambda: any("Anna Seller took out 1" in one for one in told), timeout=_WAIT_MS)
    window.actions.run("no-decoy")
    boss = sellers.office.sign_in(sellers.office.boss)
    qtbot.waitUntil(lambda: not watch.decoys(boss), timeout=_WAIT_MS)
