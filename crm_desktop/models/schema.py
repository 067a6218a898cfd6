"""From the catalogue to tables: one table an object, a side table for user-made fields.

`Tables` is rebuilt whenever the catalogue changes. `encode` and `decode` turn a field's value
into its columns and back; nothing else knows that a record link is two columns or that a text
has a key beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.types import Money, Scaled, UtcDateTime, YesNo
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    DateField,
    LinkField,
    LongTextField,
    MoneyField,
    RecordField,
    TextField,
)
from crm_desktop.models.system.tables import define_system
from crm_desktop.models.text.annual import month_day
from crm_desktop.models.text.normalise import sort_key

KEY = 64  # letters of a sort key
SCHEMA_VERSION = 12

_STORAGE: dict[str, Callable[[Any], sa.types.TypeEngine[Any]]] = {
    "text": lambda f: sa.String(f.length),
    "long": lambda f: sa.String(LongTextField.HEAD),
    "integer": lambda f: sa.BigInteger(),
    "decimal": lambda f: Money() if isinstance(f, MoneyField) else Scaled(f.places),
    "bool": lambda f: YesNo(),
    "date": lambda f: sa.Date(),
    "datetime": lambda f: UtcDateTime(),
    "choice": lambda f: sa.String(30),
    "multi": lambda f: sa.String(500),
    "link": lambda f: sa.BigInteger(),
    "yearly": lambda f: sa.Integer(),
}


def column_names(f: Field) -> tuple[str, ...]:
    """The physical columns of a field, its value first."""
    if f.storage == "record":
        return (f.name + "_id", f.name + "_ent")
    if is_yearly(f):
        return (f.name, day_column(f))
    return (f.name, f.name + "_key") if f.keyed else (f.name,)


def is_yearly(f: Field) -> bool:
    """Whether a twin with month and day is kept beside the date."""
    return isinstance(f, DateField) and f.yearly


def day_column(f: Field) -> str:
    """The physical column of that twin."""
    return f.name + "_md"


def sort_column(f: Field) -> str:
    """The physical column by which the field sorts and is compared."""
    return f.name + "_key" if f.keyed else column_names(f)[0]


def _columns(f: Field) -> Iterator[sa.Column[Any]]:
    if isinstance(f, RecordField):
        yield sa.Column(f.name + "_id", sa.BigInteger)
        yield sa.Column(f.name + "_ent", sa.SmallInteger)
        return
    flag = f.storage == "bool"  # a default, for the column may be added to a table with rows
    no = sa.text("0") if flag else None
    yield sa.Column(f.name, _STORAGE[f.storage](f), nullable=not flag, server_default=no)
    if f.keyed:
        yield sa.Column(f.name + "_key", sa.String(KEY), nullable=False, server_default="")
    if is_yearly(f):
        yield sa.Column(day_column(f), sa.SmallInteger)


@dataclass(frozen=True)
class IndexPlan:
    """An index to make on a table; `both_ways` where an order must be walked back as well;
    `covering`: of use only where an index answers without its table."""

    name: str
    table: str
    columns: tuple[str, ...]
    both_ways: bool
    covering: bool = False


class Tables:
    """The tables of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.metadata = sa.MetaData()
        define_system(self.metadata)
        self.main: dict[str, sa.Table] = {}
        self.side: dict[str, sa.Table] = {}
        for entity in catalogue:
            self._define(entity)

    def _define(self, entity: EntityDef) -> None:
        own = [c for f in entity.fields if not f.extra for c in _columns(f)]
        self.main[entity.key] = sa.Table(
            entity.table_name,
            self.metadata,
            sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("created_at", UtcDateTime, nullable=False),
            sa.Column("created_by", sa.BigInteger),
            sa.Column("updated_at", UtcDateTime, nullable=False),
            sa.Column("updated_by", sa.BigInteger),
            *own,
        )
        extra = [c for f in entity.fields if f.extra for c in _columns(f)]
        if extra:
            self.side[entity.key] = sa.Table(
                side_name(entity),
                self.metadata,
                sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
                *extra,
            )

    def system(self, name: str) -> sa.Table:
        """A fixed table by name."""
        return self.metadata.tables[name]

    def table_of(self, entity: EntityDef, f: Field) -> sa.Table:
        """The table that holds the field."""
        return self.side[entity.key] if f.extra else self.main[entity.key]

    def column(self, entity: EntityDef, f: Field) -> sa.Column[Any]:
        """The column of the field's value."""
        return self.table_of(entity, f).c[column_names(f)[0]]

    def order_column(self, entity: EntityDef, f: Field) -> sa.Column[Any]:
        """The column by which the field sorts and is compared."""
        return self.table_of(entity, f).c[sort_column(f)]

    def indexes(self, entity: EntityDef) -> list[IndexPlan]:
        """Every index of the object's tables."""
        return [plan for f in entity.fields for plan in index_plans(entity, f)]


