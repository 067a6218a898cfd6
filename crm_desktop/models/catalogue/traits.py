"""The opt-in abilities of objects. Each trait is read by exactly one service, named here."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.definitions import Trait


@dataclass(frozen=True)
class Activities(Trait):
    """Notes, calls, letters and meetings may be kept about a record (`services/links`)."""


@dataclass(frozen=True)
class Channels(Trait):
    """Telephones, e-mail addresses and messengers may be kept for a record (`services/mirrors`)."""


@dataclass(frozen=True)
class Mirror(Trait):
    """A field repeats a value of the record's main child, so that lists show and sort by it.

    `field` of the owner mirrors `value` of that `child` record whose link `owner` points here,
    whose yes/no `flag` is set, and, when `kind` is given, whose choice field `kind[0]` holds
    `kind[1]`. A child whose yes/no field `unless` is set is never the main one. Writing the field
    writes the child; writing the child refreshes the field (`services/mirrors`).
    """

    field: str
    child: str
    owner: str
    value: str
    flag: str = "main"
    kind: tuple[str, str] | None = None
    unless: str = ""


@dataclass(frozen=True)
class Book(Trait):
    """Values of reference books live in this object: `book` says which (`services/links`)."""

    field: str = "book"


@dataclass(frozen=True)
class Staff(Trait):
    """Records are colleagues who may be responsible for others (`services/workspace`)."""
