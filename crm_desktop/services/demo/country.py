"""What the generator asks of a language: words by the handful, and a few rules of the country.

Every telephone number, address of e-mail and tax number it can make belongs to nobody: numbers
come from ranges that no operator or office has, e-mail ends in `.example` (RFC 2606).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from random import Random
from typing import ClassVar, NamedTuple, Protocol, TypeVar


class Weighted(Protocol):
    """Something that is chosen as often as it weighs."""

    @property
    def weight(self) -> int:
        """The share among its neighbours."""


W = TypeVar("W", bound=Weighted)


class City(NamedTuple):
    """A city with its region, telephone code, code in tax numbers, beginning of its postcodes."""

    weight: int
    name: str
    region: str
    phone: str
    code: str
    post: str


class Trade(NamedTuple):
    """An industry and what its firms call themselves, with {name} for a made-up name."""

    industry: str
    weight: int
    patterns: tuple[str, ...]


class Form(NamedTuple):
    """A legal form: the usual name and the legal one."""

    weight: int
    usual: str
    legal: str


class Job(NamedTuple):
    """A job title and what its holder has to say about an order; '' for neither."""

    weight: int
    title: str
    role: str


class Colleague(NamedTuple):
    """A seat in the demo company. `duty`: sales, measure, install, service or office."""

    woman: bool
    job: str
    department: str
    duty: str
    gone: bool = False


class Text(NamedTuple):
    """An entry of the timeline: its kind, subject, text; see `history` for the names in braces."""

    kind: str
    subject: str
    body: str


class Name(NamedTuple):
    """A person's name in parts; `middle` may be empty."""

    last: str
    first: str
    middle: str
    woman: bool


class View(NamedTuple):
    """A saved list: its name, object, condition in JSON with names for links, order."""

    name: str
    entity: str
    where: object
    sort: str = ""
    pinned: bool = False
    columns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    marks: tuple[Mapping[str, object], ...] = ()


def pick(chance: Random, items: Sequence[W]) -> W:
    """One of the items, as often as it weighs."""
    return chance.choices(items, [item.weight for item in items])[0]


class Country(ABC):
    """Words and rules of one language."""

    language: ClassVar[str]
    region: ClassVar[str]
    men: ClassVar[Sequence[str]]
    women: ClassVar[Sequence[str]]
    surnames: ClassVar[Sequence[str]]
    cities: ClassVar[Sequence[City]]
    streets: ClassVar[Sequence[str]]
    trades: ClassVar[Sequence[Trade]]
    firm_names: ClassVar[Sequence[str]]
    second_names: ClassVar[Sequence[str]]
    forms: ClassVar[Sequence[Form]]
    forms_of: ClassVar[Mapping[str, Sequence[Form]]] = {}
    jobs: ClassVar[Sequence[Job]]
    owner: ClassVar[Job]
    """What a sole trader calls oneself."""
    office: ClassVar[Sequence[Colleague]]
    company: ClassVar[str]
    texts: ClassVar[Mapping[str, Sequence[Text]]]
    """Entries by the stage of an order: first, measure, offer, talks, order, install, after,
    sleep, lost."""
    words: ClassVar[Mapping[str, Sequence[str]]]
    """What stands for the names in braces in texts."""
    notes: ClassVar[Sequence[str]]
    person_notes: ClassVar[Sequence[str]]
    views: ClassVar[Sequence[View]]
    purposes: ClassVar[Mapping[str, str]]
    """What telephones are called: work, mobile, office, home."""
    books: ClassVar[Mapping[str, Mapping[str, str]]]
    """Names of reference values by book and by what the generator calls them."""

    def name(self, chance: Random, *, woman: bool) -> Name:
        """A made-up person."""
        first = chance.choice(self.women if woman else self.men)
        return Name(chance.choice(self.surnames), first, "", woman)

    @abstractmethod
    def full(self, name: Name) -> str:
        """The name as lists show it."""

    @abstractmethod
    def spoken(self, name: Name) -> str:
        """The name as colleagues write it about a person they know."""

    @abstractmethod
    def sole_trader(self, name: Name) -> tuple[str, str]:
        """The usual and the legal name of a person in business."""

    @abstractmethod
    def address(self, chance: Random, city: City, *, home: bool) -> str:
        """Street and house, with a flat or an office."""

    @abstractmethod
    def landline(self, chance: Random, city: City) -> str:
        """A number in E.164 form that nobody has."""

    @abstractmethod
    def mobile(self, chance: Random, city: City) -> str:
        """A number in E.164 form that nobody has."""

    @abstractmethod
    def tax_id(self, chance: Random, city: City, *, company: bool) -> str:
        """A number with right check digits that no office gives out; '' where there is none."""

    @abstractmethod
    def latin(self, text: str) -> str:
        """The text in letters of e-mail addresses; the rest becomes hyphens."""

    @abstractmethod
    def money(self, amount: int) -> str:
        """An amount as people write it in a note."""
