"""Columns of an export: what they are called, how a value becomes a cell.

An export that is looked at shows what the list shows; one that is brought in again holds every
field as it is kept. In JSON names and choices are keys, elsewhere the words of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm_desktop.i18n import _, language
from crm_desktop.models.amounts import Amounts
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    ContactField,
    DurationField,
    LinkField,
    MoneyField,
    MultiChoiceField,
    PhoneField,
    RecordField,
    YearlyField,
)
from crm_desktop.services.importing.places import IDENTITY, place
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.titles import Title

Names = dict[Ref, Title]
Show = Callable[[Any], Cell]
_BETWEEN = (",", ";")  # what divides several choices in one cell


@dataclass(frozen=True)
class Column:
    """One column of a file: its header and what it takes from a record's values by key."""

    header: str
    kind: str
    value: Callable[[int, dict[str, Any], Names], Cell]


def kind_of(f: Field) -> str:
    """How a workbook shows the column: `money`, with the currency where each row names its own."""
    if not isinstance(f, MoneyField):
        return ""
    return f"money {f.currency}" if f.currency_field else "money"


def shown(f: Field) -> Show:
    """What turns a value into the cell of a file that people look at."""
    if isinstance(f, MultiChoiceField | ChoiceField | PhoneField | ContactField | YearlyField):
        return lambda value: f.format(value, language())
    if isinstance(f, MoneyField) and f.currency_field:
        return lambda value: f.format(value, language()) if isinstance(value, Amounts) else value
    return plain(f)


def plain(f: Field) -> Show:
    """What turns a value into a cell that is read back to the same value."""
    if isinstance(f, MultiChoiceField):
        return _several(f)
    if isinstance(f, ChoiceField):
        return lambda value: f.format(value, language())
    if isinstance(f, YearlyField):
        return lambda value: str(f.plain(value))
    if isinstance(f, DurationField):
        return lambda value: timedelta(seconds=value)
    if isinstance(f, MoneyField):
        return Decimal
    return lambda value: value


def _several(f: MultiChoiceField) -> Show:
    labels = [_(choice.label) for choice in f.choices]
    by_label = not any(sign in label for sign in _BETWEEN for label in labels)
    return lambda keys: f.format(keys, language()) if by_label else ",".join(keys)


def record_columns(catalogue: Catalogue, entity: EntityDef, *, as_json: bool) -> list[Column]:
    """Everything a record holds: its number, every field, links as names and numbers."""
    columns = [Column(_called(catalogue, entity, IDENTITY.key, as_json), "", _own_number)]
    for f in entity.fields:
        header = _called(catalogue, entity, f.key, as_json)
        if isinstance(f, LinkField | RecordField):
            number = _called(catalogue, entity, f"{f.key}.{IDENTITY.key}", as_json)
            columns.append(Column(header, "", _name_of(catalogue, f, as_json)))
            columns.append(Column(number, "", _number_of(f)))
        else:
            kind = "money" if isinstance(f, MoneyField) else kind_of(f)
            columns.append(Column(header, kind, _value_of(f, as_json)))
    return columns


def _called(catalogue: Catalogue, entity: EntityDef, path: str, as_json: bool) -> str:
    """The label; the key where another field has the same label."""
    if as_json:
        return path
    label = place(catalogue, entity, path).label()
    same = [f for f in entity.fields if _(f.label) == label]
    return path if len(same) > 1 else label


def _own_number(id_: int, _values: dict[str, Any], _names: Names) -> Cell:
    return id_


def _value_of(f: Field, as_json: bool) -> Callable[[int, dict[str, Any], Names], Cell]:
    key, show = f.key, _keys(f) if as_json and isinstance(f, ChoiceField) else plain(f)

    def value(_id: int, values: dict[str, Any], _names: Names) -> Cell:
        found = values.get(key)
        return None if found is None or found == () else show(found)

    return value


def _keys(f: ChoiceField) -> Show:
    return (lambda keys: ",".join(keys)) if isinstance(f, MultiChoiceField) else str


def ref_of(f: Field, value: Any) -> Ref | None:
    """The record that a link leads to."""
    if value is None:
        return None
    return Ref(f.target, value) if isinstance(f, LinkField) else value


def _name_of(
    catalogue: Catalogue, f: Field, as_json: bool
) -> Callable[[int, dict[str, Any], Names], Cell]:
    def value(_id: int, values: dict[str, Any], names: Names) -> Cell:
        ref = ref_of(f, values.get(f.key))
        title = names.get(ref) if ref is not None else None
        if ref is None or title is None:
            return None
        if isinstance(f, LinkField):
            return title.text
        entity = catalogue[ref.entity]
        return f"{entity.key if as_json else _(entity.label)}: {title.text}"

    return value


def _number_of(f: Field) -> Callable[[int, dict[str, Any], Names], Cell]:
    def value(_id: int, values: dict[str, Any], _names: Names) -> Cell:
        ref = ref_of(f, values.get(f.key))
        return None if ref is None else ref.id

    return value


def links_of(entity: EntityDef) -> Sequence[Field]:
    """The fields that lead to other records."""
    return [f for f in entity.fields if isinstance(f, LinkField | RecordField)]
