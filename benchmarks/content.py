"""Records of a big base: names with a vocabulary as wide as life's, two contacts a client.

The words of the demo company are too few for a million clients, so brands and family names are put
together from parts and from syllables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.country import City, pick
from crm_desktop.services.demo.russian import Russia
from crm_desktop.services.demo.russian_names import for_woman

HEADS = """
    Авто Агро Аква Альфа Арт Био Вест Геко Глав Гео Евро Инвест Интер Лес Макс Мега Мед Метал Мир
    Мос Нефте Ориент Пром Проф Рос Север Сиб Спец Стиль Строй Тех Техно Топ Транс Урал Фарм Хим
    Центр Эко Эл Энерго Юг
""".split()
TAILS = """
    вик групп дом импорт ком комплект лайн люкс маркет маш мебель мет монтаж норд парк пласт порт
    продукт пром ресурс сбыт сервис снаб софт сталь стек текс тепло терм тон торг трейд фильтр холод
    экспорт электро
""".split()
SYLLABLES = """
    ба бе ва ве га да де ди до за зи ка ки ко ла ле ли ло ма ме ми мо на не ни но па пе по ра ре ри
    ро са се си со та те ти то фа фи ха ша ши
""".split()
CLOSINGS = "н р с т л кс м д рт нт".split()
FAMILY = ("ов", "ев", "ин", "ский", "енко")
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


class Made(NamedTuple):
    """One record to be written."""

    entity: str
    id: int
    values: Mapping[str, Any]


class Content:
    """Makes records with ids that count up from `first`."""

    def __init__(self, books: Mapping[str, list[int]], seed: int, first: int) -> None:
        self._chance = Random(seed)
        self._country = Russia()
        self._books = books
        self._next = first

    def _id(self) -> int:
        self._next += 1
        return self._next

    @property
    def last_id(self) -> int:
        """The highest id given so far."""
        return self._next

    # --- clients ----------------------------------------------------------------------------------

    def client(self) -> Iterator[Made]:
        """A client with a telephone and an address of e-mail."""
        chance, country = self._chance, self._country
        city = pick(chance, country.cities)
        brand = self._brand()
        form = pick(chance, country.forms)
        id_ = self._id()
        phone, email = country.mobile(chance, city), f"info{id_}@{country.latin(brand)}.example"
        yield Made("client", id_, {
            "name": form.usual.format(name=brand), "legal_name": form.legal.format(name=brand),
            "kind": "company", "city": city.name, "address": self._address(city),
            "tax_id": country.tax_id(chance, city, company=True), "phone": phone, "email": email,
            "status": self._book("client_status"), "segment": self._book("segment"),
            "source": self._book("source"), "industry": self._book("industry"),
            "region": self._book("region"), "responsible": self._book("staff"),
        })  # fmt: skip
        yield from self._contacts("client", id_, phone, email)

    def _contacts(self, entity: str, id_: int, phone: str, email: str) -> Iterator[Made]:
        owner = Ref(entity, id_)
        for kind, value in (("phone", phone), ("email", email)):
            values = {"value": value, "kind": kind, "state": "valid", "main": True, "owner": owner}
            yield Made("channel", self._id(), values)

    def _address(self, city: City) -> str:
        return self._country.address(self._chance, city, home=False)

    def _book(self, name: str) -> int:
        return self._chance.choice(self._books[name])

    def _brand(self) -> str:
        chance, draw = self._chance, self._chance.random()
        if draw < 0.35:
            brand = chance.choice(HEADS) + chance.choice(TAILS)
        elif draw < 0.75:
            brand = "".join(chance.choices(SYLLABLES, k=chance.randrange(2, 4))).capitalize()
            brand += chance.choice(CLOSINGS)
        else:
            brand = chance.choice(self._country.firm_names)
        if draw > 0.2:
            brand += " " + chance.choice(self._country.firm_names)
        return brand

    # --- people -----------------------------------------------------------------------------------

    def person(self, client: int) -> Iterator[Made]:
        """A person who works for the client, with a telephone."""
        chance, country = self._chance, self._country
        woman = chance.random() < 0.46
        name = country.name(chance, woman=woman)
        if chance.random() < 0.7:
            last = "".join(chance.choices(SYLLABLES, k=2)).capitalize() + chance.choice("нрлвс")
            last += chance.choice(FAMILY)
            name = name._replace(last=for_woman(last) if woman else last)
        id_, city = self._id(), pick(chance, country.cities)
        job, phone = pick(chance, country.jobs).title, country.mobile(chance, city)
        yield Made("person", id_, {
            "name": country.full(name), "last_name": name.last, "first_name": name.first,
            "middle_name": name.middle, "job_title": job, "client": client, "phone": phone,
        })  # fmt: skip
        yield Made("employment", self._id(), {
            "job_title": job, "person": id_, "client": client, "main": True,
        })  # fmt: skip
        yield Made("channel", self._id(), {
            "value": phone, "kind": "phone", "state": "valid", "main": True,
            "owner": Ref("person", id_),
        })  # fmt: skip

    # --- activities -------------------------------------------------------------------------------

    def activity(self, client: int) -> Iterator[Made]:
        """An entry of the last two years."""
        chance, country = self._chance, self._country
        stage = chance.choice(list(country.texts))
        text = chance.choice(country.texts[stage])
        words = {name: chance.choice(found) for name, found in country.words.items()}
        filled = {**words, "who": "Анна", "street": "Мира", "number": 1, "sum": "1"}
        age = YEAR * 2 * chance.random() ** 2
        moment = (NOW - age).replace(microsecond=0)
        yield Made("activity", self._id(), {
            "subject": text.subject.format(**filled), "kind": text.kind, "moment": moment,
            "author": self._book("staff"), "about": Ref("client", client),
            "body": text.body.format(**filled),
        })  # fmt: skip
