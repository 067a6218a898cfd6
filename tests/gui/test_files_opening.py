"""Files are opened in other programs and taken back; what could run never is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.ui.files.open_files import OpenFiles
from crm_desktop.ui.files.tab import FilesTab
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, client, desk
from tests.gui.files_desk import OpenedAddresses, opened, page, put, show, tab

__all__ = ["client", "desk", "opened", "page", "tab"]


def test_opening_gives_a_private_copy_and_saving_makes_a_version(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, qtbot: QtBot
) -> None:
    id_ = put(desk, client, "letter.txt", b"first")
    tab.open(tab.model.rows[0])
    assert [path.name for path in opened.paths] == ["letter.txt"]

    opened.paths[0].write_bytes(b"second words")

    files = Files(desk.base)
    qtbot.waitUntil(lambda: files.get(id_).size == 12)
    assert files.contents.read(files.get(id_).digest, 99) == b"second words"
    assert "new version" in desk.notes[-1].text
    assert len(files.versions(id_)) == 2


def test_a_save_by_replacing_the_file_comes_back_too(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, qtbot: QtBot
) -> None:
    id_ = put(desk, client, "letter.txt", b"first")
    tab.open(tab.model.rows[0])
    path, files = opened.paths[0], Files(desk.base)
    for text in (b"second", b"third!!"):
        (path.parent / "~tmp").write_bytes(text)

        (path.parent / "~tmp").replace(path)

        qtbot.waitUntil(lambda text=text: files.get(id_).size == len(text))  # type: ignore[misc]


def test_both_are_kept_when_somebody_else_was_quicker(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, qtbot: QtBot
) -> None:
    id_ = put(desk, client, "letter.txt", b"first")
    files = Files(desk.base)
    tab.open(tab.model.rows[0])
    files.take_back(id_, FileSource("letter.txt", content=b"theirs"), files.get(id_).digest)

    opened.paths[0].write_bytes(b"mine, longer")

    qtbot.waitUntil(lambda: len(files.of(client)) == 2)
    assert files.contents.read(files.get(id_).digest, 99) == b"theirs"
    assert "Both are kept" in desk.notes[-1].text


@pytest.mark.parametrize(
    ("name", "content"),
    [("setup.exe", b"MZ\x00"), ("photo.png", b"\x7fELF\x00"), ("run.sh", b"#!/bin/sh"),
     ("page.html", b"<html><script>1</script>"), ("data.zip", b"PK\x05\x06" + b"\x00" * 18)],
)  # fmt: skip
def test_what_could_run_is_never_opened(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, name: str, content: bytes
) -> None:
    put(desk, client, name, content)

    tab.open(tab.model.rows[0])

    assert opened.paths == []
    assert "ave it" in desk.notes[-1].text
    assert list(desk.session.settings.path.parent.glob(f"open-files/*/*/{name}")) == []


def test_macros_are_asked_about_before(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "calc.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for part in ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"):
            archive.writestr(part, "x")
    put(desk, client, path.name, path.read_bytes())

    tab.open(tab.model.rows[0])

    assert opened.paths == []
    box = QApplication.activeModalWidget()
    assert box is not None and "macros" in box.body.text()  # type: ignore[attr-defined]
    box.done(1)
    assert [p.name for p in opened.paths] == ["calc.docx"]


def test_what_was_changed_while_the_program_was_closed_is_offered(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, qtbot: QtBot
) -> None:
    id_ = put(desk, client, "letter.txt", b"first")
    tab.open(tab.model.rows[0])
    OpenFiles.of(desk.session, desk.navigator)._forget_all()  # the program ends
    opened.paths[0].write_bytes(b"while away")

    OpenFiles.of(desk.session, desk.navigator).look_back()
    box = QApplication.activeModalWidget()
    assert box is not None and "letter.txt" in box.body.text()  # type: ignore[attr-defined]
    box.done(2)

    files = Files(desk.base)
    assert files.contents.read(files.get(id_).digest, 99) == b"while away"


def test_saving_and_copying(
    tab: FilesTab, desk: Desk, client: Ref, tmp_path: Path, qtbot: QtBot
) -> None:
    from crm_desktop.ui.files import going_out

    put(desk, client, "a.txt", b"hello")
    going_out.write(tab.controller, tab.model.rows, tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == b"hello"

    going_out.copy(tab.controller, tab.model.rows)

    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [Path(url.toLocalFile()).read_bytes() for url in urls] == [b"hello"]


def test_a_former_version_is_brought_back_from_its_box(
    tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    from crm_desktop.ui.files.versions_box import VersionsBox

    id_ = put(desk, client, "a.txt", b"one")
    files = Files(desk.base)
    files.take_back(id_, FileSource("a.txt", content=b"two!"), files.get(id_).digest)
    tab.show_versions(files.get(id_))

    box = tab.window().findChildren(VersionsBox)[-1]
    box.restore_buttons[0].click()

    assert files.contents.read(files.get(id_).digest, 9) == b"one"


def test_a_narrow_card_offers_the_same_without_a_preview(
    page: CardPage, tab: FilesTab, desk: Desk, opened: OpenedAddresses, qtbot: QtBot
) -> None:
    show(tab, desk, qtbot, "a.txt", b"hello")
    assert tab.preview.isVisible() and tab.open_button.isHidden()

    page.resize(460, 700)
    qtbot.waitUntil(tab.open_button.isVisible)
    tab.open_button.click()

    assert tab.preview.isHidden()
    assert [path.name for path in opened.paths] == ["a.txt"]
