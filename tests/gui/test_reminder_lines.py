"""Reminders in one line: in the form of a new activity, and from the chips of a card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.kinds import KindHabits, habits, keep_habits
from crm_desktop.services.reminders.asked import set_reminders
from crm_desktop.ui.card_features import FORM_STRIPS
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.reminders.form_line import ReminderLine
from crm_desktop.ui.reminders.line_box import LineBox
from tests.gui.card_desk import NOON, Desk, desk

__all__ = ["desk"]
AT = NOON + timedelta(days=3)


@pytest.fixture
def forms(desk: Desk, qtbot: QtBot) -> FormController:
    keep_habits(desk.base, "visit", KindHabits(60, ((60, "window"), (1440, "mail"))))
    habits(desk.base)
    entity = desk.base.catalogue["activity"]
    made = FormController(desk.session, desk.navigator, entity, desk.navigator)
    qtbot.addWidget(made.panel)
    made.add_strips(FORM_STRIPS)
    made.begin(None, {"subject": "Roof", "kind": "visit", "state": "planned", "starts": AT})
    return made


def line_of(forms: FormController) -> ReminderLine:
    line = forms.strips["reminders"]
    assert isinstance(line, ReminderLine)
    return line


def typed(line: ReminderLine, text: str) -> None:
    line.line.setText(text)
    line.line.textEdited.emit(text)


def saved(forms: FormController, desk: Desk) -> list[tuple[int, str]]:
    found: list[Ref] = []
    forms.saved.connect(found.append)
    forms.save()
    rows: Any = desk.base.reminders.of(found[0].id).values()
    return [(row["offset"], row["channel"]) for row in rows]


def test_the_line_shows_those_of_the_kind_and_leaves_them_to_it(
    forms: FormController, desk: Desk
) -> None:
    assert line_of(forms).line.text() == "1 hour before, window; 1 day before, e-mail"
    assert saved(forms, desk) == [(1440, "mail"), (60, "window")]


def test_what_is_typed_stands_in_place_of_those_of_the_kind_in_one_operation(
    forms: FormController, desk: Desk
) -> None:
    typed(line_of(forms), "15 min, window; 2 days, sms")
    assert saved(forms, desk) == [(2880, "sms"), (15, "window")]
    operation = desk.base.operations.last(1)[0]
    assert operation.title.text() == "Activity “Roof” created"


def test_an_empty_line_means_none(forms: FormController, desk: Desk) -> None:
    typed(line_of(forms), "")
    assert saved(forms, desk) == []


def test_what_cannot_be_read_is_said_and_nothing_is_saved(
    forms: FormController, desk: Desk
) -> None:
    typed(line_of(forms), "soon")
    before = desk.base.operations.last(1)[0].id
    forms.save()
    line_of(forms).line.editingFinished.emit()
    assert "no reminder" in line_of(forms).box.error()
    assert desk.base.operations.last(1)[0].id == before


def test_the_box_of_the_card_gives_what_it_reads(qtbot: QtBot, forms: FormController) -> None:
    box = LineBox("15 minutes before, window", forms.panel)
    given: list[object] = []
    box.chosen.connect(given.append)
    box.line.setText("sooner")
    box.button.click()
    assert box.field.error() and not given
    box.line.setText("1 h; 1 day, e-mail")
    box.button.click()
    assert given == [((60, "window"), (1440, "mail"))]


def test_those_that_stay_keep_what_was_said_to_them(desk: Desk) -> None:
    ref = desk.make("activity", subject="A", kind="call", state="planned", starts=AT)
    (kept,) = desk.base.reminders.of(ref.id)
    set_reminders(desk.base, ref.id, ((5, "window"), (60, "mail")), all_day=False)
    rows = desk.base.reminders.of(ref.id)
    assert [(id_ == kept, row["offset"]) for id_, row in rows.items()] == [(False, 60), (True, 5)]
    set_reminders(desk.base, ref.id, (), all_day=False)
    assert desk.base.reminders.of(ref.id) == {}


def test_a_typed_line_is_kept_with_the_draft_of_a_new_form(
    forms: FormController, desk: Desk, qtbot: QtBot
) -> None:
    line = line_of(forms)
    typed(line, "15 min, window; 2 days, sms")
    assert forms.is_changed()
    forms.keep_draft()
    again = FormController(desk.session, desk.navigator, forms.entity, desk.navigator)
    qtbot.addWidget(again.panel)
    again.add_strips(FORM_STRIPS)
    again.begin(None, {"subject": "Roof", "kind": "visit", "state": "planned", "starts": AT})
    again.restore_draft()
    assert line_of(again).line.text() == "15 min, window; 2 days, sms"
    assert saved(again, desk) == [(2880, "sms"), (15, "window")]
