"""Columns of several people of one client: which of them each column is about."""

from __future__ import annotations

import pytest

from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.services.importing.suggest import suggest

CATALOGUE = build_catalogue()
FIRM, ANNA, BORIS, PHONE, MAIL = "ООО Лик", "Петрова Анна", "Ким Борис", "8 916 222 33 44", "a@a.ru"


def suggested(names: tuple[str, ...], *rows: tuple[str, ...]) -> dict[str, str]:
    mapping = suggest(CATALOGUE, CATALOGUE["client"], names, rows)
    return {column: t.field for t in mapping.targets for column in t.columns}


@pytest.mark.parametrize(
    ("names", "phone"),
    [
        (("Клиент", "Контакт 1", "Телефон 1", "E-mail 1", "Контакт 2", "Телефон 2", "E-mail 2"),
         "person.phone"),
        (("Клиент", "Контактное лицо №1", "Телефон №1", "Почта №1", "Контактное лицо №2",
          "Телефон №2", "Почта №2"), "person.phone"),
        (("Company", "Main contact", "Main contact phone", "Main contact email", "Second contact",
          "Second contact phone", "Second contact email"), "person.phone"),
        (("Company", "Contact 1 name", "Contact 1 phone", "Contact 1 e-mail", "Contact 2 name",
          "Contact 2 phone", "Contact 2 e-mail"), "person.phone"),
        (("Клиент", "Контактное лицо", "Телефон", "Почта контактного лица",
          "Второе контактное лицо", "Телефон второго контактного лица",
          "Почта второго контактного лица"), "phone"),
    ],
)  # fmt: skip
def test_each_column_goes_to_its_person(names: tuple[str, ...], phone: str) -> None:
    found = suggested(names, (FIRM, ANNA, PHONE, MAIL, BORIS, PHONE, MAIL))

    assert [found.get(name) for name in names] == [
        "name", "person.name", phone, "person.email", "person[2].name", "person[2].phone",
        "person[2].email",
    ]  # fmt: skip


def test_a_second_number_without_a_second_person_is_the_clients() -> None:
    found = suggested(("Клиент", "Телефон 1", "Телефон 2"), (FIRM, PHONE, PHONE))

    assert found == {"Клиент": "name", "Телефон 1": "phone", "Телефон 2": "phone"}


def test_numbers_of_people_in_the_rows_below_are_theirs() -> None:
    names = ("Клиент", "Факс", "ФИО", "Телефон", "E-mail")

    below = suggested(names, (FIRM, PHONE, ANNA, PHONE, MAIL), ("", "", BORIS, PHONE, ""))
    alone = suggested(names, (FIRM, PHONE, ANNA, PHONE, MAIL))

    assert (below["Телефон"], below["E-mail"], below["Факс"]) == ("person.phone", "email", "phone")
    assert (alone["Телефон"], alone["E-mail"]) == ("phone", "email")


def test_an_english_list_of_accounts_and_people() -> None:
    names = ("Account", "First", "Last", "Title", "Cell", "State", "DOB", "Last order")
    row = ("Delta Ltd", "Sam", "Fox", "Buyer", "+44 7700 900123", "Kent", "13/02/1970", "May")

    found = suggested(names, row)

    assert found == {
        "Account": "name", "First": "person.first_name", "Last": "person.last_name",
        "Title": "person.job_title", "Cell": "phone", "State": "region",
        "DOB": "person.birthday",
    }  # fmt: skip


@pytest.mark.parametrize("object_", ["person", "client"])
def test_the_parts_of_a_name_are_no_names(object_: str) -> None:
    names = ("Компания", "Фамилия", "Имя", "Отчество", "Улица")
    mapping = suggest(CATALOGUE, CATALOGUE[object_], names, [(FIRM, "Ким", "Ян", "", "Ленина 5")])
    found = {column: t.field.rpartition(".")[2] for t in mapping.targets for column in t.columns}

    assert [found[name] for name in names[1:4]] == ["last_name", "first_name", "middle_name"]
    alone = suggest(CATALOGUE, CATALOGUE["person"], ("Имя", "Телефон"), [(ANNA, PHONE)])
    assert [target.field for target in alone.targets] == ["name", "phone"]


def test_a_title_alone_is_no_appointment() -> None:
    mapping = suggest(CATALOGUE, CATALOGUE["client"], ("title", "name"), [("Mr", FIRM)])

    assert [target.field for target in mapping.targets] == ["name"]


def test_columns_called_by_bare_numbers_are_nobodys() -> None:
    assert suggested(("Клиент", "1", "2"), (FIRM, ANNA, BORIS)) == {"Клиент": "name"}