def side_name(entity: EntityDef) -> str:
    """The physical name of the table of user-made fields."""
    return entity.table_name + "_x"


def index_plans(entity: EntityDef, f: Field) -> Iterator[IndexPlan]:
    """The indexes of one field: an order for values that sort, value + title for those that
    narrow a list, so that a filtered list is still read in the order of its titles."""
    if not f.indexed and f.key != entity.title_field:
        return
    table = side_name(entity) if f.extra else entity.table_name
    name = f"ix_{table}_{f.name}"
    if isinstance(f, RecordField):
        further = (sort_column(entity.field(f.then)), "id") if f.then else ()
        yield IndexPlan(name, table, (f.name + "_id", *further), bool(f.then))
    elif f.storage in ("link", "choice") and not f.extra:
        title = sort_column(entity.title)
        yield IndexPlan(name, table, (f.name, title, "id"), False)
    else:
        yield IndexPlan(name, table, (sort_column(f), "id"), True)
    if is_yearly(f):
        yield IndexPlan(name + "_md", table, (day_column(f), "id"), False)
    if f.counted_by:
        columns = (column_names(entity.field(key))[0] for key in (f.key, *f.counted_by))
        yield IndexPlan(name + "_n", table, (*columns, "id"), False, covering=True)


def encode(catalogue: Catalogue, f: Field, value: Any) -> tuple[Any, ...]:
    """The values of the field's columns, in the order of `column_names`."""
    if isinstance(f, RecordField):
        return (value.id, catalogue[value.entity].number) if value else (None, None)
    if isinstance(f, TextField):
        return (value, sort_key(value) if value else "")
    if is_yearly(f):
        return (value, month_day(value) if value else None)
    if isinstance(f, LongTextField):
        return (value[: LongTextField.HEAD] if value else None,)
    if f.storage == "multi":
        return ("," + ",".join(value) + "," if value else None,)
    if f.storage == "bool":
        return (bool(value),)
    return (value,)


def decode(catalogue: Catalogue, f: Field, raw: Sequence[Any]) -> Any:
    """The field's value from its columns; a long text may be only its beginning."""
    value = raw[0]
    if f.storage == "record":
        return Ref(catalogue.numbered(raw[1]).key, value) if value is not None else None
    if f.storage == "multi":
        return tuple(value.strip(",").split(",")) if value else None
    return value


def read_columns(f: Field) -> tuple[str, ...]:
    """The physical columns that `decode` needs."""
    return column_names(f) if f.storage == "record" else column_names(f)[:1]


def link_target(f: Field) -> str:
    """The key of the object a link field points to; '' for other fields."""
    return f.target if isinstance(f, LinkField) else ""


def plain_values(entity: EntityDef, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field key as JSON holds them; empty ones left out."""
    encoded = entity.encoded
    return {
        key: encoded[key](value) if key in encoded else value
        for key, value in values.items()
        if value is not None and value is not False
    }
