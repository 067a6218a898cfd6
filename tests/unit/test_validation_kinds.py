"""Every kind of value that can be checked, against the published lists and by its own rules."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.validation.kinds import KINDS, find, verdict
from crm_desktop.models.validation.verdict import Asked

FOLDER = Path(os.environ.get("CRM_TEST_CASES", "../shared/data")) / "validation"
LISTED_BIK = "044525974"
OURS = {"REGON (PL)": "regon", "VAT (DE)": "vat", "VAT (GB)": "vat", "VÖEN (AZ)": "voen",
        "ЄДРПОУ (UA)": "edrpou", "УНП (BY)": "unp",
        f"к/с при БИК {LISTED_BIK}": "correspondent"}  # fmt: skip
needs_lists = pytest.mark.skipif(not FOLDER.exists(), reason=f"no {FOLDER}: set CRM_TEST_CASES")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrongly_judged(row: dict[str, str]) -> str:
    name = row["kind"]
    key = OURS.get(name) or getattr(find(name), "key", "")
    country = name.partition("(")[2].rstrip(")")
    said = verdict(key, row["input"], Asked(LISTED_BIK, country))
    expected = row["expected_verdict"] == "valid"
    same = not row["expected_normalised"] or said.normalised == row["expected_normalised"]
    fine = said.valid == expected and (not expected or same) and bool(said.reason) != expected
    return "" if fine else f"{name} {row['input']}: {said}"


@needs_lists
def test_requisites_of_published_lists() -> None:
    listed = rows("requisites.csv")

    assert len(listed) == 972
    assert [wrong for wrong in map(wrongly_judged, listed) if wrong] == []


@needs_lists
def test_telephones_of_published_lists() -> None:
    wrong = []
    for row in rows("phones.csv"):
        said = verdict("phone", row["input"], Asked(country=row["default_region"]))
        stored = row["expected_e164"].replace(" ext ", ";ext=")
        if said.normalised != stored:
            wrong.append(f"{row['input']}: {said}")

    assert wrong == []


@needs_lists
def test_every_correspondent_account_of_the_directory_suits_its_bik() -> None:
    with (FOLDER.parent / "crm-sales" / "bik" / "bik.csv").open(encoding="utf-8") as file:
        banks = [r for r in csv.DictReader(file) if r["account"][:5] in ("30101", "40102")]

    assert len(banks) > 900
    for row in banks:
        assert verdict("correspondent", row["account"], Asked(row["bic"])).valid, row
        assert verdict("account", row["account"], Asked(row["bic"])).valid, row


RIGHT = [
    ("inn", "7707083893"), ("inn", "0108 003 670"), ("inn", "500100732259"),
    ("inn10", "7707083893"), ("inn12", "500100732259"), ("kpp", "7736ab001"),
    ("ogrn", "1027700132195"), ("ogrn", "304500116000157"), ("ogrnip", "304500116000157"),
    ("okpo", "00032537"), ("snils", "112-233-445 95"), ("snils", "001-001-998 00"),
    ("bik", "044525225"), ("iban", "gb29 nwbk 6016 1331 9268 19"), ("swift", "sabrrumm012"),
    ("eu_vat", "DE136695976"), ("email", "Anna <a@Firma.example>"), ("url", "firma.example"),
]  # fmt: skip
WRONG = [
    ("inn", "7707083894", "mistyped"), ("inn", "770708389", "10 or 12 digits"),
    ("inn", "77070838-9A", "nothing but the digits"), ("inn", "0000000000", "zeros"),
    ("inn10", "500100732259", "10 digits"), ("inn12", "7707083893", "12 digits"),
    ("kpp", "77360100", "9 signs"), ("kpp", "7736Ж1001", "Latin"),
    ("ogrn13", "1027700132196", "mis"),
    ("ogrnip", "1027700132195", "15 digits"), ("okpo", "00032538", "mistyped"),
    ("snils", "112-233-445 96", "mistyped"), ("snils", "", "Nothing"),
    ("bik", "944525225", "begin"),
    ("iban", "GB29 NWBK 6016 1331 9268 18", "mistyped"), ("iban", "hello", "two letters"),
    ("swift", "SABRRUM", "8 or 11"), ("email", "anna", "@"), ("email", "a@b", "domain"),
    ("phone", "12", "more digits"), ("phone", "+7 999 12", "the world"), ("url", "a b", "web page"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), RIGHT)
def test_a_right_value_is_normalised_to_itself(kind: str, value: str) -> None:
    said = verdict(kind, value)

    assert said.valid and said.normalised and not said.reason
    assert verdict(kind, said.normalised).normalised == said.normalised


@pytest.mark.parametrize(("kind", "value", "word"), WRONG)
def test_a_wrong_value_is_told_why(kind: str, value: str, word: str) -> None:
    said = verdict(kind, value)

    assert not said.valid and not said.normalised
    assert word in said.reason


def test_the_key_of_an_account_depends_on_the_bank() -> None:
    account, sberbank, other = "40702 810 9 38000000001", Asked("044525225"), Asked("044525974")

    assert verdict("account", account, sberbank).normalised == "40702810938000000001"
    assert not verdict("account", account, other).valid
    assert not verdict("account", "40702810838000000001", sberbank).valid
    assert verdict("account", account).reason.startswith("The key was not checked")
    assert verdict("account", account, Asked("12")).reason.startswith("BIK: ")


def test_a_correspondent_account_ends_as_its_bik_does() -> None:
    said = verdict("correspondent", "30101810400000000225", Asked("044525974"))

    assert "last three digits" in said.reason


def test_accounts_of_the_treasury_have_no_key() -> None:
    said = verdict("account", "03100643000000017300", Asked("017003983"))

    assert said.valid and not said.reason


def test_kinds_are_found_by_the_names_people_give_them() -> None:
    assert [getattr(find(name), "key", None) for name in ("ИНН", "к/с", "BIC", "none")] == [
        "inn", "correspondent", "swift", None,
    ]  # fmt: skip


@given(st.text(max_size=300) | st.from_regex(r"[0-9A-Z+ .\-]{1,40}", fullmatch=True))
def test_any_text_gets_a_verdict(text: str) -> None:
    for key in KINDS:
        said = verdict(key, text, Asked("044525225", "DE"))
        assert said.valid == bool(said.normalised)
        assert said.valid or said.reason.strip()


@pytest.mark.parametrize(
    ("text", "kept"),
    [("GB980780684", "980780684"), ("CHE-107.787.577 IVA", "CHE107787577IVA"),
     ("DE 136 695 976", "DE136695976"), ("EL094259216", "EL094259216")],
)  # fmt: skip
def test_a_vat_number_names_its_country_itself(text: str, kept: str) -> None:
    assert verdict("vat", text) == (True, kept, "")


def test_a_vat_number_without_a_country_asks_for_one() -> None:
    said = verdict("vat", "136695976")

    assert not said.valid
    assert "country" in said.reason
