"""Names of people and firms, e-mail and web addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.names import (
    PersonName,
    client_kind,
    full_name,
    initials_name,
    legal_form,
    normalise_email,
    normalise_url,
    split_emails,
    split_person,
)


@pytest.mark.parametrize(
    ("typed", "last", "first", "middle"),
    [
        ("Иванов Иван Иванович", "Иванов", "Иван", "Иванович"),
        ("Иван Иванович Иванов", "Иванов", "Иван", "Иванович"),
        ("Иванов И. И.", "Иванов", "И.", "И."), ("И.И. Иванов", "Иванов", "И.", "И."),
        ("Белова Анна", "Белова", "Анна", ""), ("Анна Белова", "Белова", "Анна", ""),
        ("Иван Иванович", "", "Иван", "Иванович"), ("Роман Абрамович", "Абрамович", "Роман", ""),
        ("Абрамович Роман Аркадьевич", "Абрамович", "Роман", "Аркадьевич"),
        ("Алиев Али Вели оглы", "Алиев", "Али", "Вели оглы"),
        ("Осокин Пётр Ильич", "Осокин", "Пётр", "Ильич"),
        ("John Q. Smith", "Smith", "John", "Q."), ("Smith, John Q.", "Smith", "John", "Q."),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig", ""), ("Анна", "", "Анна", ""),
        ("Иванов", "Иванов", "", ""), ("", "", "", ""),
    ],
)  # fmt: skip
def test_parts_of_a_name(typed: str, last: str, first: str, middle: str) -> None:
    assert split_person(typed) == PersonName(last, first, middle)


@given(st.text(alphabet="абвАБ ив.,И ovna-ович") | st.text())
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    letters = sorted(sign for sign in text if sign.isascii() and sign.isalnum())
    kept = sorted(s for s in "".join(split_person(text)) if s.isascii() and s.isalnum())
    assert kept == letters
    initials_name(split_person(text))


def test_short_and_full_names() -> None:
    assert initials_name(PersonName("Белова", "Анна", "Сергеевна")) == "Белова А. С."
    assert initials_name(PersonName("Smith", "John", "Quincy")) == "J. Q. Smith"
    assert initials_name(PersonName("", "Иван", "Иванович")) == "Иван Иванович"
    assert full_name(PersonName("Белова", "Анна", "Сергеевна")) == "Белова Анна Сергеевна"
    assert full_name(PersonName("Smith", "John")) == "John Smith"


@pytest.mark.parametrize(
    ("typed", "form", "rest"),
    [
        ("ООО «Вектор»", "ООО", "Вектор"), ('ооо "Вектор-Строй"', "ООО", "Вектор-Строй"),
        ("Вектор, ООО", "ООО", "Вектор"), ("OOO Рога", "ООО", "Рога"),
        ("Общество с ограниченной ответственностью «Вектор»", "ООО", "Вектор"),
        ("ИП Карасёв А. В.", "ИП", "Карасёв А. В."), ("Acme Inc.", "Inc", "Acme"),
        ("Weißbach GmbH", "GmbH", "Weißbach"), ("Аоки", "", "Аоки"), ("ООО", "ООО", ""),
        ("ООО Торговый дом «Заря»", "ООО", "Торговый дом «Заря»"),
    ],
)  # fmt: skip
def test_legal_form(typed: str, form: str, rest: str) -> None:
    assert legal_form(typed) == (form, rest)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("ООО «Вектор»", "company"), ("ИП Карасёв А. В.", "sole_trader"),
        ("Анна Сергеевна Белова", "person"), ("Карасёв А. В.", "person"),
        ("И.П. Карасёв", "person"),
        ("John Smith", "person"), ("Студия «Лотос»", "company"), ("Кедр и партнёры", "company"),
        ("", "company"),
    ],
)  # fmt: skip
def test_kind_of_client(typed: str, kind: str) -> None:
    assert client_kind(typed) == kind


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Anna.Belova@EXAMPLE.ru ", "Anna.Belova@example.ru"),
        ("mailto:a@b.ru?subject=x", "a@b.ru"), ("Анна <a@b.ru>", "a@b.ru"), ("a@b.ru;", "a@b.ru"),
        ("почта@Пример.рф", "почта@пример.рф"), ("a+b_c@x-y.co.uk", "a+b_c@x-y.co.uk"),
        ("a@b", None), ("a..b@c.ru", None), ("@c.ru", None), ("a b@c.ru", None), ("нет", None),
        ("x" * 65 + "@c.ru", None), ("a@-c.ru", None), ("a@1.2.3.4", None), ("a@b@c.ru", None),
    ],
)  # fmt: skip
def test_email(typed: str, address: str | None) -> None:
    assert normalise_email(typed) == address


def test_several_emails() -> None:
    line = "Анна <a@B.ru>, c@d.com; a@b.ru\nмусор, e@f"
    assert split_emails(line) == ["a@b.ru", "c@d.com"]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("www.Example.ru", "https://www.example.ru"), ("example.ru/", "https://example.ru"),
        ("HTTP://Example.ru:8080/A?b=C#d", "http://example.ru:8080/A?b=C#d"),
        ("пример.рф/дом", "https://пример.рф/дом"), ("192.168.1.1/x", "https://192.168.1.1/x"),
        ("javascript:alert(1)", None), ("file:///etc", None), ("просто текст", None), ("", None),
        ("http://a@b.ru", None), ("http://[::1", None), ("нет", None),
    ],
)  # fmt: skip
def test_url(typed: str, url: str | None) -> None:
    assert normalise_url(typed) == url


@given(st.text() | st.from_regex(r"[a-zA-Zя.@:/<>\[\]0-9 -]{1,40}", fullmatch=True))
def test_any_text_is_an_address_or_none(text: str) -> None:
    for read in (normalise_email, normalise_url):
        found = read(text)
        assert found is None or read(found) == found
    assert legal_form(text)[1] is not None
    assert client_kind(text) in ("company", "sole_trader", "person")
    split_emails(text)
