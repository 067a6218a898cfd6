"""My day: groups, one click to finish or put off, a line that plans, questions with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.activities.my_day import MOST
from crm_desktop.services.writing.staging import Create
from crm_desktop.ui.activities.lines import later_rect, tick_rect
from crm_desktop.ui.activities.page import MyDayPage
from crm_desktop.ui.activities.questions import Question
from crm_desktop.ui.activities.strip import ActsStrip
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import NOON, Desk, client, desk

__all__ = ["client", "desk"]


def todo(desk: Desk, subject: str, **values: object) -> Ref:
    return desk.make("activity", subject=subject, kind="task", state="planned", **values)


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> MyDayPage:
    todo(desk, "Late", due=NOON - timedelta(days=2), about=client)
    todo(desk, "Now", due=NOON + timedelta(hours=1))
    todo(desk, "Some day")
    desk.make("activity", subject="Answer", kind="letter", state="waiting")
    made = MyDayPage(desk.session, desk.navigator)
    desk.show(qtbot, made)
    return made


def lines(page: MyDayPage) -> list[str]:
    return [line.text for line in page.list.model_.lines]


def press(page: MyDayPage, qtbot: QtBot, text: str, place: object) -> None:
    row = lines(page).index(text)
    rect = page.list.visualRect(page.list.model_.index(row))
    at = place(rect).center()  # type: ignore[operator]
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_the_day_stands_in_its_groups(page: MyDayPage) -> None:
    assert lines(page) == [
        "Overdue", "Late", "Today", "Now", "Waiting for others", "Answer",
        "Without date", "Some day",
    ]  # fmt: skip
    late = page.list.model_.lines[1]
    assert (late.late, late.about) == (True, "Vector Ltd")


def test_the_panel_shows_the_first_line_and_follows_the_arrows(
    page: MyDayPage, qtbot: QtBot
) -> None:
    told: list[Ref] = []
    page.record_pointed.connect(told.append)
    refs = {line.text: line.ref for line in page.list.model_.lines}
    assert page.pointed() == refs["Late"]
    qtbot.keyClick(page.list, Qt.Key.Key_Down)  # over the heading of the next group
    assert told == [refs["Now"]] and page.pointed() == refs["Now"]
    page.read()
    assert told == [refs["Now"]]


def test_a_long_group_says_how_many_more_there_are(
    page: MyDayPage, desk: Desk, qtbot: QtBot
) -> None:
    made = [Create("activity", {"subject": f"N{n}", "kind": "task", "state": "planned"})
            for n in range(MOST + 4)]  # fmt: skip
    desk.base.records.apply(made)
    page.read()
    qtbot.waitUntil(lambda: lines(page)[-1].startswith("and 5 more"))
    head = next(line for line in page.list.model_.lines if line.text == "Without date")
    assert head.count == MOST + 5


def test_one_click_finishes_and_can_be_undone(page: MyDayPage, desk: Desk, qtbot: QtBot) -> None:
    press(page, qtbot, "Late", tick_rect)
    qtbot.waitUntil(lambda: "Late" not in lines(page))
    operation = desk.notes[-1].undo_operation
    assert operation is not None
    desk.base.undo.undo(operation)
    qtbot.waitUntil(lambda: "Late" in lines(page))


def test_one_click_puts_off_to_tomorrow(page: MyDayPage, desk: Desk, qtbot: QtBot) -> None:
    ref = next(line.ref for line in page.list.model_.lines if line.text == "Now")
    assert ref is not None
    press(page, qtbot, "Now", later_rect)
    qtbot.waitUntil(lambda: "Now" not in lines(page))
    assert desk.values(ref)["due"] == NOON + timedelta(hours=25)


def test_the_keyboard_finishes_the_current_line(page: MyDayPage, qtbot: QtBot) -> None:
    page.list.setFocus()
    page.list.setCurrentIndex(page.list.model_.index(lines(page).index("Some day")))
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Some day" not in lines(page))


def test_a_typed_line_is_understood_and_planned(page: MyDayPage, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.add.line, "Call Boris today at 23:30 for half an hour")
    assert page.add.said.text() == "today, 23:30, for 0:30 h"
    qtbot.keyClick(page.add.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Call Boris" in lines(page))
    assert page.add.line.text() == ""


def test_declining_waits_for_a_reason(page: MyDayPage, desk: Desk, qtbot: QtBot) -> None:
    ref = next(line.ref for line in page.list.model_.lines if line.text == "Now")
    assert ref is not None
    page.acts.decline(ref)
    ask = page.findChild(Question)
    assert ask is not None and not ask.verb.isEnabled()
    qtbot.keyClicks(ask._needed[0], "no time")
    qtbot.mouseClick(ask.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Now" not in lines(page))
    assert (desk.values(ref)["state"], desk.values(ref)["reason"]) == ("declined", "no time")


def test_delegating_offers_the_colleagues(page: MyDayPage, desk: Desk, qtbot: QtBot) -> None:
    boris = desk.make("staff", name="Boris")
    ref = next(line.ref for line in page.list.model_.lines if line.text == "Now")
    assert ref is not None
    page.acts.delegate(ref)
    asked = page.findChildren(Question)[-1]
    asked.findChild(type(page.add.kind)).set_value(boris.id)  # type: ignore[union-attr]
    qtbot.mouseClick(asked.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.values(ref)["author"] == boris.id)


def test_putting_off_says_what_it_understood(page: MyDayPage, desk: Desk, qtbot: QtBot) -> None:
    ref = next(line.ref for line in page.list.model_.lines if line.text == "Now")
    assert ref is not None
    page.acts.move(ref)
    ask = page.findChild(Question)
    assert ask is not None and not ask.verb.isEnabled()
    edit = ask.findChildren(type(page.add.line).__base__)[0]
    qtbot.keyClicks(edit, "in 3 days")
    qtbot.mouseClick(ask.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Now" not in lines(page))
    assert desk.values(ref)["attempt"] == 1


def test_when_nothing_is_left_the_page_says_so(desk: Desk, qtbot: QtBot) -> None:
    page = MyDayPage(desk.session, desk.navigator)
    desk.show(qtbot, page)
    assert page.empty.isVisible() and not page.list.isVisible()


def test_the_card_of_what_is_planned_has_the_same_buttons(desk: Desk, qtbot: QtBot) -> None:
    ref = todo(desk, "Now", due=NOON + timedelta(hours=1))
    card = CardPage(desk.session, desk.navigator, ref, parts=CARD_PARTS)
    desk.show(qtbot, card)
    strip = card.findChild(ActsStrip)
    assert strip is not None and strip.isVisible()
    qtbot.mouseClick(strip.later, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.values(ref)["due"] == NOON + timedelta(hours=25))
    qtbot.mouseClick(strip.done, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.values(ref)["state"] == "done")
    qtbot.waitUntil(lambda: not strip.isVisible())


def test_a_kind_of_ones_own_is_offered_at_once(page: MyDayPage, desk: Desk, qtbot: QtBot) -> None:
    ask = page.add.ask_kind()
    qtbot.keyClicks(ask._needed[0], "Inspection")
    qtbot.mouseClick(ask.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.add.kind.value() == "x_inspection")
    qtbot.keyClicks(page.add.line, "Roof")
    qtbot.keyClick(page.add.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Roof" in lines(page))
    made = desk.base.lists.open(Query("activity", ("kind",), Condition("subject", "eq", "Roof")))
    assert desk.values(Ref("activity", next(iter(made.ids()))))["kind"] == "x_inspection"
