"""Makes the server itself keep every account within what its person may do (`models/strict`)."""

from __future__ import annotations

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import Tables
from crm_desktop.models.strict.statements import made_before, statements
from crm_desktop.services.rights.held_back import hidden_by_roles


def walls(backend: Backend, tables: Tables) -> list[str]:
    """What is to be made anew when objects or fields are added; nothing in a base without a
    staff."""
    return _statements(backend, tables) if backend.has_staff() else []


def _statements(backend: Backend, tables: Tables) -> list[str]:
    with backend.read() as connection:
        held = hidden_by_roles(connection, tables)
    return statements(tables, held)


def raise_walls(backend: Backend, tables: Tables) -> None:
    """Makes all of it; for a base that was just made ready for a staff, or brought up to date."""
    if backend.has_staff():
        backend.run_ddl(made_before())
        backend.run_ddl(_statements(backend, tables))
