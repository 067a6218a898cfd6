"""The targets of a mapping, each field once, and the columns of a file by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.mapping import Target
from crm_desktop.services.importing.places import place


def merged(catalogue: Catalogue, entity: EntityDef, targets: Sequence[Target]) -> Iterator[Target]:
    """Several targets of the same field become one of several columns."""
    merged: dict[tuple[str, ...], Target] = {}
    for target in targets:
        paths = tuple(place(catalogue, entity, path).path for path in target.fields)
        known = merged.get(paths)
        if known is None:
            long = isinstance(place(catalogue, entity, paths[0]).field, LongTextField)
            join = "\n" if long and target.join == " " else target.join
            merged[paths] = replace(target, fields=paths, join=join)
        else:
            columns = tuple(dict.fromkeys((*known.columns, *target.columns)))
            merged[paths] = replace(known, columns=columns, default=known.default or target.default)
    yield from merged.values()


def column_places(header: Sequence[str]) -> dict[str, int]:
    """Columns by name; a name in its normal form only where no other column has it."""
    found = {norm(name): place for place, name in reversed(list(enumerate(header)))}
    found.update((name, place) for place, name in reversed(list(enumerate(header))))
    return found
