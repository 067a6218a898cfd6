"""The form of an activity names what its time clashes with before it is saved."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.planner.clash_strip import ClashStrip
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.planner_desk import PlannerDesk, at, planner

__all__ = ["planner"]


def form(planner: PlannerDesk, qtbot: QtBot, **values: Any) -> ClashStrip:
    """The form of something new of Boris."""
    given = {"kind": "visit", "state": "planned", "author": planner.people["Boris"].id, **values}
    card = CardPage(planner.session, planner.navigator, Ref("activity", 0), values=given,
                    parts=CARD_PARTS)  # fmt: skip
    planner.show(qtbot, card)
    found = card.findChild(ClashStrip)
    assert isinstance(found, ClashStrip)
    return found


def test_a_taken_time_is_named_while_it_is_typed(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Boris", at(10), subject="Lesson")

    strip = form(planner, qtbot, starts=at(10, 30), ends=at(11, 30))

    qtbot.waitUntil(strip.isVisible)
    assert strip.strip.label.text() == (
        "This time is taken already: Boris: “Lesson” 18 Nov 10:00–11:00"
    )


def test_a_free_time_says_nothing(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Boris", at(10), subject="Lesson")

    strip = form(planner, qtbot, starts=at(11), ends=at(12))
    strip.ask()

    assert not strip.isVisible()


def test_what_is_done_clashes_with_nothing(planner: PlannerDesk, qtbot: QtBot) -> None:
    planner.plan("Boris", at(10), subject="Lesson")

    strip = form(planner, qtbot, starts=at(10), ends=at(11), state="done")
    strip.ask()

    assert not strip.isVisible()
