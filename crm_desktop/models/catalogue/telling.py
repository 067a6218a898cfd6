"""Why two records are held for the same: the reasons kept with groups of duplicates, and of which
fields each of them speaks. What tells is said by the types of fields and by `Identity`."""

from __future__ import annotations

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    ContactField,
    EmailField,
    PhoneField,
    TextField,
    UrlField,
)
from crm_desktop.models.catalogue.traits import Identity, Mirror

SAME_ID, NEAR_ID, SAME_PHONE, NEAR_PHONE = "same_id", "near_id", "same_phone", "near_phone"
SAME_EMAIL, NEAR_EMAIL, SAME_DOMAIN = "same_email", "near_email", "same_domain"
SAME_NAME, OTHER_SPELLING, LIKE_NAME = "same_name", "other_spelling", "like_name"
"""Of the titles of both records."""
SAME_FURTHER, OTHER_FURTHER, LIKE_FURTHER = "same_further", "other_further", "like_further"
"""Of further names, or of one and a title."""
SAME_PLACE, SAME_BORN = "same_place", "same_born"
OTHER_ID, OTHER_PLACE, OTHER_BORN = "other_id", "other_place", "other_born"

_IDS, _PHONES = (SAME_ID, NEAR_ID, OTHER_ID), (SAME_PHONE, NEAR_PHONE)
_EMAILS = (SAME_EMAIL, NEAR_EMAIL, SAME_DOMAIN)
_FURTHER = (SAME_FURTHER, OTHER_FURTHER, LIKE_FURTHER)


def reasons_of(catalogue: Catalogue, entity: EntityDef, f: Field) -> dict[int, tuple[str, ...]]:
    """The reasons that speak of a field, by the number of the object whose groups have them: its
    own, and those whose contacts it holds."""
    found = {entity.number: _own(entity, f)}
    if isinstance(f, ContactField):
        for owner in catalogue:
            if any((m.child, m.value) == (entity.key, f.key) for m in owner.traits_of(Mirror)):
                found[owner.number] = (*_PHONES, *_EMAILS)
    return {number: reasons for number, reasons in found.items() if reasons}


def _own(entity: EntityDef, f: Field) -> tuple[str, ...]:
    identity = entity.trait(Identity) or Identity()
    by_role = {identity.place: (SAME_PLACE, OTHER_PLACE), identity.born: (SAME_BORN, OTHER_BORN)}
    if f.key in identity.names:
        return _FURTHER
    if f.key in by_role:
        return by_role[f.key]
    if isinstance(f, PhoneField):
        return _PHONES
    if isinstance(f, EmailField):
        return _EMAILS
    if isinstance(f, ContactField):
        return (*_PHONES, *_EMAILS)
    if isinstance(f, UrlField):
        return (SAME_DOMAIN,)
    return _IDS if isinstance(f, TextField) and f.identifier else ()
