"""What a typed text may mean to the search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.system.tables import TOKEN
from crm_desktop.services.search.reading import (
    MOST_TERMS,
    by_parts,
    corrected,
    in_other_layout,
    readings,
    typed_words,
)


def texts(typed: str) -> list[list[str]]:
    return [[term.text for term in reading.terms] for reading in readings(typed)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ромашка СЕР", [["ромашка", "сер"]]),
        ("ООО Ёлка", [["елка"]]),
        ("ооо", [["ооо"]]),
        ("8 (916) 204", [["916204"], ["8", "916", "204"]]),
        ("204-11", [["20411"], ["204", "11"]]),
        ("+7916", [["7916"], ["7916"]]),
        ("ромашка 8 916 204-11-83", [["9162041183", "ромашка"],
                                     ["ромашка", "8", "916", "204", "11", "83"]]),
        ("7712345678", [["7712345678"]]),
        ("ivan@ma", [["ivan@ma"]]),
        ("<ivan@mail.ru>", [["ivan@mail.ru"]]),
        ("@mail.ru", [["mail.ru"]]),
        ("mail.ru омск", [["омск", "mail", "ru"], ["mail.ru", "омск"]]),
        ("и и и", [["и"]]),
        ("%_\\ ''", []),
        ("😀", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_read_as_people_mean_it(typed: str, meant: list[list[str]]) -> None:
    assert [sorted(words) for words in texts(typed)] == [sorted(words) for words in meant]


def test_digits_are_looked_for_as_words_and_in_telephones() -> None:
    (term,) = readings("89162041")[0].terms
    assert term.prefixes == ("89162041", "+9162041", "+89162041")
    (short,) = readings("891")[0].terms
    assert short.prefixes == ("891",)


def test_special_signs_of_like_stand_for_themselves() -> None:
    (term,) = readings("a_b%c@d")[0].terms
    assert term.patterns == ("% a\\_b\\%c@d%",)


def test_the_longest_word_leads_and_a_very_short_one_never() -> None:
    reading = readings("ул соколова 15")[0]
    assert [reading.terms[place].text for place in reading.drivers] == ["соколова"]
    assert readings("ул")[0].drivers == [0]


def test_the_other_layout_is_read_as_a_text_of_its_own() -> None:
    assert [term.text for term in in_other_layout("ghbdtn vbh")[0].terms] == ["привет", "мир"]
    assert in_other_layout("12345") == []
    assert in_other_layout("mixed смесь") == []
    assert in_other_layout("ёж") == in_other_layout("еж") == []  # no word has ` or ;
    assert [term.text for term in in_other_layout("ьфшдюкг")[-1].terms] == ["mail.ru"]


def test_parts_are_looked_for_in_words_of_letters_only() -> None:
    reading = by_parts(readings("машка 12 ул")[0])
    assert reading is not None
    assert [term.part for term in reading.terms] == ["машка", "", ""]
    assert by_parts(readings("12 ул")[0]) is None


def test_a_typo_is_forgiven_in_words_of_six_letters_and_more() -> None:
    reading = readings("соклов иван 123456")[0]
    assert typed_words(reading) == ["соклов"]
    fixed = corrected(reading, {"соклов": ("соколов",)})
    assert fixed is not None
    assert fixed.terms[0].words == ("соколов",)
    assert fixed.found_by == ("соколов", "иван", "123456")
    assert corrected(reading, {"соклов": ()}) is None


@given(st.text(max_size=300))
def test_no_text_is_too_much(typed: str) -> None:
    for reading in [*readings(typed), *in_other_layout(typed)]:
        assert 1 <= len(reading.terms) <= MOST_TERMS
        assert len(reading.title) <= TOKEN
        for term in reading.terms:
            assert term.patterns and all(0 < len(prefix) <= TOKEN for prefix in term.prefixes)
