"""What bases are called in the window: as their office says, else by file or address."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from crm_desktop import settings as s
from crm_desktop.ui.session import Session


def base_name(session: Session) -> str:
    """The name of the open base for the title of the window."""
    return session.office or session.base.backend.title if session.workspace is not None else ""


def short_address(settings: s.Settings, address: str) -> str:
    """As the office calls it; a file by its name, the base of a server with where it is."""
    _scheme, is_server, rest = address.partition("://")
    if not is_server:
        return Path(address).stem
    server, _slash, base = rest.rpartition("@")[2].partition("/")
    return s.name_of_base(settings, address) or f"{PureWindowsPath(base).stem} ({server})"
