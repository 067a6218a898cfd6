"""What the cards of an address book say, whose columns have meanings and no names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import AddressField
from crm_desktop.services.importing.mapping import Target
from crm_desktop.services.importing.places import Place
from crm_desktop.services.importing.suggest_beside import beside_of

_LINE, _KIND = ("street", "extended", "po_box"), "address_kind"
_MOST_ADDRESSES = 9
_CALLED_BY = ("full_name", "email", "phone")  # what a card is called by, as cards name it


def addresses_of(spots: Sequence[Place]) -> list[Place]:
    """The places of the addresses that stand beside a record: what is called by an address."""
    return [
        spot for spot in spots
        if beside_of(spot) is not None and isinstance(spot.entity.title, AddressField)
    ]  # fmt: skip


def of_cards(
    entity: EntityDef, names: Sequence[str], meanings: Sequence[str], targets: tuple[Target, ...],
    addresses: Sequence[Place],
) -> tuple[Target, ...]:  # fmt: skip
    """A card is one record, with its addresses beside it. It is called by the first of these that
    it has: what fits the title best, its full name, an address, a number."""
    own = [t for t in targets if "." not in t.field]
    title = next((t for t in own if t.field == entity.title_field), None)
    first: dict[str, str] = {}
    for name, meaning in zip(names, meanings, strict=True):
        first.setdefault(meaning, name)
    columns = [*(title.columns if title else ())]
    columns += [first[meaning] for meaning in _CALLED_BY if meaning in first]
    rest = [t for t in own if t is not title and first.get(_CALLED_BY[0]) not in t.columns]
    called = Target(tuple(dict.fromkeys(columns)), (entity.title_field,), join=None)
    whole = (called, *rest) if columns else tuple(own)
    return (*whole, *_addresses(names, meanings, addresses))


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
