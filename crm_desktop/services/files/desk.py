"""Between the base and the programs of the computer: a copy goes out, its changes come back."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import stat
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.models.text.file_names import free_name
from crm_desktop.services.files.contents import Told, untold
from crm_desktop.services.files.copies import PrivateCopies, PrivateCopy
from crm_desktop.services.files.files import Files, TakenBack, goes_out
from crm_desktop.services.files.kinds import FileKind, recognise
from crm_desktop.services.files.opening import Opening, how_to_open
from crm_desktop.services.files.rows import FileRow
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.workspace import Workspace


def copies_of(workspace: Workspace, home: Path) -> PrivateCopies:
    """The private copies of this base; `home` is the program's own folder."""
    return PrivateCopies(home, workspace.info("guid"))


def copy_to_open(
    workspace: Workspace, home: Path, file: FileRow, told: Told = untold
) -> tuple[PrivateCopy | None, Opening]:
    """A private copy that may be opened, or None and why not.

    A copy that is there already is given again: somebody may be working in it.
    """
    if file.kind == "program":
        return None, how_to_open(file.name, FileKind(file.kind, file.media, danger=True))
    copies, contents = copies_of(workspace, home), Files(workspace).contents
    known = _still_good(copies, file)
    if known is not None:
        how = _judged(known, known.name)
        return (known if how.allowed else None), how
    goes_out(workspace, [file])
    copy = copies.make(contents, file.ref.id, file.name, file.digest, told)
    how = _judged(copy, file.name)
    if not how.allowed:
        copies.forget(copy)
        return None, how
    if how.name != copy.name:  # the ending of what it is
        fresh = copy.path.rename(copy.folder / how.name)
        copy = copies.note(copy, name=fresh.name)
    return copy, how


def _still_good(copies: PrivateCopies, file: FileRow) -> PrivateCopy | None:
    """A copy that somebody works in, or of the present content; older ones are removed."""
    for copy in copies.of(file.ref.id):
        if copy.changed() or copy.is_open or copy.digest == file.digest:
            return copy
        copies.forget(copy)
    return None


def _judged(copy: PrivateCopy, name: str) -> Opening:
    """What the bytes say counts, not what was written down when the file was added."""
    with FileSource.of_path(copy.path).opened() as file:
        return how_to_open(name, recognise(name, file))


def take_back(
    workspace: Workspace, home: Path, copy: PrivateCopy
) -> tuple[PrivateCopy, TakenBack | None]:
    """Stores what a copy holds now as a new version; the copy with what is known of it then.

    `FileProblem`: it cannot be read just now. `NotFound`: the file was deleted in the base.
    """
    copies, files = copies_of(workspace, home), Files(workspace)
    if not copy.changed():
        return (copies.note(copy) if copy.path.is_file() else copy), None
    taken = files.take_back(copy.file, FileSource.of_path(copy.path), copy.digest)
    stored = files.get(taken.ref.id)
    return copies.note(copy, file=stored.ref.id, digest=stored.digest), taken


def left_copies(workspace: Workspace, home: Path) -> tuple[list[PrivateCopy], list[PrivateCopy]]:
    """Copies that were changed, and unchanged ones that are still open; others are removed."""
    copies = copies_of(workspace, home)
    changed, still_open = [], []
    for folder in copies.folder.glob("out-*"):
        _forget(folder)
    for copy in copies.all():
        if copy.changed():
            changed.append(copy)
        elif copy.is_open:
            still_open.append(copy)
        else:
            copies.forget(copy)
    return changed, still_open


def copies_for_others(
    workspace: Workspace, home: Path, files: list[FileRow], told: Told = untold, *,
    read_only: bool = False,
) -> list[Path]:  # fmt: skip
    """Copies for the clipboard or a drag, in a folder that is emptied at the next start.

    `read_only`: where they are dropped on a program that opens them there, nobody shall write into
    a copy that nobody takes back.
    """
    goes_out(workspace, files)
    folder = copies_of(workspace, home).folder / f"out-{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        reason = disk_reason(error)
        raise FileProblem(
            _("{file} cannot be written: {reason}").format(file=folder.name, reason=reason)
        ) from None
    written: list[Path] = []
    for file in files:
        path = folder / free_name(file.name, {path.name for path in written})
        Files(workspace).contents.write_to(file.digest, path, told)
        if read_only:
            path.chmod(stat.S_IRUSR)
        written.append(path)
    return written


def _forget(folder: Path) -> None:
    """Windows deletes nothing that is read-only."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    shutil.rmtree(folder, ignore_errors=True)
