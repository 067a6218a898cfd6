"""My day: a kind that asks for a result, and what rolls over to the next day."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from crm_desktop.services.activities.kinds import KindHabits, keep_habits
from crm_desktop.ui.activities.page import MyDayPage
from crm_desktop.ui.activities.questions import Question
from crm_desktop.ui.widgets.choices import ComboBox
from tests.gui.card_desk import NOON, Desk, client, desk

__all__ = ["client", "desk"]


def shown(desk: Desk, qtbot: QtBot, **values: object) -> MyDayPage:
    given = {"subject": "Roof", "kind": "visit", "state": "planned", "due": NOON, **values}
    desk.make("activity", **given)
    page = MyDayPage(desk.session, desk.navigator)
    desk.show(qtbot, page)
    return page


def test_ticking_off_asks_for_the_result(desk: Desk, qtbot: QtBot) -> None:
    keep_habits(desk.session.base, "visit", KindHabits(60, result=True))
    result = desk.make("reference", book="call_result", name="Order placed")
    page = shown(desk, qtbot)
    ref = page.list.model_.lines[1].ref
    assert ref is not None
    page.acts.done(ref)
    (ask,) = page.findChildren(Question)
    (box,) = ask.findChildren(ComboBox)
    box.set_value(result.id)
    ask.verb.click()
    values = desk.session.base.reader.many("activity", [ref.id], ("state", "result"))[ref.id]
    assert values == {"state": "done", "result": result.id}


def test_what_rolled_over_is_of_today_and_says_so(desk: Desk, qtbot: QtBot) -> None:
    keep_habits(desk.session.base, "task", KindHabits(rolls=True))
    page = shown(desk, qtbot, kind="task", due=NOON - timedelta(days=1))
    heading, line = page.list.model_.lines
    assert (heading.text, line.word, line.late) == ("Today", "Rolled over", False)
