"""Numbers and money as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.currencies import CODES, SYMBOLS
from crm_desktop.models.text.numbers import (
    format_money,
    format_number,
    parse_decimal,
    parse_int,
    parse_money,
    round_half_up,
)
from crm_desktop.models.text.problems import Unreadable

NBSP = "\u00a0"
AMOUNTS = st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=2)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1 234,56", "1234.56"), ("1,234.56", "1234.56"), ("1.234,56", "1234.56"),
        ("1\u202f234\u00a0567,5", "1234567.5"), ("12 %", "12"), ("1'234", "1234"),
        ("1\u2019234.5", "1234.5"), ("\u22125,5", "-5.5"), ("(120,50)", "-120.50"), ("+7", "7"),
        ("100-", "-100"), ("1,234", "1.234"), ("1,234,567", "1234567"), ("1.234.567", "1234567"),
        (",5", "0.5"), ("5,", "5"), ("1.5E+3", "1500"), ("007", "7"), ("-0", "0"),
    ],
)  # fmt: skip
def test_decimal(typed: str, value: str) -> None:
    assert parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "decimal", "value"),
    [
        ("1,234", ".", "1234"), ("1,234", ",", "1.234"), ("1.234", ",", "1234"),
        ("1.5", ",", "1.5"), ("1,5", ".", "1.5"), ("1.234,5", ",", "1234.5"),
    ],
)  # fmt: skip
def test_decimal_sign_of_a_file(typed: str, decimal: str, value: str) -> None:
    assert parse_decimal(typed, decimal=decimal) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"), ("  ", "empty"), ("%", "empty"), ("abc", "not_a_number"),
        ("12 34", "grouping"), ("1 2345", "grouping"), ("1,23,4.5", "grouping"),
        ("1e999", "too_long"), ("9" * 40, "too_long"), ("NaN", "not_a_number"),
        ("1..2", "not_a_number"), ("--5", "not_a_number"), ("20.11.26", "grouping"),
    ],
)  # fmt: skip
def test_no_decimal(typed: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_decimal(typed)
    assert caught.value.code == code


def test_whole_numbers() -> None:
    assert parse_int("12 486") == 12486
    assert parse_int("12,0") == 12
    with pytest.raises(ValueError, match="not_whole"):
        parse_int("1,5")


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("128 000 ₽", "128000", "RUB"), ("$1,200.50", "1200.50", "USD"),
        ("1 200 руб. 50 коп.", "1200.50", "RUB"), ("1200р", "1200", "RUB"),
        ("1 200,50", "1200.50", None), ("EUR 15", "15", "EUR"), ("15 eur", "15", "EUR"),
        ("-5 €", "-5", "EUR"), ("-$5", "-5", "USD"), ("$-5", "-5", "USD"), ("(5 ₽)", "-5", "RUB"),
        ("1,5 млн ₽", "1500000", "RUB"), ("128 тыс. руб.", "128000", "RUB"), ("15к", "15000", None),
        ("1 200,-", "1200", None), ("0 ₽", "0", "RUB"), ("5 000 ₸", "5000", "KZT"),
        ("5 Br", "5", "BYN"), ("50 коп", "0.50", None), ("12 500 рублей", "12500", "RUB"),
    ],
)  # fmt: skip
def test_money(typed: str, amount: str, currency: str | None) -> None:
    assert parse_money(typed) == (Decimal(amount), currency)


@pytest.mark.parametrize("typed", ["", "₽", "12 попугаев", "$5 руб", "руб", "12 34 ₽"])
def test_no_money(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse_money(typed)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("128000", "RUB", "ru", f"128{NBSP}000{NBSP}₽"), ("0", "RUB", "ru", f"0{NBSP}₽"),
        ("1200.5", "USD", "en", "$1,200.50"), ("-1200.5", "USD", "en", "-$1,200.50"),
        ("1200.505", "EUR", "ru", f"1{NBSP}200,51{NBSP}€"), ("-0.001", "RUB", "ru", f"0{NBSP}₽"),
        ("5", "CHF", "en", f"CHF{NBSP}5"), ("1234.5", "JPY", "en", f"JPY{NBSP}1,235"),
        ("7.1", None, "ru", "7,10"),
    ],
)  # fmt: skip
def test_money_for_the_eye(amount: str, currency: str | None, language: str, shown: str) -> None:
    assert format_money(Decimal(amount), currency, language) == shown


def test_half_goes_up() -> None:
    assert round_half_up(Decimal("2.675"), 2) == Decimal("2.68")
    assert round_half_up(Decimal("-0.5"), 0) == Decimal(-1)
    assert format_number(Decimal("2.5"), 0, "ru") == "3"
    assert format_number(Decimal("1234.500"), None, "ru") == f"1{NBSP}234,5"
    assert format_number(1_000_000, None, "en") == "1,000,000"


@given(AMOUNTS, st.sampled_from([None, *sorted(CODES)]), st.sampled_from(["ru", "en"]))
def test_money_shown_is_money_read(amount: Decimal, currency: str | None, language: str) -> None:
    shown = format_money(amount, currency, language, places=2)
    decimal = "," if language == "ru" else "."
    assert parse_money(shown, decimal=decimal) == (amount, currency)


def test_every_symbol_is_known_again() -> None:
    assert {parse_money(f"5 {sign}")[1] for sign in SYMBOLS.values()} == set(SYMBOLS)


@given(st.text() | st.from_regex(r"[-+(]?[$₽]?[0-9 .,'e]{1,20}[)%₽ рубткмлнкоп.]*", fullmatch=True))
def test_any_text_is_a_number_or_unreadable(text: str) -> None:
    for reader in (parse_decimal, parse_int, parse_money):
        try:
            reader(text)
        except Unreadable as problem:
            assert problem.code
