"""What kind of disk a base lies on: one that stays, or one that may go away at any moment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ncpfs", "fuse.sshfs", "davfs"}
_DRIVE_REMOVABLE = 2
_DRIVE_REMOTE = 4


def is_removable(path: Path) -> bool:
    """Whether the disk is a stick, a card, a USB disk or a network share; False if unknown.

    On those a base keeps no write-ahead log: after every commit the one file is whole, and a
    share has no memory in common between computers, which that log needs.
    """
    folder = path.resolve().parent
    try:
        if sys.platform == "win32":
            return _windows(folder)
        if sys.platform == "linux":
            return _network(folder) or _pluggable(folder)
    except OSError:
        return False
    return False


def _windows(folder: Path) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - the name exists on Windows only
    return kernel.GetDriveTypeW(folder.anchor) in (_DRIVE_REMOVABLE, _DRIVE_REMOTE)


def _network(folder: Path) -> bool:
    """The file system of the longest mount point above the folder."""
    best, kind = "", ""
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        left, _dash, right = line.partition(" - ")
        point = left.split()[4].replace("\\040", " ")
        if len(point) >= len(best) and folder.is_relative_to(point):
            best, kind = point, right.split()[0]
    return kind in _NETWORK


def _pluggable(folder: Path) -> bool:
    number = folder.stat().st_dev
    device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    if not device.exists():
        return False
    device = device.resolve()
    whole = device if (device / "removable").exists() else device.parent
    flag = whole / "removable"
    return "/usb" in str(device) or (flag.exists() and flag.read_text().strip() == "1")
