"""The tab with the files of a record: added, seen, renamed, deleted."""

from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QDragLeaveEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.files.pictures import as_png, picture
from crm_desktop.ui.files.tab import FilesTab
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.settings_window.file_limit import FileLimitRow
from tests.gui.card_desk import Desk, client, desk
from tests.gui.files_desk import PDF, drop, hang, names, of_paths, opened, page, put, red, show, tab

__all__ = ["client", "desk", "opened", "page", "tab"]


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


def test_files_over_the_card_are_awaited(page: CardPage, tmp_path: Path) -> None:
    frame, size = page.drops.frame, page.drops.parent().rect()

    hang(page, of_paths(tmp_path / "Offer.pdf"))
    assert frame.isVisible() and frame.geometry() == size
    QApplication.sendEvent(page.drops.parent(), QDragLeaveEvent())

    assert not frame.isVisible()


def test_what_is_there_already_is_named_beside_what_is_new(
    tab: FilesTab, page: CardPage, desk: Desk, client: Ref, tmp_path: Path
) -> None:
    put(desk, client, "a.txt", b"hello")
    for name, content in (("a.txt", b"hello"), ("b.txt", b"new")):
        (tmp_path / name).write_bytes(content)

    drop(page, of_paths(tmp_path / "a.txt", tmp_path / "b.txt"))
    assert not page.drops.frame.isVisible()

    assert desk.notes[-1].text == "1 file added. Already there: a.txt"


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
    qtbot.waitUntil(lambda: bool(page.controller.contents))

    found = [t for t in page.tabs.bar._tabs if t.title == "Files"]  # type: ignore[attr-defined]

    assert [t.count for t in found] == ["1"]


def test_renaming_in_place_keeps_the_ending(
    tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    put(desk, client, "draft.txt", b"hello")
    qtbot.waitUntil(lambda: names(tab) == ["draft.txt"])
    tab.view.setFocus()

    QTest.keyClick(tab.view, Qt.Key.Key_F2)
    editor = tab.view.findChild(QLineEdit)
    editor.setText("Contract 12/26")
    QTest.keyClick(editor, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: names(tab) == ["Contract 12_26.txt"])


def test_several_are_deleted_and_come_back(
    tab: FilesTab, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(desk, client, name, name.encode())
    qtbot.waitUntil(lambda: len(names(tab)) == 3)
    tab.view.selectAll()

    QTest.keyClick(tab.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(tab) == [])
    assert tab.stack.currentWidget() is tab.none
    desk.base.undo.undo(desk.notes[-1].undo_operation)  # type: ignore[arg-type]

    qtbot.waitUntil(lambda: len(names(tab)) == 3)


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

    qtbot.waitUntil(lambda: len(names(tab)) == 2)


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
