"""An existing base of this schema made a workspace: who works in it, and what a crash left behind.

All that only reads is asked first, of a server in one trip; what has to be written comes after.
"""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from crm_desktop.errors import BaseBusy, Conflict
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.base_tables import FINISHED
from crm_desktop.services.clock import Clock
from crm_desktop.services.upgrading.permission import refuse_to_upgrade
from crm_desktop.services.workspace import Workspace


class _Found(NamedTuple):
    """What is to be done. `zone`: another one of the server than is noted; '' for none. `walled`:
    the views of the server are made as this program makes them, or are none of its business."""

    wreckage: bool
    finished: bool
    zone: str
    walled: bool = True


def opened(backend: Backend, address: str, clock: Clock | None) -> Workspace:
    """The workspace, cleared of half-done work and half-done upgrades."""
    with backend.reading():
        _ask_ahead(backend)
        workspace = Workspace(backend, clock=clock)
        found = _looked_at(workspace)
    if found.wreckage:
        workspace.undo.recover(workspace.is_dead)
    if not found.finished:
        from crm_desktop.services.upgrading.service import finish  # only when needed

        refuse_to_upgrade(backend)
        finish(workspace)
    elif not found.walled:
        from crm_desktop.services.rights.enforcement import enforce

        with suppress(Conflict, BaseBusy):  # somebody else does it this moment
            enforce(backend, workspace.tables)
    if workspace.login:
        from crm_desktop.services.audit import failed_sign_ins

        failed_sign_ins.tell(workspace, address)
    if found.zone:
        from crm_desktop.models.backend.firebird_gate import ZONE

        with suppress(Conflict, BaseBusy):  # somebody else notes it this moment
            workspace.set_info(ZONE, found.zone)
    return workspace


def _ask_ahead(backend: Backend) -> None:
    if not backend.exclusive:
        from crm_desktop.models.backend.firebird_gate import ZONE
        from crm_desktop.services.rights.enforcement import FACT
        from crm_desktop.services.server.opening import ask_ahead

        ask_ahead(backend, FINISHED, FACT, *([ZONE] if backend.administers else []))


def _looked_at(workspace: Workspace) -> _Found:
    zone, walled = "", True
    if workspace.login:
        from crm_desktop.services.rights.enforcement import refuse_newer
        from crm_desktop.services.server.whose import recognise

        refuse_newer(workspace.backend.title, workspace.info)
        recognise(workspace)
        if workspace.administers:
            from crm_desktop.services.rights.enforcement import is_enforced
            from crm_desktop.services.server.sign_in_rules import new_zone

            zone = new_zone(workspace, workspace.backend.server_now)
            walled = is_enforced(workspace.info)
    wreckage = any(workspace.is_dead(one) for one in workspace.operations.running())
    return _Found(wreckage, workspace.info(FINISHED) == str(SCHEMA_VERSION), zone, walled)
