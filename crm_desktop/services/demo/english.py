"""The United States: telephone numbers kept for fiction, employer numbers that nobody got."""

from __future__ import annotations

import re
from random import Random

from crm_desktop.services.demo import (
    english_firms,
    english_names,
    english_office,
    english_places,
    english_texts,
)
from crm_desktop.services.demo.country import City, Country, Name

_NO_PREFIX = "89"  # the Internal Revenue Service lists no campus with this prefix


class UnitedStates(Country):
    """The demo company in English."""

    language = "en"
    region = "US"
    men = english_names.MEN
    women = english_names.WOMEN
    surnames = english_names.SURNAMES
    cities = english_places.CITIES
    streets = english_places.STREETS
    trades = english_firms.TRADES
    firm_names = tuple(name.replace("-", " ") for name in english_firms.NAMES)
    second_names = english_firms.SECOND
    forms = english_firms.FORMS
    jobs = english_office.JOBS
    owner = english_office.OWNER
    office = english_office.OFFICE
    company = "Clearframe Windows & Doors"
    texts = english_texts.TEXTS
    words = english_texts.WORDS
    notes = english_texts.NOTES
    person_notes = english_texts.PERSON_NOTES
    views = english_office.VIEWS
    purposes = english_office.PURPOSES
    books = english_office.BOOKS

    def full(self, name: Name) -> str:
        return f"{name.first} {name.last}"

    def spoken(self, name: Name) -> str:
        return self.full(name)

    def sole_trader(self, name: Name) -> tuple[str, str]:
        trade = f"{name.last} Carpentry" if name.woman else f"{name.last} Contracting"
        return f"{name.first} {trade}", f"{self.full(name)} doing business as {name.first} {trade}"

    def address(self, chance: Random, city: City, *, home: bool) -> str:
        street = f"{chance.randrange(1, 980)} {chance.choice(self.streets)}"
        if chance.random() < 0.4:
            street += f", {'Apt' if home else 'Suite'} {chance.randrange(1, 60)}"
        return f"{street}, {city.name}, {city.code} {city.post}{chance.randrange(1, 99):02d}"

    def landline(self, chance: Random, city: City) -> str:
        """555-0100 to 555-0199 are kept for fiction in every area code (ATIS-0300115)."""
        return f"+1{chance.choice(city.phone.split())}55501{chance.randrange(100):02d}"

    def mobile(self, chance: Random, city: City) -> str:
        return self.landline(chance, chance.choice(self.cities))

    def tax_id(self, chance: Random, city: City, *, company: bool) -> str:
        return f"{_NO_PREFIX}-{chance.randrange(1_000_000, 9_999_999)}" if company else ""

    def latin(self, text: str) -> str:
        return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")

    def money(self, amount: int) -> str:
        return f"${amount // 3000 * 50:,}"
