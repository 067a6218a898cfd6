"""Who works in a local base that knows one colleague: nobody else can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


def only_colleague(workspace: Workspace) -> int | None:
    """The number of the one colleague of a local base; None if there are several or none."""
    if not workspace.backend.exclusive:
        return None
    table = workspace.tables.main[workspace.catalogue.staff().key]
    with workspace.backend.read() as connection:
        found = list(connection.execute(sa.select(table.c.id).limit(2)).scalars())
    return int(found[0]) if len(found) == 1 else None
