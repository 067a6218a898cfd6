"""The tab with the files of a record: added, seen, renamed, deleted, opened and taken back."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, Qt, QUrl, Slot
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.files.open_files import OpenFiles
from crm_desktop.ui.files.pictures import as_png, picture
from crm_desktop.ui.files.tab import FilesTab
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.settings_window.file_limit import FileLimitRow
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]

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
    for kind in (QDragEnterEvent, QDropEvent):
        event = kind(
            widget.rect().center(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(widget.drops.parent(), event)


def test_files_dropped_on_the_card_are_kept(page: CardPage, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "Offer.pdf"
    path.write_bytes(PDF)

    drop(page, of_paths(path))
    tab = page.tabs.open_tab("attachment.owner")
    assert isinstance(tab, FilesTab)
    assert names(tab) == ["Offer.pdf"]
    assert desk.notes[-1].undo_operation is not None
    path.unlink()
    assert Files(desk.base).contents.read(tab.model.rows[0].digest, 9999) == PDF


def test_a_screenshot_is_pasted_as_a_picture(tab: FilesTab, page: CardPage, desk: Desk) -> None:
    QGuiApplication.clipboard().setImage(red())

    assert page.drops.paste()

    assert names(tab)[0].startswith("Screenshot 2026-11-21")
    assert tab.model.rows[0].media == "image/png"


def test_copied_text_is_no_file(page: CardPage, desk: Desk) -> None:
    QGuiApplication.clipboard().setText("just words")

    assert not page.drops.paste()


def test_the_tab_counts_them_and_is_there_once(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    put(desk, client, "a.txt", b"hello")
    qtbot.waitUntil(lambda: bool(page.controller.contents), timeout=2000)

    found = [t for t in page.tabs.bar._tabs if t.title == "Files"]  # type: ignore[attr-defined]

    assert [t.count for t in found] == ["1"]


def test_renaming_in_place_keeps_the_ending(
    tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    put(desk, client, "draft.txt", b"hello")
    qtbot.waitUntil(lambda: names(tab) == ["draft.txt"], timeout=2000)
    tab.view.setFocus()

    QTest.keyClick(tab.view, Qt.Key.Key_F2)
    editor = tab.view.findChild(QLineEdit)
    editor.setText("Contract 12/26")
    QTest.keyClick(editor, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: names(tab) == ["Contract 12_26.txt"], timeout=2000)


def test_several_are_deleted_and_come_back(
    tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(desk, client, name, name.encode())
    qtbot.waitUntil(lambda: len(names(tab)) == 3, timeout=2000)
    tab.view.selectAll()

    QTest.keyClick(tab.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(tab) == [], timeout=2000)
    assert tab.stack.currentWidget() is tab.none
    desk.base.undo.undo(desk.notes[-1].undo_operation)  # type: ignore[arg-type]

    qtbot.waitUntil(lambda: len(names(tab)) == 3, timeout=2000)


def show(tab: FilesTab, desk: Desk, qtbot: QtBot, name: str, content: bytes) -> None:
    """Adds a file and looks at it."""
    assert tab.contents is not None
    id_ = put(desk, tab.contents.ref, name, content)
    qtbot.waitUntil(lambda: id_ in [row.ref.id for row in tab.model.rows], timeout=2000)
    tab.view.choose([id_])


def test_previews(tab: FilesTab, desk: Desk, qtbot: QtBot) -> None:
    pane, words = tab.preview, "Договор подписан, оплата в пятницу."

    show(tab, desk, qtbot, "note.txt", words.encode("cp1251"))
    assert pane.stack.currentWidget() is pane._text
    assert pane._text.toPlainText() == words
    show(tab, desk, qtbot, "page.txt", b"<b>bold</b>")
    assert pane._text.toPlainText() == "<b>bold</b>"
    show(tab, desk, qtbot, "red.png", as_png(red()))
    assert pane.stack.currentWidget() is pane._scroll
    show(tab, desk, qtbot, "plan.pdf", PDF)
    assert pane._pages._images[0].pixelColor(200, 250) == QColor(255, 0, 0)


def test_a_broken_document_says_so(tab: FilesTab, desk: Desk, client: Ref) -> None:
    put(desk, client, "broken.pdf", b"%PDF-1.4 nothing follows")

    assert "cannot be shown" in tab.preview._why.text()


def test_a_picture_that_would_unfold_to_gigabytes_is_not_decoded() -> None:
    content = bytearray(as_png(red()))
    content[16:24] = (200_000).to_bytes(4, "big") * 2

    assert picture(bytes(content), 100) is None


def test_large_pictures_are_scaled_while_they_are_read() -> None:
    image = picture(as_png(red(3000, 1500)), 300)

    assert image is not None
    assert (image.width(), image.height()) == (300, 150)


def test_opening_gives_a_private_copy_and_saving_makes_a_version(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, qtbot: QtBot
) -> None:
    id_ = put(desk, client, "letter.txt", b"first")
    tab.open(tab.model.rows[0])
    assert [path.name for path in opened.paths] == ["letter.txt"]

    opened.paths[0].write_bytes(b"second words")

    files = Files(desk.base)
    qtbot.waitUntil(lambda: files.get(id_).size == 12, timeout=5000)
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

        qtbot.waitUntil(lambda text=text: files.get(id_).size == len(text), timeout=5000)  # type: ignore[misc]


def test_both_are_kept_when_somebody_else_was_quicker(
    tab: FilesTab, desk: Desk, client: Ref, opened: OpenedAddresses, qtbot: QtBot
) -> None:
    id_ = put(desk, client, "letter.txt", b"first")
    files = Files(desk.base)
    tab.open(tab.model.rows[0])
    files.take_back(id_, FileSource("letter.txt", content=b"theirs"), files.get(id_).digest)

    opened.paths[0].write_bytes(b"mine, longer")

    qtbot.waitUntil(lambda: len(files.of(client)) == 2, timeout=5000)
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


def test_tiles_are_remembered(tab: FilesTab, desk: Desk) -> None:
    tab.tiles_button.click()

    assert FilesTab(tab.controller).tiles_button.isChecked()


def test_the_card_of_a_file_shows_it(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    id_ = put(desk, client, "a.txt", b"hello")
    page = CardPage(
        desk.session, desk.navigator, Files(desk.base).get(id_).ref, parts=CARD_PARTS
    )  # fmt: skip
    desk.show(qtbot, page, 1200, 760)

    tab = page.tabs.open_tab("attachment.owner")

    assert isinstance(tab, FilesTab)
    assert names(tab) == ["a.txt"]
    assert tab.preview._text.toPlainText() == "hello"
    assert tab.add_button.isHidden()


def test_the_limit_is_chosen_in_the_settings(desk: Desk, qtbot: QtBot) -> None:
    row = FileLimitRow(desk.session, desk.navigator)
    desk.show(qtbot, row)
    assert row.limits.value() == 50 * 1024 * 1024

    row.limits.setCurrentIndex(0)
    row.limits.activated.emit(0)

    assert Files(desk.base).limit == 5 * 1024 * 1024


def test_ctrl_v_in_the_list_brings_the_clipboard_in(
    tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    show(tab, desk, qtbot, "a.txt", b"hello")
    tab.view.setFocus()
    QGuiApplication.clipboard().setImage(red())

    QTest.keyClick(tab.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: len(names(tab)) == 2, timeout=2000)


def turned(image: QImage) -> bytes:
    """As a JPEG whose EXIF says that the telephone was held upright (orientation 6)."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")  # type: ignore[call-overload]
    tag = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    exif = b"Exif\x00\x00MM\x00*" + struct.pack(">IH", 8, 1) + tag + b"\x00" * 4
    plain = bytes(content.data())
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]


def test_photographs_of_telephones_stand_upright() -> None:
    image = picture(turned(red(400, 200)), 100)

    assert image is not None
    assert (image.width(), image.height()) == (50, 100)


def test_one_endless_line_is_shown_in_pieces(tab: FilesTab, desk: Desk, qtbot: QtBot) -> None:
    show(tab, desk, qtbot, "data.json", b"[" + b"1," * 150_000 + b"1]")

    lines = tab.preview._text.toPlainText().splitlines()

    assert max(map(len, lines)) == 1000
    assert "Only the beginning" in tab.preview._note.text()
