"""The currencies of amounts: where they are read, and how totals are kept apart by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.amounts import WrittenAmount, code_of
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, MoneyField
from crm_desktop.services.paths import Scope

if TYPE_CHECKING:
    from crm_desktop.services.writing.batch import Batch, Staged

Named = Mapping[int, Any]
"""The currency of records by their ids, as their choice holds it."""


class Unit(NamedTuple):
    """An amount of an object, its field that is read for the currency, and, where that is a link,
    the field of the record it leads to."""

    amount: MoneyField
    own: Field
    theirs: str


def units_of(entity: EntityDef, keys: Iterable[str]) -> list[Unit]:
    """Those of the fields that are amounts in a currency which the records name."""
    found = []
    for key in keys:
        own, _dot, theirs = entity.currencies.get(key, "").partition(".")
        f = entity.field(key) if own else None
        if isinstance(f, MoneyField):
            found.append(Unit(f, entity.field(own), theirs))
    return found


def give_currencies(
    units: Sequence[Unit],
    rows: Iterable[dict[str, Any]],
    look: Callable[[LinkField, str, set[int]], Named],
) -> None:
    """Makes `Amount`s of the amounts in rows by field key; `look` reads what links lead to."""
    rows = list(rows)
    known: dict[tuple[str, str], Named] = {}
    for unit in units:
        own, theirs = unit.own, (unit.own.key, unit.theirs)
        if isinstance(own, LinkField) and theirs not in known:
            known[theirs] = look(own, unit.theirs, {row[own.key] for row in rows if row[own.key]})
        for row in rows:
            named = row[own.key]
            if unit.theirs:
                named = known[theirs].get(named)
            row[unit.amount.key] = unit.amount.in_currency(row[unit.amount.key], named)


def in_own_currency(entity: EntityDef, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a whole record with the currency that they name themselves."""
    found = dict(values)
    for unit in units_of(entity, [key for key in entity.currencies if found.get(key) is not None]):
        if not unit.theirs:
            amount = unit.amount
            found[amount.key] = amount.in_currency(found[amount.key], found.get(unit.own.key))
    return found


@dataclass(frozen=True)
class CurrencyColumn:
    """The column of the currency in a statement over `scope`, and what it has to be joined to."""

    column: sa.ColumnElement[Any]
    join: tuple[sa.FromClause, sa.ColumnElement[bool]] | None = None

    def joined(self, source: sa.FromClause) -> sa.FromClause:
        """The source of rows with what the column needs."""
        return source if self.join is None else source.outerjoin(*self.join)


def currency_column(scope: Scope, f: Field) -> CurrencyColumn | None:
    """Where the currency of an amount stands; None for what has none of its own."""
    if not f.currency_field:
        return None
    own, _dot, theirs = f.currency_field.partition(".")
    link = scope.entity.field(own)
    if not isinstance(link, LinkField):
        return CurrencyColumn(scope.column(link))
    target = Scope(scope.tables, scope.tables.catalogue[link.target], aliased=True)
    column = target.column(target.entity.field(theirs))
    return CurrencyColumn(column, (target.main, target.id == scope.column(link)))


def settle_currencies(batch: Batch, staged: Staged, given: Iterable[str]) -> None:
    """What was written with a sign has to be in the currency of its record; where the record names
    none yet, the sign says it. `InvalidInput` if they differ."""
    values = staged.after or {}
    keys = [key for key in given if isinstance(values.get(key), WrittenAmount)]
    for unit in units_of(staged.entity, keys):
        f, written = unit.amount, values[unit.amount.key]
        batch.put(staged, f.key, Decimal(written))
        kept = code_of(named) if (named := _named(batch, staged, unit, written)) else f.currency
        if kept != written.currency:
            raise InvalidInput(
                _("{field}: the amount is kept in {currency}, not in {other}").format(
                    field=_(f.label), currency=kept, other=written.currency
                ),
                field=f.key,
            )


def _named(batch: Batch, staged: Staged, unit: Unit, written: WrittenAmount) -> str | None:
    """What the record names as its currency, from now on if it named none."""
    own, values = unit.own, staged.after or {}
    if isinstance(own, LinkField):
        owner = values.get(own.key)
        there = batch.row(batch.catalogue[own.target], owner) if owner is not None else None
        return (there.after or {}).get(unit.theirs) if there is not None else None
    if values.get(own.key) is None and isinstance(own, ChoiceField):
        codes = (one.key for one in own.choices if code_of(one.key) == written.currency)
        batch.put(staged, own.key, next(codes, None))
    return values.get(own.key)
