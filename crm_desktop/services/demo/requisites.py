"""Legal details, bank accounts and further addresses of the demo clients, and their banks.

The banks are made up, and no bank has their BIK; keys and check digits are right all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.firms import short_legal_name
from crm_desktop.models.validation.kinds import verdict
from crm_desktop.models.validation.verdict import Asked
from crm_desktop.services.demo.country import City, Country
from crm_desktop.services.writing.staging import Create, Write

SEED = 7


class Bank(NamedTuple):
    """A bank that does not exist."""

    name: str
    city: str
    bik: str = ""
    correspondent: str = ""
    swift: str = ""


class Words(NamedTuple):
    """What a language says in legal details."""

    banks: Sequence[Bank]
    director: tuple[str, str]
    """The title of who signs, and on the basis of what."""
    country: str
    currency: str
    notes: Mapping[str, str]
    """How to get there, by the kind of address."""


_RUSSIAN_BANKS = (
    ("Банк «Северный мост»", "Санкт-Петербург", "044030991"),
    ("Банк «Речной вокзал»", "Нижний Новгород", "042202996"),
    ("АКБ «Старый Арбат»", "Москва", "044525993"),
    ("Банк «Уральский самоцвет»", "Екатеринбург", "046577994"),
    ("КБ «Тихая гавань»", "Москва", "044525995"),
)


def _with_account(name: str, city: str, bik: str) -> Bank:
    account = keyed("30101810{}00000000" + bik[-3:], bik, "correspondent")
    return Bank(name, city, bik, account)


def keyed(pattern: str, bik: str, kind: str) -> str:
    """The account of this pattern whose key, the sign in braces, suits the bank."""
    for key in range(10):
        account = pattern.format(key)
        if verdict(kind, account, Asked(bik)).valid:
            return account
    raise ValueError(pattern)


def _words(language: str) -> Words:
    if language == "ru":
        return Words(
            tuple(_with_account(*bank) for bank in _RUSSIAN_BANKS),
            ("Генеральный директор", "устава"), "Россия", "rub",
            {"delivery": "Разгрузка с торца, до 17:00, пропуск за день.",
             "office": "Вход со двора, второй этаж."},
        )  # fmt: skip
    return Words(
        (Bank("Harbor Street Bank", "Portland"), Bank("First Prairie Trust", "Omaha"),
         Bank("Lakeside Savings Bank", "Madison")),
        ("Chief Executive Officer", "the bylaws"), "United States", "usd",
        {"delivery": "Loading dock behind the building, until 5 pm.",
         "office": "Entrance from the yard, second floor."},
    )  # fmt: skip


@dataclass
class Requisites:
    """Makes what belongs to one client after the other, by a chance of its own."""

    country: Country
    new_id: Any
    _chance: Random = field(default_factory=lambda: Random(SEED))

    def __post_init__(self) -> None:
        self._words = _words(self.country.language)

    def directory(self) -> list[Write]:
        """The banks as the directory knows them."""
        return [
            Create("bank", {"name": b.name, "bik": b.bik, "city": b.city, "swift": b.swift or None,
                            "correspondent": b.correspondent}, id=self.new_id())
            for b in self._words.banks if b.bik
        ]  # fmt: skip

    def of(
        self, client: int, values: Mapping[str, Any], city: City, *, share: float
    ) -> list[Write]:
        """Legal details with accounts, and addresses beside the plain one; of that share of firms
        and traders."""
        known = values.get("kind") in ("company", "sole_trader") and values.get("tax_id")
        if not known or self._chance.random() >= share:
            return []
        owner, details = Ref("client", client), self.new_id()
        writes: list[Write] = [Create("legal_details", self._set(owner, values, city), id=details)]
        for _n in range(1 if self._chance.random() < 0.8 else 2):
            writes.append(Create("bank_account", self._account(details), id=self.new_id()))
        if self._chance.random() < 0.45:
            kind = self._chance.choice(("delivery", "office"))
            line = self.country.address(self._chance, city, home=False)
            address = {"owner": owner, "kind": kind, "line": line, "city": city.name,
                       "note": self._words.notes[kind]}  # fmt: skip
            writes.append(Create("postal_address", address, id=self.new_id()))
        return writes

    def _set(self, owner: Ref, values: Mapping[str, Any], city: City) -> dict[str, Any]:
        name = str(values.get("legal_name") or values["name"])
        told = {"owner": owner, "full_name": name, "short_name": short_legal_name(name),
                "legal_address": values.get("address")}  # fmt: skip
        if self.country.language != "ru":
            title, grounds = self._words.director
            return {**told, "preset": "foreign", "tax_id": values["tax_id"],
                    "country": self._words.country, "director": self._signer(),
                    "director_title": title, "grounds": grounds}  # fmt: skip
        if values["kind"] == "sole_trader":
            return {**told, "preset": "ru_sole_trader", "inn": values["tax_id"],
                    "ogrn": self._ogrn("3", city, 15)}  # fmt: skip
        title, grounds = self._words.director
        return {**told, "preset": "ru_company", "inn": values["tax_id"],
                "kpp": str(values["tax_id"])[:4] + "01001", "ogrn": self._ogrn("1", city, 13),
                "director": self._signer(), "director_title": title,
                "grounds": grounds}  # fmt: skip

    def _signer(self) -> str:
        woman = self._chance.random() < 0.4
        return self.country.full(self.country.name(self._chance, woman=woman))

    def _ogrn(self, first: str, city: City, length: int) -> str:
        """A year, the region, a run, and the check digit; see `models/validation/russian`."""
        year, free = self._chance.randrange(10, 26), length - 6
        body = f"{first}{year}{city.code[:2]}{self._chance.randrange(10 ** (free - 1), 10**free)}"
        return body + str(int(body) % (11 if length == 13 else 13) % 10)

    def _account(self, details: int) -> dict[str, Any]:
        bank = self._chance.choice(self._words.banks)
        values = {"details": details, "bank_name": bank.name, "currency": self._words.currency}
        if not bank.bik:
            return {**values, "account": f"{self._chance.randrange(10**9, 10**10)}"}
        number = keyed(f"40702810{{}}{self._chance.randrange(10**7):011d}", bank.bik, "account")
        return {**values, "bik": bank.bik, "account": number, "correspondent": bank.correspondent}
