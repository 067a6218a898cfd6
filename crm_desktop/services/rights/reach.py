"""Whose records each account reaches: worked out of roles, staff, departments and substitutions.

The table `right_reach` is what the server's views and triggers go by, so it is written in the
transaction that changes one of the things that it follows from; `differences` says whether it is
right. Rows of one login, object and action are the owners reached; the owner 0 is everybody.

What hangs on other records (`ownership.hangs`) gets what its wholes get together: seen as they are
seen, written by who may change them. That is necessary and not enough: the whole decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.ownership import hangs, is_shared, roots
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.schema import Tables
from crm_desktop.services.rights import words
from crm_desktop.services.rights.builtin import STAFF
from crm_desktop.services.rights.colleagues import Colleague, Colleagues, colleagues

COLUMNS = ("login", "ent", "action", "owner", "begins_at", "ends_at")
_WRITING = (words.CREATE, words.EDIT, words.DELETE, words.MASS_EDIT, words.MERGE)
OF_PARTS = {words.CREATE: words.EDIT, words.DELETE: words.EDIT}
"""What an action on a part is on the whole."""
_ON_WHOLES = (words.MERGE, words.REASSIGN)
_OF_CALENDARS = (words.CALENDARS, words.CLASH)

Key = tuple[str, int, str, int]


class Span(NamedTuple):
    """From when until when something is reached; None: ever since, and without an end."""

    begins: datetime | None = None
    ends: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether it is reached then."""
        begun = self.begins is None or self.begins <= moment
        return begun and (self.ends is None or self.ends > moment)


ALWAYS = Span()
Reach = dict[Key, Span]
"""By (login, number of the object, action, owner)."""


class Roles(NamedTuple):
    """What stands in the tables of roles. `given`: (object, action) -> scope, by role."""

    given: Mapping[int, Mapping[tuple[int, str], str]]
    held: Mapping[int, frozenset[int]]
    usual: frozenset[int]
    """The role of who was given none."""

    def of(self, one: int | None) -> frozenset[int]:
        """The roles of a colleague."""
        return self.held.get(one or 0) or self.usual

    def scope(self, role: int, number: int, action: str) -> str:
        """What one role gives on an object; what it does not name follows its line of others."""
        rows = self.given.get(role, {})
        if any(ent == number for ent, _action in rows) and number != words.EVERYTHING:
            return rows.get((number, action), words.NONE)
        return rows.get((words.EVERYTHING, action), words.NONE)


def asked_roles(tables: Tables) -> tuple[sa.Select[Any], sa.Select[Any], sa.Select[Any]]:
    """The questions of `read_roles`."""
    role, given, holder = (tables.system(f"right_{name}") for name in ("role", "given", "holder"))
    usual = sa.select(role.c.id).where(role.c.built_in == STAFF)
    return sa.select(given), sa.select(holder), usual


def read_roles(connection: sa.Connection, tables: Tables) -> Roles:
    """Asks the base."""
    given, holder, staff = asked_roles(tables)
    rights: dict[int, dict[tuple[int, str], str]] = {}
    for row in connection.execute(given):
        rights.setdefault(row.role, {})[row.ent, row.action] = row.scope
    held: dict[int, set[int]] = {}
    for row in connection.execute(holder):
        held.setdefault(row.who, set()).add(row.role)
    usual = connection.execute(staff).scalars()
    return Roles(rights, {who: frozenset(ids) for who, ids in held.items()}, frozenset(usual))


def actions_on(catalogue: Catalogue, entity: EntityDef) -> tuple[str, ...]:
    """The actions that make sense on records of an object."""
    found = [action.key for action in words.ACTIONS if action.key not in _OF_CALENDARS]
    if entity.trait(Scheduled):
        found += _OF_CALENDARS
    if hangs(entity):
        return tuple(key for key in found if key not in _ON_WHOLES)
    if is_shared(catalogue, entity):
        found.remove(words.REASSIGN)
    return tuple(found)


def owners_within(people: Colleagues, one: Colleague | None, scope: str) -> frozenset[int]:
    """The owners whose records a scope holds; `EVERYBODY` alone for all."""
    if scope == words.ALL:
        return frozenset({words.EVERYBODY})
    if one is None or scope == words.NONE:
        return frozenset()
    if scope == words.OWN:
        return frozenset({one.id})
    return people.subordinates(one.id) if scope == words.SUBORDINATES else people.department(one.id)


