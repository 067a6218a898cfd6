"""Phone numbers as people write them."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop import i18n
from crm_desktop.models.text.phones import (
    Phone,
    format_phone,
    parse_phone,
    split_phones,
    split_stored,
    typed_runs,
)

CASES = Path(os.environ.get("CRM_TEST_CASES", "../shared/data")) / "validation" / "phones.csv"
ANNA = "+79162041183"


@pytest.mark.parametrize(
    "typed",
    [
        "8 (916) 204-11-83", "+7 916 204 11 83", "916 204 11 83", "79162041183", "8-916-204-11-83",
        "+7(916)204–11–83", "тел. 8 916 204-11-83", "79162041183.0", "7.9162041183E+10",
        "7,9162041183e10", "8\u00a0916\u00a0204\u00a011\u00a083", "+8 916 204-11-83",
        "'89162041183", "8 916 204-11-83 (Анна)", "tel:+7-916-204-11-83",
    ],
)  # fmt: skip
def test_the_same_number_in_many_dresses(typed: str) -> None:
    assert parse_phone(typed, "RU") == Phone(ANNA)


@pytest.mark.parametrize(
    ("typed", "extension"),
    [
        ("8 495 780-32-15 доб. 12", "12"), ("8 495 780-32-15, доб 3", "3"),
        ("8 495 780-32-15 (доб. 104)", "104"), ("+7 495 780 32 15 ext 12", "12"),
        ("8 495 780-32-15 вн. 3", "3"), ("8 495 780-32-15 д.7", "7"),
        ("+7 495 780-32-15 x15", "15"), ("84957803215*12", "12"), ("8 495 780 32 15 #7", "7"),
        ("8 (495) 780-32-15 внутренний 21", "21"),
    ],
)  # fmt: skip
def test_extension(typed: str, extension: str) -> None:
    phone = parse_phone(typed, "RU")
    assert phone == Phone("+74957803215", extension)
    assert split_stored(phone.stored) == phone


@pytest.mark.parametrize(
    "typed", ["", "нет", "12", "8 916 204-11-8", "8 916 204-11-833", "+7 000 000-00-00", "9" * 200]
)
def test_no_number(typed: str) -> None:
    assert parse_phone(typed, "RU") is None


def test_national_number_needs_its_country() -> None:
    assert parse_phone("030 123456", "DE") == Phone("+4930123456")
    assert parse_phone("8 771 000 9998", "KZ") == Phone("+77710009998")
    assert parse_phone("030 123456", "RU") is None


@pytest.mark.skipif(not CASES.exists(), reason=f"no {CASES}: set CRM_TEST_CASES to the test data")
def test_numbers_of_all_countries() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["input"] for row in rows if not _as_expected(row)]
    assert len(rows) >= 500
    assert wrong == []


def _as_expected(row: dict[str, str]) -> bool:
    phone = parse_phone(row["input"], row["default_region"])
    if row["expected_verdict"] == "invalid":
        return phone is None
    e164, _mark, extension = row["expected_e164"].partition(" ext ")
    return phone == Phone(e164, extension)


@given(st.from_regex(r"(\+7|7|8)?[3-9][0-9]{9}", fullmatch=True))
def test_quick_way_agrees_with_the_library(typed: str) -> None:
    number = phonenumbers.parse(typed, "RU")
    valid = phonenumbers.is_valid_number(number)
    assert parse_phone(typed, "RU") == (Phone(f"+7{number.national_number}") if valid else None)


@given(st.text() | st.from_regex(r"[+0-9(). \-extдоб,;#]{1,30}", fullmatch=True))
def test_any_text_is_a_number_or_none(text: str) -> None:
    phone = parse_phone(text, "RU")
    assert phone is None or phone.e164[0] == "+"
    assert isinstance(split_phones(text), list)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (ANNA, "+7 916 204-11-83"), ("+74957803215", "+7 495 780-32-15"),
        ("+77710009998", "+7 771 000 9998"), ("+442087654321", "+44 20 8765 4321"),
        ("+12679000000;ext=12", "+1 267-900-0000 ext. 12"), ("не номер", "не номер"), ("", ""),
    ],
)  # fmt: skip
def test_format(stored: str, shown: str) -> None:
    i18n.set_language("en")
    assert format_phone(stored) == shown


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.sampled_from(["", "7", "0412"]))
def test_what_is_shown_can_be_typed(region: str, extension: str) -> None:
    number = phonenumbers.example_number(region)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    phone = Phone(e164, extension)
    assert parse_phone(format_phone(phone.stored), "RU") == phone


def test_extension_in_russian_can_be_read_back() -> None:
    i18n.set_language("ru")
    try:
        shown = format_phone(ANNA + ";ext=12")
    finally:
        i18n.set_language("en")
    assert shown == "+7 916 204-11-83, доб. 12"
    assert parse_phone(shown, "RU") == Phone(ANNA, "12")


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("8-916-204-11-83, 8 495 780-32-15", ["8-916-204-11-83", "8 495 780-32-15"]),
        (
            "8 916 204 11 83; (495) 780-32-15 (доб 3)",
            ["8 916 204 11 83", "(495) 780-32-15 (доб 3)"],
        ),
        ("8 495 780-32-15, доб. 12, моб. +79162041183", ["8 495 780-32-15 доб. 12", ANNA]),
        ("8 495 780-32-15 (доб. 1, 2)", ["8 495 780-32-15 доб 1", "8 495 780-32-15 доб 2)"]),
        (
            "84957803215 доб. 12 или 13; 8 916 204-11-83",
            ["84957803215 доб 12", "84957803215 доб 13", "8 916 204-11-83"],
        ),
        ("8 495 780-32-15 доб. 1, 780-32-16", ["8 495 780-32-15 доб. 1", "780-32-16"]),
        ("+7 916 204-11-83 +7 495 780-32-15", ["+7 916 204-11-83", "+7 495 780-32-15"]),
        ("89162041183 84957803215", ["89162041183", "84957803215"]),
        ("89162041183/84957803215", ["89162041183", "84957803215"]),
        ("раб: 8 495 780-32-15 Анна\n+44 20 8765 4321", ["8 495 780-32-15", "+44 20 8765 4321"]),
        ("8 (916) 204-11-83", ["8 (916) 204-11-83"]),
        ("нет", ["нет"]),
        ("  ", []),
    ],
)
def test_several_in_a_cell(cell: str, numbers: list[str]) -> None:
    assert split_phones(cell) == numbers


@pytest.mark.parametrize(
    ("typed", "runs"),
    [
        ("204-11", ["20411"]), ("8 (916) 204-11-83", ["9162041183"]), ("+7 916", ["7916"]),
        ("8 916", ["8916"]), ("8 916 20", ["91620", "891620"]), ("204", []),
        ("дом 2041", []), ("", []),
    ],
)  # fmt: skip
def test_run_that_search_looks_for(typed: str, runs: list[str]) -> None:
    assert typed_runs(typed) == runs


def test_plain_numbers_do_not_load_the_library() -> None:
    code = (
        "import sys\n"
        "from crm_desktop.models.text.phones import format_phone, parse_phone\n"
        "format_phone(parse_phone('8 (916) 204-11-83', 'RU').stored)\n"
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("212-555-0101 x7", ["212-555-0101 x7"]),
        ("+1 212 555 0103#45", ["+1 212 555 0103#45"]),
        ("84957803215*12", ["84957803215*12"]),
        ("8(495)7803215,12", ["8(495)7803215 ext 12"]),
        ("8 495 780-32-15, 780-32-16", ["8 495 780-32-15", "780-32-16"]),
        ("84957803215,00", ["84957803215"]),
        ("84957803215,89162041183", ["84957803215", "89162041183"]),
    ],
)
def test_an_extension_stays_with_its_number(cell: str, parts: list[str]) -> None:
    assert split_phones(cell) == parts


@pytest.mark.parametrize("region", ["US", "GB"])  # in Germany it is a number of Munich
def test_the_russian_trunk_prefix_is_understood_elsewhere(region: str) -> None:
    assert parse_phone("8 (916) 555-12-34", region) == Phone("+79165551234")
    assert parse_phone("8 (216) 555-12-34", region) is None
