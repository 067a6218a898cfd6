"""The page of broken promises: what it shows, and the one click that plans the call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.reminders.promises_page import NO_STEP, PromisesPage
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> PromisesPage:
    past = desk.base.clock.now() - timedelta(days=4)
    desk.make("activity", subject="Send the offer", kind="task", about=client, state="planned",
              due=past)  # fmt: skip
    desk.make("client", name="Quiet Ltd")
    made = PromisesPage(desk.session, desk.navigator)
    desk.show(qtbot, made)
    return made


def column(page: PromisesPage, place: int) -> list[str]:
    return [str(page.model.index(r, place).data() or "") for r in range(page.model.rowCount())]


def test_a_broken_promise_is_moved_to_tomorrow_with_one_click(
    page: PromisesPage, desk: Desk, qtbot: QtBot
) -> None:
    assert column(page, 0) == ["Send the offer"]
    assert column(page, 1) == ["Vector Ltd"]
    page.call.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    assert not page.empty.isHidden()


def test_who_has_no_step_gets_a_call(page: PromisesPage, desk: Desk, qtbot: QtBot) -> None:
    page.show_which(NO_STEP)
    assert column(page, 0) == ["Quiet Ltd"]
    page.call.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)


def test_without_a_name_everybodys_promises_are_shown(
    page: PromisesPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    colleague = desk.make("staff", name="Ann")
    past = desk.base.clock.now() - timedelta(days=2)
    desk.make("activity", subject="Hers", kind="task", about=client, state="planned", due=past,
              author=colleague.id)  # fmt: skip

    page.read()

    assert page.whose.isHidden()
    qtbot.waitUntil(lambda: "Hers" in column(page, 0))
