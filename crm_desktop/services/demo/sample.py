"""A spreadsheet as small offices keep it, to try the import on: made when it is needed.

A title above the header, two telephones in a cell, dates in several ways, managers by name, the
same client twice in two spellings, an empty row, blanks at the ends. Nobody in it exists.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from crm_desktop.services.demo.clients import WEB_MAIL
from crm_desktop.services.demo.countries import country_of
from crm_desktop.services.demo.country import City, Country, Form, Name, Trade, pick

SEED = 77
ROWS = 300
DOUBLES = 9
EMPTY_ROW = 120
FIRST_DAY = date(1962, 1, 1)
DAYS = 15_000


class Words(NamedTuple):
    """What the sheet is called and what stands above its columns."""

    file: str
    sheet: str
    title: str
    header: tuple[str, ...]
    statuses: tuple[str, ...]
    remarks: tuple[str, ...]
    managers: tuple[str, ...]
    """Colleagues of the demo company, and at the end one whom it does not have yet."""
    dates: tuple[str, ...]


RUSSIAN = Words(
    "Клиенты.xlsx", "Клиенты", "Клиентская база, отдел продаж",
    ("№", "Клиент", "ИНН", "Телефон", "Почта", "Город", "Адрес", "Контактное лицо", "Должность",
     "День рождения", "Менеджер", "Статус", "Примечание"),
    ("Активный", "активный", "Переговоры", "Новый", "переговоры ", "Спящий", "Потерян"),
    ("звонить после обеда", "просит скидку", "ПЕРЕЗВОНИТЬ!!!", "объект в области", "постоплата",
     "см. договор", "через прораба"),
    ("Якушева Зинаида Владимировна", "Новиков Кирилл Григорьевич", "коновалова софия петровна",
     "Дьячкова Наталья Юрьевна", "Лебедева Анна"),
    ("%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y-%m-%d"),
)  # fmt: skip
ENGLISH = Words(
    "Customers.xlsx", "Customers", "Customer list, sales",
    ("No", "Customer", "Tax ID", "Phone", "E-mail", "City", "Address", "Contact person",
     "Position", "Birthday", "Manager", "Status", "Notes"),
    ("Active", "active", "Negotiation", "New", "negotiation ", "Sleeping", "Lost"),
    ("call after lunch", "wants a discount", "CALL BACK!!!", "out of town", "net 30",
     "see contract", "ask for the foreman"),
    ("Ruth Ingram", "Grant Reilly", "jessica monroe", "Lucy Steele", "Anna Lowell"),
    ("%m/%d/%Y", "%m/%d/%y", "%b %d, %Y", "%Y-%m-%d"),
)  # fmt: skip


def sample_name(language: str) -> str:
    """What the file of a language is called."""
    return _words(language).file


def write_sample(path: Path, language: str) -> Path:
    """Writes the spreadsheet in `language` to `path`; the same content every time."""
    import xlsxwriter

    words = _words(language)
    rows = _Rows(country_of(language), Random(SEED), words).all()
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(words.sheet)
        day = book.add_format({"num_format": "dd.mm.yyyy" if language == "ru" else "m/d/yyyy"})
        bold = book.add_format({"bold": True})
        sheet.write(0, 1, words.title, bold)
        sheet.write_row(2, 0, words.header, bold)
        for place, row in enumerate(rows, start=3):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(place, column, value, day)
                elif value is not None:
                    sheet.write(place, column, value)
    return path


def _words(language: str) -> Words:
    return RUSSIAN if language == "ru" else ENGLISH


class _Rows:
    """Makes the rows of the sheet one after the other."""

    def __init__(self, country: Country, chance: Random, words: Words) -> None:
        self._country = country
        self._chance = chance
        self._words = words

    def all(self) -> list[list[Any]]:
        """The rows below the header."""
        rows = [self._row() for _number in range(ROWS - DOUBLES)]
        for _double in range(DOUBLES):
            place = self._chance.randrange(20, len(rows))
            rows.insert(place, self._double(rows[self._chance.randrange(20)]))
        rows = [[number, *row] for number, row in enumerate(rows, start=1)]
        rows.insert(EMPTY_ROW, [])
        return rows

    def _row(self) -> list[Any]:
        chance, country = self._chance, self._country
        city = pick(chance, country.cities)
        person = country.name(chance, woman=chance.random() < 0.45)
        trade: Trade = pick(chance, country.trades)
        name, tax_id, domain = self._client(person, trade, city)
        mail = f"{country.latin(person.last)}@{domain}" if chance.random() < 0.6 else None
        return [
            name, tax_id, self._phones(city), mail, city.name,
            country.address(chance, city, home=False), self._contact(person),
            pick(chance, country.jobs).title, self._birthday(), chance.choice(self._words.managers),
            chance.choice(self._words.statuses),
            chance.choice(self._words.remarks) if chance.random() < 0.3 else None,
        ]  # fmt: skip

    def _client(self, person: Name, trade: Trade, city: City) -> tuple[str, Any, str]:
        """The name as somebody typed it, the tax number as text or number, the domain."""
        chance, country = self._chance, self._country
        if chance.random() < 0.15:
            number = country.tax_id(chance, city, company=False)
            return country.sole_trader(person)[0], number, WEB_MAIL
        form: Form = pick(chance, country.forms)
        own = f"{chance.choice(country.firm_names)} {chance.choice(country.second_names)}"
        name = form.usual.format(name=chance.choice(trade.patterns).format(name=own))
        if chance.random() < 0.3:
            name = name.replace("«", '"').replace("»", '"')
        if chance.random() < 0.1:
            name += " "
        tax_id = country.tax_id(chance, city, company=True)
        typed = int(tax_id) if tax_id.isdigit() and chance.random() < 0.5 else tax_id
        return name, typed, f"{country.latin(own)}.example"

    def _phones(self, city: City) -> str | None:
        """One or two numbers in the ways people type them."""
        chance, country = self._chance, self._country
        draw = chance.random()
        if draw < 0.06:
            return None
        numbers = [self._typed(country.mobile(chance, city))]
        if draw < 0.3:
            numbers.append(self._typed(country.landline(chance, city)))
        return chance.choice((", ", "; ", "\n")).join(numbers)

    def _typed(self, number: str) -> str:
        code, three, two, last = number[-10:-7], number[-7:-4], number[-4:-2], number[-2:]
        if self._country.language == "ru":
            ways = (f"8 ({code}) {three}-{two}-{last}", f"+7 {code} {three} {two} {last}",
                    f"8{code}{three}{two}{last}", f"8-{code}-{three}-{two}-{last}")  # fmt: skip
        else:
            ways = (f"({code}) {three}-{two}{last}", f"{code}-{three}-{two}{last}",
                    f"+1 {code} {three} {two}{last}", f"{code}.{three}.{two}{last}")  # fmt: skip
        return self._chance.choice(ways)

    def _contact(self, person: Name) -> str:
        full = self._country.full(person)
        return full.upper() if self._chance.random() < 0.05 else full

    def _birthday(self) -> Any:
        """A date, a text in one of the usual ways, or nothing."""
        chance = self._chance
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        draw = chance.random()
        if draw < 0.35:
            return None
        return day if draw < 0.65 else day.strftime(chance.choice(self._words.dates))

    def _double(self, row: list[Any]) -> list[Any]:
        """The same client once more, in another spelling and with fewer details."""
        name = str(row[0]).replace("«", '"').replace("»", '"')
        again = [name.upper() if self._chance.random() < 0.5 else name, row[1], row[2]]
        return again + [None, row[4]] + [None] * 4 + [row[9], row[10], None]
