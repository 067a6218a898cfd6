"""Whose holidays a new base begins with: those of a country that fits language and computer."""

from __future__ import annotations

import pytest

from crm_desktop.services.seeds import holidays_here


@pytest.mark.parametrize(
    ("language", "computer", "expected"),
    [("ru", "en_US.UTF-8", "RU"), ("en", "en_US.UTF-8", "US"), ("en", "en_GB.UTF-8", "GB"),
     ("en", "de_DE", "DE"), ("en", "C.UTF-8", "US"), ("en", "en_ZZ", "US")],
)  # fmt: skip
def test_a_new_base_begins_with_holidays_of_its_language_and_computer(
    monkeypatch: pytest.MonkeyPatch, language: str, computer: str, expected: str
) -> None:
    for name in ("LC_ALL", "LC_TELEPHONE", "LANG"):
        monkeypatch.setenv(name, computer)
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))

    assert holidays_here(language) == expected
