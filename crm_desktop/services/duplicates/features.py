"""What of a record tells who it is, by the types of its fields and the trait `Identity`.

Names, identifiers, telephones, e-mail addresses, a place, a date of birth, each in a form in which
different ways of writing are equal. A million of them are held in memory, so each is one text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    ContactField,
    EmailField,
    PhoneField,
    RecordField,
    TextField,
    UrlField,
)
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import Identity, Mirror
from crm_desktop.models.text.normalise import digits, norm
from crm_desktop.models.text.phones import split_stored
from crm_desktop.models.text.sameness import Name, fold_name, fold_word

PHONE_DIGITS = 10
"""The last digits of a telephone that count: 8 916 ... and +7 916 ... are the same."""
SHORTEST_PHONE = 6
MOST_CONTACTS = 6
_FREE_MAIL = frozenset(
    """
    gmail.com mail.ru yandex.ru ya.ru bk.ru list.ru inbox.ru rambler.ru yahoo.com hotmail.com
    outlook.com icloud.com live.com gmx.de gmx.net web.de aol.com proton.me protonmail.com
    yandex.com googlemail.com msn.com vk.com internet.ru
    """.split()
)
_PART, _ONE, _WORD = "\x1f", "\x1e", " "


class Features(NamedTuple):
    """What tells who a record is. `names`: the title first. `born` as ISO 8601."""

    names: tuple[Name, ...] = ()
    ids: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    place: str = ""
    born: str = ""


def pack(found: Features) -> str:
    """Features as one text."""
    names = _ONE.join(
        f"{name.form}{_WORD}{int(name.person)}{name.general}{_WORD}{_WORD.join(name.words)}"
        for name in found.names
    )
    lists = (_ONE.join(some) for some in found[1:5])
    return _PART.join((names, *lists, found.place, found.born))


def unpack(text: str) -> Features:
    """The inverse of `pack`."""
    names, ids, phones, emails, domains, place, born = text.split(_PART)
    return Features(
        tuple(map(_unpacked_name, names.split(_ONE))) if names else (),
        tuple(ids.split(_ONE)) if ids else (), tuple(phones.split(_ONE)) if phones else (),
        tuple(emails.split(_ONE)) if emails else (), tuple(domains.split(_ONE)) if domains else (),
        place, born,
    )  # fmt: skip


def _unpacked_name(text: str) -> Name:
    form, told, *found = text.split(_WORD)
    return Name(tuple(found), form, told[0] == "1", int(told[1:]))


@dataclass(frozen=True)
class Child:
    """Records of another object that hold contacts of this one; `owner` is their link to it."""

    entity: EntityDef
    owner: Field
    value: Field


class IdentityFields:
    """Which fields of an object tell who a record is."""

    def __init__(self, catalogue: Catalogue, entity: EntityDef) -> None:
        self.entity = entity
        told = entity.trait(Identity) or Identity()
        self.names = [entity.title, *(entity.field(k) for k in told.names if entity.has(k))]
        self.place = entity.field(told.place) if entity.has(told.place) else None
        self.born = entity.field(told.born) if entity.has(told.born) else None
        own = [f for f in entity.fields if f not in self.names]
        self.ids = [f for f in own if isinstance(f, TextField) and f.identifier]
        self.phones = [f for f in own if isinstance(f, PhoneField)]
        self.emails = [f for f in own if isinstance(f, EmailField)]
        self.contacts = [f for f in own if isinstance(f, ContactField)]
        self.webs = [f for f in own if isinstance(f, UrlField)]
        self.children = _children(catalogue, entity)
        given = (*self.names, *self.ids, *self.phones, *self.emails, *self.contacts, *self.webs)
        more = (f for f in (self.place, self.born) if f is not None)
        self.keys = tuple(dict.fromkeys(f.key for f in (*given, *more)))

    @property
    def tells(self) -> bool:
        """Whether anything but a title says who a record is."""
        own = (*self.ids, *self.phones, *self.emails, *self.contacts, *self.children)
        return bool(own or self.place or self.born or self.entity.custom)

    def features(self, values: Mapping[str, Any], contacts: Iterable[str] = ()) -> Features:
        """The features of a record's values; `contacts` are those of its children. What a role
        hides tells nothing: masks of different values are equal."""
        values = {key: value for key, value in values.items() if not is_held(value)}
        texts = [str(values[f.key]) for f in self.names if values.get(f.key)]
        some, phones, emails = (
            _shown(values, fields) for fields in (self.contacts, self.phones, self.emails)
        )
        for text in (*some, *contacts):
            if not is_held(text):
                (emails if "@" in text[1:] else phones).append(text)
        emails = list(dict.fromkeys(map(norm, emails)))[:MOST_CONTACTS]
        webs = _shown(values, self.webs)
        place = values.get(self.place.key) if self.place else None
        born = values.get(self.born.key) if self.born else None
        return Features(
            tuple(dict.fromkeys(name for name in map(fold_name, texts) if name.words)),
            tuple(dict.fromkeys(filter(None, (_id(values.get(f.key)) for f in self.ids)))),
            tuple(dict.fromkeys(filter(None, map(_phone, phones))))[:MOST_CONTACTS],
            tuple(emails), _domains(emails, webs),
            _place(str(place)) if place else "", born.isoformat() if isinstance(born, date) else "",
        )  # fmt: skip


def _shown(values: Mapping[str, Any], fields: Iterable[Field]) -> list[str]:
    found = (values.get(f.key) for f in fields)
    return [str(value) for value in found if value]


def _children(catalogue: Catalogue, entity: EntityDef) -> tuple[Child, ...]:
    found: dict[tuple[str, str], Child] = {}
    for mirror in entity.traits_of(Mirror):
        child = catalogue[mirror.child]
        value = child.field(mirror.value)
        if isinstance(value, ContactField | PhoneField | EmailField):
            found[child.key, value.key] = Child(child, child.field(mirror.owner), value)
    return tuple(found.values())


def points_by_number(child: Child) -> bool:
    """Whether the child's link names the object of its owner as well."""
    return isinstance(child.owner, RecordField)


def _id(value: Any) -> str:
    """An identifier without blanks; of "INN/KPP" the first number."""
    text = norm(str(value or "")).partition("/")[0]
    return "".join(sign for sign in text if sign.isalnum())[:40]


def _phone(text: str) -> str:
    number = digits(split_stored(text).e164)
    return number[-PHONE_DIGITS:] if len(number) >= SHORTEST_PHONE else ""


def _domains(emails: Iterable[str], webs: Iterable[str]) -> tuple[str, ...]:
    found = [email.rpartition("@")[2] for email in emails]
    for web in webs:
        host = norm(web).partition("://")[2].partition("/")[0].partition(":")[0]
        found.append(host.removeprefix("www."))
    return tuple(dict.fromkeys(name for name in found if name and name not in _FREE_MAIL))


def _place(text: str) -> str:
    words = norm(text).replace(".", " ").replace("-", " ").split()
    return "".join(fold_word(word) for word in words if word not in ("г", "город", "city"))
