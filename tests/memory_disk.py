"""A folder in memory for the files of a test run: the tests wait for no disk.

That what was written outlives a failing power supply no test can see; that it outlives a killed
program they do see, and memory keeps it as well as a disk. `python -m pytest --basetemp FOLDER`
still puts the files where one wants them.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

_SHARED = Path("/dev/shm")
_ROOM = 6 << 30
"""Bytes that have to be free: two processes use up to one of these six."""


def memory_disk() -> Path | None:
    """The folder; None where there is none, or where memory is short."""
    if sys.platform != "linux" or not os.access(_SHARED, os.W_OK | os.X_OK):
        return None
    free = min(shutil.disk_usage(_SHARED).free, _available())
    return _SHARED if free > _ROOM else None


def _available() -> int:
    """Bytes of memory that programs may still have (man 5 proc)."""
    found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text("ascii"))
    return int(found[1]) << 10 if found else 0
