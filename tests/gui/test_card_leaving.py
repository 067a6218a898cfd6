"""Leaving a card with something typed: what was wanted happens once it is saved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> CardPage:
    other = desk.make("client", name="Other")
    made = CardPage(desk.session, desk.navigator, client, neighbour=lambda _ref, _by: other)
    desk.show(qtbot, made)
    return made


def answer(qapp: QApplication, word: str) -> None:
    """Presses a button of the question as soon as it is asked."""

    def press() -> None:
        box = qapp.activeModalWidget()
        assert box is not None
        next(b for b in box.findChildren(QPushButton) if b.text() == word).click()

    QTimer.singleShot(0, press)


def type_city(page: CardPage, text: str = "Tomsk") -> None:
    page.edit()
    assert page._forms is not None
    page._forms.form.editors["city"].set_raw(text)
    page._forms.form.changed.emit()


def test_save_in_the_question_saves_and_closes_the_tab(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot, qapp: QApplication
) -> None:
    type_city(page)
    answer(qapp, "Save")
    with qtbot.waitSignal(page.closed):
        assert not page.may_close()
    assert desk.values(client)["city"] == "Tomsk"


def test_a_refused_save_keeps_the_tab_open_for_good(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot, qapp: QApplication
) -> None:
    type_city(page)
    assert page._forms is not None
    page._forms.form.editors["employees"].set_raw("many")
    answer(qapp, "Save")
    with qtbot.assertNotEmitted(page.closed, wait=50):
        assert not page.may_close()
        page._forms.form.editors["employees"].set_raw("5")
        page.run("save")
    assert desk.values(client)["employees"] == 5


def test_a_step_to_the_next_record_follows_the_saving(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot, qapp: QApplication
) -> None:
    type_city(page)
    answer(qapp, "Save")
    page.step(1)
    qtbot.waitUntil(lambda: page.ref() != client)
    assert desk.values(client)["city"] == "Tomsk"


def test_what_is_typed_in_place_is_saved_before_the_tab_closes(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot, qapp: QApplication
) -> None:
    row = page.overview.facts.row_of((client.id, "city"))
    assert row is not None and row.fact is not None
    page.overview.facts.edit(row.fact)
    assert row.editor is not None
    row.editor.set_raw("Perm")
    answer(qapp, "Save")
    with qtbot.waitSignal(page.closed):
        assert not page.may_close()
    assert desk.values(client)["city"] == "Perm"
