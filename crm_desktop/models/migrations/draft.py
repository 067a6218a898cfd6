"""Drafts the step to the next version: what the tables of the program have that a base has not.

`python -m crm_desktop.models.migrations.draft OLD.crm "Clients have a birthday"` writes
`versions/version_NNNN.py` for a base made by the version before. A draft: read it, make it
repeatable, raise SCHEMA_VERSION.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.migrations.steps import revision_name, script_directory
from crm_desktop.models.migrations.upgrade import VERSIONS
from crm_desktop.models.schema import Tables


def draft(
    backend: Backend, metadata: sa.MetaData, message: str, versions: Path = VERSIONS
) -> Path | None:
    """Writes the step from the base's version to the next; None if nothing differs.

    Tables and columns that a person made are not in `metadata` and are left alone.
    """
    with backend.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _is_wanted}
        )
        found = produce_migrations(context, metadata)
    changes = found.upgrade_ops
    if changes is None or changes.is_empty():
        return None
    current = backend.version
    script = script_directory(versions).generate_revision(
        revision_name(current + 1),
        message,
        head=revision_name(current),
        upgrades=render_python_code(changes, user_module_prefix="types.").strip(),
        imports="\nfrom crm_desktop.models.backend import types\n",
    )
    return Path(script.path) if script else None


def _is_wanted(
    _object: Any, _name: str | None, _kind: str, reflected: bool, compare_to: Any
) -> bool:
    """What is only in the base is a person's own, or waits for maintenance."""
    return not reflected or compare_to is not None


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="a base made by the version before")
    parser.add_argument("message", help="what changes, in one sentence")
    given = parser.parse_args()
    backend = open_backend(given.base)
    try:
        path = draft(backend, Tables(build_catalogue()).metadata, given.message)
    finally:
        backend.close()
    parser.exit(message=f"{path or 'Nothing differs.'}\n")


if __name__ == "__main__":
    main()
