"""Numbers and addresses that are called after the person of the row belong to the person."""

from __future__ import annotations

import pytest

from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.services.importing.suggest import suggest

CATALOGUE = build_catalogue()
FIRM, ANNA, PHONE, MAIL = "ООО Лик", "Петрова Анна", "8 916 222 33 44", "a@a.ru"


def suggested(names: tuple[str, ...], row: tuple[str, ...]) -> dict[str, str]:
    mapping = suggest(CATALOGUE, CATALOGUE["client"], names, [row])
    return {column: t.field for t in mapping.targets for column in t.columns}


@pytest.mark.parametrize(
    ("person", "phone", "mail"),
    [
        ("Контактное лицо", "Тел. контакта", "E-mail контактного лица"),
        ("Contact person", "Contact phone 2", "Email of the contact"),
        ("Контактное лицо", "Мобильный контактного лица", "Почта контакта"),
    ],
)
def test_they_go_to_the_person(person: str, phone: str, mail: str) -> None:
    names = ("Клиент", "Телефон", person, phone, mail)

    found = suggested(names, (FIRM, PHONE, ANNA, PHONE, MAIL))

    assert (found["Телефон"], found[person]) == ("phone", "person.name")
    assert (found[phone], found[mail]) == ("person.phone", "person.email")


def test_what_is_called_just_as_the_field_stays_with_the_client() -> None:
    names = ("Клиент", "Контактное лицо", "Контактный телефон", "E-mail")

    found = suggested(names, (FIRM, ANNA, PHONE, MAIL))

    assert (found["Контактный телефон"], found["E-mail"]) == ("phone", "email")


def test_without_a_person_in_the_row_all_are_the_clients() -> None:
    found = suggested(("Клиент", "Тел. контакта"), (FIRM, PHONE))

    assert found["Тел. контакта"] == "phone"
