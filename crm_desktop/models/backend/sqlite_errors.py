"""What SQLite says, as an error that a person can act on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from crm_desktop.errors import (
    BaseBusy,
    BaseDamaged,
    BaseProblem,
    BaseReadOnly,
    Cancelled,
    Conflict,
    DiskFull,
    InvalidInput,
)
from crm_desktop.i18n import _

_NEARLY_NOTHING = 1 << 20
_PRIMARY = 0xFF  # an extended code carries its family in the low byte
_UNIQUE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turns the driver's errors, bare or wrapped by SQLAlchemy; a bug comes out as it is."""
    try:
        yield
    except (sqlite3.Error, sa.exc.DBAPIError) as error:
        known = understood(error, path)
        if known is None:
            raise
        raise known from error


def understood(error: Exception, path: Path) -> Exception | None:
    """The error for a person, or None if this is a bug."""
    bare = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    code = getattr(bare, "sqlite_errorcode", None)
    if code is None:
        return damaged(path) if _is_damage(bare) else None
    if code in _UNIQUE:
        return InvalidInput(_("The same value is already kept in another record."))
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return linked()
    return _by_family(code & _PRIMARY, path)


def linked() -> Conflict:
    """A link would point to nothing."""
    return Conflict(_("A linked record was deleted, or is still needed by another one."))


def damaged(path: Path) -> BaseDamaged:
    """The sentence for a file that cannot be read as a base any more."""
    return BaseDamaged(
        _("The file {name} is damaged. Restore it from a copy.").format(name=path.name)
    )


def busy() -> BaseBusy:
    """The sentence for one who waited long enough."""
    return BaseBusy(_("The base is busy with other changes. Try again in a moment."))


def full(path: Path) -> DiskFull:
    """The sentence for a disk without room."""
    return DiskFull(
        _(
            "The disk with {name} is full, so nothing was changed. "
            "Free some room on it and try again."
        ).format(name=path.name)
    )


def read_only(path: Path) -> BaseReadOnly:
    """The sentence for a file or folder that cannot be written."""
    return BaseReadOnly(
        _(
            "{name} cannot be written: the file or its folder is read-only. "
            "Copy the base to a folder of yours and open it there."
        ).format(name=path.name)
    )


def no_new_file(folder: Path) -> BaseReadOnly:
    """The sentence for a folder in which no file can be made."""
    return BaseReadOnly(
        _("No file can be made in the folder {folder}. Choose a folder of yours.").format(
            folder=folder
        )
    )


def _by_family(code: int, path: Path) -> Exception | None:
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy()
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(path)
    if code == sqlite3.SQLITE_FULL:
        return full(path)
    if code == sqlite3.SQLITE_READONLY:
        return read_only(path)
    if code == sqlite3.SQLITE_INTERRUPT:
        return Cancelled()
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return _disk_trouble(path)
    return None


def _disk_trouble(path: Path) -> BaseProblem:
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        free = _NEARLY_NOTHING
    if free < _NEARLY_NOTHING:
        return full(path)
    return BaseProblem(
        _("The disk with {name} does not answer. Check that it is connected.").format(
            name=path.name
        )
    )


def _is_damage(error: BaseException | None) -> bool:
    """sqlite3 gives text that is not UTF-8 as an error without a code."""
    return isinstance(error, sqlite3.OperationalError) and "decode to UTF-8" in str(error)
