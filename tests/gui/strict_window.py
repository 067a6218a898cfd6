"""A whole window over a base on a server, with the rights of the account in its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from crm_desktop.settings import Settings
from crm_desktop.ui.features import FEATURES
from crm_desktop.ui.main_window.program_actions import ProgramActions
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.session import Session

WAIT_MS = 20_000


@contextmanager
def window_over(
    address: str, folder: Path, qtbot: QtBot, *,
    before: Callable[[MainWindow], None] = lambda _made: None,
) -> Iterator[MainWindow]:  # fmt: skip
    """Shown and opened; `before` adds to it what a test wants before the base is there."""
    operations = Operations()
    session = Session(Settings(folder / "settings.json"), operations)
    made = MainWindow(session, Navigator(), FEATURES)
    made.program = ProgramActions(made)  # type: ignore[attr-defined]
    before(made)
    made.view.resize(1200, 760)
    made.view.show()
    session.open(address)
    qtbot.waitUntil(lambda: session.workspace is not None, timeout=WAIT_MS)
    yield made
    session.close()
    operations.close(10)
    made.drop()


def until_it_hears(window: MainWindow, qtbot: QtBot) -> None:
    """The window is told of what others save and of changed rights from now on."""
    feed = window.session.base.feed
    assert feed is not None
    qtbot.waitUntil(lambda: feed.hears, timeout=WAIT_MS)
