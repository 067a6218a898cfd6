"""Words beside telephones: which number they belong to, and which words say nothing."""

from __future__ import annotations

import pickle

import pytest

from crm_desktop.models.text.phone_remarks import Remarked, remark_of, remarks_in
from crm_desktop.models.text.phones import parse_phone, split_phones


@pytest.mark.parametrize(
    ("cell", "remarks"),
    [
        ("8 (383) 222-33-44 доб. 12, спросить Анну; моб. 8-913-123-45-67", ["спросить Анну", ""]),
        ("(3852) 36-12-12\n8-905-111-22-33 Мария", ["", "Мария"]),
        ("8 917 333 22 11 (Света)", ["Света"]),
        ("тел./факс: (495) 1234568; моб. 89162041184 (Иван)", ["факс", "Иван"]),
        ("8 (495) 123-45-67, 8-916-204-11-83 Пётр", ["", "Пётр"]),
        ("Пётр 8 (495) 123-45-67, Анна 8-916-204-11-83", ["Пётр", "Анна"]),
        ("8 (495) 123-45-67 Пётр, 8-916-204-11-83 Анна", ["Пётр", "Анна"]),
        ("+44 20 7946 0958 ext. 12 (ask for Mary)", ["ask for Mary"]),
        ("тел. 8 (495) 123-45-67, моб. +7 916 204-11-83", ["", ""]),
        ("+7 913 555 66 77", [""]),
    ],
)
def test_words_go_to_their_number(cell: str, remarks: list[str]) -> None:
    numbers = [parse_phone(one) for one in split_phones(cell)]
    found = remarks_in(cell)

    assert [remark_of(one.stored, found) for one in numbers if one] == remarks


def test_a_remarked_number_is_the_number() -> None:
    made = pickle.loads(pickle.dumps(Remarked.of("+79162041183", "Ann")))

    assert (made, made.remark, hash(made)) == ("+79162041183", "Ann", hash("+79162041183"))


@pytest.mark.parametrize("text", ["", "ask Ann", "12345" * 300, "тел. " * 400, "((((", "8" * 900])
def test_any_text_is_borne(text: str) -> None:
    assert remarks_in(text) == {}
