"""A base file from outside: is it one of ours, whole, not too new; making one; copying one.

Nothing here changes a file that is refused: what can be read from the header is read with plain
file calls, before SQLite is allowed near the file.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from crm_desktop.errors import (
    BaseDamaged,
    BaseMissing,
    BaseProblem,
    FileProblem,
    NotABase,
)
from crm_desktop.i18n import _
from crm_desktop.models.backend.age import HALF_MOVED, check_version
from crm_desktop.models.backend.sqlite_errors import (
    damaged,
    full,
    no_new_file,
    read_only,
    sqlite_errors,
)
from crm_desktop.models.text.disk_reasons import disk_reason

APPLICATION_ID = 0x43524D44
"""The letters CRMD in the header of every base file."""

COUNTERS = "backend_counter"
PAGE_SIZE = 8192

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_HALF = ".part"
"""Ends the name of a copy that is not whole yet."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first hundred bytes of a SQLite file say."""

    page_size: int
    pages: int
    pages_valid: bool
    version: int
    application_id: int


def check_before_opening(path: Path, newest: int | None) -> None:
    """Raises the subclass of BaseProblem that says why this file cannot be opened."""
    try:
        _check_place(path)
        header = _read_header(path)
    except OSError as error:
        raise BaseProblem(
            _("The file {name} cannot be read: {reason}.").format(
                name=path.name, reason=disk_reason(error)
            )
        ) from error
    if header.application_id != APPLICATION_ID:
        raise _not_a_base(path)
    unfinished = _has_log(path)
    version = _version_in_log(path) if unfinished else header.version
    check_version(path.name, version, newest)
    if header.pages_valid and not unfinished:
        _check_length(path, header)
    check_writable(path)


def is_half_moved(path: Path) -> bool:
    """Whether a move that was broken off has left the file."""
    try:
        header = _read_header(path)
        version = _version_in_log(path) if _has_log(path) else header.version
    except (OSError, BaseProblem):
        return False
    return header.application_id == APPLICATION_ID and version == HALF_MOVED


def check_writable(path: Path) -> None:
    """Opens the file for writing without writing; the lock beside it tries the folder."""
    try:
        path.open("r+b").close()
    except OSError as error:
        raise read_only(path) from error


