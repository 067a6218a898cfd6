"""Texts of pages become plain, and other texts stay as they are."""

from __future__ import annotations

import pytest

from crm_desktop.models.text.page_texts import plain_text
from crm_desktop.models.text.persons import several_people


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One<br>Two &quot;Rose&quot; &amp; Co", 'One\nTwo "Rose" & Co'),
        ("&nbsp;До 10&nbsp;числа<br/>месяца", "До 10 числа\nмесяца"),
        ('<p class="a">One</p><p>Two</p>', "One\nTwo"),
        ("<div>Call<br />after <b>15</b></div>", "Call\nafter 15"),
        ("&laquo;Ёж&raquo; &#8212; a", "«Ёж» — a"),
        ("a < b & c > d", "a < b & c > d"),
        ("AT&T; Johnson & Johnson <info@a.ru>", "AT&T; Johnson & Johnson <info@a.ru>"),
        ("&nothing; <bold>", "&nothing; <bold>"),
    ],
)
def test_a_text_is_what_a_browser_shows(text: str, shown: str) -> None:
    assert plain_text(text) == shown


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Иванова А.П., Петров С.С.", ["Иванова А.П.", "Петров С.С."]),
        ("Ann Lee; Bob", ["Ann Lee", "Bob"]),
        ("Ann Lee\nBob Fox", ["Ann Lee", "Bob Fox"]),
        ("Doe, Jane", ["Doe, Jane"]),
        ("Jane Roe,", ["Jane Roe"]),
        ("", []),
    ],
)
def test_several_people_in_a_text(text: str, names: list[str]) -> None:
    assert several_people(text) == names
