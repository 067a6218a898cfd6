"""The catalogue of one open base: every object, and the questions generic code asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from crm_desktop.errors import NotFound
from crm_desktop.i18n import LANGUAGES, _, said_in
from crm_desktop.models.catalogue.definitions import EntityDef, Field, T
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Book, Staff

CUSTOM_PREFIX = "x_"


class Link(NamedTuple):
    """A link field seen from the record it points to: `entity.field` -> here."""

    entity: EntityDef
    field: LinkField | RecordField

    @property
    def parent(self) -> bool:
        """Whether the linking record lives and dies with the one here."""
        return self.field.parent

    @property
    def label(self) -> str:
        """The name of the tab on this side."""
        return self.field.inverse or self.entity.plural


@dataclass(frozen=True)
class Catalogue:
    """All objects of a base, immutable; a change of the catalogue makes a new one."""

    entities: tuple[EntityDef, ...]
    version: int = 0
    _by_key: dict[str, EntityDef] = field(init=False, repr=False, default_factory=dict)
    _by_number: dict[int, EntityDef] = field(init=False, repr=False, default_factory=dict)
    _links: dict[str, tuple[Link, ...]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entity in self.entities:
            self._by_key[entity.key] = entity
            self._by_number[entity.number] = entity

    def __iter__(self) -> Iterator[EntityDef]:
        return iter(self.entities)

    def has(self, key: str) -> bool:
        """Whether there is an object of this exact key."""
        return key in self._by_key

    def __getitem__(self, key: str) -> EntityDef:
        return self._by_key[key]

    def has_number(self, number: int) -> bool:
        """Whether there is an object of this number."""
        return number in self._by_number

    def numbered(self, number: int) -> EntityDef:
        """The object of this number; KeyError if there is none."""
        return self._by_number[number]

    def find(self, name: str) -> EntityDef:
        """The object a person means: its key, with or without `x_`, or its label in any case."""
        wanted = name.strip().casefold()
        for key in (wanted, CUSTOM_PREFIX + wanted):
            if key in self._by_key:
                return self._by_key[key]
        for entity in self.entities:
            names = (entity.label, entity.plural, _(entity.label), _(entity.plural))
            if wanted in (name.casefold() for name in names):
                return entity
        known = ", ".join(entity.key for entity in self.entities)
        raise NotFound(
            _("There is no object “{name}”. Known objects: {known}").format(name=name, known=known)
        )

    def field(self, entity: EntityDef, name: str) -> Field:
        """The field a person means by key or label; `NotFound` names the known ones."""
        if entity.has(name):
            return entity.field(name)
        wanted = name.strip().casefold()
        for f in entity.fields:
            if wanted in (f.key.casefold(), f.label.casefold(), _(f.label).casefold()):
                return f
        if not wanted.isascii():  # a rule of colleagues who speak another language
            for f in entity.fields:
                if wanted in (said_in(code, f.label).casefold() for code in LANGUAGES):
                    return f
        known = ", ".join(f.key for f in entity.fields)
        raise NotFound(
            _("{object} has no field “{name}”. Known fields: {known}").format(
                object=_(entity.label), name=name, known=known
            )
        )

    def links_to(self, entity: EntityDef) -> tuple[Link, ...]:
        """Every field of any object by which its records point to a record of `entity`."""
        known = self._links.get(entity.key)
        if known is None:
            known = self._links[entity.key] = tuple(
                Link(other, f)
                for other in self.entities
                for f in other.fields
                if isinstance(f, LinkField | RecordField) and self.points(f, entity)
            )
        return known

    def children(self, entity: EntityDef) -> tuple[Link, ...]:
        """The links by which records belong to a record of `entity`."""
        return tuple(link for link in self.links_to(entity) if link.parent)

    def points(self, f: Field, entity: EntityDef) -> bool:
        """Whether the field may hold a link to a record of `entity`."""
        if isinstance(f, LinkField):
            return f.target == entity.key
        return isinstance(f, RecordField) and self.able(entity, f.ability)

    def able(self, entity: EntityDef, ability: str) -> bool:
        """Whether the object has the trait of this class name; every object has ''."""
        return not ability or any(type(trait).__name__ == ability for trait in entity.traits)

    def staff(self) -> EntityDef:
        """The object whose records are colleagues."""
        return next(entity for entity in self.entities if entity.trait(Staff))

    def books(self) -> EntityDef:
        """The object that holds the values of reference books."""
        return next(entity for entity in self.entities if entity.trait(Book))

    def with_trait(self, kind: type[T]) -> tuple[EntityDef, T]:
        """The object that has the trait, where one object has it, and the trait."""
        for entity in self.entities:
            trait = entity.trait(kind)
            if trait is not None:
                return entity, trait
        raise KeyError(kind.__name__)
