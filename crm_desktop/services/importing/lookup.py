"""Finds records by the values of a whole block of rows: one statement for a thousand values.

Texts are compared in their normal form, telephones and e-mail addresses with all contacts of a
record, not only the main one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Book, Mirror
from crm_desktop.models.schema import KEY, Tables
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.paths import Scope
from crm_desktop.services.reader import evened, parts_of

WHOLE_KEY = 2000
Found = dict[Any, list[int]]


def match_key(f: Field, value: Any) -> Any:
    """What two values of the field that mean the same have in common."""
    return sort_key(value, WHOLE_KEY) if type(value) is str and f.keyed else value


class Lookup:
    """Bulk searches in one base; what cannot be asked of an index is read once and remembered."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._tables = tables
        self._catalogue = tables.catalogue
        self._statements: dict[tuple[str, str, str], sa.Select[Any]] = {}
        self._whole: dict[tuple[str, str], Found] = {}

    def by_title(
        self, connection: sa.Connection, entity: EntityDef, keys: Iterable[str], book: str = ""
    ) -> Found:
        """The ids of records by the keys of their titles; `book` narrows reference values."""
        return self._ask(connection, entity, entity.title, keys, book)

    def by_field(
        self, connection: sa.Connection, entity: EntityDef, f: Field, keys: Iterable[Any]
    ) -> Found:
        """The ids of records by the keys of a field's values, the oldest record first."""
        if f.indexed or f.key == entity.title_field:
            return self._ask(connection, entity, f, keys, "")
        known = self._whole.get((entity.key, f.key))
        if known is None:
            known = self._whole[entity.key, f.key] = self._read_whole(connection, entity, f)
        return {key: known[key] for key in keys if key in known}

    def learn(self, entity: EntityDef, f: Field, key: Any, id_: int) -> None:
        """A record was made or changed: also fields that were read once must know it."""
        known = self._whole.get((entity.key, f.key))
        if known is not None and id_ not in known[key]:
            known[key].append(id_)

    def by_contact(
        self, connection: sa.Connection, entity: EntityDef, mirror: Mirror, keys: Iterable[Any]
    ) -> Found:
        """The ids of the owners of numbers and addresses."""
        child = self._catalogue[mirror.child]
        value, owner = child.field(mirror.value), child.field(mirror.owner)
        table = self._tables.main[child.key]
        key_column = self._tables.order_column(child, value)
        owner_column = self._tables.column(child, owner)
        wanted = sa.select(owner_column, key_column, self._tables.column(child, value)).order_by(
            table.c.id
        )
        if isinstance(owner, RecordField):
            wanted = wanted.where(table.c[owner.name + "_ent"] == entity.number)
        wanted = wanted.where(key_column.in_(sa.bindparam("keys", expanding=True)))
        return self._collect(connection, wanted, value, keys)

    def parts(
        self, connection: sa.Connection, entity: EntityDef, ids: Sequence[int],
        link: LinkField, whole: int,
    ) -> tuple[int, ...]:  # fmt: skip
        """Those of the records that belong to a whole by `link`."""
        own, column = self._tables.main[entity.key].c.id, self._tables.column(entity, link)
        found = connection.execute(sa.select(own).where(own.in_(ids), column == whole)).scalars()
        return tuple(found)

    # --- how --------------------------------------------------------------------------------------

    def _ask(
        self, connection: sa.Connection, entity: EntityDef, f: Field, keys: Iterable[Any], book: str
    ) -> Found:
        name = (entity.key, f.key, book)
        statement = self._statements.get(name)
        if statement is None:
            statement = self._statements[name] = self._statement(entity, f, book)
        return self._collect(connection, statement, f, keys)

    def _statement(self, entity: EntityDef, f: Field, book: str) -> sa.Select[Any]:
        scope = Scope(self._tables, entity)
        key = scope.key(f)
        wanted = sa.select(scope.id, key, scope.column(f))
        trait = entity.trait(Book)
        if book and trait is not None:
            wanted = wanted.where(scope.column(entity.field(trait.field)) == book)
        wanted = wanted.where(key.in_(sa.bindparam("keys", expanding=True)))
        return wanted.select_from(scope.source()).order_by(scope.id)

    def _collect(
        self, connection: sa.Connection, statement: sa.Select[Any], f: Field, keys: Iterable[Any]
    ) -> Found:
        wanted = set(keys)
        short = {key[:KEY].rstrip() for key in wanted} if f.keyed else wanted
        found: Found = defaultdict(list)
        for part in parts_of(short):
            for id_, key, value in connection.execute(statement, {"keys": evened(part)}):
                whole = match_key(f, value) if f.keyed and len(key) >= KEY - 1 else key
                if whole in wanted and id_ is not None and id_ not in found[whole]:
                    found[whole].append(id_)
        return {key: ids for key, ids in found.items() if ids}

    def _read_whole(self, connection: sa.Connection, entity: EntityDef, f: Field) -> Found:
        scope = Scope(self._tables, entity)
        column = scope.column(f)
        wanted = sa.select(scope.id, column).select_from(scope.source()).order_by(scope.id)
        found: Found = defaultdict(list)
        for id_, value in connection.execute(wanted):
            if value is not None and value != "":
                found[match_key(f, value)].append(id_)
        return found
