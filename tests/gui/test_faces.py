"""Photos of colleagues wherever they are named: lists, pickers, the board, the strip of a card."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files import portraits
from crm_desktop.ui.main_window.own_face import OwnFace
from crm_desktop.ui.portraits.avatars import portrait, portraits_of
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_list.condition_inputs import TickedRecords
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.board_desk import BoardDesk, board
from tests.gui.card_desk import Desk, desk
from tests.gui.shell_desk import Shell
from tests.gui.test_editors_links import an_editor
from tests.gui.test_live_window import address, card, client, two
from tests.gui.test_marks_in_place import fact, letter
from tests.pictures import BLUE, RED, is_like, picture

__all__ = ["address", "board", "desk", "two"]


def colleague(desk: Desk, name: str, ink: QColor) -> Ref:
    ref = desk.make("staff", name=name)
    portraits.keep(desk.base, ref, portrait(picture(ink=ink)) or b"")
    return ref


def shows(widget: QWidget, ink: QColor) -> bool:
    """Whether there is a spot of this colour, larger than a stroke of a letter."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return any(
        all(is_like(image.pixelColor(x + by, y + by), ink) for by in (-3, 0, 3))
        for x in range(4, image.width() - 4, 5)
        for y in range(4, image.height() - 4, 5)
    )


@contextmanager
def asked(*words: str) -> Iterator[list[str]]:
    """The statements meanwhile that have one of these words in them."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if any(word in statement for word in words):
            found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture
def anna(desk: Desk) -> Ref:
    return colleague(desk, "Anna", RED)


def test_a_list_shows_who_answers_and_follows_a_new_photo(
    desk: Desk, anna: Ref, qtbot: QtBot
) -> None:
    desk.make("deal", name="Windows", responsible=anna.id,
              client=desk.make("client", name="Vector").id)  # fmt: skip
    page = RecordListPage(desk.session, desk.navigator, "deal")
    desk.show(qtbot, page, 1400, 500)
    state = page.controller.state
    query = state.query.replace(columns=("name", "responsible"))
    page.controller.show(replace(state, query=query))
    table = page.view.table.viewport()
    qtbot.waitUntil(lambda: shows(table, RED))

    portraits.keep(desk.base, anna, portrait(picture(ink=BLUE)) or b"")

    qtbot.waitUntil(lambda: shows(table, BLUE))
    portraits.take_away(desk.base, anna)
    qtbot.waitUntil(lambda: not shows(table, BLUE) and not shows(table, RED))


def test_all_that_is_in_sight_is_asked_for_at_once(desk: Desk, qtbot: QtBot) -> None:
    people = [colleague(desk, f"Colleague {n}", QColor(9 * n, 90, 120)) for n in range(20)]
    known = portraits_of(desk.session)
    with asked("photo", "file_part") as statements:
        assert [known.of(ref) for ref in people] == [None] * 20
        qtbot.waitUntil(lambda: None not in [known.of(ref) for ref in people])

    assert sum("photo" in one for one in statements) == 1
    assert sum("file_part" in one for one in statements) == 3  # eight at once


def test_a_picture_that_no_program_of_ours_made_is_not_decoded(desk: Desk, qtbot: QtBot) -> None:
    ref = desk.make("staff", name="Anna")
    portraits.keep(desk.base, ref, picture("JPEG", 1500, 1500))
    known = portraits_of(desk.session)
    with asked("file_part") as statements:
        qtbot.waitUntil(lambda: known.of(ref) is None and bool(known._pictures))

    assert len(statements) == 1 and known.of(ref) is None


def test_a_picker_shows_faces(desk: Desk, anna: Ref, qtbot: QtBot) -> None:
    editor = an_editor(desk, qtbot, "deal", "responsible")

    editor.search("")

    qtbot.waitUntil(lambda: shows(editor.suggestions._popup.viewport(), RED))


def test_a_filter_by_colleague_shows_faces(desk: Desk, anna: Ref, qtbot: QtBot) -> None:
    picker = TickedRecords(desk.base.catalogue["deal"].field("responsible"), desk.session)
    desk.show(qtbot, picker, 300, 300)

    qtbot.waitUntil(lambda: shows(picker.list.view.viewport(), RED))


def test_cards_of_the_board_show_faces(board: BoardDesk, qtbot: QtBot) -> None:
    portraits.keep(board.base, board.anna, portrait(picture(ink=RED)) or b"")
    board.deal("Windows")
    board.open(qtbot)

    qtbot.waitUntil(lambda: shows(board.view.viewport(), RED))
    portraits.keep(board.base, board.anna, portrait(picture(ink=BLUE)) or b"")
    qtbot.waitUntil(lambda: shows(board.view.viewport(), BLUE))


def test_a_table_of_a_card_shows_faces(desk: Desk, anna: Ref, qtbot: QtBot) -> None:
    ref = desk.make("client", name="Vector", responsible=anna.id)
    desk.make("deal", name="Windows", responsible=anna.id, client=ref.id)
    page = CardPage(desk.session, desk.navigator, ref)
    desk.show(qtbot, page, 1200, 700)

    page.tabs.open_tab("deal.client")

    qtbot.waitUntil(lambda: shows(page.tabs, RED))


def test_a_colleague_who_edits_is_shown_to_others(two: tuple[Shell, Shell], qtbot: QtBot) -> None:
    ann, ben = two
    ref = Ref("staff", ben.base.records.create("staff", {"name": "Ben Fox"}).ids[0])
    ben.session.work_as(ref.id)
    portraits.keep(ben.base, ref, portrait(picture(ink=BLUE)) or b"")
    firm = client(ann, 9)
    page, his = card(ann, firm), card(ben, firm)
    his.overview._toggle_empty()
    row = fact(his, "city")
    his.overview.facts.edit(row.fact)

    letter(qtbot, row.editor)

    ann.wait(lambda: page.head.editing.text().endswith("Ben Fox"))
    face = page.head.editing.faces[0]
    middle = face.rect().center()
    ann.wait(lambda: is_like(face.grab().toImage().pixelColor(middle), BLUE))


def test_a_new_photo_is_seen_in_the_windows_of_others(
    two: tuple[Shell, Shell], qtbot: QtBot
) -> None:
    ann, ben = two
    ref = Ref("staff", ben.base.records.create("staff", {"name": "Ben Fox"}).ids[0])
    hers = portraits_of(ann.session)
    assert hers.of(ref) is None
    ann.wait(lambda: hers._digests.get(ref) == "")

    portraits.keep(ben.base, ref, portrait(picture(ink=BLUE)) or b"")

    ann.wait(lambda: hers.of(ref) is not None)


def test_who_works_here_sees_his_own_face(two: tuple[Shell, Shell], qtbot: QtBot) -> None:
    ann, _ben = two
    ref = Ref("staff", ann.base.records.create("staff", {"name": "Ann Lee"}).ids[0])
    ann.session.work_as(ref.id)
    portraits.keep(ann.base, ref, portrait(picture(ink=BLUE)) or b"")

    assert ann.view.findChild(OwnFace) is not None
    navigation = ann.window.view.navigation
    ann.wait(lambda: navigation._user.face is not None)
    assert shows(navigation._user, BLUE)
