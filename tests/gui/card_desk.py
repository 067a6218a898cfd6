"""A base with one client and what hangs on it, and the desk on which cards are opened in tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from crm_desktop.settings import open_settings
from crm_desktop.ui import theme
from crm_desktop.ui.navigation import Navigator, Note
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.session import Session
from tests.bases import ready_base

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Desk:
    """Everything a card is given, with a real base; work is done at once."""

    def __init__(self, base: Workspace, home: Path) -> None:
        self.base = base
        self.operations = Operations(now=True)
        self.session = Session(open_settings(home), self.operations)
        self.session.workspace = base
        self.navigator = Navigator()
        self.notes: list[Note] = []
        self.navigator.noted.connect(self.notes.append)
        self._end = base.listen(self.session.changed.emit)

    def make(self, entity: str, **values: Any) -> Ref:
        """A new record."""
        return Ref(entity, self.base.records.create(entity, values).ids[0])

    def values(self, ref: Ref) -> dict[str, Any]:
        """What stands in the base."""
        record = self.base.reader.get(*ref)
        assert record is not None
        return record.values

    def show(self, qtbot: QtBot, widget: QWidget, width: int = 900, height: int = 760) -> None:
        """Puts a widget on the screen."""
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)


@pytest.fixture
def desk(tmp_path: Path, own_home: Path, qapp: QApplication) -> Iterator[Desk]:
    """A desk over a new SQLite base."""
    theme.apply(qapp, "light")
    base = ready_base(tmp_path / "base.crm", language="en", clock=MovedClock(NOON))
    made = Desk(base, own_home)
    yield made
    made.session.workspace = None
    made.session.closed.emit()
    base.close()


@pytest.fixture
def client(desk: Desk) -> Ref:
    """A client with a telephone, an address and three activities."""
    status = desk.base.titles.find("reference", "Active")[0]
    ref = desk.make("client", name="Vector Ltd", phone="+79162041183", status=status, city="Omsk")
    for hour, (kind, text) in enumerate((("call", "First"), ("note", "Second"), ("note", "Third"))):
        desk.make("activity", about=ref, kind=kind, body=text, moment=NOON.replace(hour=hour))
    return ref
