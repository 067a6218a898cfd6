"""Further records of a row that columns describe: whether anything names them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from crm_desktop.models.catalogue.fieldtypes import DateField, DateTimeField, LinkField, TextField
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.services.importing.places import Place
from crm_desktop.services.importing.suggest_beside import beside_of


def unnamed_groups(taken: Mapping[int, Place], blank: Collection[int]) -> Iterator[str]:
    """The further records that no column names, or that need what only a `blank` column has."""
    groups: dict[str, dict[int, Place]] = {}
    for at, spot in taken.items():
        if spot.group and not spot.is_identity:
            groups.setdefault(spot.group, {})[at] = spot
    for group, spots in groups.items():
        silent = [spot for at, spot in spots.items() if at in blank and spot.field.required]
        is_said = any(at not in blank for at in spots)
        if not is_named(list(spots.values())) or (silent and is_said):
            yield group


def is_named(spots: Sequence[Place]) -> bool:
    beside = beside_of(spots[0])
    if beside is not None:
        telling = {*beside.by, *beside.called_by[:1]}
        return any(spot.field.key in telling for spot in spots)
    moments = any(isinstance(spot.field, DateField | DateTimeField) for spot in spots)
    if spots[0].entity.trait(Scheduled) is not None and not moments:
        return False  # `Title` and `Location` alone are no appointment
    if not spots[0].entity.navigation or lacks_links(spots):
        return False
    if any(spot.field.key == spot.entity.title_field for spot in spots):
        return True
    texts = [s for s in spots if type(s.field) is TextField]
    return len(texts) >= 2 and not spots[0].forward


def lacks_links(spots: Sequence[Place]) -> bool:
    """Whether the record needs others that no column names: a client's other name would make a
    deal, and each row would be refused for want of a pipeline."""
    owner = spots[0].link
    needed = {
        f.key
        for f in spots[0].entity.fields
        if f.required and isinstance(f, LinkField) and (owner is None or f is not owner.field)
    }
    return bool(needed) and needed.isdisjoint(spot.field.key for spot in spots)
