"""Bringing an open base to the version of this program: copied before, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crm_desktop.errors import BaseDamaged
from crm_desktop.i18n import _
from crm_desktop.models.backend.age import check_version
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import SCHEMA_VERSION

VERSIONS = Path(__file__).parent / "versions"


def upgrade(
    backend: Backend,
    *,
    on_copy: Callable[[Path], None] | None = None,
    latest: int = SCHEMA_VERSION,
    versions: Path = VERSIONS,
) -> bool:
    """Runs the steps from the base's version to `latest`; whether there were any.

    `on_copy` is told where the copy is that was made before. If a step fails, a file is as it was;
    on a server the steps before it are kept and the failed one is repeated the next time, so its
    administrator makes the copy. BaseTooNew for a newer base, BaseBusy while another one upgrades.
    """
    current = backend.version
    check_version(backend.title, current, latest)
    if current == latest:
        return False
    if current == 0:
        raise BaseDamaged(
            _("The base {name} was not finished when it was made. Make a new one.").format(
                name=backend.title
            )
        )
    copy = backend.safety_copy()
    if copy and on_copy:
        on_copy(copy)
    from crm_desktop.models.migrations.steps import run_steps  # Alembic, only when needed

    with backend.migrating() as connection:
        current = backend.version_in(connection)  # another one may have been quicker
        run_steps(backend, connection, versions, current=current, latest=latest)
    return True
