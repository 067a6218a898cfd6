"""Every field type has an editor that takes a value and gives it back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Choice, Field, ParseContext, Ref
from crm_desktop.models.catalogue.fieldtypes import FIELD_TYPES
from crm_desktop.ui.editors import EDITORS, EditorBase, editor_for

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=3)))
CHOICES = (Choice("a", "First", "ok"), Choice("b", "Second", "bad"), Choice("c", "Third", "info"))
MORE: dict[str, dict[str, Any]] = {
    "choice": {"choices": CHOICES},
    "multi_choice": {"choices": CHOICES},
    "link": {"target": "thing"},
    "user": {"target": "thing"},
}
SAMPLES: dict[str, list[Any]] = {
    "text": ["Vector", 'OOO «Вектор» "1"'],
    "long_text": ["One line", "First\n\nthird"],
    "recurrence": ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=HOURLY;BYMINUTE=5"],
    "url": ["https://example.org/a?b=1"],
    "address": ["Moscow, Butyrskaya 12"],
    "tags": ["VIP, Wholesale", "one"],
    "file": [r"C:\Docs\plan.pdf", "/srv/plan.pdf"],
    "phone": ["+79162041183", "+79162041183;ext=12"],
    "email": ["anna@example.org"],
    "contact": ["+79162041183", "anna@example.org", "@anna"],
    "integer": [0, 12, -1234567],
    "decimal": [Decimal("0.50"), Decimal("-1234567.89")],
    "money": [Decimal("318400.00"), Decimal("0.05")],
    "bool": [True, False],
    "date": [date(2026, 2, 28), date(1988, 4, 24)],
    "yearly": [4242026, 4240000],
    "datetime": [datetime(2026, 11, 21, 7, 5, tzinfo=UTC)],
    "duration": [5400, 90],
    "choice": ["b"],
    "multi_choice": [("a", "c")],
    "link": [17],
    "user": [18],
    "record": [Ref("thing", 19)],
}


def context() -> ParseContext:
    russian = i18n.language() == "ru"
    return ParseContext(NOW, i18n.language(), date_order="dmy" if russian else "mdy")


def a_field(kind: str) -> Field:
    return FIELD_TYPES[kind]("key", "Label", **MORE.get(kind, {}))


def an_editor(qtbot: QtBot, kind: str) -> EditorBase:
    editor = editor_for(a_field(kind), context)
    qtbot.addWidget(editor)
    return editor


def type_into(editor: EditorBase, text: str) -> None:
    editor.line.setText(text)  # type: ignore[attr-defined]
    editor.line.textEdited.emit(text)  # type: ignore[attr-defined]


def test_every_type_has_an_editor_and_samples() -> None:
    assert EDITORS.keys() == FIELD_TYPES.keys() == SAMPLES.keys()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_values_come_back(qtbot: QtBot, kind: str, language: str) -> None:
    i18n.set_language(language)
    editor = an_editor(qtbot, kind)

    for value in [*SAMPLES[kind], None]:
        editor.set_value(value)
        assert (editor.value() or None) == (value or None)
        assert editor.text_error() == ""


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_what_was_typed_survives_as_json(qtbot: QtBot, kind: str, language: str) -> None:
    i18n.set_language(language)
    first, second = an_editor(qtbot, kind), an_editor(qtbot, kind)
    first.set_value(SAMPLES[kind][0])

    second.set_raw(first.raw())

    assert second.value() == SAMPLES[kind][0] or kind == "file"


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_screen_reader_hears_the_label(qtbot: QtBot, kind: str) -> None:
    editor = an_editor(qtbot, kind)

    names = [editor.accessibleName(), editor.focusProxy().accessibleName()]

    assert "Label" in names


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("date", "20", date(2026, 11, 20)),
        ("date", "+3", date(2026, 11, 24)),
        ("date", "пт", date(2026, 11, 27)),
        ("integer", "1 200", 1200),
        ("money", "46 300,50 ₽", Decimal("46300.50")),
        ("phone", "tel:8 (916) 204-11-83", "+79162041183"),
        ("email", "Anna <anna@Example.org>", "anna@example.org"),
        ("url", "example.org", "https://example.org"),
        ("duration", "1:30", 5400),
        ("text", "  two \u00a0 words\u200b\n", "two words"),
        ("file", '"C:\\My docs\\a.txt"', "C:\\My docs\\a.txt"),
    ],
)
def test_typing_is_read_as_people_mean_it(qtbot: QtBot, kind: str, typed: str, value: Any) -> None:
    editor = an_editor(qtbot, kind)

    type_into(editor, typed)

    assert editor.value() == value


@pytest.mark.parametrize("kind", ["date", "integer", "money", "phone", "email", "datetime"])
def test_what_cannot_be_read_stays_and_is_named(qtbot: QtBot, kind: str) -> None:
    editor = an_editor(qtbot, kind)
    type_into(editor, "rubbish@")

    sentence = editor.check()

    assert sentence.startswith("Label:")
    assert editor.raw() == "rubbish@"
    with pytest.raises(InvalidInput):
        editor.value()


def test_leaving_shows_the_usual_form(qtbot: QtBot) -> None:
    editor = an_editor(qtbot, "phone")
    type_into(editor, "8 916 2041183")

    editor.check()

    assert editor.raw() == "+7 916 204-11-83"
