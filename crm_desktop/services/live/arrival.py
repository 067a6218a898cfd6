"""What became of a write when the line broke: the change log of the base knows.

Between asking for a commit and hearing of it there is a moment in which only the server knows
whether it was made. An operation whose change rows are there was.
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import CREATED


def was_kept(workspace: Workspace, operation: int) -> bool:
    """Whether the operation, written in one transaction, is there."""
    log = workspace.tables.system("operation_log").c
    with workspace.backend.read() as connection:
        return connection.execute(sa.select(log.id).where(log.id == operation)).first() is not None


def created_by(workspace: Workspace, operation: int, entity: str) -> Ref | None:
    """The first record of the object that the operation has made; None if it was not kept."""
    rows = workspace.tables.system("change_row").c
    select = (
        sa.select(rows.rid)
        .where(rows.op == operation, rows.ent == workspace.catalogue[entity].number)
        .where(rows.kind == CREATED)
        .order_by(rows.seq)
    )
    with workspace.backend.read() as connection:
        found = connection.execute(workspace.backend.limit(select, 1)).scalar()
    return None if found is None else Ref(entity, int(found))
