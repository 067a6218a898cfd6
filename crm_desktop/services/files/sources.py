"""Where a file comes from: a path of this computer, or bytes out of the clipboard."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.models.text.file_names import safe_name


@dataclass(frozen=True)
class FileSource:
    """A file to be brought in; `name` is safe to be shown and kept."""

    name: str
    path: Path | None = None
    content: bytes = b""

    @staticmethod
    def of_path(path: Path) -> FileSource:
        """The file at a path, under its own name."""
        return FileSource(safe_name(path.name), path)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """What it holds; `FileProblem` names the file that cannot be read."""
        if self.path is None:
            yield BytesIO(self.content)
            return
        try:
            self._refuse_odd(self.path)
            with self.path.open("rb") as file:
                yield file
        except FileNotFoundError:
            raise FileProblem(
                _("There is no file {file}. Check its name and its folder.").format(file=self.name)
            ) from None
        except OSError as error:
            reason = disk_reason(error)
            raise FileProblem(
                _("{file} cannot be read: {reason}").format(file=self.name, reason=reason)
            ) from None

    def _refuse_odd(self, path: Path) -> None:
        """Folders, devices and pipes would never end or say nothing."""
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileProblem(
                _("{file} is a folder. Pack it into an archive, or add the files in it.").format(
                    file=self.name
                )
            )
        if not stat.S_ISREG(mode):
            raise FileProblem(_("{file} is not an ordinary file.").format(file=self.name))

    def size(self) -> int:
        """Bytes, as far as is known before reading."""
        if self.path is None:
            return len(self.content)
        try:
            return self.path.stat().st_size
        except OSError:
            return 0  # `opened` says what is wrong with it
