"""What other programs export is understood by its columns and cells, in whatever language."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crm_desktop import i18n
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.services.importing.convert import Reading, converter
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.suggest import suggest

CATALOGUE = build_catalogue()
READING = Reading(ParseContext(datetime(2026, 11, 1, tzinfo=UTC), language="ru"))


def suggested(object_: str, header: str, *rows: str) -> dict[str, str]:
    """Where the columns go; cells are divided by semicolons."""
    cells = [[cell or None for cell in row.split(";")] for row in rows]
    mapping = suggest(CATALOGUE, CATALOGUE[object_], header.split(";"), cells)
    return {column: t.field for t in mapping.targets for column in t.columns}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_columns_are_known_in_both_languages_whatever_the_program_speaks(language: str) -> None:
    i18n.set_language(language)

    russian = suggested("client", "Клиент;Юр. название;Почта;Статус;Вид", "А;ООО А;a@a.ru;Новый;ИП")
    english = suggested("client", "Company;Legal name;Status;Kind", "A;A Ltd;New;Private person")

    assert set(russian.values()) == {"name", "legal_name", "email", "status", "kind"}
    assert set(english.values()) == {"name", "legal_name", "status", "kind"}


def test_a_choice_is_read_in_both_languages_and_by_other_words() -> None:
    read = converter(CATALOGUE["client"].field("kind"), READING)

    words = ("Частное лицо", "Private person", "Физ. лицо", "Юридическое лицо")
    assert [read(word) for word in words] == ["person", "person", "person", "company"]


def test_a_column_of_other_words_is_not_taken_for_a_list() -> None:
    found = suggested("client", "Название;Тип;Сотрудников", "А;Поставщик;5", "Б;Клиент;7")

    assert found == {"Название": "name", "Сотрудников": "employees"}


def test_nobody_becomes_an_enquiry_or_an_appointment_by_the_way() -> None:
    header = "Обращение;Имя;Фамилия;Источник;Location;Subject"

    found = suggested("person", header, "г-н;Иван;Иванов;Звонок;;", "г-жа;Анна;Котова;Сайт;;")

    assert set(found.values()) == {"first_name", "last_name"}


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        (
            "Имя;Имя контакта;Фамилия", "Сергей Петров;Сергей;Петров",
            {"Имя": "name", "Имя контакта": "first_name", "Фамилия": "last_name"},
        ),
        (
            "First Name;Last Name;Contact owner;Assistant's Name;Title;Job Title",
            "Ann;Lee;Jane Doe;Bob;Mrs.;CEO",
            {"First Name": "first_name", "Last Name": "last_name", "Contact owner": "responsible",
             "Job Title": "job_title"},
        ),
        (
            "Name;E-mail 1 - Type;E-mail 1 - Value;Organization 1 - Type;Organization 1 - Name",
            "Ann Lee;* Work;a@lee.example ::: b@lee.example;;Lee Ltd",
            {"Name": "name", "E-mail 1 - Value": "email", "Organization 1 - Name": "client"},
        ),
        ("Имя;Телефон", "Анна Ким;+79161234567", {"Имя": "name", "Телефон": "phone"}),
    ],
)  # fmt: skip
def test_names_of_people_and_of_those_beside_them(
    header: str, row: str, wanted: dict[str, str]
) -> None:
    assert suggested("person", header, row) == wanted


def test_a_group_of_columns_names_no_field_of_its_own() -> None:
    header = "Клиент Название;Контакты Телефон;Адрес Город;Адрес Улица"

    found = suggested("client", header, "Альфа;+74951234567;Москва;Ленина 1")

    assert list(found.values()) == ["name", "phone", "city", "address"]


def test_the_object_before_the_field_names_the_further_record() -> None:
    header = "Organization - Name;Person - Name;Person - Email"

    found = suggested("client", header, "Acme Ltd;Ann Lee;a@a.example")

    assert list(found.values()) == ["name", "person.name", "person.email"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("01.03.2024 10:00:00", date(2024, 3, 1)), ("2024-03-01T10:00:00+03:00", date(2024, 3, 1)),
     ("00.00.0000", None), ("0/0/00", None), ("0000-00-00 00:00:00", None), ("не закрыта", None)],
)  # fmt: skip
def test_days_as_databases_write_them(text: str, day: date | None) -> None:
    assert converter(CATALOGUE["deal"].field("expected"), READING)(text) == day


def test_parts_of_a_name_are_together_the_name_of_what_keeps_no_parts() -> None:
    found = suggested("client", "Фамилия;Имя;Телефон", "Ким;Анна;+79161234567")

    assert found == {"Фамилия": "name", "Имя": "name", "Телефон": "phone"}


def test_quotes_around_cells_go_where_not_all_are_closed(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = ("Клиент;Город;Заметка", '"ООО ""Бета""";Тверь;"не закрыта', '"ЗАО "Дельта"";Омск;',
             '"Альфа" и "Омега";Пермь;x')  # fmt: skip
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    with open_source(file) as source:
        names = [row.cells[0] for row in source.sheet().rows(start=2)]

    assert names == ['ООО "Бета"', 'ЗАО "Дельта"', '"Альфа" и "Омега"']


def test_several_values_of_json_stand_in_one_cell(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    phones = [{"VALUE": "1"}, {"VALUE": "2"}]
    place = {"town": "Омск", "street": None}
    record = {"tags": ["a", "b"], "phone": phones, "place": place, "deep": [[1]]}
    file.write_text(json.dumps([record]), encoding="utf-8")

    with open_source(file) as source:
        (row,) = source.sheet().rows()

    assert list(row.cells) == ["a, b", "1, 2", "Омск", "[[1]]"]


@pytest.mark.parametrize(
    ("object_", "header", "row", "wanted"),
    [
        ("client", "№;Полное имя;Телефоны", "1;ООО Лик;84951234567",
         {"Полное имя": "name", "Телефоны": "phone"}),
        ("client", "ФИО;Телефон", "Ким Анна Львовна;89161234567",
         {"ФИО": "name", "Телефон": "phone"}),
        ("client", "ИНН;ФИО;Телефон", "7707083893;Ким Анна;89161234567",
         {"ИНН": "tax_id", "ФИО": "person.name", "Телефон": "phone"}),
        ("client", "Клиент;Страна;Область;Улица;Дом;Офис", "А;Россия;Омская;Мира;1;5",
         {"Клиент": "name", "Область": "region", "Улица": "address", "Дом": "address",
          "Офис": "address"}),
        ("client", "Клиент;Страна", "А;Россия", {"Клиент": "name", "Страна": "region"}),
        ("client", "Клиент;Выручка", "А;большая", {"Клиент": "name"}),
        ("client", "Клиент;Юр. / физ. лицо", "А;Физическое лицо",
         {"Клиент": "name", "Юр. / физ. лицо": "kind"}),
        ("client", "Контрагент;Столбец 2;Телефон", ";ООО А;84951234567",
         {"Контрагент": "name", "Столбец 2": "name", "Телефон": "phone"}),
        ("person", "ФИО;Примечание;Примечание 2", "Ким Анна;a;b",
         {"ФИО": "name", "Примечание": "note", "Примечание 2": "note"}),
        ("deal", "Название;Дата начала;Предполагаемая дата закрытия", "А;01.02.2026;03.04.2026",
         {"Название": "name", "Дата начала": "opened",
          "Предполагаемая дата закрытия": "expected"}),
    ],
)  # fmt: skip
def test_columns_that_say_it_together_or_otherwise(
    object_: str, header: str, row: str, wanted: dict[str, str]
) -> None:
    i18n.set_language("ru")

    assert suggested(object_, header, row) == wanted
