"""Names of files from anybody: safe to show, safe to write, and not changed without need."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.file_names import ending_of, free_name, safe_name
from crm_desktop.models.text.file_sizes import size_text

HOSTILE = st.text(
    st.sampled_from('aЖ😀./\\:*?"<>| \t\n\x00\u202e\u200f\u2066CONau1') | st.characters(),
    max_size=300,
)


@given(HOSTILE)
def test_any_name_becomes_one_that_every_system_takes(text: str) -> None:
    name = safe_name(text)

    assert 0 < len(name) <= 150
    assert len(name.encode("utf-8")) <= 240
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not [c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    assert name == name.strip(" .")


@given(HOSTILE)
def test_a_safe_name_stays_as_it_is(text: str) -> None:
    name = safe_name(text)

    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Договор № 12.docx", "Договор № 12.docx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("report.pdf. . .", "report.pdf"),
        ("a\x00b\n c.txt", "ab c.txt"),
        ("???", "___"),
        ("\u200b.", "file"),
    ],
)
def test_known_tricks(given_name: str, expected: str) -> None:
    assert safe_name(given_name) == expected


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("я" * 400 + ".docx").endswith("я.docx")


def test_a_taken_name_gets_a_number() -> None:
    assert free_name("Act.pdf", {"act.pdf", "ACT (2).pdf"}) == "Act (3).pdf"


def test_an_ending_is_short_and_has_no_spaces() -> None:
    assert ending_of("a.TAR.GZ") == "gz"
    assert ending_of("Minutes of 12. November") == ""


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (1023, "1 KB"), (1536, "1.5 KB"), (52_428_800, "50 MB")]
)
def test_sizes_are_short(count: int, text: str) -> None:
    assert size_text(count, "en") == text
