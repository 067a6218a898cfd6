"""The head is told in his window; the administrator marks decoys from the card in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.audit import leak_detection
from crm_desktop.services.audit import service as audit
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.watch_desk import WatchDesk
from tests.firebird_server import FirebirdServer
from tests.gui.strict_window import WAIT_MS, window_over
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture
def window(
    sellers: TwoSellers, qtbot: QtBot, qapp: QApplication, own_home: Path, tmp_path: Path
) -> Iterator[MainWindow]:
    """The administrator's."""
    address = sellers.office.of(sellers.office.boss)
    with window_over(address, tmp_path, qtbot, before=_watching) as made:
        yield made


def _watching(made: MainWindow) -> None:
    made.watching = WatchDesk(made)  # type: ignore[attr-defined]


def test_a_decoy_is_marked_and_its_export_is_told(
    window: MainWindow, qtbot: QtBot, sellers: TwoSellers
) -> None:
    told: list[str] = []
    window.navigator.noted.connect(lambda note: told.append(note.text))
    window.navigator.open_record(Ref("client", sellers.hers))
    qtbot.waitUntil(lambda: window.actions.get("decoy").enabled(), timeout=WAIT_MS)
    window.actions.run("decoy")
    qtbot.waitUntil(lambda: "The record is a decoy now" in told, timeout=WAIT_MS)
    anna = sellers.work(sellers.anna)
    entry = audit.note(anna, audit.COPIED, amount=1, entity="client", detail="rows")
    audit.compare(anna, entry, anna.catalogue["client"], [sellers.hers])

    window.watching.look()  # type: ignore[attr-defined]

    qtbot.waitUntil(lambda: any("Anna Seller took out 1" in one for one in told), timeout=WAIT_MS)
    window.actions.run("no-decoy")
    boss = sellers.office.sign_in(sellers.office.boss)
    qtbot.waitUntil(lambda: not leak_detection.decoys(boss), timeout=WAIT_MS)
