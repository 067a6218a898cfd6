"""A large file comes in while the person goes on: the window is never held; it can be stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files import cleaning
from crm_desktop.services.files.files import Files
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.files.tab import FilesTab
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, client, desk
from tests.gui.conftest import NoStall

__all__ = ["client", "desk"]

MEGABYTE = 1024 * 1024


@pytest.fixture
def tab(desk: Desk, client: Ref, qtbot: QtBot) -> Iterator[FilesTab]:
    """With real threads."""
    desk.session.operations = desk.operations = Operations()
    page = CardPage(desk.session, desk.navigator, client, parts=CARD_PARTS)
    desk.show(qtbot, page, 1200, 760)
    qtbot.waitUntil(lambda: page.controller.contents is not None, timeout=5000)
    made = page.tabs.open_tab("attachment.owner")
    assert isinstance(made, FilesTab)
    yield made
    desk.operations.close(10)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "film.bin2"
    path.write_bytes(os.urandom(40 * MEGABYTE))
    return path


def test_adding_forty_megabytes_holds_nobody(
    tab: FilesTab, large: Path, qtbot: QtBot, no_stall: NoStall
) -> None:
    with no_stall():
        tab.bring_paths([large])
        qtbot.waitUntil(lambda: len(tab.model.rows) == 1, timeout=30_000)

    assert tab.model.rows[0].size == 40 * MEGABYTE
    qtbot.waitUntil(lambda: tab.strip.isHidden(), timeout=2000)


def test_it_can_be_stopped(tab: FilesTab, desk: Desk, large: Path, qtbot: QtBot) -> None:
    tab.bring_paths([large])
    qtbot.waitUntil(tab.strip.isVisible, timeout=10_000)

    tab.strip.cancelled.emit()

    qtbot.waitUntil(lambda: not desk.operations.writing, timeout=30_000)
    qtbot.waitUntil(lambda: tab.strip.isHidden(), timeout=2000)
    assert Files(desk.base).total() == (0, 0)
    assert cleaning.unused(desk.base).half == ()


def test_a_refusal_ends_the_progress(tab: FilesTab, desk: Desk, large: Path, qtbot: QtBot) -> None:
    Files(desk.base).set_limit(10 * MEGABYTE)

    tab.bring_paths([large])

    qtbot.waitUntil(lambda: bool(desk.notes), timeout=10_000)
    assert "too large: 40 MB" in desk.notes[-1].text
    assert tab.strip.isHidden()
