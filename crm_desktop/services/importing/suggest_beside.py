"""Columns of what stands beside a record without a name of its own: details, accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from crm_desktop.models.catalogue.fieldtypes import TextField
from crm_desktop.models.catalogue.file_traits import Beside
from crm_desktop.services.importing.convert import cell_text
from crm_desktop.services.importing.places import Place
from crm_desktop.services.importing.readers.base import Cell, is_blank

_INN_KPP = re.compile(r"\s*(?:\d{10}|\d{12})\s*/\s*\d{4}[\dA-Z]{2}\d{3}\s*")


def beside_of(spot: Place) -> Beside | None:
    """The trait of a place in such a record; None for any other."""
    return spot.entity.trait(Beside) if spot.group and not spot.forward else None


def beside_names(spot: Place, names: set[str], plain: Callable[[str], str]) -> set[str]:
    """What a column of the field may be called. Keys of fields, such as `account`, are words of the
    program: people call other things so."""
    if beside_of(spot) is None or spot.field.key in spot.field.synonyms:
        return names
    return names - ({plain(spot.field.key)} - {plain(spot.field.label)})


def second_numbers(
    cells: Mapping[int, Sequence[Cell]], taken: Mapping[int, Place], spots: Sequence[Place]
) -> dict[int, Place]:
    """Where the second number of a column goes that holds two, unless a column of its own does."""
    paths = {spot.path for spot in taken.values()}
    found = {at: _two_numbers(spot, cells[at], spots) for at, spot in taken.items()}
    return {at: one for at, one in found.items() if one is not None and one.path not in paths}


def _two_numbers(spot: Place, cells: Sequence[Cell], spots: Sequence[Place]) -> Place | None:
    """The place of the second number of a column that holds two, `INN/KPP`; None for one."""
    called = {spot.field.key, *spot.field.synonyms}
    if spot.group or not isinstance(spot.field, TextField) or called.isdisjoint(("inn", "инн")):
        return None
    filled = [cell_text(cell) for cell in cells if not is_blank(cell)]
    if not any(_INN_KPP.fullmatch(text) for text in filled):
        return None
    kpp = (s for s in spots if isinstance(s.field, TextField) and s.field.valid_as == "kpp")
    return next((s for s in kpp if beside_of(s) is not None), None)
