"""The first word of a typed line says which kind of activity is meant."""

from __future__ import annotations

import pytest

from crm_desktop.models.text.kind_words import kind_meant


@pytest.mark.parametrize(
    "line", ["Call Anna", "call: the bank", "позвонить в банк", "Перезвонить Ивану", "Созвон"]
)
def test_calls(line: str) -> None:
    assert kind_meant(line) == "call"


@pytest.mark.parametrize("line", ["", "Calling card", "Send the offer", "не позвонить", "Callie"])
def test_other_lines_mean_nothing(line: str) -> None:
    assert kind_meant(line) == ""
