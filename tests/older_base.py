"""Bases as earlier versions of the program made them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import is_server_address, open_backend
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.schema import Tables
from tests.freeze_version import kept

CALLED = datetime(2026, 4, 5, 12, 30, tzinfo=UTC)
_MADE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_SYSTEM = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")


def make_older(address: str, version: int) -> None:
    """A base of that version at an address without one: with a client who was called once."""
    kind = "firebird" if is_server_address(address) else "sqlite"
    with closing(open_backend(address, create=True)) as backend:
        backend.run_ddl(statements(kind, version))
        _fill(backend, version)


def statements(kind: str, version: int) -> list[str]:
    """What made the tables of that version."""
    return [statement.text for statement in kept(kind) if statement.of(version)]


def _fill(backend: Backend, version: int) -> None:
    tables = Tables(build_catalogue())
    client, activity = tables.main["client"], tables.main["activity"]
    common = (1, _MADE, None, _MADE, None)
    with backend.write() as connection:
        backend.insert_many(
            connection, tables.system("base_info"), ("name", "content"), [("language", "en")]
        )
        backend.insert_many(
            connection, client, (*_SYSTEM, "name", "name_key"), [(1, *common, "Vector", "vector")]
        )
        backend.insert_many(
            connection, activity, (*_SYSTEM, "kind", "moment", "about_id", "about_ent"),
            [(2, *common, "call", CALLED, 1, 1)],
        )  # fmt: skip
        backend.continue_numbers(connection, ids=100, sequence=100)
        backend.set_version(connection, version)
