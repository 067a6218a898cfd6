"""Running the steps between two versions with Alembic's operations, and asking what is there.

Alembic's own table of versions is not used: the back end keeps the version with the base, where it
can be read without Alembic and before the base is opened.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.migrations import firebird_forms


def run_steps(
    backend: Backend, connection: sa.Connection, versions: Path, *, current: int, latest: int
) -> None:
    """Runs every step after `current` up to `latest`, marking the version after each."""
    firebird_forms.register()
    script = script_directory(versions)
    wanted = script.iterate_revisions(revision_name(latest), revision_name(current))
    context = MigrationContext.configure(connection)
    with Operations.context(context):
        for step in reversed(list(wanted)):
            step.module.upgrade()
            backend.set_version(connection, int(step.revision))


def script_directory(versions: Path) -> ScriptDirectory:
    """The steps in a folder."""
    return ScriptDirectory(
        str(Path(__file__).parent),
        file_template="version_%(rev)s",
        version_locations=[str(versions)],
    )


def revision_name(version: int) -> str:
    """How Alembic names a version: four digits."""
    return f"{version:04}"


def has_table(connection: sa.Connection, table: str) -> bool:
    """For a step that may have been half done before: `op.get_bind()` gives the connection."""
    return sa.inspect(connection).has_table(table)


def has_column(connection: sa.Connection, table: str, column: str) -> bool:
    """Whether the column is there already; also False if the table is not."""
    if not has_table(connection, table):
        return False
    return column in {str(found["name"]) for found in sa.inspect(connection).get_columns(table)}


def has_index(connection: sa.Connection, table: str, index: str) -> bool:
    """Whether the table has an index of this name."""
    return index in {found["name"] for found in sa.inspect(connection).get_indexes(table)}
