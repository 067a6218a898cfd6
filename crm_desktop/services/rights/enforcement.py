"""Makes the server itself keep every account within what its person may do (`models/strict`)."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend.age import check_version
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import Tables
from crm_desktop.models.strict.held import Held, HeldColumns
from crm_desktop.models.strict.hidden_words import procedures
from crm_desktop.models.strict.statements import made_before, statements
from crm_desktop.services.rights.hidden_fields import hidden_by_roles

FACT, MAKING = "walls", 7
"""The fact that says how the views and triggers of a base were made, and how this program makes
them: an administrator's program makes older ones anew when it opens the base, and a program that is
older than them does not open it."""


def statements_to_renew(backend: Backend, tables: Tables) -> list[str]:
    """What is to be made anew when objects or fields are added; nothing in a base without a
    staff."""
    return _statements(backend, tables) if backend.has_staff() else []


def words_to_renew(backend: Backend, tables: Tables) -> list[str]:
    """What is to be made anew before the words of a field are set apart, so that everybody goes on
    finding by them meanwhile."""
    if not backend.has_staff():
        return []
    with backend.read() as connection:
        held = HeldColumns(tables, hidden_by_roles(connection, tables))
    return procedures(tables, held.sealed())


def _statements(backend: Backend, tables: Tables) -> list[str]:
    with backend.read() as connection:
        held = hidden_by_roles(connection, tables)
    return statements(tables, held)


def is_enforced(info: Callable[[str], str]) -> bool:
    """Whether they are made so. `info` tells facts of the base."""
    return _making(info) == MAKING


def refuse_newer(name: str, info: Callable[[str], str]) -> None:
    """`BaseTooNew` for the base `name` if a newer program has made them: this one would not see
    what it needs, and an administrator's would make them as they were before."""
    check_version(name, _making(info), MAKING)


def _making(info: Callable[[str], str]) -> int:
    told = info(FACT)
    return int(told) if told.isdecimal() else 0


def enforce(backend: Backend, tables: Tables) -> None:
    """Makes all of it; for a base that was just made ready for a staff, or brought up to date."""
    if backend.has_staff():
        backend.run_ddl(made_before(tables))
        backend.run_ddl(_statements(backend, tables), lambda made: _keep(backend, tables, made))


def hold(
    backend: Backend, tables: Tables, held: Held, keep: Callable[[sa.Connection], None]
) -> None:  # fmt: skip
    """Has the server hide exactly these fields, in one transaction with `keep`, which writes the
    roles that say so: a program that is killed leaves both or neither.

    `InvalidInput` if other roles are changed at that moment."""
    made = backend.has_staff()
    if made:
        backend.run_ddl(made_before(tables))

    def both(connection: sa.Connection) -> None:
        keep(connection)
        if hidden_by_roles(connection, tables) != held:
            said = _("Roles were changed by another administrator at this moment. Try again.")
            raise InvalidInput(said)
        if made:
            _keep(backend, tables, connection)

    backend.run_ddl(statements(tables, held) if made else [], both)


def _keep(backend: Backend, tables: Tables, connection: sa.Connection) -> None:
    facts = tables.system("base_info")
    backend.delete_keys(connection, facts, ("name",), [(FACT,)])
    backend.insert_many(connection, facts, ("name", "content"), [(FACT, str(MAKING))])
