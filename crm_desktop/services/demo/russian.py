"""Russia: names with patronymics, tax numbers with check digits, telephone numbers of nobody."""

from __future__ import annotations

import re
from random import Random

from crm_desktop.services.demo import (
    russian_firms,
    russian_names,
    russian_office,
    russian_places,
    russian_texts,
)
from crm_desktop.services.demo.country import City, Country, Name

# Codes of the mobile plan that no operator holds: numbers under them ring nowhere.
_MOBILE_CODES = ("907", "943", "944", "945", "946", "947", "948", "972", "973", "974", "975")
_NO_OFFICE = "98"  # no tax office has this number, so nobody has these tax numbers
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch - y - e yu ya".split(),
        strict=True,
    )
)


class Russia(Country):
    """The demo company in Russian."""

    language = "ru"
    region = "RU"
    men = russian_names.MEN
    women = russian_names.WOMEN
    surnames = russian_names.SURNAMES
    cities = russian_places.CITIES
    streets = russian_places.STREETS
    trades = russian_firms.TRADES
    firm_names = russian_firms.NAMES
    second_names = russian_firms.SECOND
    forms = russian_firms.FORMS
    forms_of = russian_firms.FORMS_OF
    jobs = russian_office.JOBS
    owner = russian_office.OWNER
    office = russian_office.OFFICE
    company = "Тёплый контур"
    texts = russian_texts.TEXTS
    words = russian_texts.WORDS
    notes = russian_texts.NOTES
    person_notes = russian_texts.PERSON_NOTES
    views = russian_office.VIEWS
    purposes = russian_office.PURPOSES
    books = russian_office.BOOKS

    def name(self, chance: Random, *, woman: bool) -> Name:
        first = chance.choice(self.women if woman else self.men)
        middle = chance.choice(russian_names.PATRONYMICS)[woman]
        last = chance.choice(self.surnames)
        return Name(russian_names.for_woman(last) if woman else last, first, middle, woman)

    def full(self, name: Name) -> str:
        return f"{name.last} {name.first} {name.middle}"

    def spoken(self, name: Name) -> str:
        return f"{name.first} {name.middle}"

    def sole_trader(self, name: Name) -> tuple[str, str]:
        short = f"ИП {name.last} {name.first[0]}. {name.middle[0]}."
        return short, f"Индивидуальный предприниматель {self.full(name)}"

    def address(self, chance: Random, city: City, *, home: bool) -> str:
        post = city.post + f"{chance.randrange(10 ** (6 - len(city.post))):0{6 - len(city.post)}d}"
        parts = [post, f"г. {city.name}", chance.choice(self.streets)]
        block = f", корп. {chance.randrange(1, 5)}" if chance.random() < 0.15 else ""
        parts.append(f"д. {chance.randrange(1, 140)}{block}")
        if chance.random() < 0.7:
            parts.append(f"кв. {chance.randrange(1, 240)}" if home
                         else f"оф. {chance.randrange(1, 60)}")  # fmt: skip
        return ", ".join(parts)

    def landline(self, chance: Random, city: City) -> str:
        """No number of a city begins with 0."""
        free = 10 - len(city.phone) - 1
        return f"+7{city.phone}0{chance.randrange(10 ** (free - 1), 10**free)}"

    def mobile(self, chance: Random, city: City) -> str:
        return f"+7{chance.choice(_MOBILE_CODES)}{chance.randrange(1_000_000, 9_999_999)}"

    def tax_id(self, chance: Random, city: City, *, company: bool) -> str:
        from stdnum.ru import inn

        head = city.code + _NO_OFFICE
        if company:
            number = f"{head}{chance.randrange(10_000, 99_999)}"
            return number + str(inn.calc_company_check_digit(number))
        number = f"{head}{chance.randrange(100_000, 999_999)}"
        return number + str(inn.calc_personal_check_digits(number))

    def latin(self, text: str) -> str:
        letters = (_LATIN.get(letter, letter) for letter in text.lower())
        bare = "".join("" if letter == "-" else letter for letter in letters)
        return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")

    def money(self, amount: int) -> str:
        return f"{amount:,}".replace(",", "\u00a0") + "\u00a0₽"
