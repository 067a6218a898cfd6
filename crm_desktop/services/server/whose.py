"""Which colleague an account of the server belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.catalogue.shared_traits import SignsIn

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


def login_field(workspace: Workspace) -> str:
    """The key of the field that names the account of a colleague."""
    return workspace.catalogue.with_trait(SignsIn)[1].login


def colleague_of(workspace: Workspace, login: str) -> int | None:
    """The number of the colleague who signs in as `login`; None if nobody does."""
    if not login:
        return None
    entity = workspace.catalogue.staff()
    field = entity.field(login_field(workspace))
    table = workspace.tables.table_of(entity, field)
    with workspace.backend.read() as connection:
        found = connection.execute(
            sa.select(table.c.id).where(table.c[field.name] == login).order_by(table.c.id)
        ).scalar()
    return None if found is None else int(found)


def recognise(workspace: Workspace) -> None:
    """Works as the colleague whose account opened the base, if it is anybody's."""
    found = colleague_of(workspace, workspace.login)
    workspace.is_known = found is not None
    if found is not None:
        workspace.work_as(found)
