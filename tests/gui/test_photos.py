"""Photos of colleagues in the window: taken in safely, shown wherever the initials were."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QTransform
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files import portraits
from crm_desktop.ui.card_features import CARD_PARTS
from crm_desktop.ui.hierarchy.page import HierarchyPage
from crm_desktop.ui.photos.chip import PhotoChip
from crm_desktop.ui.portraits.avatars import SIDE, portrait, portraits_of
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.card_desk import Desk, desk
from tests.pictures import BLUE, RED, is_like, picture

__all__ = ["desk"]


def seen(content: bytes) -> QImage:
    image = QImage.fromData(content)
    assert not image.isNull()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_any_kind_becomes_a_small_square(kind: str) -> None:
    made = portrait(picture(kind))

    assert made is not None and made.startswith(b"\xff\xd8\xff") and len(made) < 60_000
    assert (seen(made).width(), seen(made).height()) == (SIDE, SIDE)


def test_the_telephone_says_how_it_was_held(tmp_path: Path) -> None:
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(RED)
    for x in range(200):
        for y in range(400):
            image.setPixelColor(x, y, BLUE)
    content = QByteArray()
    target = QBuffer(content)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(target, "JPEG")  # type: ignore[call-overload]
    plain = bytes(content.data())
    told = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    block = b"\xff\xe1" + (len(told) + 2).to_bytes(2, "big") + told
    turned = seen(portrait(plain[:2] + block + plain[2:]) or b"")

    expected = image.transformed(QTransform().rotate(90))
    assert is_like(turned.pixelColor(128, 20), expected.pixelColor(200, 30))
    assert is_like(turned.pixelColor(128, 236), expected.pixelColor(200, 370))
    assert not is_like(turned.pixelColor(128, 20), turned.pixelColor(128, 236))


def test_what_is_no_picture_or_far_too_large_is_none() -> None:
    bomb = bytearray(picture("PNG", 10, 10))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2

    for content in (b"", b"<svg/>", b"GIF89a" + b"\0" * 50, bytes(bomb), picture()[:60]):
        assert portrait(content) is None


@pytest.fixture
def anna(desk: Desk) -> Ref:
    return desk.make("staff", name="Anna")


def card_of(desk: Desk, ref: Ref, qtbot: QtBot) -> CardPage:
    card = CardPage(desk.session, desk.navigator, ref, parts=CARD_PARTS)
    desk.show(qtbot, card)
    qtbot.waitUntil(lambda: card.findChild(PhotoChip) is not None)
    return card


def dropped(card: CardPage, path: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return card.drops._take(mime)


def test_a_dropped_picture_is_shown_on_the_card_in_the_tree_and_in_the_list(
    desk: Desk, anna: Ref, qtbot: QtBot, tmp_path: Path
) -> None:
    card = card_of(desk, anna, qtbot)
    page = HierarchyPage(desk.session, desk.navigator, "staff")
    qtbot.addWidget(page)
    people = RecordListPage(desk.session, desk.navigator, "staff")
    qtbot.addWidget(people)
    path = tmp_path / "anna.png"
    path.write_bytes(picture())

    assert dropped(card, path)

    qtbot.waitUntil(lambda: page.view.photo(anna) is not None)
    avatar = card.header.avatar
    middle = avatar.rect().center()
    qtbot.waitUntil(lambda: is_like(avatar.grab().toImage().pixelColor(middle), RED))
    assert people.view.table.picture_of is not None
    assert people.view.table.picture_of(anna.id) is not None


def test_it_is_taken_away_and_undone(desk: Desk, anna: Ref, qtbot: QtBot, tmp_path: Path) -> None:
    card = card_of(desk, anna, qtbot)
    path = tmp_path / "anna.jpg"
    path.write_bytes(picture("JPEG"))
    dropped(card, path)
    chip = card.findChild(PhotoChip)
    qtbot.waitUntil(lambda: portraits_of(desk.session).of(anna) is not None)

    chip.take_away()

    assert portraits.pictures(desk.base, "staff") == {}
    qtbot.waitUntil(lambda: portraits_of(desk.session).of(anna) is None)
    operation = desk.notes[-1].undo_operation
    assert operation is not None
    desk.base.undo.undo(operation)
    qtbot.waitUntil(lambda: portraits_of(desk.session).of(anna) is not None)


def test_a_picture_of_the_clipboard_is_pasted(desk: Desk, anna: Ref, qtbot: QtBot) -> None:
    card = card_of(desk, anna, qtbot)
    image = seen(picture(ink=BLUE))
    QGuiApplication.clipboard().setImage(image)

    assert card.drops.paste()

    assert list(portraits.pictures(desk.base, "staff")) == [anna.id]


def test_what_is_no_picture_is_said(desk: Desk, anna: Ref, qtbot: QtBot, tmp_path: Path) -> None:
    card = card_of(desk, anna, qtbot)
    path = tmp_path / "letter.txt"
    path.write_text("Hello")

    assert dropped(card, path)

    assert "no picture" in desk.notes[-1].text
    assert portraits.pictures(desk.base, "staff") == {}
