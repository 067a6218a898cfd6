"""What all writers share: moving a finished file into place, counting, and plain text of cells."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeVar

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import N_, _
from crm_desktop.services.importing.readers.base import Cell

Progress = Callable[[int], None]  # told how many rows are written; may raise Cancelled
T = TypeVar("T")

NO_ROOM = N_("There is no room left on the disk for {file}. Nothing was written.")
NO_RIGHT = N_("You may not write to the folder {folder}. Choose another one.")
IN_USE = N_(
    "{file} cannot be replaced: it is open in another program. Close it there and try again, or "
    "choose another name."
)
NO_FOLDER = N_("The folder {folder} is not there. Choose another one.")
BAD_NAME = N_("The file cannot be called {file}. Choose another name.")
NOT_WRITTEN = N_("{file} could not be written: the disk or the network reports an error.")

_EVERY = 1000


class Written(NamedTuple):
    """How many rows the file has, and how many texts had to be cut because it holds no longer."""

    rows: int
    shortened: int = 0


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file to write to, in the folder of `path`; it becomes `path` when all went well.

    Raises FileProblem for everything that the disk refuses; then `path` is as it was before.
    """
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        try:
            beside.touch(exist_ok=False)
            yield beside
            _settle(beside)
        except OSError as error:
            raise _problem(path, error) from error
        try:
            beside.replace(path)
        except OSError as error:
            raise _in_use(path, error) from error
    finally:
        with suppress(OSError):  # moved, or never made
            beside.unlink()


def told(rows: Iterable[T], progress: Progress | None) -> Iterator[T]:
    """The rows, reporting every thousand and at the end."""
    count = 0
    for count, row in enumerate(rows, 1):
        yield row
        if progress and not count % _EVERY:
            progress(count)
    if progress and (count % _EVERY or not count):
        progress(count)


def plain_number(value: int | float | Decimal) -> str:
    """All digits, a full stop before the fraction, never an exponent; '' for no number."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else ""
    return str(value)


def plain_text(value: Cell) -> str:
    """A cell that is no number as text: ISO dates, TRUE and FALSE, '' for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return wall_clock(value).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration(value)
    return str(value)


def wall_clock(moment: datetime) -> datetime:
    """The moment as the clock on the wall shows it: spreadsheets know no time zones."""
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment


def duration(value: timedelta) -> str:
    """Hours, minutes and seconds: 36:00:00."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _settle(path: Path) -> None:
    """On the disk before it takes the place of the old file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _problem(path: Path, error: OSError) -> FileProblem:
    sentence = NOT_WRITTEN
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        sentence = NO_ROOM
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        sentence = NO_RIGHT
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):  # some folders of the system say so too
        sentence = NO_RIGHT if path.parent.is_dir() else NO_FOLDER
    elif error.errno in (errno.ENAMETOOLONG, errno.EINVAL):
        sentence = BAD_NAME
    return FileProblem(_(sentence).format(file=path.name, folder=path.parent))


def _in_use(path: Path, error: OSError) -> FileProblem:
    """The file is written, but cannot take its place."""
    if isinstance(error, PermissionError | IsADirectoryError) or path.is_dir():
        return FileProblem(_(IN_USE).format(file=path.name))
    return _problem(path, error)
