"""A business card as values: what vCard 2.1, 3.0 and 4.0 have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from crm_desktop.models.text.persons import PersonName, full_name

PHONE, EMAIL, URL, MESSENGER = "phone", "email", "url", "messenger"


@dataclass(frozen=True)
class CardValue:
    """A phone, e-mail, site or messenger; `types` in small letters: work, cell, fax, pref."""

    kind: str
    types: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class CardAddress:
    """A postal address in the parts that vCard knows."""

    types: tuple[str, ...] = ()
    po_box: str = ""
    extended: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""

    @property
    def kind(self) -> str:
        """Where it is: `work` or `home`; empty where the card does not say."""
        return next((one for one in self.types if one in ("work", "home")), "")

    @property
    def parts(self) -> tuple[str, ...]:
        """In the order in which vCard writes them."""
        return (
            self.po_box, self.extended, self.street, self.city, self.region, self.postcode,
            self.country,
        )  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One person or company. '' and () stand for nothing.

    `number`: its place in the file, from 1. `birthday`: text where it is no whole date, such as
    `--0415`. `counts`: how often each property stands in the card, in capitals: pictures and
    empty properties are counted here and kept nowhere.
    """

    number: int = 0
    version: str = ""
    full_name: str = ""
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    organisation: str = ""
    department: str = ""
    job_title: str = ""
    role: str = ""
    values: tuple[CardValue, ...] = ()
    addresses: tuple[CardAddress, ...] = ()
    birthday: date | str = ""
    note: str = ""
    categories: tuple[str, ...] = ()
    uid: str = ""
    counts: dict[str, int] = field(default_factory=dict, compare=False)

    def of(self, kind: str) -> tuple[CardValue, ...]:
        """Its values of one kind: phone, email, url or messenger."""
        return tuple(value for value in self.values if value.kind == kind)

    @property
    def name(self) -> str:
        """The full name; without one, the parts of the name in the order of their letters."""
        parts = PersonName(self.last_name, self.first_name, self.middle_name)
        return self.full_name or full_name(parts)
