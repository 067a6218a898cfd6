"""Constructor: adds objects and fields to the catalogue of an open base, tables and all.

Tables and columns are made in the transaction that writes the rows which make them known: a program
that dies meanwhile leaves neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import CUSTOM_PREFIX
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.overlay import (
    ADDS_TO,
    CustomRows,
    build_catalogue,
    choice_key,
    choice_to_json,
    custom_key,
)
from crm_desktop.models.catalogue.own_apart import APART, MOST_APART
from crm_desktop.models.catalogue.own_choices import CHANGES, is_label
from crm_desktop.models.schema import Tables
from crm_desktop.services.base_tables import index_statements
from crm_desktop.services.customisation.service import keep_field, keep_object, read_custom
from crm_desktop.services.rights.enforcement import statements_to_renew

FIRST_NUMBER = 100
MOST_OBJECTS = 1000


class Constructor:
    """Changes the catalogue of one base; `reload` makes the program take it over."""

    def __init__(self, backend: Backend, reload: Callable[[], None]) -> None:
        self._backend = backend
        self._reload = reload

    def add_object(self, definition: Mapping[str, Any]) -> list[EntityDef]:
        """A new object, with the child objects in its `children`; all of them or none.

        A child may leave out the link to its parent: it gets one named after the parent's key.
        `InvalidInput` says what does not fit; nothing is changed then.
        """
        if not isinstance(definition, Mapping):
            raise InvalidInput(_("An object is described by a JSON object"))
        custom = read_custom(self._backend)
        added = self._numbered(definition, custom)
        _refuse_known(added, custom)
        merged = CustomRows((*custom.objects, *added), custom.fields, custom.version + 1)
        catalogue = build_catalogue(merged)
        tables = Tables(catalogue)
        made = [catalogue.numbered(number) for number, _definition in added]

        def keep(connection: sa.Connection) -> None:
            for number, row in added:
                keep_object(self._backend, connection, number, row)

        self._backend.run_ddl(
            [*self._creation(tables, made), *statements_to_renew(self._backend, tables)], keep
        )
        self._reload()
        return made

    def _numbered(
        self, definition: Mapping[str, Any], custom: CustomRows
    ) -> list[tuple[int, Mapping[str, Any]]]:
        used = [number for number, _row in custom.objects]
        first = max([FIRST_NUMBER - 1, *used]) + 1
        if len(used) >= MOST_OBJECTS:
            raise InvalidInput(_("There are {count} own objects already").format(count=len(used)))
        own = {key: value for key, value in definition.items() if key != "children"}
        rows: list[Mapping[str, Any]] = [own, *self._children(definition)]
        return [(first + i, _with_prefixes(row, custom, rows)) for i, row in enumerate(rows)]

    @staticmethod
    def _children(definition: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        children = definition.get("children", [])
        if not isinstance(children, list) or not all(isinstance(c, Mapping) for c in children):
            raise InvalidInput(_("“children” must be a list of objects"))
        parent = str(definition.get("key", ""))
        made = []
        for child in children:
            fields = child.get("fields")
            if not isinstance(fields, list) or not fields:
                raise InvalidInput(_("An object needs at least one field"))
            if not any(isinstance(f, Mapping) and f.get("target") == parent for f in fields):
                fields = [*fields, {
                    "key": parent, "type": "link", "label": definition.get("label", parent),
                    "target": parent, "parent": True, "required": True, "indexed": True,
                    "listed": True,
                }]  # fmt: skip
            made.append({"navigation": False, **child, "fields": fields})
        return made

    def _creation(self, tables: Tables, entities: Sequence[EntityDef]) -> list[Any]:
        statements: list[Any] = []
        for entity in entities:
            statements += self._backend.create_table(tables.main[entity.key])
            for plan in tables.indexes(entity):
                statements += index_statements(self._backend, tables, plan)
        return statements

    def add_field(self, entity: EntityDef, definition: Mapping[str, Any]) -> None:
        """A new field of any object, built-in or user-made."""
        custom = read_custom(self._backend)
        number = max(1001, max([0, *(n for n, _e, _r in custom.fields)]) + 1)
        row = _with_prefixes({"fields": [definition]}, custom, [])["fields"][0]
        merged = CustomRows(
            custom.objects, (*custom.fields, (number, entity.key, row)), custom.version + 1
        )
        tables = Tables(build_catalogue(merged))
        statements = self._columns(tables, entity.key, custom_key(str(row.get("key", ""))))
        if statements:
            statements += statements_to_renew(self._backend, tables)
        self._backend.run_ddl(
            statements,
            lambda connection: keep_field(self._backend, connection, number, entity.key, row),
        )
        self._reload()

    def add_choice(
        self, entity: EntityDef, field: str, label: str, *, tone: str = "neutral", icon: str = ""
    ) -> str:
        """A further value of a choice field of any object; the key under which records hold it."""
        f, name = entity.field(field), " ".join(label.split())
        if not isinstance(f, ChoiceField):
            raise InvalidInput(_("“{name}” is no list of values").format(name=_(f.label)))
        if not name:
            raise InvalidInput(_("The new value needs a name"))
        known = {text.casefold() for c in f.choices for text in (c.label, _(c.label))}
        key = custom_key(choice_key(name))
        if name.casefold() in known or f.choice(key) is not None:
            raise InvalidInput(_("There is a value “{name}” already").format(name=name))
        custom = read_custom(self._backend)
        number = max(1001, max([0, *(n for n, _e, _r in custom.fields)]) + 1)
        choice = choice_to_json(Choice(choice_key(name), name, tone, icon))
        row = {ADDS_TO: f.key, "choices": [choice]}
        build_catalogue(CustomRows(custom.objects, (*custom.fields, (number, entity.key, row)),
                                   custom.version + 1))  # fmt: skip
        self._backend.run_ddl(
            [], lambda connection: keep_field(self._backend, connection, number, entity.key, row)
        )
        self._reload()
        return key

    def change_choice(self, entity: EntityDef, field: str, key: str, **said: Any) -> None:
        """Another `label`, `tone` or `icon` of a value of a choice field, or `retired` or not."""
        f = entity.field(field)
        choice = f.choice(key) if isinstance(f, ChoiceField) else None
        if not isinstance(f, ChoiceField) or choice is None:
            raise InvalidInput(_("There is no value “{name}”").format(name=key))
        if "label" in said:
            said["label"] = " ".join(str(said["label"]).split())
            others = {text.casefold() for c in f.choices if c is not choice
                      for text in (c.label, _(c.label))}  # fmt: skip
            if not is_label(said["label"]):
                raise InvalidInput(_("The new value needs a name"), field="label")
            if said["label"].casefold() in others:
                already = _("There is a value “{name}” already").format(name=said["label"])
                raise InvalidInput(already, field="label")
        row = {CHANGES: f.key, "choice": {"key": key, **said}}
        custom = read_custom(self._backend)
        number = max(1001, max([0, *(n for n, _e, _r in custom.fields)]) + 1)
        self._backend.run_ddl(
            [], lambda connection: keep_field(self._backend, connection, number, entity.key, row)
        )
        self._reload()

    def set_apart(self, entity: EntityDef, field: str) -> None:
        """From now on the words of a field stand apart in the search; what is there is written anew
        by `search/renew`."""
        custom = read_custom(self._backend)
        used = sum(1 for _number, _entity, row in custom.fields if APART in row)
        if used >= MOST_APART:
            said = _("Words of {count} fields stand apart in the search already")
            raise InvalidInput(said.format(count=used), field=field)
        number = max(1001, max([0, *(n for n, _e, _r in custom.fields)]) + 1)
        row = {APART: field, "sign": used + 1}
        self._backend.run_ddl(
            [], lambda connection: keep_field(self._backend, connection, number, entity.key, row)
        )
        self._reload()

    def _columns(self, tables: Tables, key: str, field_key: str) -> list[Any]:
        entity = tables.catalogue[key]
        f = entity.field(field_key)
        table = tables.table_of(entity, f)
        there = set(self._backend.column_names(table.name))
        if not there:
            statements = self._backend.create_table(table)
        else:
            new = [c for c in table.columns if c.name not in there]
            statements = self._backend.add_columns(table, new) if new else []
        for plan in tables.indexes(entity):
            if plan.name in (f"ix_{table.name}_{f.name}", f"ix_{table.name}_{f.name}_md"):
                statements += index_statements(self._backend, tables, plan)
        return statements


def _refuse_known(added: Sequence[tuple[int, Mapping[str, Any]]], custom: CustomRows) -> None:
    """`InvalidInput` if such an object was added before, by the same file for example."""
    known = {custom_key(str(row.get("key", ""))) for _number, row in custom.objects}
    for _number, row in added:
        key = custom_key(str(row.get("key", "")))
        if key in known:
            said = _("There is an object “{key}” already. Choose another key for the new one.")
            raise InvalidInput(said.format(key=key))


def _with_prefixes(
    row: Mapping[str, Any], custom: CustomRows, together: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Links to user-made objects may be written without the prefix."""
    own = {str(r.get("key", "")) for _number, r in custom.objects}
    own |= {str(r.get("key", "")) for r in together}
    own = {key.removeprefix(CUSTOM_PREFIX) for key in own}
    given = row.get("fields")
    fields = []
    for f in given if isinstance(given, list) else []:
        if isinstance(f, Mapping) and str(f.get("target")) in own:
            f = {**f, "target": custom_key(str(f["target"]))}
        fields.append(f)
    return {**row, "fields": fields}
