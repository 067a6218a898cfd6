"""The settings of activities: kinds, levels, 29 February; kept by the base, in force at once."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.activities.kinds import KindHabits, habits, overdue_levels
from crm_desktop.services.annual.near import field_lead, plans_fields
from crm_desktop.ui.editors.choices import ChoiceEditor
from crm_desktop.ui.settings_window.activities import ActivitySettings, KindRow
from crm_desktop.ui.settings_window.kind_form import KindForm
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> ActivitySettings:
    made = ActivitySettings(desk.session, desk.navigator)
    qtbot.addWidget(made)
    made.read()
    return made


def row_of(page: ActivitySettings, name: str) -> KindRow:
    return next(row for row in page.rows if row.name().startswith(name))


def kind(desk: Desk, key: str) -> object:
    field = desk.base.catalogue["activity"].field("kind")
    assert isinstance(field, ChoiceField)
    return field.choice(key)


def test_a_kind_gets_reminders_length_and_what_its_end_asks_for(
    page: ActivitySettings, desk: Desk
) -> None:
    row_of(page, "Visit").edit.click()
    (form,) = page.findChildren(KindForm)
    form.minutes.setText("90")
    form.reminders.setText("1 day before, e-mail; 30 min")
    form.asks.setChecked(True)
    form.go.click()
    wanted = KindHabits(90, ((1440, "mail"), (30, "window")), result=True)
    assert habits(desk.base)["visit"] == wanted
    said = row_of(page, "Visit")._hint.text()
    assert said == ("90 minutes · reminds: 1 day before, e-mail; 30 minutes before, window · "
                    "asks for a result")  # fmt: skip
    assert kind(desk, "visit").label == "Visit"  # type: ignore[attr-defined]


def test_what_cannot_be_read_is_said_at_its_field(page: ActivitySettings, desk: Desk) -> None:
    form = page.edit(None)
    form.name.setText("Inspection")
    form.reminders.setText("soon")
    form.go.click()
    assert "no reminder" in form.boxes["reminders"].error()
    form.reminders.setText("")
    form.minutes.setText("a while")
    form.go.click()
    assert form.boxes["minutes"].error() and not form.boxes["reminders"].error()
    assert all(not row.name().startswith("Inspection") for row in page.rows)


def test_a_kind_is_added_renamed_and_retired(page: ActivitySettings, desk: Desk) -> None:
    form = page.edit(None)
    form.name.setText("Inspection")
    form.go.click()
    own = row_of(page, "Inspection")
    assert own.name() == "Inspection"
    form = page.edit(*next(k for k in page._known.kinds if k[0].label == "Inspection"))  # type: ignore[union-attr]
    form.name.setText("Call")
    form.go.click()
    assert "already" in form.boxes["label"].error()
    form.name.setText("Survey")
    form.tone.set_value("bad")
    form.go.click()
    row_of(page, "Survey").retire.click()
    assert row_of(page, "Survey").name() == "Survey (retired)"
    row_of(page, "Survey").retire.click()
    assert row_of(page, "Survey").name() == "Survey"


def test_a_retired_kind_is_kept_where_it_stands_and_not_offered(
    page: ActivitySettings, desk: Desk, qtbot: QtBot
) -> None:
    row_of(page, "Visit").retire.click()
    entity = desk.base.catalogue["activity"]
    editor = ChoiceEditor(entity.field("kind"), lambda: desk.base.parse_context())
    qtbot.addWidget(editor)
    assert editor.combo.findData("visit") == -1
    editor.set_value("visit")
    assert editor.value() == "visit"


def test_levels_and_the_29th_of_february(page: ActivitySettings, desk: Desk) -> None:
    page.levels.setText("60, 10")
    page.levels.editingFinished.emit()
    assert overdue_levels(desk.base) == (10, 60)
    page.levels.setText("soon")
    page.levels.editingFinished.emit()
    assert overdue_levels(desk.base) == (10, 60)
    assert "Working minutes" in page._level_row._hint.text()
    page.leap.setCurrentIndex(1)
    page.leap.activated.emit(1)
    assert desk.base.lists.leap_day() == (3, 1)


def test_the_office_may_do_without_reminders_of_birthdays(
    page: ActivitySettings, desk: Desk
) -> None:
    assert page.birthdays.isChecked()
    page.birthdays.click()
    assert not plans_fields(desk.base)
    page.read()
    assert not page.birthdays.isChecked()
    page.birthdays.click()
    assert plans_fields(desk.base)


def test_the_office_says_how_long_before_a_birthday(page: ActivitySettings, desk: Desk) -> None:
    assert page.lead.value() == 14
    page.lead.set_value(3)
    page.lead.activated.emit(page.lead.currentIndex())
    assert field_lead(desk.base) == 3
    page.read()
    assert page.lead.currentText() == "3 days before"
