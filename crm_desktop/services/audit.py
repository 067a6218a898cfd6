"""What an administrator must be able to read later: who signed in, who was let in, and by whom.

Rows are added and never changed; staff cannot read them (`models/backend/firebird_roles`). Who and
when says the server. A local base keeps no such rows.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

SIGNED_IN = "signed_in"
LET_IN = "let_in"
BLOCKED = "blocked"
UNBLOCKED = "unblocked"
NEW_PASSWORD = "new_password"
OWN_PASSWORD = "own_password"
BACKUP = "backup"
RIGHTS = "rights"
"""A role was changed, given or taken."""
EXPORTED = "export"
PRINTED = "print"
MANY = "many"
"""Many records were changed or deleted at once."""
MERGED = "merge"

LONGEST_DETAIL = 1000
_LONGEST_MACHINE = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of it."""

    made_at: datetime
    login: str
    who: int | None
    machine: str
    what: str
    amount: int | None
    detail: str


def this_machine() -> str:
    """What this computer is called where a base names computers."""
    return socket.gethostname()[:_LONGEST_MACHINE]


def note(
    workspace: Workspace, what: str, *, amount: int | None = None, detail: str = ""
) -> None:  # fmt: skip
    """Adds a row about what the person at this computer did. Does nothing in a local base."""
    if not workspace.login:
        return
    from crm_desktop.models.backend import firebird_shared as shared

    shared.note(
        workspace.backend, workspace.user_id, this_machine(), what, amount,
        detail[:LONGEST_DETAIL],
    )  # fmt: skip


def last(workspace: Workspace, count: int = 50) -> list[Entry]:
    """The latest rows, the newest first; for administrators. None of a local base."""
    if not workspace.login:
        return []
    from crm_desktop.models.backend import firebird_shared as shared

    with workspace.backend.read() as connection:
        rows = shared.noted(connection, count)
    now = workspace.clock.now()
    return [
        Entry(now - timedelta(seconds=row.age), row.login or "", row.who, row.machine or "",
              row.what, row.amount, row.detail or "")
        for row in rows
    ]  # fmt: skip
