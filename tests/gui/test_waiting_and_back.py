"""Accept, wait, hand on and give back from the menu of my day, with what the list shows then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.activities.page import MyDayPage
from crm_desktop.ui.activities.questions import Question
from tests.gui.card_desk import NOON, Desk, desk

__all__ = ["desk"]


@pytest.fixture
def anna(desk: Desk) -> int:
    id_ = desk.make("staff", name="Anna").id
    desk.base.work_as(id_)
    return id_


@pytest.fixture
def report(desk: Desk, anna: int) -> Ref:
    due = NOON + timedelta(hours=1)
    return desk.make("activity", subject="Report", kind="task", state="planned", due=due)


@pytest.fixture
def page(desk: Desk, report: Ref, qtbot: QtBot) -> MyDayPage:
    made = MyDayPage(desk.session, desk.navigator)
    desk.show(qtbot, made)
    return made


def choose(page: MyDayPage, ref: Ref, word: str) -> None:
    menu = page.acts.menu(ref, QPoint(0, 0))
    next(a for a in menu.actions() if a.text().startswith(word)).trigger()
    menu.close()


def lines(page: MyDayPage) -> list[str]:
    return [line.text for line in page.list.model_.lines]


def test_what_is_accepted_is_in_work(page: MyDayPage, desk: Desk, report: Ref) -> None:
    choose(page, report, "Accept")
    assert desk.values(report)["state"] == "working"


def test_what_waits_stands_in_its_group(page: MyDayPage, report: Ref, qtbot: QtBot) -> None:
    choose(page, report, "Waiting")
    qtbot.waitUntil(lambda: lines(page) == ["Waiting for others", "Report"])


def test_what_was_handed_on_waits_and_comes_back_with_a_reason(
    page: MyDayPage, desk: Desk, report: Ref, anna: int, qtbot: QtBot
) -> None:
    boris = desk.make("staff", name="Boris").id
    choose(page, report, "Delegate")
    asked = page.findChildren(Question)[-1]
    asked.findChild(type(page.add.kind)).set_value(boris)  # type: ignore[union-attr]
    qtbot.mouseClick(asked.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lines(page) == ["Waiting for others", "Report"])

    desk.base.work_as(boris)
    choose(page, report, "Return")
    asked = page.findChildren(Question)[-1]
    assert not asked.verb.isEnabled()
    qtbot.keyClicks(asked._needed[0], "not mine")
    qtbot.mouseClick(asked.verb, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: desk.values(report)["author"] == anna)
    assert desk.values(report)["reason"] == "not mine"
