"""A card with the tab of files, and what tests do with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.files.tab import FilesTab
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>endobj\n"
    b"4 0 obj<</Length 30>>stream\n1 0 0 rg 10 10 50 50 re f\nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)


class OpenedAddresses(QObject):
    """Stands where the desktop would choose a program."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.paths.append(Path(url.toLocalFile()))


@pytest.fixture
def opened() -> Iterator[OpenedAddresses]:
    made = OpenedAddresses()
    QDesktopServices.setUrlHandler("file", made, "take")
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> CardPage:
    made = CardPage(desk.session, desk.navigator, client, parts=CARD_PARTS)
    desk.show(qtbot, made, 1200, 760)
    return made


@pytest.fixture
def tab(page: CardPage) -> FilesTab:
    made = page.tabs.open_tab("attachment.owner")
    assert isinstance(made, FilesTab)
    return made


def put(desk: Desk, client: Ref, name: str, content: bytes) -> int:
    return Files(desk.base).add(client, [FileSource(name, content=content)]).refs[0].id


def names(tab: FilesTab) -> list[str]:
    return [row.name for row in tab.model.rows]


def red(width: int = 40, height: int = 20) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


def of_paths(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget: CardPage, mime: QMimeData) -> None:
    """As the desktop lets go of files over the card."""
    hang(widget, mime)
    _send(widget, mime, QDropEvent)


def hang(widget: CardPage, mime: QMimeData) -> None:
    """As the desktop carries files over the card."""
    _send(widget, mime, QDragEnterEvent)


def _send(
    widget: CardPage, mime: QMimeData, kind: type[QDragEnterEvent] | type[QDropEvent]
) -> None:
    event = kind(
        widget.rect().center(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget.drops.parent(), event)


def show(tab: FilesTab, desk: Desk, qtbot: QtBot, name: str, content: bytes) -> None:
    """Adds a file and looks at it."""
    assert tab.contents is not None
    id_ = put(desk, tab.contents.ref, name, content)
    qtbot.waitUntil(lambda: id_ in [row.ref.id for row in tab.model.rows])
    tab.view.choose([id_])
