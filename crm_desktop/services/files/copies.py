"""Private copies of files that somebody has open in another program, each in a folder of its own.

A folder holds the copy, what the other program puts beside it, and `copy.json`, which says what it
is a copy of: so that changes are found even when the program was closed meanwhile.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.files.contents import Contents, Told, digest_of, untold

LEDGER = "copy.json"
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]")
_LOCKS = ("~$", ".~lock.")
"""What Microsoft Office and LibreOffice put beside a document that they have open."""


@dataclass(frozen=True)
class PrivateCopy:
    """A copy on this computer: of which file, of which content, and as it was when last looked at.

    `changed_ns` and `size` are those of the copy itself.
    """

    folder: Path
    file: int
    name: str
    digest: str
    changed_ns: int = 0
    size: int = 0

    @property
    def path(self) -> Path:
        """The copy itself."""
        return self.folder / self.name

    @property
    def is_open(self) -> bool:
        """Whether an office program has it open, as far as its lock file says."""
        with contextlib.suppress(OSError):
            return any(p.name.startswith(_LOCKS) for p in self.folder.iterdir())
        return False

    def touched(self) -> bool:
        """Whether somebody wrote to it since it was last looked at; quick."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        return (found.st_mtime_ns, found.st_size) != (self.changed_ns, self.size)

    def changed(self) -> bool:
        """Whether it holds something else than the content it is a copy of."""
        if not self.touched():
            return False
        try:
            with self.path.open("rb") as file:
                return digest_of(file)[0] != self.digest
        except OSError:
            return False


class PrivateCopies:
    """The copies of the files of one base, in a folder that only this person can read."""

    def __init__(self, home: Path, base_guid: str) -> None:
        self.folder = home / "open-files" / (_NO_NAME.sub("", base_guid) or "base")

    def all(self) -> list[PrivateCopy]:
        """Every copy that is there; folders that say nothing are left alone."""
        return list(self._all())

    def _all(self) -> Iterator[PrivateCopy]:
        if not self.folder.is_dir():
            return
        for ledger in sorted(self.folder.glob(f"*/{LEDGER}")):
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
                kept = json.loads(ledger.read_text(encoding="utf-8"))
                name = str(kept["name"])
                if Path(name).name == name and (ledger.parent / name).is_file():
                    yield PrivateCopy(
                        ledger.parent, int(kept["file"]), name, str(kept["digest"]),
                        int(kept["changed_ns"]), int(kept["size"]),
                    )  # fmt: skip

    def of(self, file: int) -> list[PrivateCopy]:
        """The copies of a file."""
        return [copy for copy in self._all() if copy.file == file]

    def make(
        self, contents: Contents, file: int, name: str, digest: str, told: Told = untold
    ) -> PrivateCopy:
        """Writes a content as a copy of its own; `name` is safe already."""
        folder = self.folder / f"{file}-{secrets.token_hex(4)}"
        try:
            folder.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise _not_written(name, error) from None
        copy = PrivateCopy(folder, file, name, digest)
        try:
            contents.write_to(digest, copy.path, told)
        except BaseException:
            self.forget(copy)
            raise
        return self.note(copy)

    def note(self, copy: PrivateCopy, **changed: Any) -> PrivateCopy:
        """Remembers what is known of a copy, as it stands now."""
        noted = replace(copy, **changed)
        try:
            found = noted.path.stat()
            noted = replace(noted, changed_ns=found.st_mtime_ns, size=found.st_size)
            kept = {k: v for k, v in asdict(noted).items() if k != "folder"}
            fresh = copy.folder / (LEDGER + ".new")
            fresh.write_text(json.dumps(kept), encoding="utf-8")
            fresh.replace(copy.folder / LEDGER)
        except OSError as error:
            raise _not_written(noted.name, error) from None
        return noted

    def forget(self, copy: PrivateCopy) -> None:
        """Removes a copy with its folder; what another program still holds stays for next time."""
        shutil.rmtree(copy.folder, ignore_errors=True)


def _not_written(name: str, error: OSError) -> FileProblem:
    reason = disk_reason(error)
    return FileProblem(_("{file} cannot be written: {reason}").format(file=name, reason=reason))
