"""What kind of client a new record is, where its row does not say so (trait `ToldKind`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.file_traits import ToldKind
from crm_desktop.models.text.kinds import told_kind


def tell_kind(entity: EntityDef, values: dict[str, Any]) -> None:
    """Puts it among the values of a new record, if something tells."""
    trait = entity.trait(ToldKind)
    if trait is None or values.get(trait.field):
        return
    names = [str(values.get(name) or "") for name in trait.names]
    kind = told_kind(names, str(values.get(trait.number) or ""))
    if kind is not None:
        values[trait.field] = kind


def tell_kinds(entity: EntityDef, columns: dict[str, Sequence[Any]], count: int) -> None:
    """The same of so many new records by columns."""
    trait = entity.trait(ToldKind)
    if trait is None:
        return
    nothing: Sequence[Any] = [None] * count
    given = columns.get(trait.field, nothing)
    names = [columns.get(name, nothing) for name in trait.names]
    numbers = columns.get(trait.number, nothing)
    rows = zip(given, numbers, zip(*names, strict=True), strict=True)
    columns[trait.field] = [
        kind or told_kind(filter(None, said), number or "") for kind, number, said in rows
    ]


def kind_of(entity: EntityDef, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the kind, for a record of which there is a name and no more."""
    told = dict(values)
    tell_kind(entity, told)
    return told
