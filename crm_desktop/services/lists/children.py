"""Columns over children: how many records point to a record, their sum, least, greatest, last.

A column of a `Query` is a path or one of these, with an optional condition as JSON:

    count(activity.about)
    count(activity.about, {"kind": "call"})
    sum(deal.client).amount             also min, max
    last(activity.about).moment         of the record that was last by its day

In front of the bracket stands the function, inside it the object and its link that points here,
behind it the field. Values are read for the rows of a page, by one grouped query a column.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.amounts import code_of, gathered
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import CREATED, EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateTimeField,
    IntegerField,
    LinkField,
    LongTextField,
    MoneyField,
    RecordField,
)
from crm_desktop.models.query import (
    OPERATORS,
    PERIODS,
    Group,
    Where,
    where_from_json,
    where_to_json,
)
from crm_desktop.models.schema import Tables, column_names, decode, read_columns
from crm_desktop.services.conditions.sql import Compiler
from crm_desktop.services.money.currencies import currency_column
from crm_desktop.services.paths import Path, Scope, any_field, find_path
from crm_desktop.services.reader import parts_of

MOST_SORTED = 50_000
"""Rows up to which a list is sorted by such a column: each row asks for its children."""

FUNCTIONS = ("count", "sum", "min", "max", "last")
_LABELS = {
    "count": N_("{records}: number"),
    "sum": N_("{records}: {field}, total"),
    "min": N_("{records}: {field}, least"),
    "max": N_("{records}: {field}, greatest"),
    "last": N_("{records}: {field}, last"),
}
_SHORT = {
    "count": N_("How many"),
    "sum": N_("{field}, total"),
    "min": N_("{field}, least"),
    "max": N_("{field}, greatest"),
    "last": N_("{field}, last"),
}
_SHAPE = re.compile(r"(\w+)\(\s*(\w+)\.(\w+)\s*(?:,\s*(.*))?\)(?:\.(\w+))?", re.DOTALL)


@dataclass(frozen=True)
class ChildPath(Path):
    """A column over children. `field` says how its values behave, `of` is the children's field
    that is read (None: they are counted), `where` which of them count."""

    function: str = "count"
    link: Link | None = None
    of: Field | None = None
    where: Where | None = None

    @property
    def child(self) -> Link:
        """The link by which the children point here."""
        assert self.link is not None
        return self.link

    @property
    def sortable(self) -> bool:
        """Whether a list is sorted by it."""
        kinds = (LinkField, RecordField, LongTextField)
        return self.field.sortable and not isinstance(self.of, kinds)

    @property
    def short(self) -> str:
        """Its name under a heading that says whose children."""
        label = _(self.of.label) if self.of is not None else ""
        return _(_SHORT[self.function]).format(field=label)


def is_child_column(text: str) -> bool:
    """Whether a column is one over children."""
    return "(" in text


def column_path(catalogue: Catalogue, entity: EntityDef, text: str) -> Path:
    """What a column shows: a field, also over links, or something about children.

    NotFound or InvalidInput says what is wrong with it.
    """
    if not is_child_column(text):
        return find_path(catalogue, entity, text)
    found = _SHAPE.fullmatch(text.strip())
    if found is None or found[1] not in FUNCTIONS:
        raise InvalidInput(
            _("“{column}” is no column. Over children: {known}").format(
                column=text[:60],
                known="count(object.link), sum(object.link).field, last(object.link).field",
            )
        )
    function, child, key, condition, name = found.groups()
    link = _link(catalogue, entity, child, key)
    of = None if function == "count" else _field(catalogue, link.entity, function, name)
    where = _where(condition)
    label = _(_LABELS[function]).format(
        records=_(link.label), field=_(of.label) if of is not None else ""
    )
    if where is not None:
        label = f"{label} ({', '.join(_words(catalogue, link.entity, where))})"
    return ChildPath(text, (), entity, _shown(of, text, label), function, link, of, where)


def child_column(function: str, link: Link, of: str = "", where: Where | None = None) -> str:
    """The text of a column, as `column_path` reads it."""
    inside = f"{link.entity.key}.{link.field.key}"
    if where is not None:
        plain = json.dumps(where_to_json(where), ensure_ascii=False, separators=(",", ":"))
        inside = f"{inside}, {plain}"
    return f"{function}({inside})" + (f".{of}" if of else "")


def offered_columns(catalogue: Catalogue, entity: EntityDef, link: Link) -> Iterator[str]:
    """The columns over the children of one link that make sense: texts for `column_path`."""
    yield child_column("count", link)
    when = last_by(link.entity)
    yield child_column("last", link, when.key)
    for f in link.entity.fields:
        if f.key in (when.key, link.field.key) or f.section == "-":
            continue
        if f.storage not in ("bool", "multi"):
            yield child_column("last", link, f.key)
        if "sum" in f.aggregates:
            yield from (child_column(function, link, f.key) for function in ("sum", "min", "max"))


def last_by(entity: EntityDef) -> Field:
    """The day by which children are the last: their own where every one has it, else their
    making."""
    days = [f for f in entity.fields if f.storage in ("date", "datetime") and not f.readonly]
    return next((f for f in days if f.required), DateTimeField("created_at", CREATED))


def _link(catalogue: Catalogue, entity: EntityDef, child: str, key: str) -> Link:
    for link in catalogue.links_to(entity):
        if link.entity.key in (child, f"x_{child}") and link.field.key == key:
            return link
    known = ", ".join(f"{link.entity.key}.{link.field.key}" for link in catalogue.links_to(entity))
    raise NotFound(
        _("No records point to {object} by “{name}”. Known: {known}").format(
            object=_(entity.label), name=f"{child}.{key}", known=known or "—"
        )
    )


def _field(catalogue: Catalogue, entity: EntityDef, function: str, name: str | None) -> Field:
    if not name:
        raise InvalidInput(
            _("{function}() needs a field: {function}(object.link).field").format(function=function)
        )
    f = any_field(catalogue, entity, name)
    if function != "last" and function not in f.aggregates:
        raise InvalidInput(
            _("“{field}” has no total of the kind “{name}”. Possible: {known}").format(
                field=_(f.label), name=function, known=", ".join(f.aggregates)
            )
        )
    return f


def _where(text: str | None) -> Where | None:
    if not text:
        return None
    try:
        return where_from_json(json.loads(text))
    except (ValueError, RecursionError):
        raise InvalidInput(
            _("The condition “{text}” of a column is not JSON").format(text=text[:60])
        ) from None


def _words(catalogue: Catalogue, entity: EntityDef, where: Where) -> Iterator[str]:
    """A condition in so few words that they fit a heading: its values, as people read them."""
    if isinstance(where, Group):
        for item in where.items:
            yield from _words(catalogue, entity, item)
        return
    f = find_path(catalogue, entity, where.path).field
    given = where.value if isinstance(where.value, tuple) else (where.value,)
    for value in given:
        choice = f.choice(value) if isinstance(f, ChoiceField) and isinstance(value, str) else None
        if choice is not None:
            yield _(choice.label)
        elif isinstance(value, str | int | float):
            yield _(PERIODS.get(str(value), str(value)))
        else:
            yield f"{_(f.label)} {_(OPERATORS[where.op])}"


def _shown(of: Field | None, text: str, label: str) -> Field:
    if of is None:
        return IntegerField(text, label, readonly=True)
    return dataclasses.replace(
        of, key=text, label=label, column=of.name, required=False, indexed=False, readonly=True
    )


_FOLDS: dict[str, Callable[[tuple[Decimal, Decimal]], Decimal]] = {
    "sum": lambda both: both[0] + both[1], "min": min, "max": max, "last": max,
}  # fmt: skip
"""How two figures in one currency become one: what names no currency is in the base's."""


