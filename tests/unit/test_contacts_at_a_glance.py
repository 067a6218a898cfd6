"""Contacts that are written as most are, are told at a glance; never otherwise than by a look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.contacts import is_plain_email, normalise_email, split_emails
from crm_desktop.models.text.phones import parse_phone, phone_at_a_glance, split_phones

NEAR_PHONES = st.text("+789160 ()-45", min_size=5, max_size=20)
NEAR_EMAILS = st.text("aZ9._+-@й ,", min_size=3, max_size=24)


@pytest.mark.parametrize(
    "written", ["+79162041183", "8 (916) 204-11-83", "7 916 204 11 83", "+7 495 204-11-83"]
)
def test_usual_numbers_are_told_at_a_glance(written: str) -> None:
    assert phone_at_a_glance(written) == (parse_phone(written) or pytest.fail(written)).stored


@pytest.mark.parametrize("written", ["204-11-83", "+7 916 204-11-8", "+1 916 204-11-83", "нет"])
def test_other_numbers_are_looked_at(written: str) -> None:
    assert phone_at_a_glance(written) is None
    assert phone_at_a_glance("8 916 204-11-83", "DE") is None


@given(
    st.from_regex(r"(\+7|8)[ (-]?9\d\d[ )-]?\d{3}[ -]?\d\d[ -]?\d\d", fullmatch=True) | NEAR_PHONES
)
def test_a_glance_at_a_number_is_as_good_as_a_look(written: str) -> None:
    seen = phone_at_a_glance(written)
    found = parse_phone(written)

    assert seen is None or (found is not None and split_phones(written) == [written])
    assert seen in (None, found and found.stored)


@given(st.from_regex(r"[a-z.+-]{1,9}@[a-z.-]{2,12}\.[a-z]{2,4}", fullmatch=True) | NEAR_EMAILS)
def test_a_glance_at_an_address_is_as_good_as_a_look(written: str) -> None:
    if is_plain_email(written):
        assert (normalise_email(written), split_emails(written)) == (written, [written])


def test_usual_addresses_are_told_at_a_glance() -> None:
    assert is_plain_email("ivan.petrov+crm@mail.example.ru")
    assert not is_plain_email("Ivan <ivan@example.ru>")
