"""What the cards of an address book say, whose columns have meanings and no names."""

from __future__ import annotations

from collections.abc import Sequence

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.importing.mapping import Target

_CALLED_BY = ("full_name", "email", "phone")  # what a card is called by, as cards name it


def of_cards(
    entity: EntityDef, names: Sequence[str], meanings: Sequence[str], targets: tuple[Target, ...]
) -> tuple[Target, ...]:
    """A card is one record. It is called by the first of these that it has: what fits the title
    best, its full name, an address, a number."""
    own = [t for t in targets if "." not in t.field]
    title = next((t for t in own if t.field == entity.title_field), None)
    first: dict[str, str] = {}
    for name, meaning in zip(names, meanings, strict=True):
        first.setdefault(meaning, name)
    columns = [*(title.columns if title else ())]
    columns += [first[meaning] for meaning in _CALLED_BY if meaning in first]
    rest = [t for t in own if t is not title and first.get(_CALLED_BY[0]) not in t.columns]
    called = Target(tuple(dict.fromkeys(columns)), (entity.title_field,), join=None)
    return (called, *rest) if columns else tuple(own)
