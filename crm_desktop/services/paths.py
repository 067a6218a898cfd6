"""Paths over links, such as `responsible.name`: which field they lead to, and its column.

System columns (`id`, `created_at` ...) are fields like any other here, so that lists, conditions
and orders need no second way for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import (
    CREATED,
    SYSTEM_COLUMNS,
    UPDATED,
    EntityDef,
    Field,
)
from crm_desktop.models.catalogue.fieldtypes import (
    DateTimeField,
    IntegerField,
    LinkField,
    UserField,
)
from crm_desktop.models.schema import Tables, column_names, sort_column

LONGEST_PATH = 5


@dataclass(frozen=True)
class Path:
    """Where a path leads: over `links`, each a link field of its object, to `field` of `entity`."""

    text: str
    links: tuple[tuple[EntityDef, LinkField], ...]
    entity: EntityDef
    field: Field

    @property
    def rest(self) -> Path:
        """The same path from the record that the first link points to."""
        return Path(self.text, self.links[1:], self.entity, self.field)


def system_field(catalogue: Catalogue, key: str) -> Field | None:
    """A system column as a field; None for any other name."""
    if key not in SYSTEM_COLUMNS:
        return None
    if key in ("id", "version"):
        return IntegerField(key, N_("Record number") if key == "id" else N_("Version"))
    if key in ("created_at", "updated_at"):
        return DateTimeField(key, CREATED if key == "created_at" else UPDATED)
    label = N_("Created by") if key == "created_by" else N_("Changed by")
    return UserField(key, label, target=catalogue.staff().key)


def any_field(catalogue: Catalogue, entity: EntityDef, name: str) -> Field:
    """The field or system column a person means; NotFound names the known fields."""
    if entity.has(name):
        return entity.field(name)
    return system_field(catalogue, name) or catalogue.field(entity, name)


def find_path(catalogue: Catalogue, entity: EntityDef, text: str) -> Path:
    """Follows the path; NotFound or InvalidInput with a sentence if it leads nowhere."""
    parts = text.split(".")
    if len(parts) > LONGEST_PATH:
        raise InvalidInput(_("The path “{path}” is too long").format(path=text[:60]))
    links: list[tuple[EntityDef, LinkField]] = []
    for part in parts[:-1]:
        link = any_field(catalogue, entity, part.strip())
        if not isinstance(link, LinkField):
            raise InvalidInput(
                _("“{path}”: “{field}” is not a link to one kind of record").format(
                    path=text, field=_(link.label)
                )
            )
        links.append((entity, link))
        entity = catalogue[link.target]
    return Path(text, tuple(links), entity, any_field(catalogue, entity, parts[-1].strip()))


def quietened(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The same value in a form that no optimiser looks up in an index."""
    return sa.func.coalesce(column, column)


class Scope:
    """The rows of one object inside a statement: its table and, where asked for, the side table.

    `aliased`: under a name of their own, so that a statement can hold the object twice. `quiet`:
    compared without the help of indexes, where another index has to lead.
    """

    def __init__(
        self, tables: Tables, entity: EntityDef, *, aliased: bool = False, quiet: bool = False
    ) -> None:
        self.tables = tables
        self.quiet = quiet
        self.entity = entity
        self.side_used = False
        self.main: sa.FromClause = tables.main[entity.key]
        self._side: sa.FromClause | None = tables.side.get(entity.key)
        if aliased:
            self.main = self.main.alias()
            self._side = self._side.alias() if self._side is not None else None

    @property
    def id(self) -> sa.ColumnElement[int]:
        """The id of the record."""
        return self._heard(self.main.c.id)

    def named(self, f: Field, name: str) -> sa.ColumnElement[Any]:
        """One physical column of the field."""
        if not f.extra:
            return self._heard(self.main.c[name])
        assert self._side is not None
        self.side_used = True
        return self._heard(self._side.c[name])

    def _heard(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return quietened(column) if self.quiet else column

    def column(self, f: Field) -> sa.ColumnElement[Any]:
        """The column of the field's value."""
        return self.named(f, column_names(f)[0])

    def key(self, f: Field) -> sa.ColumnElement[Any]:
        """The column by which the field is compared and sorted."""
        return self.named(f, sort_column(f))

    def source(self) -> sa.FromClause:
        """What to select from; ask for it after all columns were named."""
        return self.main.outerjoin(*self.side_join()) if self.side_used else self.main

    def side_join(self) -> tuple[sa.FromClause, sa.ColumnElement[bool]]:
        """The side table and how it is joined."""
        assert self._side is not None
        return self._side, self._side.c.id == self.main.c.id
