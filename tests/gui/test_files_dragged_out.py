"""Files dragged out of a card: what the other program is given, and that it is only a copy."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.desk import left_copies
from crm_desktop.ui.files import going_out
from crm_desktop.ui.files.tab import FilesTab
from tests.gui.card_desk import Desk, client, desk
from tests.gui.files_desk import page, put, tab

__all__ = ["client", "desk", "page", "tab"]


@pytest.fixture
def dragged(tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot) -> list[Path]:
    """The copies that a drag of two files offers."""
    for name in ("one", "two"):
        put(desk, client, f"{name}.txt", name.encode())
    qtbot.waitUntil(lambda: len(tab.model.rows) == 2)
    found: list[QMimeData] = []
    going_out.with_copies(tab.controller, tab.model.rows, found.append, read_only=True)
    (mime,) = found
    assert mime.hasUrls()
    return [Path(url.toLocalFile()) for url in mime.urls()]


def test_each_file_goes_out_whole_under_its_name(dragged: list[Path]) -> None:
    assert {p.name: p.read_bytes() for p in dragged} == {"one.txt": b"one", "two.txt": b"two"}


def test_nobody_writes_into_what_was_dragged_out(dragged: list[Path]) -> None:
    assert [stat.S_IMODE(path.stat().st_mode) & 0o222 for path in dragged] == [0, 0]


def test_the_next_start_forgets_the_copies(dragged: list[Path], desk: Desk) -> None:
    left_copies(desk.base, desk.session.settings.path.parent)

    assert not any(path.exists() for path in dragged)


def test_a_drag_begins_at_the_chosen_file(
    tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    put(desk, client, "letter.txt", b"one")
    view = tab.view
    qtbot.waitUntil(lambda: len(tab.model.rows) == 1)
    view.selectAll()
    with qtbot.waitSignal(view.drag_wanted):
        view.startDrag(Qt.DropAction.CopyAction)
