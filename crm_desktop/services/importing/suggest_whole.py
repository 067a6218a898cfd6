"""What several columns say together, or one column for want of a better one: the name of a record,
an address with its house, a note in several parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import AddressField, LongTextField, TextField
from crm_desktop.services.importing.places import Place
from crm_desktop.services.importing.readers.base import Cell, is_blank
from crm_desktop.services.importing.suggest_names import bare
from crm_desktop.services.importing.suggest_parts import has_name_parts, is_part_of_title

_HOUSE = frozenset(
    """дом д корпус корп строение стр квартира кв офис оф помещение house building block flat
    apartment apt unit office suite""".split()
)
_NAME = ("имя", "name")
_LEAST_BESIDE = 0.5


def to_own_title(
    entity: EntityDef, spots: Sequence[Place], taken: dict[int, Place], words: Mapping[int, str]
) -> None:
    """A further record of the row gives its name to a record that nothing else names: a list of
    private people is one of clients, too. Where a number tells which record is meant, none is
    made without a name. `words`: what the columns are called, in plain letters."""
    _to_lone_name(entity, spots, words, taken)
    own = [spot for spot in taken.values() if not spot.group]
    numbered = any(isinstance(spot.field, TextField) and spot.field.identifier for spot in own)
    named = any(spot.is_identity or spot.field.key == entity.title_field for spot in own)
    if named or numbered or has_name_parts(taken):
        return
    others = [
        spot.group for spot in taken.values()
        if spot.group and not spot.forward and spot.entity.navigation
        and spot.field.key == spot.entity.title_field
    ]  # fmt: skip
    if not others:
        return
    plain = {spot.field.key: spot for spot in spots if not spot.group}
    for column, spot in list(taken.items()):
        if spot.group != others[0]:
            continue
        is_title = spot.field.key == spot.entity.title_field
        to = plain.get(entity.title_field if is_title else spot.field.key)
        del taken[column]
        if to is not None and (is_title or type(to.field) is type(spot.field)):
            taken[column] = to


def _to_lone_name(
    entity: EntityDef, spots: Sequence[Place], words: Mapping[int, str], taken: dict[int, Place]
) -> None:
    """A column that is called a name, and goes nowhere else, names a record that nothing names."""
    own = [spot for spot in taken.values() if not spot.group]
    if any(spot.is_identity or spot.field.key == entity.title_field for spot in own):
        return
    title = next(s for s in spots if not s.group and s.field.key == entity.title_field)
    column = next((at for at, said in words.items()
                   if said in _NAME and _is_spare(at, taken)), None)  # fmt: skip
    if column is not None and not has_name_parts(taken):
        taken[column] = title


def _is_spare(column: int, taken: Mapping[int, Place]) -> bool:
    """Whether it goes nowhere, or into a part of a name that another column tells whole."""
    spot = taken.get(column)
    if spot is None or not spot.group or not is_part_of_title(spot.entity, spot.field):
        return spot is None
    wholes = (one for one in taken.values() if one.field.key == one.entity.title_field)
    return any(one.group == spot.group for one in wholes)


def to_parts(
    words: Mapping[int, str], taken: dict[int, Place], cells: Mapping[int, Sequence[Cell]]
) -> None:
    """The house goes with the street that stands before it, `Note 2` with the note."""
    for column in sorted(words):
        before = taken.get(column - 1)
        if column in taken or all(map(is_blank, cells[column])):
            continue
        if before is not None and isinstance(before.field, AddressField):
            if words[column] in _HOUSE:
                taken[column] = before
            continue
        note = next(
            (
                spot for at, spot in taken.items()
                if isinstance(spot.field, LongTextField) and at < column
                and bare(words[at]) == bare(words[column]) != words[column]
            ),
            None,
        )  # fmt: skip
        if note is not None:
            taken[column] = note


def to_title_beside(
    entity: EntityDef, nameless: Sequence[int], cells: Mapping[int, Sequence[Cell]],
    taken: dict[int, Place],
) -> None:  # fmt: skip
    """A column without a heading, right of the one of the names, holds the names where that one
    only heads groups: reports step them in by a column."""
    for column in nameless:
        spot = taken.get(column - 1)
        if column in taken or spot is None or spot.group:
            continue
        if spot.field.key != entity.title_field:
            continue
        pairs = list(zip(cells[column - 1], cells[column], strict=True))
        filled = [here for before, here in pairs if is_blank(before) and isinstance(here, str)]
        both = sum(not is_blank(before) and not is_blank(here) for before, here in pairs)
        if filled and not both and len(filled) >= _LEAST_BESIDE * len(pairs):
            taken[column] = spot
