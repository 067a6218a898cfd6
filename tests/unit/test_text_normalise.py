"""One normal form for search and sorting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.normalise import (
    content_words,
    digits,
    like_escape,
    norm,
    sort_key,
    tidy,
    words,
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Пётр   ИЛЬИЧ ", "петр ильич"),
        ("Е\u0308лка", "елка"),
        ("Straße\u00a0ÉCLAIR", "strasse éclair"),
        ("ｶﾞｽ Ⅳ ﬁn", "ガス iv fin"),
        ("мяг\u00adкий\u200b", "мягкий"),
        ("Счёт №5", "счет 5"),
        ("", ""),
    ],
)
def test_norm_writes_one_form(typed: str, expected: str) -> None:
    assert norm(typed) == expected


@given(st.text())
def test_norm_twice_is_norm_once(text: str) -> None:
    once = norm(text)
    assert norm(once) == once
    assert once == once.strip()


@given(st.text(alphabet="абвгдеёжийя АБВЕЁЯ«»№-—ABCxyz019"))
def test_quick_way_gives_what_the_slow_way_gives(text: str) -> None:
    assert norm(text) == norm(text + " ©")[:-1].strip()


def test_sorting_ignores_leading_quotes_case_and_yo() -> None:
    names = ["«Ящик»", "ёлка", "Жук", "Еж", '"Арбат"', "ООО «Вектор»"]
    assert sorted(names, key=sort_key) == ['"Арбат"', "Еж", "ёлка", "Жук", "ООО «Вектор»", "«Ящик»"]


@given(st.text(), st.integers(min_value=1, max_value=100))
def test_sort_key_fits_its_column(text: str, length: int) -> None:
    assert len(sort_key(text, length)) <= length


def test_words_of_any_script() -> None:
    assert words("ООО «Вектор-Строй», Łódź 24/7_b") == [
        "ооо", "вектор", "строй", "łódź", "24", "7", "b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ООО «Вектор»", ["вектор"]),
        ("Northwind Traders LLC", ["northwind", "traders"]),
        ("OOO Вектор", ["вектор"]),
        ("АО", ["ао"]),
    ],
)
def test_legal_forms_are_no_content(name: str, expected: list[str]) -> None:
    assert content_words(name) == expected


def test_digits_of_any_script() -> None:
    assert digits("+7 (916) 204-11-83") == "79162041183"
    assert digits("٣٤ и №5") == "345"


def test_like_escape_leaves_no_wildcard() -> None:
    assert like_escape(r"100%_\x") == r"100\%\_\\x"


def test_tidy_keeps_letters_and_lines() -> None:
    assert tidy(" Е\u0308лка\u200b \t 5\x00") == "Ёлка 5"
    assert tidy("Ёл\u034fка «5»") == "Ёлка «5»"
    assert tidy("a  b \r\n c\n", lines=True) == "a  b\n c"


@given(st.text())
def test_tidy_twice_is_tidy_once(text: str) -> None:
    for lines in (False, True):
        once = tidy(text, lines=lines)
        assert tidy(once, lines=lines) == once
