"""Which colleague an account of the server belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.shared_traits import SignsIn

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_LONGEST = 254  # letters of a name to sign in with


def login_field(workspace: Workspace) -> str:
    """The key of the field that names the account of a colleague."""
    return workspace.catalogue.with_trait(SignsIn)[1].login


def colleague_of(workspace: Workspace, login: str) -> int | None:
    """The number of the colleague who signs in as `login`; None if nobody does."""
    if not login:
        return None
    with workspace.backend.read() as connection:
        return asking(workspace.catalogue, login)(connection)


def asking(catalogue: Catalogue, login: str) -> Callable[[sa.Connection], int | None]:
    """The question for that number; the same for any catalogue, whatever users have added to it."""
    entity, trait = catalogue.with_trait(SignsIn)
    f = entity.field(trait.login)
    own, name = sa.column("id", sa.BigInteger), sa.column(f.name, sa.String(_LONGEST))
    wanted = sa.select(own).select_from(sa.table(entity.table_name, own, name))
    wanted = wanted.where(name == login).order_by(own)

    def ask(connection: sa.Connection) -> int | None:
        found = connection.execute(wanted).scalar()
        return None if found is None else int(found)

    return ask


def recognise(workspace: Workspace) -> None:
    """Works as the colleague whose account opened the base, if it is anybody's."""
    found = colleague_of(workspace, workspace.login)
    workspace.is_known = found is not None
    if found is not None:
        workspace.work_as(found)
