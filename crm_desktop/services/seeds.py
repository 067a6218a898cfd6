"""The reference values of a new base, in its language, and the first colleague."""

from __future__ import annotations

import getpass

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.services.changes import Title
from crm_desktop.services.records import Records
from crm_desktop.services.staging import Create

# book, then (English, Russian, colour) in their order
VALUES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "client_status": (
        ("New", "Новый", "info"),
        ("Negotiation", "Переговоры", "warn"),
        ("Active", "Активный", "ok"),
        ("Sleeping", "Спящий", "neutral"),
        ("Lost", "Потерян", "bad"),
    ),
    "segment": (
        ("Key", "Ключевой", "accent"),
        ("Regular", "Постоянный", "ok"),
        ("Small", "Мелкий", "neutral"),
        ("Partner", "Партнёр", "info"),
    ),
    "source": (
        ("Website", "Сайт", "neutral"),
        ("Recommendation", "Рекомендация", "neutral"),
        ("Incoming call", "Входящий звонок", "neutral"),
        ("Exhibition", "Выставка", "neutral"),
        ("Advertising", "Реклама", "neutral"),
        ("Cold call", "Холодный звонок", "neutral"),
    ),
    "industry": (
        ("Trade", "Торговля", "neutral"),
        ("Construction", "Строительство", "neutral"),
        ("Manufacturing", "Производство", "neutral"),
        ("Services", "Услуги", "neutral"),
        ("IT", "ИТ", "neutral"),
        ("Transport", "Транспорт", "neutral"),
        ("Health", "Медицина", "neutral"),
        ("Education", "Образование", "neutral"),
    ),
    "role": (
        ("Decides", "Принимает решение", "accent"),
        ("Influences", "Влияет на решение", "info"),
        ("Signs", "Подписывает", "ok"),
        ("Contact", "Контактное лицо", "neutral"),
        ("Accountant", "Бухгалтер", "neutral"),
    ),
    "call_result": (
        ("Talked", "Поговорили", "ok"),
        ("No answer", "Не ответили", "neutral"),
        ("Busy", "Занято", "neutral"),
        ("Asked to call back", "Просили перезвонить", "warn"),
        ("Wrong number", "Неверный номер", "bad"),
        ("Refused", "Отказ", "bad"),
    ),
    "wish_kind": (
        ("Allergy", "Аллергия", "bad"),
        ("Access", "Доступ", "warn"),
        ("Site limits", "Ограничения на объекте", "warn"),
        ("How to talk", "Как общаться", "info"),
        ("Payment", "Оплата", "accent"),
    ),
}


def seed(records: Records, catalogue: Catalogue, language: str) -> None:
    """Fills the reference books of a new base; one operation."""
    books = catalogue.books()
    trait = books.trait(Book)
    field = trait.field if trait else ""
    writes = [
        Create(
            books.key,
            {
                books.title_field: russian if language == "ru" else english,
                field: book,
                "tone": tone,
                "place": place,
            },
        )
        for book, values in VALUES.items()
        for place, (english, russian, tone) in enumerate(values, start=1)
    ]
    staff = catalogue.staff()
    writes.append(Create(staff.key, {staff.title_field: person_here(language)}))
    records.apply(writes, Title(N_("New base")))


def person_here(language: str) -> str:
    """What the computer calls its user; a plain word where that says nothing."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a computer without a name for its user
        name = ""
    if name and name not in ("root", "user", "admin", "administrator"):
        return name.replace(".", " ").title()
    return "Администратор" if language == "ru" else "Administrator"
