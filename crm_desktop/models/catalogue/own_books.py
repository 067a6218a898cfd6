"""What follows from user-made fields: reference books that only they name, tags of their object."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from crm_desktop.models.catalogue.definitions import Choice, EntityDef, Trait
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, TagsField
from crm_desktop.models.catalogue.traits import Book, Tags


def with_own_books(entities: Sequence[EntityDef]) -> tuple[EntityDef, ...]:
    """The objects, with a reference book for every user-made link that names one of its own.

    The book is called like the first link that names it.
    """
    at = next((i for i, entity in enumerate(entities) if entity.trait(Book)), None)
    if at is None:
        return tuple(entities)
    holder = entities[at]
    trait = holder.trait(Book)
    assert trait is not None
    named = holder.field(trait.field)
    if not isinstance(named, ChoiceField):
        return tuple(entities)
    known = {choice.key for choice in named.choices}
    added: dict[str, Choice] = {}
    for f in _links_to(entities, holder.key):
        if f.book and f.book not in known:
            added.setdefault(f.book, Choice(f.book, f.label))
    if not added:
        return tuple(entities)
    whole = dataclasses.replace(named, choices=(*named.choices, *added.values()))
    fields = tuple(whole if f.key == named.key else f for f in holder.fields)
    made = dataclasses.replace(holder, fields=fields)
    return (*entities[:at], made, *entities[at + 1 :])


def _links_to(entities: Sequence[EntityDef], target: str) -> Iterator[LinkField]:
    for entity in entities:
        for f in entity.fields:
            if isinstance(f, LinkField) and f.target == target:
                yield f


def tag_traits(entity: EntityDef) -> tuple[Trait, ...]:
    """The trait that an object has by having a field of tags."""
    if entity.trait(Tags) is not None:
        return ()
    return tuple(Tags(f.key) for f in entity.fields if isinstance(f, TagsField))[:1]
