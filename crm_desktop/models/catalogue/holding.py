"""Which fields a role may hide or mask, and where else their values stand.

Nothing that decides about a record can be hidden: its title, what is required, what a trait or
another field goes by. Nor can words of the search, except telephones and e-mail addresses, which
stand apart there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as parts_of

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import DateField, EmailField, PhoneField
from crm_desktop.models.catalogue.ownership import hangs, is_shared
from crm_desktop.models.catalogue.traits import Mirror

MASK = "•••"
"""How a value begins that is there and is not shown: all of a hidden text, the first of a masked
one. Of a masked e-mail address one letter may stand before it: `a•••@example.com`. Other hidden
values read as empty."""
REACHING = (PhoneField, EmailField)
"""By what somebody is reached: told one by one to whom roles hide them, to call or to write."""
_STORED = ("text", "integer", "decimal", "date")


def is_held(value: object) -> bool:
    """Whether the base gave a mask instead of a value."""
    return isinstance(value, str) and (value.startswith(MASK) or value[1:5] == f"{MASK}@")


def can_hide(catalogue: Catalogue, entity: EntityDef, f: Field) -> bool:
    """Whether a role may hide the field."""
    if hangs(entity) or is_shared(catalogue, entity):
        return False
    apart = isinstance(f, REACHING)
    plain = f.storage in _STORED and not (isinstance(f, DateField) and f.yearly)
    needed = f.required or f.readonly or f.kept or f.key == entity.title_field
    return plain and not needed and (apart or not f.search) and f.key not in _gone_by(entity)


def can_mask(catalogue: Catalogue, entity: EntityDef, f: Field) -> bool:
    """Whether a role may show the end of its values alone."""
    return f.storage == "text" and can_hide(catalogue, entity, f)


def mirrors_of(entity: EntityDef, f: Field) -> list[Mirror]:
    """The children that hold the values which the field repeats."""
    return [mirror for mirror in entity.traits_of(Mirror) if mirror.field == f.key]


def _gone_by(entity: EntityDef) -> set[str]:
    """The fields that traits and other fields go by."""
    found = {key for f in entity.fields for key in (*f.only_if[:1], *f.counted_by)}
    for trait in entity.traits:
        if isinstance(trait, Mirror):
            if not isinstance(entity.field(trait.field), REACHING):
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
