"""A base file for the tests of files, what lies beside it, and another copy of the program."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from crm_desktop.models.backend.connect import open_backend
from tests.database.tables import add_clients, make_tables

ROOT = Path(__file__).parents[2]


def make_base(path: Path) -> Path:
    """A closed base with two hundred clients, version 3."""
    with closing(open_backend(path, create=True)) as backend:
        make_tables(backend)
        add_clients(backend, *(f"Клиент {number}" for number in range(200)))
        with backend.write() as connection:
            backend.set_version(connection, 3)
    return path


def folder_of(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another copy of the program, in its own process."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
