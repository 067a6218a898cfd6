"""The reference values of a new base, in its language, the first colleague, ready views."""

from __future__ import annotations

import getpass

import sqlalchemy as sa

from crm_desktop.i18n import N_, system_country
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.traits import Book, Latest, WorkHours
from crm_desktop.models.query import Condition, Group, Query, Sort
from crm_desktop.models.worktime.holidays import countries
from crm_desktop.services.office.zone import zone_here
from crm_desktop.services.pipelines.seeds import first_pipeline
from crm_desktop.services.views import LATE, NO_STEP, SILENT, Views
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Records
from crm_desktop.services.writing.staging import Create

NEW_BASE = Title(N_("New base"))
"""What the base itself did first; nobody did it, so nobody's Ctrl+Z takes it back."""

NEW_BOOKS = Title(N_("New reference books"))
NEW_CALENDAR = Title(N_("Calendar of the company"))
OFFICE_HOURS = "09:00-13:00 14:00-18:00"
HOLIDAYS_OF = {"ru": "RU"}
"""The country of a language that says it by itself; the others ask the computer."""

ELSEWHERE = "US"

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
    "relation_kind": (
        ("Subsidiary", "Дочерняя компания", "accent"),
        ("Partner", "Партнёр", "ok"),
        ("Guarantor", "Поручитель", "warn"),
        ("Supplier", "Поставщик", "info"),
        ("Recommended us", "Рекомендовал нас", "neutral"),
        ("Competitor", "Конкурент", "bad"),
        ("Relative", "Родственник", "neutral"),
    ),
    "loss_reason": (
        ("Too expensive", "Дорого", "warn"),
        ("Chose a competitor", "Выбрали конкурента", "bad"),
        ("No budget", "Нет бюджета", "warn"),
        ("Terms did not suit", "Не подошли сроки или условия", "info"),
        ("Put off", "Отложили", "neutral"),
        ("No longer needed", "Потребность отпала", "neutral"),
        ("Stopped answering", "Перестали отвечать", "neutral"),
    ),
    "reject_reason": (
        ("Not what we do", "Не наш профиль", "neutral"),
        ("Spam or advertising", "Спам или реклама", "bad"),
        ("Cannot be reached", "Не удалось связаться", "warn"),
        ("Asked by mistake", "Обратились по ошибке", "neutral"),
        ("Only asked the price", "Только узнавали цену", "info"),
        ("Asked twice", "Повторное обращение", "neutral"),
    ),
}
# English, then how the other side sees it: (English, Russian); the rest reads the same
SEEN_FROM_THE_OTHER_SIDE: dict[str, tuple[str, str]] = {
    "Subsidiary": ("Parent company", "Материнская компания"),
    "Guarantor": ("Guaranteed", "За кого поручается"),
    "Supplier": ("Customer", "Покупатель"),
    "Recommended us": ("Came by recommendation", "Пришёл по рекомендации"),
}


def seed(records: Records, catalogue: Catalogue, language: str, country: str = "") -> None:
    """Fills the reference books of a new base; one operation. `country`: whose holidays hold."""
    staff = catalogue.staff()
    here = Create(staff.key, {staff.title_field: person_here(language)})
    office = company_calendar(catalogue, language, country)
    books = _values(catalogue, language, set())
    sales = first_pipeline(records, language)
    records.apply([*books, here, office, *sales], NEW_BASE)


def seed_new_books(records: Records, catalogue: Catalogue, language: str) -> None:
    """Fills the books that an older base does not know yet."""
    books = catalogue.books()
    trait = books.trait(Book)
    if trait is None:
        return
    table = records.tables.main[books.key]
    with records.backend.read() as connection:
        known = set(connection.execute(sa.select(table.c[trait.field]).distinct()).scalars())
    writes = _values(catalogue, language, known)
    if writes:
        records.apply(writes, NEW_BOOKS)


def company_calendar(catalogue: Catalogue, language: str, country: str = "") -> Create:
    """Monday to Friday with a lunch break, the zone of this computer, the holidays of the country
    (ISO 3166) or of the one where the language and the computer are at home."""
    entity, trait = catalogue.with_trait(WorkHours)
    name = "Календарь компании" if language == "ru" else "Calendar of the company"
    at_home = country or holidays_here(language)
    values = {entity.title_field: name, trait.scope: trait.company, trait.country: at_home}
    hours = dict.fromkeys(trait.week[:5], OFFICE_HOURS)
    return Create(entity.key, values | hours | {trait.zone: zone_here()})


def holidays_here(language: str) -> str:
    """The country whose holidays a new base begins with: Russia for a Russian one, else that of
    the computer's locale, if its holidays are known."""
    country = HOLIDAYS_OF.get(language) or system_country()
    return country if country in countries() else ELSEWHERE


def seed_calendar(records: Records, catalogue: Catalogue, language: str) -> None:
    """The company's calendar for an older base that has none."""
    entity, _trait = catalogue.with_trait(WorkHours)
    table = records.tables.main[entity.key]
    with records.backend.read() as connection:
        known = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
    if not known:
        records.apply([company_calendar(catalogue, language)], NEW_CALENDAR)


def _values(catalogue: Catalogue, language: str, known: set[str]) -> list[Create]:
    """The first values of all books but the known ones."""
    books = catalogue.books()
    trait = books.trait(Book)
    field = trait.field if trait else ""
    inverse = trait.inverse if trait else ""
    return [
        Create(
            books.key,
            {
                books.title_field: russian if language == "ru" else english,
                field: book,
                "tone": tone,
                "place": place,
            }
            | _other_side(inverse, english, language),
        )
        for book, values in VALUES.items()
        if book not in known
        for place, (english, russian, tone) in enumerate(values, start=1)
    ]


def _other_side(field: str, english: str, language: str) -> dict[str, str]:
    """The name of a kind of relation on its other side, if it has one there."""
    names = SEEN_FROM_THE_OTHER_SIDE.get(english)
    return {field: names[language == "ru"]} if names and field else {}


def ready_views(views: Views, catalogue: Catalogue, language: str) -> None:
    """Shared views of whom to turn to: nothing planned, overdue, silent for a month."""
    for entity in [one for one in catalogue if one.kept and one.navigation][:1]:
        steps = {trait.earliest: trait.field for trait in entity.traits_of(Latest)}
        step, contact = steps.get(True), steps.get(False)
        for names, where in (
            (NO_STEP, step and Condition(step, "empty")),
            (LATE, step and Condition(step, "period", "passed")),
            (SILENT, contact and _silent(contact)),
        ):
            if where:
                name = names[1] if language == "ru" else names[0]
                order = () if isinstance(where, Group) else (Sort(entity.title_field),)
                views.save(name, Query(entity.key, where=where, sort=order))


def _silent(field: str) -> Group:
    """No contact for 30 days, or never."""
    parts = (Condition(field, "empty"), Condition(field, "period", "over_30_days"))
    return Group("or", parts)


def person_here(language: str) -> str:
    """What the computer calls its user; a plain word where that says nothing."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a computer without a name for its user
        name = ""
    if name and name not in ("root", "user", "admin", "administrator"):
        return name.replace(".", " ").title()
    return "Администратор" if language == "ru" else "Administrator"
