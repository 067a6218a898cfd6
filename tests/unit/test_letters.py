"""Pasted letters and chats: who wrote, when, and how to reach them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_desktop.models.letters.cutting import cut
from crm_desktop.models.letters.reading import looks_like_letter, read_letter

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FILES = Path(__file__).parents[2].parent / "shared" / "data" / "email"
RUSSIAN = """От: Иван Петров <petrov@romashka.example>
Дата: 19.11.2026 15:40
Тема: Замер и счёт
Кому: office@example.com

Добрый день!
Пришлите, пожалуйста, счёт на второй этаж. Замер был в среду, всё подошло, ждём вас на
следующей неделе. Пропуск закажем заранее, паспортные данные пришлите накануне.

С уважением,
Иван Петров
Главный инженер
ООО «Ромашка»
тел. +7 916 204-11-83, доб. 12
ivan@romashka.example

> 18.11.2026 вы писали:
> Когда удобно?
"""
ENGLISH = """Hello,

please call me about the order. We need twelve windows and two doors, the drawings are attached.

Best regards
Anna Smith
Sales director
Glass Ltd
Phone: +44 20 7946 0958
anna.smith@glass.example

On Mon, 2 Apr 2012 Megan One wrote:
> Hi
"""
CHAT = """[20.11.2026, 10:15] Ольга Орлова: Добрый день, когда привезёте?
[20.11.2026, 10:17] Мы: Завтра после обеда
[20.11.2026, 10:18] Ольга Орлова: Хорошо, мой новый номер +7 916 204-11-84
"""


def test_a_russian_letter_is_read_whole() -> None:
    letter = read_letter(RUSSIAN, now=NOW)
    assert (letter.name, letter.subject) == ("Иван Петров", "Замер и счёт")
    assert (letter.job_title, letter.company) == ("Главный инженер", "ООО «Ромашка»")
    assert letter.emails == ("petrov@romashka.example", "ivan@romashka.example")
    assert [phone[:12] for phone in letter.phones] == ["+79162041183"]
    assert letter.moment == datetime(2026, 11, 19, 15, 40, tzinfo=UTC)
    assert letter.text.startswith("Добрый день!") and "уважением" not in letter.text


def test_an_english_letter_without_a_head_is_known_by_its_signature() -> None:
    letter = read_letter(ENGLISH, now=NOW, region="GB", order="mdy")
    assert (letter.name, letter.job_title) == ("Anna Smith", "Sales director")
    assert letter.phones == ("+442079460958",)
    assert letter.emails == ("anna.smith@glass.example",)
    assert "Megan" not in letter.text


def test_a_chat_names_the_other_side_and_its_number() -> None:
    letter = read_letter(CHAT, now=NOW)
    assert (letter.kind, letter.name) == ("chat", "Ольга Орлова")
    assert letter.phones == ("+79162041184",)
    assert letter.moment == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)


def test_a_plain_note_is_no_letter() -> None:
    assert not looks_like_letter("Called, will think about it. " * 20)
    assert not looks_like_letter("From: me")
    assert looks_like_letter(RUSSIAN) and looks_like_letter(ENGLISH)


def test_a_moment_to_come_or_long_ago_is_none() -> None:
    for said in ("Tue, 30 Jun 3609 15:33:50 +0600", "Mon, 1 Jan 1900 00:00:00 +0000", "soon"):
        assert read_letter(RUSSIAN.replace("19.11.2026 15:40", said), now=NOW).moment is None


@pytest.mark.parametrize("text", ["", "\x00" * 300, "From: " * 100, ">" * 5000, "--\n" * 400])
def test_nothing_is_read_out_of_a_text_that_says_nothing(text: str) -> None:
    letter, parts = read_letter(text, now=NOW), cut(text)

    assert (letter.phones, letter.emails, letter.moment) == ((), (), None)
    assert len(parts.text) + len(parts.quoted) + sum(map(len, parts.signature)) <= len(text)


REAL = sorted(FILES.glob("*.eml")) if FILES.is_dir() else []


@pytest.mark.skipif(not REAL, reason="the shared letters are not here")
def test_sources_of_real_letters_are_read() -> None:
    found = {}
    for path in REAL:
        text = path.read_bytes().decode("utf-8", "replace")
        found[path.name] = read_letter(text, now=NOW)
    assert found["talon-thunderbird.eml"].emails[0] == "bob@xxx.mailgun.org"
    assert found["talon-thunderbird.eml"].text == "Hello"
    assert found["talon-outlook.eml"].text == "Hello"
    assert found["mail-raw_email_bad_time.eml"].moment is None
