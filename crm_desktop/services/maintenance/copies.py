"""Copies of a local base: whole, verified, under a name that says when they were made.

The copy is made while the base is in use. A base on a server is copied by the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.text.disk_reasons import disk_reason

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class BaseCopy:
    """A copy that was made: where it lies, its size in bytes, and the moment (aware)."""

    path: Path
    size: int
    moment: datetime


def copies_folder(chosen: str, address: str) -> Path:
    """Where copies of a base go: the folder that was chosen, else one beside the base."""
    return Path(chosen) if chosen else Path(address).absolute().parent / "copies"


def make_copy(
    backend: Backend, folder: Path, moment: datetime, *, progress: Progress | None = None
) -> BaseCopy:
    """Makes a copy in the folder, which is made if need be; nothing is ever written over.

    UserError: the base is on a server, the folder cannot be made, the disk is full ...
    """
    if backend.exclusive:
        _make_folder(folder)
    path = _free(folder, f"{backend.title} {moment:%Y-%m-%d %H-%M}")
    backend.copy_to(path, progress)
    return BaseCopy(path, path.stat().st_size, moment)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = disk_reason(error)
        raise FileProblem(
            _("The folder {folder} cannot be made: {reason}").format(folder=folder, reason=reason)
        ) from error


def _free(folder: Path, name: str) -> Path:
    path, number = folder / f"{name}.crm", 2
    while path.exists():
        path, number = folder / f"{name} ({number}).crm", number + 1
    return path
