"""One running copy of the program a base file: a lock beside it that says who holds it.

The operating system lets go of it when the owner dies, however he dies. The file itself only
carries the words for the next one who comes.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import secrets
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm_desktop.errors import BaseLocked
from crm_desktop.i18n import _

TOKEN_VARIABLE = "CRM_DESKTOP_LOCK_TOKEN"
"""A child process of the owner carries the owner's token in this variable of its environment."""

_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
_BYTE_FAR_BEHIND = 1 << 20  # Windows locks bytes; the words at the beginning stay readable


class InstanceLock:
    """Holds `<base>.lock` until `release`.

    Raises BaseLocked if another copy holds it, OSError if the folder cannot be written.
    """

    def __init__(self, base: Path) -> None:
        self.path = base.with_name(base.name + ".lock")
        self.token = secrets.token_hex(16)
        self._file: int | None = None
        passed = os.environ.get(TOKEN_VARIABLE)
        if passed and _read(self.path).get("token") == passed:
            self.token = passed
            return
        self._file = _acquire(self.path)
        try:
            _write(self._file, _words(self.token))
        except OSError:
            self.release()
            raise

    @property
    def is_anothers(self) -> bool:
        """Whether the owner of the lock is our parent process, or nobody any more."""
        return self._file is None

    def release(self) -> None:
        """Lets the next one in. Does nothing for a child process, nor the second time."""
        if self._file is None:
            return
        if sys.platform == "win32":
            os.close(self._file)
            self.path.unlink(missing_ok=True)
        else:  # the name goes first: who comes between finds no file and makes his own
            self.path.unlink(missing_ok=True)
            os.close(self._file)
        self._file = None


def _acquire(path: Path) -> int:
    """An open, locked file that still bears the name `path`."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(file)
        except OSError as error:
            os.close(file)
            if error.errno in _TAKEN:
                raise BaseLocked(_sentence(_read(path))) from error
            raise
        if _still_there(file, path):
            return file
        os.close(file)


def _lock(file: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _BYTE_FAR_BEHIND, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:  # a disk without locks: SQLite guards the rows itself
            raise


def _still_there(file: int, path: Path) -> bool:
    """Whether the owner before us did not take the name away while we waited."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _words(token: str) -> dict[str, object]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a login without a name, as in some containers
        user = ""
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "user": user,
        "since": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
        "token": token,
    }


def _write(file: int, words: dict[str, object]) -> None:
    os.ftruncate(file, 0)
    os.lseek(file, 0, os.SEEK_SET)
    os.write(file, json.dumps(words).encode())


def _read(path: Path) -> dict[str, Any]:
    """What the owner wrote; empty if there is none or he is only just writing."""
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return words if isinstance(words, dict) else {}


def _sentence(owner: dict[str, Any]) -> str:
    if not {"host", "user", "since"} <= owner.keys():
        return _("The base is already open in another copy of the program. Close it there first.")
    since = datetime.fromisoformat(str(owner["since"])).astimezone()
    return _("The base is open on {computer} by {user} since {time}. Close it there first.").format(
        computer=owner["host"],
        user=owner["user"],
        time=since.strftime(_("%Y-%m-%d %H:%M")),
    )
