"""Which program does what is to be done once for all: it holds a lease on the job.

A lease runs out by the server's clock, so a program that was killed is followed by another one
within its length. A local base has one program and needs none.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.errors import BaseBusy, Conflict, UserError
from crm_desktop.services.audit.service import this_machine

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

ROUNDS = "rounds"
"""What the office wants done by itself: heads told, annual dates and recurring deals made."""
CARE = "care"
"""What only an administrator's program may do: lines of dismissed colleagues, substitutions, the
age of the audit."""
COPIES = "backup"

LEASE_S = 90
"""Longer than the time between two looks, so that whoever has a job keeps it."""


def folder_job(folder: Path) -> str:
    """The job of emptying a watched folder: two computers may see the same one."""
    return f"folder {zlib.crc32(str(folder).encode()):08x}"


def mine(workspace: Workspace, is_due: Callable[[Workspace], bool], name: str = ROUNDS) -> bool:
    """Whether there is something to be done, and this program is the one to do it."""
    return is_due(workspace) and take(workspace, name)


def do_mine(workspace: Workspace, work: Callable[[Workspace], int]) -> int:
    """Does what `mine` found. Whoever does not see all records gives the job up afterwards: the
    next one sees others, and whoever sees all of them keeps it from then on."""
    try:
        return work(workspace)
    finally:
        if workspace.backend.behind_views:
            with suppress(UserError):  # then the lease ends by itself
                drop(workspace, ROUNDS)


def take(workspace: Workspace, name: str, seconds: int = LEASE_S) -> bool:
    """Whether this program has the job, newly or further."""
    if not workspace.login:
        return True
    from crm_desktop.models.backend import firebird_shared as shared

    try:
        with workspace.backend.write() as connection:
            return shared.take_job(connection, name, workspace.seat, this_machine(), seconds)
    except (BaseBusy, Conflict):  # somebody else took it in this very moment
        return False


def drop(workspace: Workspace, name: str) -> None:
    """Gives the job up; whoever looks next gets it."""
    if not workspace.login:
        return
    from crm_desktop.models.backend import firebird_shared as shared

    with workspace.backend.write() as connection:
        shared.drop_job(connection, name, workspace.seat)


def holder(workspace: Workspace, name: str) -> str | None:
    """The computer that has the job now; None if none has, or the base is local."""
    if not workspace.login:
        return None
    from crm_desktop.models.backend import firebird_shared as shared

    with workspace.backend.read() as connection:
        return shared.holder_of(connection, name)
