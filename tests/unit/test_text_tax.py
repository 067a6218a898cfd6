"""Tax, registration and bank numbers."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.tax import (
    normalise_account,
    normalise_bic,
    normalise_bik,
    normalise_iban,
    normalise_inn,
    normalise_ogrn,
    normalise_okpo,
)

CASES = Path(os.environ.get("CRM_TEST_CASES", "../shared/data")) / "validation" / "requisites.csv"
LISTED_BIK = "044525974"
READERS: dict[str, Callable[[str], str | None]] = {
    "ИНН": normalise_inn,
    "ОГРН": normalise_ogrn,
    "БИК": normalise_bik,
    "IBAN": normalise_iban,
    "BIC": normalise_bic,
    f"к/с при БИК {LISTED_BIK}": lambda text: normalise_account(
        text, LISTED_BIK, correspondent=True
    ),
}


@pytest.mark.skipif(not CASES.exists(), reason=f"no {CASES}: set CRM_TEST_CASES to the test data")
def test_numbers_of_published_lists() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in READERS]
    wrong = [row["input"] for row in rows if not _as_expected(row)]
    assert len(rows) >= 337
    assert wrong == []


def _as_expected(row: dict[str, str]) -> bool:
    found = READERS[row["kind"]](row["input"])
    if row["expected_verdict"] == "invalid":
        return found is None
    return found == row["expected_normalised"] if row["expected_normalised"] else found is not None


def test_inn_keeps_its_zero() -> None:
    assert normalise_inn(" 0108 003 670 ") == "0108003670"
    assert normalise_inn("108003670") is None
    assert normalise_inn("108003670.0", from_number=True) == "0108003670"
    assert normalise_inn("7707083893.0") == "7707083893"
    assert normalise_inn("0000000000") is None


def test_okpo_checks_its_last_digit() -> None:
    assert normalise_okpo("00032537") == "00032537"  # Sberbank
    assert normalise_okpo("00032538") is None
    assert normalise_okpo("0003253") is None


def test_account_suits_its_bank() -> None:
    bank = "044525225"  # Sberbank, its correspondent account is published
    assert normalise_account("30101810400000000225", bank, correspondent=True)
    assert normalise_account("30101810500000000225", bank, correspondent=True) is None
    assert normalise_account("30101810400000000225", "12", correspondent=True) is None


def test_iban_of_a_bank_nobody_listed() -> None:
    assert normalise_iban("BE68 5390 0754 7034") == "BE68539007547034"
    assert normalise_iban("BE41 0918 1173 5141") is None  # the country's own check digits
    assert normalise_iban("GB00 HLFX 1101 6111 4553 65") is None


@given(st.text() | st.from_regex(r"[0-9A-Z .\-]{1,40}", fullmatch=True))
def test_any_text_is_a_number_or_none(text: str) -> None:
    for read in READERS.values():
        found = read(text)
        assert found is None or read(found) == found
    assert normalise_okpo(text) is None or len(normalise_okpo(text) or "") in (8, 10)
