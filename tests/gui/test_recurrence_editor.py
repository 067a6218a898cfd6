"""The editor of recurrence: what is chosen becomes a rule, what it cannot show stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.models.catalogue.fieldtypes import RecurrenceField
from crm_desktop.models.recurrence.rule import DAYS, Recurrence, parse_recurrence
from crm_desktop.ui.editors.recurrence import RecurrenceEditor
from crm_desktop.ui.editors.recurrence_shape import Shape, rule_of, shape_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def editor(qtbot: QtBot) -> RecurrenceEditor:
    made = RecurrenceEditor(RecurrenceField("rule", "Repeats"), lambda: ParseContext(NOW))
    qtbot.addWidget(made)
    made.show()
    return made


def test_nothing_is_chosen_until_somebody_chooses(editor: RecurrenceEditor) -> None:
    editor.set_value(None)

    assert editor.value() is None
    assert not editor.interval.isVisible()


def test_weeks_and_days_become_a_rule_said_in_words(editor: RecurrenceEditor) -> None:
    editor.set_value(None)
    editor.freq.set_value("WEEKLY")
    editor.interval.set_value(2)
    editor.chips[1].click()

    assert editor.value() == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    assert editor.words.text() == "Every second Tuesday"


def test_the_last_working_day_asks_the_calendar(editor: RecurrenceEditor) -> None:
    editor.set_value("FREQ=MONTHLY")
    editor.monthly.set_value("workday")

    assert parse_recurrence(editor.value()).workdays
    assert editor.words.text() == "On the last working day of the month"


def test_an_end_by_date_needs_the_date(editor: RecurrenceEditor) -> None:
    editor.set_value("FREQ=DAILY")
    editor.end.set_value("until")
    with pytest.raises(InvalidInput):
        editor.value()

    editor.until.set_value(date(2026, 12, 31))
    assert editor.value() == "FREQ=DAILY;UNTIL=20261231"


def test_a_rule_without_fields_stays_until_another_is_chosen(editor: RecurrenceEditor) -> None:
    rule = "FREQ=YEARLY;BYWEEKNO=20\nEXDATE:20270517T090000Z"
    editor.set_value(rule)
    assert editor.value() == rule
    assert not editor.end.isVisible()

    editor.freq.set_value("DAILY")
    assert editor.value() == "FREQ=DAILY\nEXDATE:20270517T090000Z"


def test_taking_the_rule_away_leaves_nothing(editor: RecurrenceEditor) -> None:
    editor.set_value("FREQ=DAILY;COUNT=3")
    assert editor.count.isVisible() and editor.count.value() == 3
    editor.freq.set_value("")

    assert editor.value() is None


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")), st.integers(1, 99),
    st.sets(st.sampled_from(DAYS)), st.sampled_from(("same", "day", "last", "workday", "nth")),
    st.sampled_from(("never", "count", "until")),
)  # fmt: skip
def test_what_the_editor_writes_it_reads_again(
    freq: str, interval: int, days: set[str], monthly: str, end: str
) -> None:
    shape = Shape(freq, interval, tuple(sorted(days)), monthly, end=end, until=date(2027, 1, 1))
    rule = rule_of(shape, Recurrence())
    again = shape_of(parse_recurrence(rule.text()))

    assert again is not None and rule_of(again, Recurrence()) == rule
