"""A folder of enquiries: which of its files are taken in, and where they go afterwards.

A file is taken in first and moved then: a program that was ended in between finds the digest in the
base the next time, and only moves it.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.models.text.file_names import free_name, safe_name
from crm_desktop.services.intake.formats import LARGEST, MEGABYTE

DONE, REFUSED = "done", "refused"
"""The subfolders."""
MOST_AT_ONCE = 200
"""Files that one look deals with."""
STILL_S = 2.0
"""A file that was changed within so many seconds may still be being written."""
NAMED_S = 60.0
"""Programs that download give a file its own name at the end: so long no other kind is told of."""


def waiting(folder: Path, *, still_s: float = 0.0) -> Iterator[Path]:
    """All files that wait in a folder, the oldest first; `FileProblem` if it cannot be read."""
    now = time.time()
    for changed, path in _files(folder):
        # the clock of another computer may be ahead
        if _ending(path.name) in LARGEST and abs(now - changed) >= still_s:
            yield path


def other_kinds(folder: Path, *, still_s: float = 0.0) -> list[Path]:
    """The files of kinds that are not taken in, the oldest first: they stay where they are."""
    now = time.time()
    return [
        path for changed, path in _files(folder)
        if _ending(path.name) not in LARGEST and abs(now - changed) >= still_s
    ]  # fmt: skip


def _files(folder: Path) -> list[tuple[float, Path]]:
    """When each file of a folder was changed, the oldest first; without hidden ones."""
    found: list[tuple[float, str, Path]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith((".", "~")):
                    with suppress(FileNotFoundError):  # another seat was quicker
                        changed = entry.stat(follow_symlinks=False).st_mtime
                        if not entry.is_dir(follow_symlinks=False):
                            found.append((changed, entry.name, Path(entry.path)))
    except OSError as error:
        raise FileProblem(
            _("The intake folder {folder} cannot be read: {reason}").format(
                folder=folder, reason=disk_reason(error)
            )
        ) from None
    return [(changed, path) for changed, _name, path in sorted(found)]


def _ending(name: str) -> str:
    return "." + name.rpartition(".")[2].lower() if "." in name[1:] else ""


def content_of(path: Path) -> bytes | None:
    """What a file holds; None if it has gone, `InvalidInput` for what is no ordinary file of a
    sensible size. Links are not followed: they may lead anywhere."""
    limit = LARGEST[_ending(path.name)]
    try:
        kind = path.lstat()
        if not stat.S_ISREG(kind.st_mode):
            raise InvalidInput(_("This is a link or a device, no ordinary file"))
        if kind.st_size > limit:
            raise InvalidInput(
                _("The file is too large: at most {limit} MB").format(limit=limit // MEGABYTE)
            )
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:  # another seat was quicker
        return None
    except OSError as error:
        raise FileProblem(
            _("{file} cannot be read: {reason}").format(
                file=safe_name(shown_name(path)), reason=disk_reason(error)
            )
        ) from None


def shown_name(path: Path) -> str:
    """The name of a file as it can be told and kept: on Linux it is any bytes."""
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _own_place(folder: Path, name: str) -> Path:
    """An empty file that nobody else takes: two seats put files of one name away at a time."""
    taken = {entry.name for entry in folder.iterdir()}
    while True:
        place = folder / free_name(name, taken)
        try:
            place.open("xb").close()
        except FileExistsError:
            taken.add(place.name)
        else:
            return place


def put_away(path: Path, into: str, reason: str = "") -> None:
    """Moves a file to a subfolder, with the reason in a text file beside it; one that has gone
    meanwhile was put away by another seat."""
    target = path.parent / into
    try:
        target.mkdir(exist_ok=True)
        place = _own_place(target, path.name)
        try:
            path.replace(place)
        except OSError:
            place.unlink()
            raise
        if reason:
            why = _own_place(target, f"{place.name}.txt")
            why.write_text(reason + "\n", encoding="utf-8")
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileProblem(
            _("{file} cannot be moved to {folder}: {reason}").format(
                file=safe_name(shown_name(path)), folder=target, reason=disk_reason(error)
            )
        ) from None
