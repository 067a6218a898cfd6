"""What is typed in one go while the server is away is saved by itself when it is back, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.ui.activities.quick_add import QuickAdd
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.timeline import TimelineTab
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]

Break = Callable[[], None]


@pytest.fixture(params=[True, False], ids=["heard", "unheard"])
def breaking(request: pytest.FixtureRequest, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Break:
    """The next save does not get through, or is kept and nobody hears of it."""

    def put() -> None:
        records, place = desk.base.records, "_log" if request.param else "publish"
        usual = getattr(records, place)

        def broken(*_given: object) -> None:
            monkeypatch.setattr(records, place, usual)
            raise DatabaseUnavailable("The line broke")

        monkeypatch.setattr(records, place, broken)

    return put


def entries(desk: Desk) -> int:
    return int(desk.base.lists.count(Query("activity")))


def test_a_plan_in_one_line(desk: Desk, qtbot: QtBot, breaking: Break) -> None:
    add = QuickAdd(desk.session, desk.navigator)
    desk.show(qtbot, add)
    before = entries(desk)
    breaking()

    add.line.setText("Call Ann")
    QTest.keyClick(add.line, Qt.Key.Key_Return)
    assert add.line.text() == "Call Ann" and "saved as soon" in desk.notes[-1].text
    desk.session.line.back.emit()

    assert entries(desk) == before + 1 and add.line.text() == ""
    add.line.setText("Call Ann")
    add.plan()
    assert entries(desk) == before + 2


def test_another_plan_is_another_one(desk: Desk, qtbot: QtBot, breaking: Break) -> None:
    add = QuickAdd(desk.session, desk.navigator)
    desk.show(qtbot, add)
    breaking()
    add.line.setText("Call Ann")
    add.plan()

    add.line.setText("Call Boris")
    desk.session.line.back.emit()
    assert add.line.text() == "Call Boris"
    add.plan()

    rows = desk.base.lists.open(Query("activity", ("subject",))).first(20)
    assert "Call Boris" in [row.cells[0] for row in rows]


def test_a_note_on_a_card(desk: Desk, client: Ref, qtbot: QtBot, breaking: Break) -> None:
    page = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, page)
    tab = page.tabs.open_tab("timeline")
    assert isinstance(tab, TimelineTab)
    before = entries(desk)
    breaking()

    tab.entry.text.set_text("Will come on Monday")
    tab.entry.enter()
    assert tab.entry.text.text() == "Will come on Monday"
    desk.session.line.back.emit()

    assert entries(desk) == before + 1 and tab.entry.text.text() == ""
