"""The other keyboard layout, ends of words and typos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from crm_desktop.models.text.layouts import other_layout
from crm_desktop.models.text.vocabulary import (
    MIN_TYPO_LETTERS,
    deletes,
    suffixes,
    within_one_typo,
)

WORDS = st.text(alphabet="абв", max_size=9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"), ("ghbdtn vbh 5", "привет мир 5"), ("кфьф", "rama"),
        ("<tkjdf", "Белова"),
        ("`krf", "ёлка"), ("шмфт\"ьфшдюкг", "ivan@mail.ru"), ("Ghbdtn", "Привет"),
        ("123", None), ("", None), ("приветhi", None), ("éa", None), ("ґанок", None),
    ],
)  # fmt: skip
def test_other_layout(typed: str, meant: str | None) -> None:
    assert other_layout(typed) == meant


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1))
def test_keys_pressed_twice_in_the_wrong_layout(word: str) -> None:
    keys = other_layout(word)
    assert keys is not None
    if any(sign.isalpha() for sign in keys):
        assert other_layout(keys) == word


def test_ends_of_a_word() -> None:
    assert suffixes("ромашка") == ["омашка", "машка", "ашка", "шка"]
    assert suffixes("дом") == suffixes("а1234567") == suffixes("") == []


def test_words_without_a_letter() -> None:
    assert deletes("петров") == ["петров", "етров", "птров", "перов", "петов", "петрв", "петро"]
    assert deletes("ааааааааа") == ["ааааааа", "аааааа"]
    assert deletes("дом") == deletes("а1234567") == []
    assert MIN_TYPO_LETTERS == 6


@pytest.mark.parametrize(
    ("typed", "word", "close"),
    [
        ("ромашка", "ромашка", True), ("рамашка", "ромашка", True), ("ромшка", "ромашка", True),
        ("ромаашка", "ромашка", True), ("рмоашка", "ромашка", True), ("ромаш", "ромашка", True),
        ("рамаш", "ромашка", True), ("ромашкаа", "ромашка", True), ("рмаошка", "ромашка", False),
        ("ромашкина", "ромашка", False), ("", "дом", True), ("а", "", True), ("аб", "", False),
    ],
)  # fmt: skip
def test_one_typo(typed: str, word: str, close: bool) -> None:
    assert within_one_typo(typed, word) is close


@given(WORDS, WORDS)
def test_one_typo_is_string_alignment_to_a_beginning(typed: str, word: str) -> None:
    near = (word[:length] for length in range(len(typed) - 1, len(typed) + 2) if length >= 0)
    assert within_one_typo(typed, word) == any(OSA.distance(typed, part) <= 1 for part in near)


@given(st.text(alphabet="абвг", min_size=6, max_size=12), st.data())
def test_a_typo_meets_its_word_among_the_deletes(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 6))
    typed = word[:place] + data.draw(st.sampled_from("абвг")) + word[place + 1 :]
    if len(typed) >= MIN_TYPO_LETTERS:
        assert set(deletes(typed)) & set(deletes(word))
