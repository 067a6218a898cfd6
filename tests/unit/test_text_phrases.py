"""A typed line tells what, when and how long, in both languages; nothing typed is refused."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.text.phrases import MOST_MINUTES, Phrase, read_phrase

NOW = datetime(2026, 11, 18, 11, 20, tzinfo=ZoneInfo("Europe/Moscow"))  # a Wednesday


def read(text: str) -> Phrase:
    return read_phrase(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "subject", "moment", "minutes"),
    [
        ("Call Anna in two days", "Call Anna", "2026-11-20T18:00", None),
        ("Thu 15:00 call Anna", "call Anna", "2026-11-19T15:00", None),
        ("Call Anna on Friday at 15:30 for an hour", "Call Anna", "2026-11-20T15:30", 60),
        ("Meeting tomorrow from 10 to 12", "Meeting", "2026-11-19T10:00", 120),
        ("Send the offer next week", "Send the offer", "2026-11-23T18:00", None),
        ("Lunch tomorrow morning for 45 min", "Lunch", "2026-11-19T09:00", 45),
        ("Call Anna tomorrow at 9 for half an hour", "Call Anna", "2026-11-19T09:00", 30),
        ("Позвонить Анне завтра в 10", "Позвонить Анне", "2026-11-19T10:00", None),
        ("через неделю проверить оплату", "проверить оплату", "2026-11-25T18:00", None),
        ("Замер в пятницу в 15:30 на час", "Замер", "2026-11-20T15:30", 60),
        ("Встреча 25.11 в 9 на 30 минут", "Встреча", "2026-11-25T09:00", 30),
        ("Встреча завтра с 10 до 11:30", "Встреча", "2026-11-19T10:00", 90),
        ("Планёрка 25 ноября 15:00-16:00", "Планёрка", "2026-11-25T15:00", 60),
        ("Перезвонить через 2 часа", "Перезвонить", "2026-11-18T13:20", None),
        ("Перезвонить завтра утром", "Перезвонить", "2026-11-19T09:00", None),
        ("Замер в среду в 9 утра", "Замер", "2026-11-25T09:00", None),
        ("Позвонить в 10", "Позвонить", "2026-11-19T10:00", None),
        ("Встреча 15.11", "Встреча", "2027-11-15T18:00", None),
        ("Поздравить 1 января", "Поздравить", "2027-01-01T18:00", None),
        ("Отчёт 01.02 в 9:30", "Отчёт", "2027-02-01T09:30", None),
        ("Разобрать 1 января 2026", "Разобрать", "2026-01-01T18:00", None),
        ("Call day after tomorrow", "Call", "2026-11-20T18:00", None),
        ("Call day after tomorrow at 10", "Call", "2026-11-20T10:00", None),
        ("Созвон через неделю в среду в 10", "Созвон", "2026-11-25T10:00", None),
        ("Созвон в среду на следующей неделе в 10", "Созвон", "2026-11-25T10:00", None),
        ("Review wednesday next week", "Review", "2026-11-25T18:00", None),
        ("Lunch tomorrow at noon", "Lunch", "2026-11-19T12:00", None),
        ("Обед завтра в полдень", "Обед", "2026-11-19T12:00", None),
        ("Lunch Dec 20 at noon", "Lunch", "2026-12-20T12:00", None),
        ("Demo December 20th 2026 10am", "Demo", "2026-12-20T10:00", None),
        ("Demo Jan 10", "Demo", "2027-01-10T18:00", None),
        ("Call back in half an hour", "Call back", "2026-11-18T11:50", None),
        ("Перезвонить через двадцать минут", "Перезвонить", "2026-11-18T11:40", None),
        ("Gift 25/12/2026", "Gift", "2026-12-25T18:00", None),
        ("до пятницы сдать отчёт", "сдать отчёт", "2026-11-20T18:00", None),
        ("by Friday send report", "send report", "2026-11-20T18:00", None),
        ("к пятнице отчёт", "отчёт", "2026-11-20T18:00", None),
        ("Call Anna tonight", "Call Anna", "2026-11-18T19:00", None),
        ("Сдать сегодня в 9", "Сдать", "2026-11-18T09:00", None),
    ],
)
def test_what_when_and_how_long(text: str, subject: str, moment: str, minutes: int | None) -> None:
    found = read(text)
    said = found.moment.strftime("%Y-%m-%dT%H:%M") if found.moment else None
    assert (found.subject, said, found.minutes) == (subject, moment, minutes)


@pytest.mark.parametrize(
    "text",
    ["Обзвонить 10 клиентов", "Tom Sat", "Смета на 30 дверей", "Call May", "Акт № 25", "Buy 2/3",
     "Отправить смету", "Договор 12-45", "Счёт 12.50 руб", "Order Dec", "К Анне"],
)  # fmt: skip
def test_doubtful_words_stay_in_the_subject(text: str) -> None:
    assert read(text) == Phrase(text)


def test_a_day_without_a_time_is_told_from_one_with_a_time() -> None:
    assert not read("Смета завтра").timed
    assert read("Смета завтра в 12").timed
    found = read("Отпуск завтра весь день")
    assert (found.all_day, found.timed, found.subject) == (True, False, "Отпуск")


@given(st.text(max_size=300))
def test_anything_may_be_typed(text: str) -> None:
    found = read(text)
    assert len(found.subject) <= 1100
    assert found.minutes is None or 0 < found.minutes <= MOST_MINUTES


@given(st.lists(st.sampled_from(
    "в на через завтра in on at for 10 25.11 99:99 31.02 час next friday 9999-12-31 с до to from "
    "весь день all day 1000000000 years лет два".split()), max_size=12))  # fmt: skip
def test_words_of_time_in_any_order_are_read_or_left(words: list[str]) -> None:
    found = read(" ".join(words))
    assert found.moment is None or found.moment.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "moment"),
    [("Report 05.12", "2026-12-05T18:00"), ("Meeting 25.12 at 10:30", "2026-12-25T10:30"),
     ("Report 12/05 at 9", "2026-12-05T09:00"), ("Gift 25/12/2026", "2026-12-25T18:00")],
)  # fmt: skip
def test_a_date_with_a_point_has_its_day_first_in_english_too(text: str, moment: str) -> None:
    found = read_phrase(text, now=NOW, order="mdy").moment
    assert found is not None and found.strftime("%Y-%m-%dT%H:%M") == moment
