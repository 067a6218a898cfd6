"""What files of enquiries say, and that no bytes whatever break the reading."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.errors import InvalidInput
from crm_desktop.services.intake.formats import read_file
from crm_desktop.services.intake.labels import labelled
from crm_desktop.services.intake.mail import html_text, read_mail
from crm_desktop.services.intake.text import read_text
from crm_desktop.services.leads.arrival import Arrival

NOW = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)


def read(text: str) -> Arrival:
    return read_text(text, now=NOW)


def test_one_line_is_taken_apart() -> None:
    found = read("Sergey Petrov, 8 (916) 555-12-34, two windows, source: site")
    assert (found.name, found.phones, found.text) == (
        "Sergey Petrov", ("+79165551234",), "two windows",
    )  # fmt: skip
    assert (found.source, found.channel) == ("site", "site")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "utf-16"])
def test_russian_labels_in_every_encoding(encoding: str) -> None:
    text = (
        "Имя: Сергей Петров\nТелефон: 8 916 555-12-34\n"
        "Сообщение: Нужны два окна, 1400 на 1200, и подоконники к ним\nИсточник: сайт\n"
    )
    (found,) = read_file("form.txt", text.encode(encoding), now=NOW)
    arrival = found.arrival
    assert (arrival.name, arrival.phones) == ("Сергей Петров", ("+79165551234",))
    assert arrival.text.startswith("Нужны два окна, 1400 на 1200")
    assert arrival.channel == "site"


def test_a_company_is_told_from_a_person() -> None:
    found = read("ООО «Ромашка», Иван Иванов, +7 495 123-45-67, ivan@romashka.ru, нужен замер")
    assert (found.company, found.name, found.emails, found.text) == (
        "ООО «Ромашка»", "Иван Иванов", ("ivan@romashka.ru",), "нужен замер",
    )  # fmt: skip


def test_prose_stays_whole_and_its_telephone_is_found() -> None:
    said = "Добрый день! Хочу заказать два окна. Мой телефон 8-916-555-12-34, звоните вечером"
    found = read(said)
    assert (found.phones, found.text) == (("+79165551234",), said)


def test_the_form_in_a_letter_of_a_robot_counts_and_not_the_robot() -> None:
    found = read(
        "From: Site <noreply@site.example>\nSubject: New request\n\n"
        "Name: Olga\nPhone: 8 916 555-12-35\nE-mail: olga@x.org\nMessage: A door\n"
    )
    assert (found.name, found.emails, found.channel) == ("Olga", ("olga@x.org",), "email")
    assert found.text == "New request\nA door"


def test_the_words_of_a_page_without_its_scripts() -> None:
    page = "<head><style>x{}</style></head><p>Two <b>windows</b></p><script>alert(1)</script>"
    assert html_text(page) == "Two windows"


def test_a_moment_to_come_or_long_ago_is_not_believed() -> None:
    for said in ("2031-01-01T10:00", "1999-01-01T10:00", "soon"):
        assert read(f"name: Olga\nreceived: {said}").received is None
    assert read("name: Olga\nreceived: 2026-03-01T10:00").received is not None


def test_enquiries_of_one_file_have_digests_of_their_own() -> None:
    found = read_file("two.json", b'[{"name": "A"}, {"name": "B"}]', now=NOW)
    assert len({one.arrival.digest for one in found}) == 2
    assert all(len(one.arrival.digest) == 64 for one in found)


NAMES = st.sampled_from(["a.txt", "a.json", "a.eml", "a.exe", "a"])
HEADS = (b"From: a@b.org\nSubject: x\nContent-Type: ", b'{"name": ', b"Name: ", b"")
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(NAMES, st.sampled_from(HEADS), st.binary(max_size=300))
def test_no_bytes_break_the_reading(name: str, head: bytes, rest: bytes) -> None:
    try:
        found = read_file(name, head + rest, now=NOW)
    except InvalidInput as refused:
        assert refused.message
        return
    for one in found:
        assert len(one.arrival.name) <= 150 and len(one.arrival.digest) == 64
        assert all(phone.startswith("+") for phone in one.arrival.phones)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_no_json_breaks_the_reading(value: object) -> None:
    import json

    try:
        read_file("a.json", json.dumps(value).encode(), now=NOW)
    except InvalidInput as refused:
        assert refused.message


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_every_text_is_kept_whole(text: str) -> None:
    found = read(text)
    assert found.whole == text.replace("\x00", "").strip()


def test_signs_that_no_base_keeps_are_replaced() -> None:
    content = (
        rb'{"name": "Ann \ud800 Lee", "phone": "+79165551234", "text": "a\u0000b \ud83d\ude00"}'
    )
    (found,) = read_file("a.json", content, now=NOW)
    assert (found.arrival.name, found.arrival.text) == ("Ann \ufffd Lee", "a\ufffdb \U0001f600")
    assert found.arrival.whole.encode()


def test_a_letter_whose_plain_words_are_empty_says_those_of_its_page() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "s@petrov.example", "Windows"
    made.set_content("\n")
    made.add_alternative("<p>Two <b>windows</b> please</p>", subtype="html")
    text, _attached = read_mail(made.as_bytes())
    assert "Two windows please" in text


def test_an_empty_attachment_is_named() -> None:
    message = EmailMessage()
    message["From"] = "Olga Orlova <olga@orlova.example>"
    message.set_content("The plan is attached.")
    for name, data in (("plan.pdf", b""), ("photo.jpg", b"jpg")):
        message.add_attachment(data, maintype="application", subtype="x", filename=name)
    words, attached = read_mail(message.as_bytes())
    assert attached == (("photo.jpg", b"jpg"),)
    assert "Attached, but empty: plan.pdf" in words


def test_a_letter_within_a_letter_is_kept() -> None:
    made, inner = EmailMessage(), EmailMessage()
    inner["Subject"] = "The first request"
    inner.set_content("Three windows")
    made["From"], made["Subject"] = "s@petrov.example", "Fwd"
    made.set_content("See below")
    made.add_attachment(inner)
    _text, ((name, content),) = read_mail(made.as_bytes())
    assert name == "letter.eml"
    assert read_mail(content)[0].startswith("Subject: The first request")


@pytest.mark.parametrize(
    ("text", "name", "phone", "rest"),
    [
        ("Olga Orlova | 8 921 555-77-01 | a door | source: site", "Olga Orlova", "+79215557701",
         "a door"),
        ("Olga Orlova\t8 921 555-77-01\ta door", "Olga Orlova", "+79215557701", "a door"),
        ("Name: Olga\nTel.: 007 921 555 77 01\na door", "Olga", "+79215557701", "a door"),
        ("Пётр, т. 921-555-77-01, дверь; источник - радио", "Пётр", "+79215557701", "дверь"),
        ("Имя — Ольга\nТелефон — 8 921 555-77-01\nдверь", "Ольга", "+79215557701", "дверь"),
        ("Name: Olga\nPhone: 12345\na door", "Olga", None, "a door\n12345"),
        ("Клиент - постоянный, 8 921 555-77-01", "", "+79215557701", "Клиент - постоянный"),
        ("Name: Olga Orlova Phone: 8 921 555-77-01 Source: site", "Olga Orlova", "+79215557701",
         ""),
        ("Имя: Ольга Телефон: 8 921 555-77-01 звонить вечером", "Ольга", "+79215557701",
         "звонить вечером"),
        ("ФИО: Орлова Сообщение: есть вопрос: когда? Тел.: 8 921 555-77-01", "Орлова",
         "+79215557701", "есть вопрос: когда?"),
        ("Olga Orlova 8 921 555-77-01 a door", "Olga Orlova", "+79215557701", "a door"),
        ("тел 8(921)555-77-01 Ольга", "Ольга", "+79215557701", ""),
        ("Olga Orlova / 8 921 555-77-01 / a door / source: radio", "Olga Orlova", "+79215557701",
         "a door"),
        ("Olga Orlova 8 921 555-77-01, source: radio", "Olga Orlova", "+79215557701", ""),
        ("Name: Olga, two doors, source: site, tel: 8 921 555-77-01", "Olga", "+79215557701",
         "two doors"),
        ("Два окна 8 921 555-77-01 и 8 921 555-77-02", "", "+79215557701",
         "Два окна 8 921 555-77-01 и 8 921 555-77-02"),
    ],
)  # fmt: skip
def test_lines_as_people_write_them(text: str, name: str, phone: str | None, rest: str) -> None:
    found = read(text)
    assert (found.name, next(iter(found.phones), None), found.text) == (name, phone, rest)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Name - Ivan Petrov", ("name", "Ivan Petrov")),
        ("Имя — Иван", ("name", "Иван")),
        ("• Компания – ООО «Дом и сад»", ("company", "ООО «Дом и сад»")),
        ("Город — Томск", ("city", "Томск")),
        ("Клиент — хороший, звонить вечером", None),
        ("Компания - лидер рынка", None),
        ("Клиент - Иван просил перезвонить", None),
        ("Вопрос - сколько стоит дверь?", None),
    ],
)
def test_a_label_before_a_dash_is_believed_where_a_name_follows(
    line: str, said: tuple[str, str] | None
) -> None:
    assert labelled(line) == said


def test_an_address_goes_on_to_the_next_label() -> None:
    found = read("Имя: Ольга, адрес: Тула, Ленина 5-12, телефон: 8 921 555-77-01, дверь")
    assert found.more == {"address": "Тула, Ленина 5-12"}
    assert (found.name, found.phones, found.text) == ("Ольга", ("+79215557701",), "дверь")


def test_a_firm_where_a_form_asks_for_a_name() -> None:
    found = read("Имя: ООО «Ромашка»\nТелефон: 8 921 555-77-01")
    assert (found.name, found.company) == ("", "ООО «Ромашка»")


def test_parts_of_a_name_in_json() -> None:
    content = '{"name": {"first": "Anna", "last": "Kim"}, "phone": "8 921 555-77-01"}'
    (one,) = read_file("form.json", content.encode(), now=NOW)
    assert one.arrival.name == "Anna Kim"