class ChildColumns:
    """Reads and sorts by columns over children, for one person at one moment."""

    def __init__(self, backend: Backend, tables: Tables, compiler: Compiler) -> None:
        self._backend = backend
        self._tables = tables
        self._compiler = compiler
        self._statements: dict[ChildPath, sa.Select[Any]] = {}

    # --- the values of a page ---------------------------------------------------------------------

    def values(
        self, connection: sa.Connection, path: ChildPath, ids: Sequence[int]
    ) -> dict[int, Any]:
        """The value of each record that has one; a number is there for every record."""
        found: dict[int, Any] = dict.fromkeys(ids, 0) if path.of is None else {}
        statement = self._statements.get(path)
        if statement is None:
            statement = self._statements[path] = self._statement(path)
        for part in parts_of(ids):
            rows = connection.execute(statement, {"ids": part}).all()
            if isinstance(path.of, MoneyField) and path.of.currency_field:
                found |= self._in_currencies(path, path.of, rows)
                continue
            for row in rows:
                found[row[0]] = self._value(path, row[1:])
        return found

    def _value(self, path: ChildPath, raw: Sequence[Any]) -> Any:
        if path.function != "last" or path.of is None:
            return raw[0]
        return decode(self._tables.catalogue, path.of, raw)

    @staticmethod
    def _in_currencies(
        path: ChildPath, of: MoneyField, rows: Sequence[Sequence[Any]]
    ) -> dict[int, Any]:
        """Amounts by record: one of each currency, which is the last of a row."""
        found: dict[int, dict[str, Decimal]] = {}
        for owner, value, named in rows:
            if value is not None:
                apart = found.setdefault(owner, {})
                code = code_of(named) if named else of.currency
                known = apart.get(code)
                apart[code] = value if known is None else _FOLDS[path.function]((known, value))
        added = path.function == "sum"
        return {owner: gathered(apart, of.currency, added=added) for owner, apart in found.items()}

    def _statement(self, path: ChildPath) -> sa.Select[Any]:
        scope = Scope(self._tables, path.child.entity, aliased=True)
        owner = _owner(scope, path.child)
        conditions = [*self._compiler.seen(scope), *self._compiler.compile(scope, path.where)]
        if path.function == "last":
            return self._last(scope, path, owner, conditions)
        value = self._aggregate(scope, path)
        unit = None if path.of is None else currency_column(scope, path.of)
        alone = not scope.side_used and (unit is None or unit.join is None)
        among = self._backend.among(owner, alone=alone)
        if unit is None:
            wanted = sa.select(owner, value).select_from(scope.source())
            return wanted.where(among, *conditions).group_by(owner)
        apart = sa.select(owner, value, unit.column).select_from(unit.joined(scope.source()))
        return apart.where(among, *conditions).group_by(owner, unit.column)

    def _last(
        self, scope: Scope, path: ChildPath, owner: sa.ColumnElement[Any], conditions: Sequence[Any]
    ) -> sa.Select[Any]:
        assert path.of is not None
        columns = [scope.named(path.of, name) for name in read_columns(path.of)]
        unit = currency_column(scope, path.of)
        columns += [unit.column] if unit is not None else []
        order = self._newest(scope)
        place = sa.func.row_number().over(partition_by=owner, order_by=order)
        among = self._backend.among(
            owner, alone=not scope.side_used and (unit is None or unit.join is None)
        )
        named = [column.label(f"v{n}") for n, column in enumerate(columns)]
        inner = sa.select(owner.label("owner"), *named, place.label("place"))
        source = scope.source() if unit is None else unit.joined(scope.source())
        rows = inner.select_from(source).where(among, *conditions).subquery()
        values = [rows.c[f"v{n}"] for n in range(len(columns))]
        return sa.select(rows.c.owner, *values).where(rows.c.place == 1)

    @staticmethod
    def _newest(scope: Scope) -> list[sa.ColumnElement[Any]]:
        when = last_by(scope.entity)
        return [scope.column(when).desc(), scope.id.desc()]

    @staticmethod
    def _aggregate(scope: Scope, path: ChildPath) -> sa.ColumnElement[Any]:
        if path.of is None:
            return sa.func.count()
        functions: dict[str, Callable[..., sa.ColumnElement[Any]]] = {
            "sum": sa.func.sum, "min": sa.func.min, "max": sa.func.max,
        }  # fmt: skip
        return functions[path.function](scope.column(path.of))

    # --- the order of a list ----------------------------------------------------------------------

    def order(self, scope: Scope, path: ChildPath) -> sa.ColumnElement[Any]:
        """The value as an expression of the list's own row, to sort by."""
        if not path.sortable:
            raise InvalidInput(
                _("A list cannot be sorted by “{field}”").format(field=path.field.label)
            )
        child = Scope(self._tables, path.child.entity, aliased=True)
        mine = _owner(child, path.child) == scope.main.c.id
        conditions = [*self._compiler.seen(child), *self._compiler.compile(child, path.where)]
        if path.function == "last":
            assert path.of is not None
            wanted = sa.select(child.key(path.of)).select_from(child.source())
            wanted = wanted.where(mine, *conditions).order_by(*self._newest(child))
            wanted = self._backend.limit(wanted, 1)
        else:
            wanted = sa.select(self._aggregate(child, path)).select_from(child.source())
            wanted = wanted.where(mine, *conditions)
        return wanted.correlate(scope.main).scalar_subquery()


def _owner(scope: Scope, link: Link) -> sa.ColumnElement[Any]:
    return scope.named(link.field, column_names(link.field)[0])
