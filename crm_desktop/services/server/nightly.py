"""The copy of every night: one a day, proved, the oldest ones removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.backend.firebird_backup import Stop, go_on
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.server import job_leases
from crm_desktop.services.server.backup import SUFFIX, ServerCopy, back_up
from crm_desktop.services.workspace import Workspace

_LEASE_S = 3600
"""Seconds in which the largest base of an office is written and proved."""


@dataclass(frozen=True, slots=True)
class Nightly:
    """Where copies go, from which time of the day on, and how many are kept."""

    folder: Path
    at: time = time(3, 0)
    keep: int = 14


def file_of(workspace: Workspace, nightly: Nightly, day: datetime) -> Path:
    """The copy of a day."""
    return nightly.folder / f"{workspace.backend.title} {day:%Y-%m-%d}{SUFFIX}"


def is_due(workspace: Workspace, nightly: Nightly) -> bool:
    """Whether the copy of today is still to be made."""
    now = workspace.clock.local()
    return now.time() >= nightly.at and not file_of(workspace, nightly, now).exists()


def make(
    workspace: Workspace, address: str, nightly: Nightly, stop: Stop = go_on
) -> ServerCopy | None:
    """Makes the copy of today and removes what is too much; None if it was not this program's
    turn. `FileProblem`, `BaseDamaged`, `Cancelled`: see `backup`."""
    if not job_leases.take(workspace, job_leases.COPIES, _LEASE_S):
        return None
    try:
        nightly.folder.mkdir(parents=True, exist_ok=True)
        file = file_of(workspace, nightly, workspace.clock.local())
        made = back_up(workspace, address, file, stop=stop)
        for old in _too_many(workspace, nightly):
            old.unlink(missing_ok=True)
        return made
    except OSError as error:
        said = _("The folder {folder} cannot be made: {reason}")
        raise FileProblem(said.format(folder=nightly.folder, reason=disk_reason(error))) from error
    finally:
        job_leases.drop(workspace, job_leases.COPIES)


def _too_many(workspace: Workspace, nightly: Nightly) -> list[Path]:
    """The oldest copies of this base; their names hold the day, so they sort by it."""
    pattern = f"{workspace.backend.title} [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]{SUFFIX}"
    return sorted(nightly.folder.glob(pattern))[: -nightly.keep]
