"""Where a running window is heard, and whether one may be there: known without Qt's network.

Importing that takes a start 15 ms, and a start that finds no other window has no use for it yet.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QDir


def socket_name(home: Path) -> str:
    """The name of the socket of the person whose settings lie in `home`."""
    whole = str(home.resolve()).encode("utf-8", "surrogateescape")
    digest = QCryptographicHash.hash(whole, QCryptographicHash.Algorithm.Sha256)
    return f"crm-desktop-{digest.toHex().data().decode()[:16]}"


def may_be_heard(name: str) -> bool:
    """False if certainly nobody listens; QLocalServer keeps a file there on all but Windows."""
    return os.name == "nt" or Path(QDir.tempPath(), name).exists()
