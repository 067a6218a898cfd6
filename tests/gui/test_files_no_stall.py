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
from tests.gui.held_operations import HeldOperations

__all__ = ["client", "desk"]

MEGABYTE = 1024 * 1024


@pytest.fixture
def tab(desk: Desk, client: Ref, qtbot: QtBot) -> Iterator[FilesTab]:
    """With real threads."""
    yield from _tab(desk, client, qtbot, Operations())


@pytest.fixture
def held() -> HeldOperations:
    return HeldOperations()


@pytest.fixture
def held_tab(desk: Desk, client: Ref, qtbot: QtBot, held: HeldOperations) -> Iterator[FilesTab]:
    """With a worker that waits where it first tells how far it is."""
    yield from _tab(desk, client, qtbot, held)


def _tab(desk: Desk, client: Ref, qtbot: QtBot, operations: Operations) -> Iterator[FilesTab]:
    desk.session.operations = desk.operations = operations
    page = CardPage(desk.session, desk.navigator, client, parts=CARD_PARTS)
    desk.show(qtbot, page, 1200, 760)
    qtbot.waitUntil(lambda: page.controller.contents is not None)
    made = page.tabs.open_tab("attachment.owner")
    assert isinstance(made, FilesTab)
    yield made
    desk.operations.close(10)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "film.bin2"
    path.write_bytes(os.urandom(MEGABYTE) * 40)
    return path


def test_adding_forty_megabytes_holds_nobody(
    tab: FilesTab, large: Path, qtbot: QtBot, no_stall: NoStall
) -> None:
    with no_stall():
        tab.bring_paths([large])
        qtbot.waitUntil(lambda: len(tab.model.rows) == 1)

    assert tab.model.rows[0].size == 40 * MEGABYTE
    qtbot.waitUntil(lambda: tab.strip.isHidden())


def test_it_can_be_stopped(
    held_tab: FilesTab, held: HeldOperations, desk: Desk, large: Path, qtbot: QtBot
) -> None:
    tab = held_tab
    tab.bring_paths([large])
    qtbot.waitUntil(lambda: held.reached.is_set() and tab.strip.isVisible())

    tab.strip.cancelled.emit()
    held.opened.set()

    qtbot.waitUntil(lambda: not desk.operations.writing)
    qtbot.waitUntil(lambda: tab.strip.isHidden())
    assert Files(desk.base).total() == (0, 0)
    assert cleaning.unused(desk.base).half == ()


def test_a_refusal_ends_the_progress(tab: FilesTab, desk: Desk, large: Path, qtbot: QtBot) -> None:
    Files(desk.base).set_limit(10 * MEGABYTE)

    tab.bring_paths([large])

    qtbot.waitUntil(lambda: bool(desk.notes))
    assert "too large: 40 MB" in desk.notes[-1].text
    assert tab.strip.isHidden()