def create_file(path: Path) -> None:
    """A new empty base: version 0, counters at 1. Leaves nothing behind if it fails."""
    if path.exists():
        raise FileProblem(
            _("There is already a file {name}. Choose another name.").format(name=path.name)
        )
    if not path.parent.is_dir():
        raise BaseMissing(_("There is no folder {folder}.").format(folder=path.parent))
    with disk_errors(path):
        path.open("xb").close()
    try:
        with sqlite_errors(path):
            _fill_new(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _fill_new(path: Path) -> None:
    base = sqlite3.connect(path, isolation_level=None)
    try:
        base.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute("BEGIN IMMEDIATE")
        base.execute(
            f"CREATE TABLE {COUNTERS} (name TEXT PRIMARY KEY, following INTEGER NOT NULL)"
            " WITHOUT ROWID"
        )
        base.executemany(
            f"INSERT INTO {COUNTERS} VALUES (?, 1)",  # noqa: S608 - a constant of ours
            [("id",), ("sequence",)],
        )
        base.execute("COMMIT")
    finally:
        base.close()


def copy_base(source: sqlite3.Connection, target: Path, report: Callable[[int, int], None]) -> None:
    """Copies an open base in one step, checks the copy, and only then gives it its name.

    In several steps a writer would make it start anew again and again.
    """
    if target.exists():
        raise FileProblem(
            _("There is already a file {name}. Choose another name.").format(name=target.name)
        )
    part = target.with_name(target.name + _HALF)
    try:
        with sqlite_errors(target), disk_errors(target):
            _remove(part)
            _copy(source, part, report)
            if problems := problems_in(part):
                raise damaged(target) from RuntimeError(problems[0])
            _to_disk(part)
            part.replace(target)
    finally:
        _remove(part)


def free_name(path: Path, version: int) -> Path:
    """A name for a copy beside the base that says what it is: version and time."""
    moment = time.strftime("%Y-%m-%d %H-%M-%S")
    name = f"{path.stem} (version {version}, {moment})"
    target = path.with_name(f"{name}{path.suffix}")
    number = 2
    while target.exists():
        target = path.with_name(f"{name} {number}{path.suffix}")
        number += 1
    return target


def remove_half_copies(path: Path) -> None:
    """Those beside a base that was being upgraded when the program was killed."""
    for part in path.parent.glob(f"{escape(path.stem)} (version *{escape(path.suffix)}{_HALF}"):
        _remove(part)


def _remove(part: Path) -> None:
    for path in (part, part.with_name(part.name + "-journal")):
        path.unlink(missing_ok=True)


@contextmanager
def disk_errors(target: Path) -> Iterator[None]:
    """Says why a file cannot be made or written."""
    try:
        yield
    except OSError as error:
        if not target.parent.is_dir():
            said = _("There is no folder {folder}.")
            raise BaseMissing(said.format(folder=target.parent)) from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full(target) from error
        raise read_only(target) if target.exists() else no_new_file(target.parent) from error


def _copy(source: sqlite3.Connection, part: Path, report: Callable[[int, int], None]) -> None:
    part.open("xb").close()
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        source.backup(copy, pages=-1, progress=lambda _s, left, whole: report(whole - left, whole))
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def check_quietly(path: Path) -> None:
    """Reads the schema of a file that only we may have open, and leaves nothing beside it."""
    if _has_log(path):  # SQLite has to bring the last session to its end first
        return
    with sqlite_errors(path):
        base = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
        try:
            base.execute("SELECT count(*) FROM sqlite_master").fetchone()
            base.execute(f"SELECT count(*) FROM {COUNTERS}").fetchone()  # noqa: S608
        finally:
            base.close()


def problems_in(path: Path, *, deep: bool = False) -> list[str]:
    """SQLite's own check of a file that nobody writes; empty if all is well."""
    base = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
    try:
        return check_inside(base, deep=deep)
    finally:
        base.close()


def check_inside(base: sqlite3.Connection, *, deep: bool) -> list[str]:
    """What is wrong in an open base; `deep` compares the indexes with the rows as well."""
    check = "integrity_check" if deep else "quick_check"
    try:
        found = [str(row[0]) for row in base.execute(f"PRAGMA {check}")]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        return [str(error)]
    return [] if found == ["ok"] else found


def _has_log(path: Path) -> bool:
    """Whether the last session left changes beside the file, because it was killed."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise NotABase(_("{name} is a folder. Choose a base file.").format(name=path.name))
    if not path.exists():
        raise BaseMissing(
            _("There is no base {path}. It may have been moved or renamed.").format(path=path)
        )
    if path.stat().st_size == 0:
        raise BaseDamaged(
            _("The file {name} is empty (0 bytes). Restore it from a copy.").format(name=path.name)
        )


def _read_header(path: Path) -> Header:
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if not head.startswith(_MAGIC):
        raise _not_a_base(path)
    if len(head) < _HEADER:
        raise damaged(path)
    size = struct.unpack_from(">H", head, 16)[0]
    changes, pages = struct.unpack_from(">II", head, 24)
    version, application = struct.unpack_from(">i", head, 60)[0], struct.unpack_from(">I", head, 68)
    valid_for = struct.unpack_from(">I", head, 92)[0]
    return Header(
        page_size=65536 if size == 1 else size,
        pages=pages,
        pages_valid=changes == valid_for,
        version=version,
        application_id=application[0],
    )


def _not_a_base(path: Path) -> NotABase:
    return NotABase(
        _("{name} is not a base of this program. Choose another file.").format(name=path.name)
    )


def _check_length(path: Path, header: Header) -> None:
    """A download or a copy that broke off leaves a file shorter than its header says."""
    if path.stat().st_size < header.pages * header.page_size:
        raise BaseDamaged(
            _(
                "The file {name} is damaged: its end is missing. "
                "Copy it again or restore it from a copy."
            ).format(name=path.name)
        )


def _version_in_log(path: Path) -> int:
    """The last session ended without a farewell: the truth is in the log beside the file."""
    with sqlite_errors(path):
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return int(base.execute("PRAGMA user_version").fetchone()[0])
        finally:
            base.close()


def _to_disk(path: Path) -> None:
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)
