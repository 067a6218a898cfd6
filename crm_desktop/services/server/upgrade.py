"""A shared base brought to the version of this program: copied and proved first, then upgraded.

Only its administrator may, and he is asked. Older programs are then told that they are too old.
"""

from __future__ import annotations

import glob
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from crm_desktop.errors import BaseDamaged, FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_backup
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.firebird_facts import server_facts
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.audit import service as audit
from crm_desktop.services.clock import Clock
from crm_desktop.services.server.backup import SUFFIX
from crm_desktop.services.upgrading.permission import refuse_to_upgrade
from crm_desktop.services.workspace import open_base

COPIES = "copies"
"""The folder of copies, where settings and logs of the administrator are."""
_UNPROVED = ".part"


def upgrade_base(
    address: str, folder: Path, told: Callable[[str], None] = lambda _text: None
) -> Path | None:
    """The copy that was made before, in `folder`; None if the base is of this version already.

    `BaseTooOld` for whoever does not administer it. Without a copy that stands its proof nothing is
    upgraded: `FileProblem`, `BaseDamaged`.
    """
    backend = open_backend(address, newest=SCHEMA_VERSION)
    try:
        if backend.version == SCHEMA_VERSION:
            return None
        refuse_to_upgrade(backend)
        copy = _copied(backend, address, folder, told)
    finally:
        backend.close()
    told(_("The copy is proved; the base is upgraded…"))
    workspace = open_base(address)
    try:
        audit.note(workspace, audit.BACKUP, amount=copy.stat().st_size, detail=copy.name)
    finally:
        workspace.close()
    return copy


def _copied(backend: Backend, address: str, folder: Path, told: Callable[[str], None]) -> Path:
    moment = f"{Clock().local():%Y-%m-%d %H-%M-%S}"
    file = folder / f"{backend.title} (version {backend.version}, {moment}){SUFFIX}"
    part = file.with_name(file.name + _UNPROVED)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = _("The folder {folder} cannot be made: {reason}")
        raise FileProblem(said.format(folder=folder, reason=disk_reason(error))) from error
    _clear(folder, backend.title)
    told(_("A copy is made: {file}").format(file=file))
    tables, changes = set(backend.table_names()), _changes(backend)
    path = server_facts(backend).path
    firebird_backup.copy_to(address, path, part)
    told(_("Written; the server restores it for the proof…"))
    with firebird_backup.restored(address, path, part) as beside:
        proof = open_backend(beside)
        try:
            whole = (
                proof.version == backend.version
                and set(proof.table_names()) == tables
                and _changes(proof) >= changes
            )
        finally:
            proof.close()
    if not whole:
        said = _("The copy {file} lacks something of the base, so nothing was upgraded.")
        raise BaseDamaged(said.format(file=part.name))
    part.replace(file)
    return file


def _clear(folder: Path, title: str) -> None:
    """Takes away what a killed upgrade had written of a copy, unless it was in its proof."""
    for left in folder.glob(f"{glob.escape(title)} (version *{SUFFIX}{_UNPROVED}"):
        if not left.with_name(left.name + firebird_backup.NOTE).exists():
            left.unlink(missing_ok=True)


def _changes(backend: Backend) -> int:
    """How many changes the log holds: it only grows, whoever works meanwhile."""
    with backend.read() as connection:
        wanted = sa.select(sa.func.count()).select_from(sa.table("change_row"))
        return int(connection.execute(wanted).scalar_one())
