"""The whole program in a test: application, window, settings; for what reaches beyond one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop import settings as s
from crm_desktop.settings import open_settings
from crm_desktop.ui import theme
from crm_desktop.ui.application import Application, StartOptions
from crm_desktop.ui.language import switch_language
from tests.bases import ready_base

P = TypeVar("P", bound=QWidget)


class Office:
    """The program and what a test does with it."""

    def __init__(self, qtbot: QtBot, app: QApplication, home: Path) -> None:
        self.qtbot, self.app = qtbot, app
        self.settings = open_settings(home)
        self.settings.put(s.LANGUAGE, "en")
        self.settings.put(s.THEME, "light")
        self.crashed: list[BaseException] = []
        self.program: Application | None = None

    def start(self, base: Path | str = "") -> Application:
        """Starts the program, with a base if one is named, and waits for its first page."""
        program = self.start_unseen(base)
        self.wait(lambda: program.window.pages.page is not None)
        return program

    def start_unseen(self, base: Path | str = "", *files: Path) -> Application:
        """Starts the program, with files to be brought in if some are named; waits for nothing."""
        options = StartOptions(base=str(base), files=tuple(map(str, files)))
        program = Application(self.app, self.settings, options)
        program.operations.crashed.connect(lambda _title, error: self.crashed.append(error))
        self.program = program
        program.show()
        program.window.view.resize(1280, 800)
        return program

    def wait(self, until: Callable[[], bool]) -> None:
        """Lets the program work until it is so."""
        self.qtbot.waitUntil(until)

    def page(self, kind: type[P]) -> P:
        """The page in front, once it is one of that kind."""
        assert self.program is not None
        window = self.program.window
        self.wait(lambda: isinstance(window.pages.page, kind))
        page = window.pages.page
        assert isinstance(page, kind)
        return page

    def close(self) -> None:
        """The end."""
        program = self.program
        if program is None:
            return
        program.window.leave()
        program.window.pages.close_all()
        if program.server is not None:
            program.server.close()
        program.window.drop()
        program.operations.close(5)
        if program.session.workspace is not None:
            program.session.workspace.close()
        program.crashes.let_go()
        program.deleteLater()
        self.app.processEvents()
        theme.apply(self.app, "light")
        switch_language(self.app, "en")
        assert not self.crashed, self.crashed


@pytest.fixture
def office(own_home: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Office]:
    """The program, not started yet."""
    desk = Office(qtbot, qapp, own_home)
    yield desk
    desk.close()


@pytest.fixture
def small_base(tmp_path: Path) -> Path:
    """A new base without clients."""
    path = tmp_path / "small.crm"
    ready_base(path, language="en").close()
    return path
