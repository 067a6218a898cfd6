"""Dates in words: every editor of a day or a moment understands them and says how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.models.catalogue.fieldtypes import DateField, DateTimeField
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.widgets.field_box import FieldBox

NOW = datetime(2026, 11, 18, 11, 20, tzinfo=UTC)
"""A Wednesday."""
THURSDAY = date(2026, 11, 19)


def made(qtbot: QtBot, field: DateField | DateTimeField) -> EditorBase:
    editor = editor_for(field, lambda: ParseContext(now=NOW))
    qtbot.addWidget(editor)
    return editor


def typed(editor: EditorBase, text: str) -> object:
    editor.set_value(None)
    line = editor.focusProxy()
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.textEdited.emit(text)  # QTest types no Cyrillic letters
    return editor.value()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("in two days", THURSDAY + timedelta(days=1)),
        ("через два дня", THURSDAY + timedelta(days=1)),
        ("через неделю", THURSDAY + timedelta(days=6)),
        ("завтра", THURSDAY),
        ("next thursday", THURSDAY),
    ],
)
def test_a_day_in_words(qtbot: QtBot, text: str, day: date) -> None:
    assert typed(made(qtbot, DateField("day", "Day")), text) == day


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("Thu 15:00", 19, 15),
        ("завтра в 10", 19, 10),
        ("в четверг в 15", 19, 15),
        ("через два дня в 9", 20, 9),
        ("tomorrow morning", 19, 9),
        ("через неделю", 25, 9),
    ],
)
def test_a_moment_in_words(qtbot: QtBot, text: str, day: int, hour: int) -> None:
    editor = made(qtbot, DateTimeField("when", "When"))

    assert typed(editor, text) == datetime(2026, 11, day, hour, tzinfo=UTC)


def test_a_day_alone_keeps_the_time_that_stood_there(qtbot: QtBot) -> None:
    editor = made(qtbot, DateTimeField("when", "When", ends_day=True))
    assert typed(editor, "tomorrow") == datetime(2026, 11, 19, 18, tzinfo=UTC)

    editor.set_value(datetime(2026, 11, 1, 14, 45, tzinfo=UTC))
    editor.set_raw("tomorrow")

    assert editor.value() == datetime(2026, 11, 19, 14, 45, tzinfo=UTC)


def test_what_was_understood_stands_under_the_field_until_it_is_left(qtbot: QtBot) -> None:
    editor = made(qtbot, DateTimeField("when", "When"))
    box = FieldBox("When", editor, hint="Any time")
    qtbot.addWidget(box)

    typed(editor, "in two days")
    assert editor.accessibleDescription() == "Friday, 20 November 2026, 09:00"
    editor.check()

    assert editor.accessibleDescription() == "Any time"
    assert str(editor.raw()).endswith("09:00")


def test_words_that_are_no_moment_are_refused_and_stay(qtbot: QtBot) -> None:
    editor = made(qtbot, DateTimeField("when", "When"))

    with pytest.raises(InvalidInput):
        typed(editor, "call Anna tomorrow")

    assert editor.check() and editor.raw() == "call Anna tomorrow"
