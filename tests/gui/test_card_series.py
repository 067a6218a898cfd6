"""A date of a series on its card: which dates are meant is asked where the answers differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.ui.activities.part import ActsPart
from crm_desktop.ui.activities.questions import Question
from crm_desktop.ui.activities.strip import ActsStrip
from crm_desktop.ui.card_parts import CardParts
from crm_desktop.ui.navigation import RECORD, Place
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.inputs import LineEdit
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def meeting(desk: Desk) -> Ref:
    return desk.make(
        "activity", subject="Planning", kind="meeting", starts=START, ends=START + HOUR,
        rule="FREQ=WEEKLY;COUNT=4", zone="UTC", state="planned",
        place="Room",
    )  # fmt: skip


@pytest.fixture
def card(desk: Desk, meeting: Ref, qtbot: QtBot) -> CardPage:
    made = CardPage(desk.session, desk.navigator, meeting)
    made.show_place(Place(RECORD, meeting.entity, meeting.id, at=START + WEEK))
    desk.show(qtbot, made)
    return made


def places(desk: Desk) -> list[str]:
    found = SeriesDates(desk.base).between(START - HOUR, START + 9 * WEEK)
    rows = desk.base.reader.many("activity", {one.record for one in found}, ["place"])
    return [rows[one.record]["place"] or "" for one in found]


def box(page: Any) -> Dialog | None:
    return page.controller.dates.box if page._forms is None else page._forms.dates.box


def answer(dialog: Dialog | None, word: str) -> None:
    assert dialog is not None
    found = [b for b in dialog.findChildren(QPushButton) if b.text() == word]
    found[0].click()


def type_place(page: CardPage, text: str) -> None:
    facts = page.overview.facts
    fact = next(r.fact for r in facts._rows if r.fact and r.fact.field.key == "place")
    facts.edit(fact)
    facts.row_of(fact.key).editor.set_raw(text)
    facts.give_all()


def test_the_card_shows_the_date_it_was_opened_for(card: CardPage) -> None:
    assert card.controller.contents.values["starts"] == START + WEEK


def test_the_form_asks_and_changes_this_date_alone(card: CardPage, desk: Desk) -> None:
    card.edit()
    card._forms.form.editors["place"].set_raw("Hall")
    card.run("save")

    answer(box(card), "This one")

    assert places(desk) == ["Room", "Hall", "Room", "Room"]
    assert card._forms is None and card.ref().id == card.controller.contents.ref.id


def test_the_form_changes_this_and_the_following(card: CardPage, desk: Desk) -> None:
    card.edit()
    card._forms.form.editors["place"].set_raw("Hall")
    card.run("save")

    answer(box(card), "This and the following")

    assert places(desk) == ["Room", "Hall", "Hall", "Hall"]


def test_whoever_leaves_it_keeps_what_was_typed(card: CardPage, desk: Desk) -> None:
    card.edit()
    card._forms.form.editors["place"].set_raw("Hall")
    card.run("save")

    answer(box(card), "Leave it")

    assert places(desk) == ["Room"] * 4
    assert card._forms.form.editors["place"].raw() == "Hall"


def test_a_value_changed_in_place_asks_too(card: CardPage, desk: Desk, meeting: Ref) -> None:
    type_place(card, "Hall")
    answer(box(card), "All of them")

    assert places(desk) == ["Hall"] * 4
    assert card.ref() == meeting and not card.is_changed()


def test_a_value_in_place_of_one_date_moves_the_card_to_its_record(
    card: CardPage, desk: Desk, meeting: Ref
) -> None:
    type_place(card, "Hall")
    answer(box(card), "This one")

    assert places(desk) == ["Room", "Hall", "Room", "Room"]
    assert card.ref() != meeting and desk.values(card.ref())["place"] == "Hall"


def test_a_value_that_is_left_shows_what_stands(card: CardPage, desk: Desk) -> None:
    type_place(card, "Hall")
    answer(box(card), "Leave it")

    assert places(desk) == ["Room"] * 4
    assert not card.overview.facts.is_editing()


def test_nothing_is_asked_when_one_is_ticked_off(desk: Desk, meeting: Ref, qtbot: QtBot) -> None:
    page = CardPage(desk.session, desk.navigator, meeting)
    desk.show(qtbot, page)
    page.edit()
    page._forms.form.editors["state"].set_value("done")
    page.run("save")

    assert box(page) is None and page._forms is None
    assert desk.values(meeting)["due"] == START + WEEK


def test_deleting_asks_and_the_toast_brings_it_back(card: CardPage, desk: Desk) -> None:
    card.run("delete")
    answer(box(card), "This and the following")

    assert places(desk) == ["Room"]
    desk.base.undo.undo(desk.notes[-1].undo_operation)
    assert places(desk) == ["Room"] * 4


def test_a_single_activity_is_deleted_unasked(desk: Desk, qtbot: QtBot) -> None:
    once = desk.make("activity", subject="Once", starts=START)
    panel = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, panel)
    panel.show_record(once)
    qtbot.waitUntil(lambda: panel.controller.contents is not None)

    panel.controller.delete([once])

    assert panel.controller.dates.box is None
    assert desk.base.reader.get(*once) is None


def test_another_date_of_the_open_card_is_shown(card: CardPage, meeting: Ref) -> None:
    card.show_place(Place(RECORD, meeting.entity, meeting.id, at=START + 2 * WEEK))

    assert card.controller.contents.values["starts"] == START + 2 * WEEK


def test_a_conflict_on_another_field_does_not_lose_the_answer(
    card: CardPage, desk: Desk, meeting: Ref
) -> None:
    card.edit()
    card._forms.form.editors["place"].set_raw("Hall")
    desk.base.records.update("activity", meeting.id, {"priority": "high"})
    card.run("save")

    answer(box(card), "All of them")

    assert places(desk) == ["Hall"] * 4
    assert desk.values(meeting)["priority"] == "high"


# --- what is done with a date ---------------------------------------------------------------------


@pytest.fixture
def acted(desk: Desk, meeting: Ref, qtbot: QtBot) -> CardPage:
    made = CardPage(
        desk.session, desk.navigator, meeting, parts=CardParts(header={"acts": ActsPart()})
    )
    made.show_place(Place(RECORD, meeting.entity, meeting.id, at=START + WEEK))
    desk.show(qtbot, made)
    return made


def states(desk: Desk) -> list[str]:
    found = SeriesDates(desk.base).between(START - HOUR, START + 9 * WEEK)
    rows = desk.base.reader.many("activity", {one.record for one in found}, ["state"])
    return [rows[one.record]["state"] for one in found]


@pytest.mark.parametrize(("word", "taken"), [
    ("This one", [1]), ("This and the following", [1, 2, 3]), ("All of them", [0, 1, 2, 3]),
])  # fmt: skip
def test_the_date_that_is_shown_is_accepted(
    desk: Desk, acted: CardPage, word: str, taken: list[int]
) -> None:
    (strip,) = acted.findChildren(ActsStrip)
    strip._do(strip.acts.accept)
    answer(strip.acts.dates.box, word)
    assert [n for n, state in enumerate(states(desk)) if state == "working"] == taken


def test_declining_the_date_that_is_shown_asks_why_and_which(desk: Desk, acted: CardPage) -> None:
    (strip,) = acted.findChildren(ActsStrip)
    strip._do(strip.acts.decline)
    (ask,) = acted.findChildren(Question)
    ask.findChildren(LineEdit)[0].setText("Ill")
    ask.verb.click()
    answer(strip.acts.dates.box, "This one")
    assert states(desk) == ["planned", "declined", "planned", "planned"]


def test_the_question_left_alone_changes_nothing(desk: Desk, acted: CardPage) -> None:
    (strip,) = acted.findChildren(ActsStrip)
    strip._do(strip.acts.wait)
    answer(strip.acts.dates.box, "Leave it")
    assert states(desk) == ["planned"] * 4


def test_done_means_the_date_that_is_shown_and_asks_nothing(desk: Desk, acted: CardPage) -> None:
    (strip,) = acted.findChildren(ActsStrip)
    strip.done.click()
    assert strip.acts.dates.box is None
    assert states(desk) == ["planned", "done", "planned", "planned"]
