"""Calendars that a test writes, brought in as files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from crm_desktop.services.ics.bringing import Brought, bring_file
from crm_desktop.services.workspace import Workspace


def bring_bytes(workspace: Workspace, data: bytes, name: str, *, test: bool = False) -> Brought:
    """Brings in a file of that name and content."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return bring_file(workspace, path, test=test)
