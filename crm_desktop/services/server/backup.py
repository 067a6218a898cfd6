"""A copy of a base on a server: whole, and proved by being restored and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crm_desktop.errors import BaseDamaged, Cancelled, FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_backup
from crm_desktop.models.backend.firebird_backup import Stop, go_on
from crm_desktop.models.backend.firebird_facts import server_facts
from crm_desktop.services.audit import service as audit
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace, open_base

SUFFIX = ".fbk"
_UNPROVED = ".part"


@dataclass(frozen=True, slots=True)
class ServerCopy:
    """A copy that was made: its size in bytes, and how many records of each object it holds."""

    path: Path
    size: int
    counts: dict[str, int]
    proved: bool


def back_up(
    workspace: Workspace, address: str, file: Path, *, prove: bool = True,
    told: Callable[[str], None] = lambda _text: None, stop: Stop = go_on,
) -> ServerCopy:  # fmt: skip
    """Writes the copy; it gets its name only when it is known to be whole.

    `FileProblem`: there is such a file already, or it cannot be written. `BaseDamaged`: the copy
    does not stand the proof; it is kept as `.part`, for whoever looks into it. `Cancelled`: `stop`
    said so between two pieces; nothing is left of the copy, here or on the server.
    """
    if file.exists():
        said = _("There is a file {file} already. Choose another name.")
        raise FileProblem(said.format(file=file.name))
    path = server_facts(workspace.backend).path
    part = file.with_name(file.name + _UNPROVED)
    counts: dict[str, int] = {}
    try:
        size = firebird_backup.copy_to(address, path, part, stop)
        if prove:
            told(_("Written; the server restores it for the proof…"))
            with firebird_backup.restored(address, path, part, stop) as beside:
                counts = _checked(beside, file)
    except Cancelled:
        part.unlink(missing_ok=True)
        raise
    part.replace(file)
    audit.note(workspace, audit.BACKUP, amount=size, detail=file.name)
    return ServerCopy(file, size, counts, prove)


def _checked(address: str, file: Path) -> dict[str, int]:
    copy = open_base(address)
    try:
        report = check_base(copy, deep=False)
    finally:
        copy.close()
    if report.problems:
        said = _("The copy {file} cannot be restored, so it is none. {reason}")
        raise BaseDamaged(said.format(file=file.name, reason=report.problems[0]))
    return dict(report.counts)
