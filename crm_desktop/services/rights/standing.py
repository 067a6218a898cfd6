"""What the roles of one person give together, and which role gives it: for pages and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.ownership import hangs, is_shared, roots
from crm_desktop.models.schema import Tables
from crm_desktop.services.rights import words
from crm_desktop.services.rights.reach import Roles, asked_roles, read_roles, shared_scope


@dataclass(frozen=True)
class RoleTables:
    """Roles as they stand in the base. `names` by number; `fields`: (object, field) -> how it is
    shown, by role."""

    roles: Roles
    names: Mapping[int, str]
    fields: Mapping[int, Mapping[tuple[int, str], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """A scope, and the roles that give it: none where it is `words.NONE`."""

    scope: str
    roles: tuple[str, ...]


def asked_tables(tables: Tables) -> tuple[sa.Select[Any], ...]:
    """The questions of `role_tables`."""
    own = (sa.select(tables.system(name)) for name in ("right_role", "right_field"))
    return (*own, *asked_roles(tables))


def role_tables(connection: sa.Connection, tables: Tables) -> RoleTables:
    """Asks the base."""
    role, shown, *_others = asked_tables(tables)
    names = {row.id: row.name for row in connection.execute(role)}
    fields: dict[int, dict[tuple[int, str], str]] = {}
    for row in connection.execute(shown):
        fields.setdefault(row.role, {})[row.ent, row.field] = row.shown
    return RoleTables(read_roles(connection, tables), names, fields)


def given_to(
    known: RoleTables, catalogue: Catalogue, who: int | None, entity: EntityDef, action: str
) -> Given:
    """What a person's roles give for an action on an object that has rights of its own."""
    shared = is_shared(catalogue, entity)
    scopes = {
        role: shared_scope(action, scope) if shared else scope
        for role in known.roles.of(who)
        for scope in (known.roles.scope(role, entity.number, action),)
    }
    scope = words.widest(scopes.values())
    if scope == words.NONE:
        return Given(scope, ())
    giving = sorted(known.names.get(role, "") for role, its in scopes.items() if its == scope)
    return Given(scope, tuple(giving))


def roles_giving(
    known: RoleTables, catalogue: Catalogue, entity: EntityDef, action: str, beyond: str
) -> list[str]:
    """The names of roles that give more than a scope, the narrowest of them first."""
    found = []
    shared = is_shared(catalogue, entity)
    for role, name in known.names.items():
        scope = known.roles.scope(role, entity.number, action)
        scope = shared_scope(action, scope) if shared else scope
        if words.SCOPES.index(scope) > words.SCOPES.index(beyond):
            found.append((words.SCOPES.index(scope), name))
    return [name for _rank, name in sorted(found)]


def shown_to(
    known: RoleTables, catalogue: Catalogue, who: int | None, entity: EntityDef
) -> dict[str, str]:
    """How fields are held back from a person: only what every role that lets them see the object,
    or what it hangs on, holds back, and of that the mildest."""
    wholes = roots(catalogue, entity) if hangs(entity) else (entity,)
    seeing = [
        role for role in known.roles.of(who)
        if any(known.roles.scope(role, e.number, words.SEE) != words.NONE for e in wholes)
    ]  # fmt: skip
    if not seeing:
        return {}
    kept = [
        {key: how for (ent, key), how in known.fields.get(role, {}).items()
         if ent == entity.number and how in words.SHOWN}
        for role in seeing
    ]  # fmt: skip
    common = set(kept[0]).intersection(*kept[1:])
    return {key: min((its[key] for its in kept), key=words.SHOWN.index) for key in common}
