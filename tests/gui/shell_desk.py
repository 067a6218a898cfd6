"""The whole window over a real base, with real workers, for tests of the shell and of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.workspace import Workspace, create_base
from crm_desktop.services.writing.staging import Create
from crm_desktop.settings import Settings, open_settings
from crm_desktop.ui import theme
from crm_desktop.ui.features import FEATURES
from crm_desktop.ui.main_window.program_actions import ProgramActions
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import Navigator, Note
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.session import Session
from tests.bases import copied

CITIES = ("Omsk", "Kazan", "Perm")
MANY = 300


class Shell:
    """The window and what a test does with it."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        self.settings: Settings = open_settings(home)
        self.operations = Operations()
        self.crashed: list[BaseException] = []
        self.operations.crashed.connect(lambda _title, error: self.crashed.append(error))
        self.session = Session(self.settings, self.operations)
        self.navigator = Navigator()
        self.notes: list[Note] = []
        self.navigator.noted.connect(self.notes.append)
        self.window = MainWindow(self.session, self.navigator, FEATURES)
        self.actions = ProgramActions(self.window)
        self.view = self.window.view
        # A write that goes on would be asked about, and nobody is there to answer.
        qtbot.addWidget(self.view, before_close_func=lambda _view: self.window.let_go())
        self.view.resize(1560, 900)

    @property
    def base(self) -> Workspace:
        """The open base."""
        return self.session.base

    def wait(self, until: Callable[[], bool]) -> None:
        """Lets the window work until it is so."""
        self.qtbot.waitUntil(until)

    def open(self, address: Path | str) -> None:
        """Opens a base and waits for its list."""
        self.view.show()
        self.session.open(str(address))
        self.wait(lambda: self.session.workspace is not None)
        self.view.activateWindow()
        self.wait(self.view.isActiveWindow)

    def list(self) -> RecordListPage:
        """The list in front, counted."""
        self.wait(lambda: isinstance(self.window.pages.page, RecordListPage))
        page = self.window.pages.page
        assert isinstance(page, RecordListPage)
        self.wait(lambda: page.controller.total is not None)
        return page

    def rows(self, page: RecordListPage, count: int) -> list[list[str]]:
        """The texts of the first rows, once the list has so many."""
        model = page.view.model
        self.wait(lambda: model.rowCount() == count and self._loaded(page, min(count, 20)))
        return self.texts(page, min(count, 20))

    @staticmethod
    def _loaded(page: RecordListPage, count: int) -> bool:
        return all(page.view.model.id_of(row) is not None for row in range(count))

    @staticmethod
    def texts(page: RecordListPage, count: int) -> list[list[str]]:
        """What stands in the first rows."""
        model = page.view.model
        cells = [[model.cell(r, c) for c in range(model.columnCount())] for r in range(count)]
        return [[cell.text if cell else "…" for cell in row] for row in cells]

    def key(self, widget: QWidget, key: Qt.Key, *, ctrl: bool = False, shift: bool = False) -> None:
        """Presses a key."""
        modifiers = Qt.KeyboardModifier.NoModifier
        if ctrl:
            modifiers |= Qt.KeyboardModifier.ControlModifier
        if shift:
            modifiers |= Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(widget, key, modifiers)

    def values(self, ref: Ref) -> dict[str, Any]:
        """What stands in the base."""
        record = self.base.reader.get(*ref)
        assert record is not None
        return record.values

    def count(self, entity: str) -> int:
        """How many records there are."""
        return self.base.lists.count(Query(entity))

    def close(self) -> None:
        """The end."""
        self.window.leave()
        self.window.pages.close_all()
        self.operations.close(5)
        if self.session.workspace is not None:
            self.session.workspace.close()
        assert not self.crashed, self.crashed


def fill_clients(base: Workspace, count: int) -> list[int]:
    """Client 000, Client 001 ... with towns in turn and a revenue of 10 times the number."""
    writes = [
        Create(
            "client",
            {
                "name": f"Client {n:03}", "city": CITIES[n % 3], "revenue": Decimal(10 * n),
                "phone": f"+7916{n:07}",
            },
        )
        for n in range(count)
    ]  # fmt: skip
    return list(base.records.apply(writes).ids)


@pytest.fixture
def base_file(tmp_path: Path) -> Path:
    """A base with 300 clients."""
    path = tmp_path / "office.crm"

    def make() -> None:
        base = create_base(path, language="en")
        fill_clients(base, MANY)
        base.close()

    copied(("clients", MANY), path, make)
    return path


@pytest.fixture
def bare_shell(own_home: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Shell]:
    """The window without a base."""
    theme.apply(qapp, "light")
    shell = Shell(qtbot, own_home)
    yield shell
    shell.close()


@pytest.fixture
def shell(bare_shell: Shell, base_file: Path) -> Shell:
    """The window over a base with 300 clients."""
    bare_shell.open(base_file)
    bare_shell.list()
    return bare_shell
