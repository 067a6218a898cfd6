"""A licence says what was bought, and nobody but the vendor can make it say anything else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.services.licensing.licence import (
    LONGEST,
    LicenceRefused,
    builtin_keys,
    issue,
    make_keys,
    read_keys,
    read_licence,
    read_licence_file,
)
from crm_desktop.services.licensing.standing import judge
from tests.licences import Vendor


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path / "vendor")


def why(text: str, vendor: Vendor) -> str:
    """How a text is refused."""
    with pytest.raises(LicenceRefused) as refused:
        read_licence(text, vendor.keys)
    assert refused.value.message
    return refused.value.why


def test_what_was_issued_is_read(vendor: Vendor, tmp_path: Path) -> None:
    path = vendor.file(tmp_path / "a.crmlicence", seats=7, valid_until=date(2030, 1, 1))

    found = read_licence_file(path, vendor.keys)

    assert (found.seats, found.customer, found.valid_until) == (7, "Chamomile", date(2030, 1, 1))


def test_it_may_be_laid_out_anyhow(vendor: Vendor) -> None:
    licence = vendor.licence(customer="ООО «Ромашка»")

    again = json.dumps(json.loads(licence.text()), indent=4)

    assert read_licence(again, vendor.keys) == licence


@pytest.mark.parametrize(
    ("fact", "value"),
    [("seats", 50), ("customer", "Rose"), ("valid_until", None), ("edition", "all"), ("base", "")],
)
def test_no_fact_can_be_changed(vendor: Vendor, fact: str, value: object) -> None:
    guid = "0b5e6f2e-6f0f-4f5e-9d0b-1f5e2c3d4a5b"
    facts = json.loads(vendor.licence(valid_until=date(2027, 1, 1), base=guid).text())

    assert why(json.dumps({**facts, fact: value}), vendor) == "edited"


def test_another_vendor_is_not_known(vendor: Vendor, tmp_path: Path) -> None:
    other = Vendor(tmp_path / "other")

    assert why(other.licence().text(), vendor) == "unknown_key"


def test_the_name_of_a_key_is_not_enough(vendor: Vendor, tmp_path: Path) -> None:
    mine = json.loads(Vendor(tmp_path / "other").licence().text())
    mine["key"] = vendor.licence().key

    assert why(json.dumps(mine), vendor) == "edited"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "seats", '{"crm_desktop_licence": 2}', "[" * 100_000, "{" * 9]
)
def test_anything_else_is_no_licence(vendor: Vendor, text: str) -> None:
    assert why(text, vendor) == "not_a_licence"


@pytest.mark.parametrize(
    "change", [{"seats": True}, {"seats": 0}, {"seats": "5"}, {"issued": None}, {"more": 1},
               {"customer": "x" * 201}, {"valid_until": "soon"}, {"signature": 5}],
)  # fmt: skip
def test_a_fact_of_another_kind_is_no_licence(vendor: Vendor, change: dict[str, object]) -> None:
    facts = {**json.loads(vendor.licence().text()), **change}

    assert why(json.dumps(facts), vendor) == "not_a_licence"


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    with pytest.raises(LicenceRefused):
        read_licence(raw.decode("latin-1"), {})


def test_a_file_that_is_not_there_or_too_large(vendor: Vendor, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b" " * 70_000 + vendor.licence().text().encode())

    with pytest.raises(FileProblem):
        read_licence_file(tmp_path / "none", vendor.keys)
    with pytest.raises(LicenceRefused):
        read_licence_file(large, vendor.keys)


@pytest.mark.parametrize(
    ("facts", "guid", "bound", "today", "reason"),
    [
        ({}, "g", "g", date(2026, 5, 1), ""),
        (
            {"base": "0b5e6f2e-6f0f-4f5e-9d0b-1f5e2c3d4a5b"},
            "g",
            "g",
            date(2026, 5, 1),
            "other_base",
        ),
        ({}, "g", "h", date(2026, 5, 1), "other_base"),
        ({"valid_until": date(2026, 4, 30)}, "g", "g", date(2026, 5, 1), "expired"),
        ({"valid_until": date(2026, 5, 1)}, "g", "g", date(2026, 5, 1), ""),
        ({"updates_until": date(2020, 1, 1)}, "g", "g", date(2026, 5, 1), "updates_ended"),
    ],
)
def test_a_genuine_one_may_not_be_for_here_and_now(
    vendor: Vendor, facts: dict[str, object], guid: str, bound: str, today: date, reason: str
) -> None:
    licence = vendor.licence(**facts)
    try:
        judge(licence, guid, bound, today)
    except LicenceRefused as refused:
        assert refused.why == reason and refused.message
    else:
        assert reason == ""


def test_it_always_fits_into_a_base(vendor: Vendor) -> None:
    licence = vendor.licence(customer="Ы" * 200, seats=10_000, valid_until=date(2030, 1, 1))

    assert len(licence.text()) <= LONGEST


@pytest.mark.parametrize(
    "facts", [{"customer": " "}, {"customer": "x" * 201}, {"seats": 0}, {"base": "here"}]
)
def test_no_licence_is_issued_with_bad_facts(vendor: Vendor, facts: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        vendor.licence(**facts)


def test_keys_are_never_written_over(vendor: Vendor, tmp_path: Path) -> None:
    before = vendor.private.read_bytes()

    with pytest.raises(FileProblem):
        make_keys(tmp_path / "vendor")

    assert vendor.private.read_bytes() == before
    assert vendor.private.stat().st_mode & 0o077 == 0


def test_the_program_comes_with_a_key() -> None:
    assert [len(key) for key in builtin_keys().values()] == [32]


def test_a_file_without_a_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.pub").write_text("# nothing\nYWJj\n")

    with pytest.raises(FileProblem, match=r"x\.pub"):
        read_keys(tmp_path / "x.pub")


def test_a_key_that_is_not_there_is_named_with_its_folder(vendor: Vendor, tmp_path: Path) -> None:
    gone = tmp_path / "gone" / "vendor.key"

    with pytest.raises(FileProblem, match="no such file") as issued:
        issue(vendor.licence(), gone)
    with pytest.raises(FileProblem, match="no such file") as read:
        read_keys(gone)

    assert str(gone) in issued.value.message and str(gone) in read.value.message
