"""Which fields a role may hide or mask, and where else their values stand.

Nothing that decides about a record can be hidden: its title, what is required, what a trait or
another field goes by, unless that only compares it. Of what hangs on a record ways to reach
somebody can, what is personal (trait `Personal`), and what repeats a hidden field. What a hidden
field is found by is kept apart from all other words from the first time on that a role hides it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as parts_of
from typing import NamedTuple

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    ContactField,
    DateField,
    EmailField,
    PhoneField,
    TextField,
)
from crm_desktop.models.catalogue.file_traits import ToldKind
from crm_desktop.models.catalogue.ownership import hangs, is_shared
from crm_desktop.models.catalogue.shared_traits import Personal
from crm_desktop.models.catalogue.traits import Identity, Mirror

MASK = "•••"
"""How a value begins that is there and is not shown: all of a hidden text, the first of a masked
one. Of a masked e-mail address one letter may stand before it: `a•••@example.com`. Other hidden
values read as empty."""
REACHING = (PhoneField, EmailField)
CONTACTS = (*REACHING, ContactField)
"""By what somebody is reached: told one by one to whom roles hide them, to call or to write."""
COMPARING = (Identity, ToldKind)
"""Traits that look at a value where it is seen, and do without where it is not."""
PHONES, MAILS = "+", "~"
"""How beginnings of telephones begin in the search, and how those of e-mail addresses end."""
_STORED = ("text", "integer", "decimal", "date")


def is_held(value: object) -> bool:
    """Whether the base gave a mask instead of a value."""
    if not isinstance(value, str) or MASK not in value:
        return False
    return value.startswith(MASK) or value[1:5] == f"{MASK}@"


def can_hide(catalogue: Catalogue, entity: EntityDef, f: Field) -> bool:
    """Whether a role may hide the field."""
    if is_shared(catalogue, entity):
        return False
    if hangs(entity):
        personal = entity.trait(Personal)
        return isinstance(f, ContactField) or (personal is not None and f.key in personal.fields)
    plain = f.storage in _STORED and not (isinstance(f, DateField) and f.yearly)
    needed = f.required or f.readonly or f.kept or f.key == entity.title_field
    return plain and not needed and f.key not in _gone_by(entity)


def can_mask(catalogue: Catalogue, entity: EntityDef, f: Field) -> bool:
    """Whether a role may show the end of its values alone."""
    return f.storage == "text" and can_hide(catalogue, entity, f)


def parts_that_hide(catalogue: Catalogue) -> list[EntityDef]:
    """The objects that hang on others and have fields that a role may hide."""
    return [
        entity for entity in catalogue
        if hangs(entity) and any(can_hide(catalogue, entity, f) for f in entity.fields)
    ]  # fmt: skip


def needs_apart(f: Field) -> bool:
    """Whether its words in the search have to be set apart before a role hides it."""
    return not f.apart and (f.search or isinstance(f, REACHING))


def signs_apart(catalogue: Catalogue) -> dict[int, frozenset[str]]:
    """By which signs of their beginnings words are kept apart, by the numbers of the objects whose
    records are found by them."""
    found: dict[int, frozenset[str]] = {}
    for entity in catalogue:
        signs = frozenset(sign for f in entity.fields for sign in _signs(f) if f.apart)
        for one in found_as(catalogue, entity) if signs else ():
            found[one.number] = found.get(one.number, frozenset()) | signs
    return found


def _signs(f: Field) -> tuple[str, ...]:
    if isinstance(f, ContactField):
        return (PHONES, MAILS, f.apart)
    if isinstance(f, REACHING):
        return (PHONES if isinstance(f, PhoneField) else MAILS,)
    return (f.apart,)


def found_as(catalogue: Catalogue, entity: EntityDef) -> list[EntityDef]:
    """The objects whose records are found by the words of this one's, itself or what it is of."""
    if not entity.search_through:
        return [entity]
    return [
        one
        for target in catalogue
        if any(
            link.entity is entity and link.field.key == entity.search_through
            for link in catalogue.links_to(target)
        )
        for one in found_as(catalogue, target)
    ]


class Repeated(NamedTuple):
    """A field of a child in which the value of another field stands as well."""

    child: EntityDef
    field: Field
    mirror: Mirror


def repeated(catalogue: Catalogue, entity: EntityDef, f: Field) -> list[Repeated]:
    """Where the value of a field stands as well: in the children that it mirrors. A child of which
    one field is the name of its owner is called by it, too."""
    identity, found = entity.trait(Identity), []
    for mirror in entity.traits_of(Mirror):
        if mirror.field == f.key:
            child = catalogue[mirror.child]
            keys = [mirror.value, *mirror.others]
            if identity is not None and f.key in identity.names:
                keys.append(child.title_field)
            fields = (child.field(key) for key in dict.fromkeys(keys))
            found += [Repeated(child, one, mirror) for one in fields]
    return found


def _gone_by(entity: EntityDef) -> set[str]:
    """The fields that traits and other fields go by."""
    found = {key for f in entity.fields for key in (*f.only_if[:1], *f.counted_by)}
    for trait in entity.traits:
        if isinstance(trait, COMPARING):
            continue
        if isinstance(trait, Mirror):
            if not isinstance(entity.field(trait.field), TextField):
                found.add(trait.field)
            continue
        for part in parts_of(trait):
            found.update(_texts(getattr(trait, part.name)))
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from _texts(one)
