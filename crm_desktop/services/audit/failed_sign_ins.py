"""Sign-ins that a server refused: nobody who is refused can write into the base.

This computer keeps them in a file of the person's own, without passwords, and tells the base when
somebody is let in from here. Moments are of this computer's clock.
"""

from __future__ import annotations

import getpass
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop.models.backend.firebird_connect import parse
from crm_desktop.services.audit import service as audit
from crm_desktop.services.clock import Clock
from crm_desktop.settings import home_folder

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 200
"""The latest that are kept."""


def _file() -> Path:
    return home_folder() / "refused-sign-ins.json"


def keep(address: str) -> None:
    """Remembers that the server did not accept the account of this address."""
    place = parse(address)
    if not place.password:  # nobody tried one
        return
    known = _read()
    known.append({
        "base": place.shown, "login": place.user.lower(), "account": _account(),
        "at": Clock().now().isoformat(timespec="seconds"),
    })  # fmt: skip
    _write(known[-MOST:])


def tell(workspace: Workspace, address: str) -> None:
    """Notes in the base what was refused here since the last time."""
    known = _read()
    base = parse(address).shown
    mine = [one for one in known if one.get("base") == base]
    if not mine:
        return
    for login in sorted({str(one.get("login", "")) for one in mine}):
        tries = [one for one in mine if one.get("login", "") == login]
        moments = sorted(str(one.get("at", "")) for one in tries)
        spell = " – ".join(dict.fromkeys((moments[0], moments[-1])))
        people = ", ".join(sorted({str(one.get("account", "")) for one in tries}))
        audit.note(
            workspace, audit.FAILED, amount=len(tries), detail=f"{login}: {spell} ({people})"
        )
    _write([one for one in known if one.get("base") != base])


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a computer without a name for its user
        return ""


def _read() -> list[dict[str, Any]]:
    """What cannot be read counts as nothing: it must not keep anybody out."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _write(rows: list[dict[str, Any]]) -> None:
    path = _file()
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        if not rows:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
    except OSError:  # a full or locked disk: the sign-in itself goes on
        fresh.unlink(missing_ok=True)
