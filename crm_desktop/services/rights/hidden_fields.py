"""Fields that roles hide or mask: who is kept from which, and the server made to hold to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend, Progress
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import PhoneField
from crm_desktop.models.catalogue.holding import (
    REACHING,
    can_hide,
    can_mask,
    found_as,
    needs_apart,
    repeated,
)
from crm_desktop.models.schema import Tables
from crm_desktop.services.rights import words
from crm_desktop.services.rights.colleagues import colleagues
from crm_desktop.services.rights.standing import role_tables, shown_to

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

Line = tuple[str, int, str, str]
"""(account, number of the object, field, how it is shown)."""


def ways(catalogue: Catalogue, entity: EntityDef, f: Field) -> tuple[str, ...]:
    """How a field may be held back, the mildest first."""
    if not can_hide(catalogue, entity, f):
        return (words.READ_ONLY,)
    if not can_mask(catalogue, entity, f):
        return (words.READ_ONLY, words.HIDDEN)
    return words.SHOWN


def refuse_way(catalogue: Catalogue, entity: EntityDef, f: Field, how: str) -> None:
    """`InvalidInput` for a way in which this field cannot be held back."""
    if how and how not in words.SHOWN:
        said = _("A field is one of {known}")
        raise InvalidInput(said.format(known=", ".join(words.SHOWN)))
    if how and how not in ways(catalogue, entity, f):
        said = _(
            "“{field}” cannot be held back in this way: it names the record, or the program goes by"
            " it. It can be closed to changes."
        )
        raise InvalidInput(said.format(field=_(f.label)), field=f.key)


def set_apart(
    workspace: Workspace, entity: EntityDef, fields: Iterable[Field],
    progress: Progress | None = None,
) -> None:  # fmt: skip
    """Sets the words of some fields apart in the search, and of what repeats them, so that the
    server can leave them out: before a role hides them, for what was broken off is done again
    then. Nothing where they stand apart."""
    moved, renewed = set[str](), set[str]()
    for f in fields:
        places = [(entity, f)]
        if not isinstance(f, REACHING):
            places += [(one.child, one.field) for one in repeated(workspace.catalogue, entity, f)]
        _keep_apart(workspace, places)
        apart = {one.key for one, other in places if needs_apart(other) or other.apart}
        (moved if isinstance(f, REACHING) else renewed).update(apart)
    if not (moved or renewed):
        return
    from crm_desktop.services.rights.enforcement import words_to_renew
    from crm_desktop.services.search.renew import part_words, renew_documents

    workspace.backend.run_ddl(words_to_renew(workspace.backend, workspace.tables))
    for keys, renew in ((moved, part_words), (renewed, renew_documents)):
        found = _found_as(workspace.catalogue, keys)
        renew(workspace.backend, workspace.tables, workspace.index, found, progress)


def _keep_apart(workspace: Workspace, places: Iterable[tuple[EntityDef, Field]]) -> None:
    """Has the base say so; every program reads it with the catalogue."""
    from crm_desktop.services.customisation.constructor import Constructor

    for one, other in places:
        if needs_apart(other):
            Constructor(workspace.backend, workspace.reload).set_apart(one, other.key)


def _found_as(catalogue: Catalogue, keys: Iterable[str]) -> list[EntityDef]:
    """The objects whose records are found by the words of these."""
    found = {
        whole.key: whole for key in sorted(keys) for whole in found_as(catalogue, catalogue[key])
    }
    return [*found.values()]


def part_hidden(workspace: Workspace) -> None:
    """Moves what roles have hidden so far to the table of hidden words; a base that was upgraded
    has it among all others."""
    from crm_desktop.services.search.renew import part_words

    with workspace.backend.read() as connection:
        held = hidden_by_roles(connection, workspace.tables)
    for key, name in sorted(held):
        if workspace.catalogue.has(key) and workspace.catalogue[key].has(name):
            f = workspace.catalogue[key].field(name)
            if isinstance(f, REACHING):
                set_apart(workspace, workspace.catalogue[key], [f])
    part_words(workspace.backend, workspace.tables, workspace.index, workspace.catalogue)


def hidden_by_roles(connection: sa.Connection, tables: Tables) -> frozenset[tuple[str, str]]:
    """(object, field) of all that any role hides or masks: what the server's views are made for."""
    table, catalogue = tables.system("right_field"), tables.catalogue
    wanted = sa.select(table.c.ent, table.c.field).where(table.c.shown.in_(words.UNSEEN))
    return frozenset(
        (catalogue.numbered(row.ent).key, row.field)
        for row in connection.execute(wanted)
        if catalogue.has_number(row.ent)
    )


def reckon_shown(
    connection: sa.Connection, tables: Tables, accounts: Iterable[str]
) -> set[Line]:  # fmt: skip
    """What ought to stand in the table. `accounts`: logins of the staff, also of no colleague."""
    roles, people = role_tables(connection, tables), colleagues(connection, tables)
    if not any(how in words.UNSEEN for kept in roles.fields.values() for how in kept.values()):
        return set()
    owners: dict[str, int | None] = {login.upper(): None for login in accounts}
    owners |= {one.login: one.id for one in people.all.values() if one.login}
    return {
        (login, entity.number, key, how)
        for login, who in owners.items()
        for entity in tables.catalogue
        for key, how in shown_to(roles, tables.catalogue, who, entity).items()
        if how in words.UNSEEN
    }


def renew_shown(
    backend: Backend, tables: Tables, connection: sa.Connection, accounts: Iterable[str]
) -> int:  # fmt: skip
    """Makes the table right, inside the caller's transaction; how many rows differed."""
    table, columns = tables.system("right_shown"), ("login", "ent", "field", "shown")
    there = {
        (row.login, row.ent, row.field, row.shown) for row in connection.execute(sa.select(table))
    }
    wanted = reckon_shown(connection, tables, accounts)
    gone, new = sorted(there - wanted), sorted(wanted - there)
    if gone:
        backend.delete_keys(connection, table, columns[:3], [row[:3] for row in gone])
    if new:
        backend.insert_many(connection, table, columns, new)
    return len(gone) + len(new)


def number_to_call(workspace: Workspace, entity: EntityDef, key: str, id_: int) -> str:
    """A telephone or an e-mail address that a role hides, for dialling it or writing there: the
    server notes who asked for whose.

    '' where there is none, or the record is not one's own to see. Without a field the first
    telephone of the object is meant.
    """
    key = key or next((f.key for f in entity.fields if isinstance(f, PhoneField)), "")
    from crm_desktop.models.backend.firebird_sql import number_of
    from crm_desktop.services.audit.service import this_machine

    with workspace.backend.write() as connection:
        asked = number_of(entity.number, key, id_, this_machine())
        return str(connection.execute(asked).scalar() or "")
