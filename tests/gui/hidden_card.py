"""A seller's desk where a role hides a value of a client's card: fixtures of its tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.record_card.facts import Fact
from crm_desktop.ui.record_card.panel import RecordPanel
from tests.gui.card_desk import Desk
from tests.strict_office import TwoSellers


class OtherProgram(QObject):
    """The program of the computer that calls or writes."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.asked.append(url.toString())


@contextmanager
def program_for(scheme: str) -> Iterator[OtherProgram]:
    """Takes what is opened of that kind."""
    made = OtherProgram()
    QDesktopServices.setUrlHandler(scheme, made, "open")
    yield made
    QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture
def desk(hidden: TwoSellers, qapp: QApplication, own_home: Path) -> Iterator[Desk]:
    """Anna at her desk."""
    made = Desk(hidden.work(), own_home)
    yield made
    made.session.workspace = None
    made.session.closed.emit()
    switch_language(qapp, "en")


@pytest.fixture
def panel(desk: Desk, hidden: TwoSellers, qtbot: QtBot) -> RecordPanel:
    """Her client beside the list."""
    made = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, made, width=440)
    made.show_record(Ref("client", hidden.hers))
    return made


def fact_of(panel: RecordPanel, text: str) -> Fact:
    """The line that shows this text."""
    rows = [row.fact for _h, group in panel.overview.facts._placed for row in group]
    return next(fact for fact in rows if fact is not None and fact.shown.text == text)
