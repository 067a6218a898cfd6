"""The log of the program: plain lines in a rotating file, for a person who helps from afar.

Nothing secret is written: passwords in addresses and in `name=value` pairs are masked here, at the
last moment, so that no caller has to remember it. Values of records do not belong in the log.
"""

from __future__ import annotations

import logging
import re
import time
from pathlib import Path

FILE_NAME = "crm-desktop.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 3
_LINE = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s [%(threadName)s] %(message)s"

_IN_ADDRESS = re.compile(r"(\w[\w+.-]*://[^\s:/@]*):[^\s@]+@")
_NAMED = re.compile(
    r"""(?ix) (["']?\b[\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|credential)[\w-]*["']?
        \s*[=:]\s*) ("[^"]*"|'[^']*'|[^\s,;&)}\]]+)"""
)


def masked(text: str) -> str:
    """The text without passwords: those in addresses and those given by name."""
    return _NAMED.sub(r"\1***", _IN_ADDRESS.sub(r"\1:***@", text))


class _MaskingFormatter(logging.Formatter):
    """Times in UTC; secrets masked in the message and in the traceback alike."""

    def __init__(self) -> None:
        super().__init__(_LINE, "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def start_log(folder: Path, *, level: int = logging.INFO) -> Path:
    """Sends the log of the program to a file in `folder` and tells which file.

    A second call closes the first file. OSError if the folder cannot be written: the caller
    decides whether to go on without a log.
    """
    from logging.handlers import RotatingFileHandler

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    handler = RotatingFileHandler(
        path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    handler.setFormatter(_MaskingFormatter())
    stop_log()
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return path


def stop_log() -> None:
    """Closes the file of the log; what is logged later goes nowhere."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler.formatter, _MaskingFormatter):
            root.removeHandler(handler)
            handler.close()
