"""Several reminders in one line, in both languages; what is no reminder is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.models.text.reminder_line import parse_reminders
from crm_desktop.services.reminders.lines import read_reminders, reminders_line


@pytest.mark.parametrize(("text", "found"), [
    ("15 min before, window; 1 day before, e-mail", ((15, "window"), (1440, "mail"))),
    ("за 15 мин, окно; за 1 день, почта", ((15, "window"), (1440, "mail"))),
    ("за 2 ч., СМС", ((120, "sms"),)), ("15", ((15, "window"),)), ("", ()), ("нет", ()),
    ("At the time; в срок, mail; at the time", ((0, "window"), (0, "mail"))),
    ("1 week; 3 недели, sms", ((10080, "window"), (30240, "sms"))),
])  # fmt: skip
def test_a_line_is_read(text: str, found: tuple[tuple[int, str], ...]) -> None:
    assert parse_reminders(text) == found


@pytest.mark.parametrize("text", ["soon", "15 parsecs", "15 min, pigeon", "-5", "1.5 h", "9999999"])
def test_what_is_no_reminder_is_named(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no reminder"):
        read_reminders(f"5 min; {text}")


_ONE = st.tuples(st.integers(0, 500_000), st.sampled_from(["window", "mail", "sms"]))


@settings(deadline=None)  # the first call reads the translations
@given(st.lists(_ONE, max_size=6, unique=True), st.sampled_from(["ru", "en"]))
def test_what_is_shown_is_read_back(reminders: list[tuple[int, str]], language: str) -> None:
    i18n.set_language(language)
    assert read_reminders(reminders_line(reminders)) == tuple(reminders)
