"""What the cards of an address book say, whose columns have meanings and no names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    AddressField,
    EmailField,
    LongTextField,
    PhoneField,
    TagsField,
)
from crm_desktop.services.importing.mapping import Target
from crm_desktop.services.importing.places import Place
from crm_desktop.services.importing.suggest_beside import beside_of

_LINE, _KIND = ("street", "extended", "po_box"), "address_kind"
_MOST_ADDRESSES = 9
_EMPLOYEE = "contact"  # who works for the organisation of a card, as cards name it
_ORGANISATION = "organisation"
_PARTS = ("last_name", "first_name", "middle_name", "job_title", "birthday")
_OF_EMPLOYEES = (PhoneField, EmailField, LongTextField, TagsField)
_CALLED_BY = ("full_name", "email", "phone")  # what a card is called by, as cards name it


def addresses_of(spots: Sequence[Place]) -> list[Place]:
    """The places of the addresses that stand beside a record: what is called by an address."""
    return [
        spot for spot in spots
        if beside_of(spot) is not None and isinstance(spot.entity.title, AddressField)
    ]  # fmt: skip


def employees_of(spots: Sequence[Place], names_of: Callable[[Field], set[str]]) -> str:
    """The group of the people of an organisation, '' for an object that has none."""
    for spot in spots:
        is_title = spot.field.key == spot.entity.title_field
        if not is_title or spot.forward or spot.link is None:
            continue
        works_for = _ORGANISATION in names_of(spot.link.field)
        if works_for and _EMPLOYEE in names_of(spot.field):
            return spot.group
    return ""


def is_told(meaning: str, *, twice: bool) -> bool:
    """Whether a column is looked at: `twice`, for an object that keeps organisations, who it is
    comes from the columns that speak of cards with an organisation alone."""
    if meaning.split("_")[0] == _EMPLOYEE:
        return twice
    return not (twice and meaning in _PARTS)


def to_employees(
    entity: EntityDef, spots: Sequence[Place], targets: tuple[Target, ...], group: str
) -> tuple[Target, ...]:
    """Numbers, addresses, notes and tags of a card that names somebody are theirs; those of a card
    that names nobody reach the organisation all the same (`continued`)."""
    theirs = {spot.field.key: spot for spot in spots if spot.group == group}
    moved = []
    for target in targets:
        own = entity.field(target.field) if entity.has(target.field) else None
        spot = theirs.get(target.field)
        is_theirs = own is not None and spot is not None and type(spot.field) is type(own)
        if spot is not None and is_theirs and isinstance(own, _OF_EMPLOYEES):
            target = replace(target, fields=(spot.path,))
        moved.append(target)
    return tuple(moved)


def of_cards(
    entity: EntityDef, names: Sequence[str], meanings: Sequence[str], targets: tuple[Target, ...],
    addresses: Sequence[Place], group: str = "",
) -> tuple[Target, ...]:  # fmt: skip
    """A card is one record, with its addresses beside it, and with who works there (`group`). It is
    called by the first of these that it has: what fits the title best, its full name, an address,
    a number."""
    kinds = {n for n, meaning in zip(names, meanings, strict=True) if meaning == _KIND}
    own = [t for t in targets if "." not in t.field and kinds.isdisjoint(t.columns)]
    people = [t for t in targets if group and t.field.startswith(f"{group}.")]
    title = next((t for t in own if t.field == entity.title_field), None)
    first: dict[str, str] = {}
    for name, meaning in zip(names, meanings, strict=True):
        first.setdefault(meaning, name)
    columns = [*(title.columns if title else ())]
    columns += [first[meaning] for meaning in _CALLED_BY if meaning in first]
    rest = [t for t in own if t is not title and first.get(_CALLED_BY[0]) not in t.columns]
    called = Target(tuple(dict.fromkeys(columns)), (entity.title_field,), join=None)
    whole = (called, *rest) if columns else tuple(own)
    return (*whole, *people, *_addresses(names, meanings, addresses))


def _addresses(
    names: Sequence[str], meanings: Sequence[str], places: Sequence[Place]
) -> Iterator[Target]:
    """All parts of each address of a card; those of the first are `street 1`, `city 1` ..."""
    known = dict(zip(names, meanings, strict=True))
    for number in range(1, _MOST_ADDRESSES + 1):
        for spot in places:
            is_title = spot.field.key == spot.entity.title_field
            parts = _LINE if is_title else (_KIND if spot.field.key == "kind" else spot.field.key,)
            columns = tuple(f"{part} {number}" for part in parts if f"{part} {number}" in known)
            group = spot.group if number == 1 else f"{spot.group}[{number}]"
            if columns:
                yield Target(columns, (f"{group}.{spot.field.key}",), join=", ")