class Reckoning:
    """The reach of every account at one moment."""

    def __init__(self, catalogue: Catalogue, roles: Roles, people: Colleagues) -> None:
        self._catalogue, self._roles, self.people = catalogue, roles, people
        self._shared = {e.key for e in catalogue if is_shared(catalogue, e)}
        self._roots = {e.key: roots(catalogue, e) for e in catalogue if hangs(e)}
        self._actions = {e.key: actions_on(catalogue, e) for e in catalogue}

    def of(self, one: Colleague | None) -> Iterator[tuple[int, str, int]]:
        """What one colleague reaches, and who is none: an account without a record of staff."""
        roles = self._roles.of(one.id if one else None)
        for entity in self._catalogue:
            for action in self._actions[entity.key]:
                for owner in self._owners(one, roles, entity, action):
                    yield entity.number, action, owner

    def _owners(
        self, one: Colleague | None, roles: Collection[int], entity: EntityDef, action: str
    ) -> frozenset[int]:
        wholes = self._roots.get(entity.key)
        if wholes is None:
            return self._own(one, roles, entity, action)
        asked = OF_PARTS.get(action, action)
        found = frozenset[int]().union(*(self._own(one, roles, e, asked) for e in wholes))
        return frozenset({words.EVERYBODY}) if words.EVERYBODY in found else found

    def _own(
        self, one: Colleague | None, roles: Collection[int], entity: EntityDef, action: str
    ) -> frozenset[int]:
        scope = words.widest(self._roles.scope(role, entity.number, action) for role in roles)
        if entity.key in self._shared:
            scope = shared_scope(action, scope)
        return owners_within(self.people, one, scope)


def shared_scope(action: str, scope: str) -> str:
    """What a scope means where records are nobody's: all or nothing."""
    if action == words.SEE:
        return words.ALL
    if action in _WRITING:
        return words.ALL if scope == words.ALL else words.NONE
    return words.NONE if scope == words.NONE else words.ALL


def reckon(
    connection: sa.Connection, tables: Tables, now: datetime, accounts: Iterable[str]
) -> Reach:
    """What ought to stand in the table. `accounts`: logins of the staff, also of no colleague."""
    people = colleagues(connection, tables)
    reckoning = Reckoning(tables.catalogue, read_roles(connection, tables), people)
    here = {one.id: one for one in people.all.values() if one.login and not one.gone}
    known = {one.login for one in people.all.values()}
    found: Reach = {}
    reached: dict[int, list[tuple[int, str, int]]] = {}
    for one in here.values():
        reached[one.id] = list(reckoning.of(one))
        found |= {(one.login, *row): ALWAYS for row in reached[one.id]}
    for login in accounts:
        if login.upper() not in known:
            found |= {(login.upper(), *row): ALWAYS for row in reckoning.of(None)}
    for absent, stand_in, span in _substitutions(connection, tables, now):
        if stand_in in here and absent in people.all:
            rows = reached.get(absent) or list(reckoning.of(people.all[absent]))
            _add(found, here[stand_in].login, rows, span)
    return found


def _add(found: Reach, login: str, rows: Iterable[tuple[int, str, int]], span: Span) -> None:
    """What is held by standing in ends with it, but for what is held anyway."""
    for row in rows:
        key = (login, *row)
        everybody = found.get((login, row[0], row[1], words.EVERYBODY))
        if everybody is not None and _joined(everybody, span) == everybody:
            continue
        known = found.get(key)
        found[key] = span if known is None else _joined(known, span)


def _joined(one: Span, later: Span) -> Span:
    """Both in one, where they touch; else the earlier one: the other has its turn when that is
    over, at the next look (`Reaching.renew`)."""
    if one.ends is None or later.ends is None or later.begins is None:
        return one
    return one if later.begins > one.ends else Span(one.begins, max(one.ends, later.ends))


def _substitutions(
    connection: sa.Connection, tables: Tables, now: datetime
) -> list[tuple[int, int, Span]]:
    """Who stands in for whom, now and later, the earliest first."""
    table = tables.system("substitution")
    wanted = sa.select(table).where(table.c.ends_at > now)
    rows = connection.execute(wanted.order_by(table.c.begins_at, table.c.id)).all()
    return [(row.absent, row.stand_in, Span(row.begins_at, row.ends_at)) for row in rows]


def standing(connection: sa.Connection, tables: Tables) -> Reach:
    """What stands in the table."""
    rows = connection.execute(sa.select(tables.system("right_reach"))).all()
    return {
        (row.login, row.ent, row.action, row.owner): Span(row.begins_at, row.ends_at)
        for row in rows
    }


def renew(
    backend: Backend, tables: Tables, connection: sa.Connection, now: datetime,
    accounts: Iterable[str],
) -> int:  # fmt: skip
    """Makes the table right, inside the caller's transaction; how many rows differed."""
    wanted, there = reckon(connection, tables, now, accounts), standing(connection, tables)
    gone = [key for key, span in there.items() if wanted.get(key) != span]
    new = [key for key, span in wanted.items() if there.get(key) != span]
    table = tables.system("right_reach")
    if gone:
        backend.delete_keys(connection, table, COLUMNS[:4], gone)
    if new:
        backend.insert_many(connection, table, COLUMNS, [(*key, *wanted[key]) for key in new])
    return len(gone) + len(new)
