"""A connection file (.crmconn): where the base of an office is, without any name or password.

Staff double-click it, type who they are, and work. It holds nothing secret, so it may be mailed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason

SUFFIX = ".crmconn"
_KIND, _VERSION = "crm-desktop connection", 1
_MOST_BYTES = 10_000
_DEFAULT_PORT = 3050
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a base is. `base`: its path or alias on the server; `name`: how people call it."""

    host: str
    port: int
    base: str
    name: str = ""

    def address(self, login: str, password: str = "") -> str:
        """The address by which somebody opens the base."""
        who = quote(login, safe="")
        if password:
            who += ":" + quote(password, safe="")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"firebird+fdb://{who}@{host}:{self.port}/{self.base}"

    def login_of(self, address: str) -> str:
        """Who signs in by an address of this very base; '' if it is of another one."""
        try:
            parts = urlsplit(address)
            there = (parts.hostname, parts.port or _DEFAULT_PORT, parts.path[1:])
        except ValueError:
            return ""
        here = (self.host.lower(), self.port, self.base)
        return unquote(parts.username or "") if there == here else ""

    @property
    def is_this_computer(self) -> bool:
        """Whether every computer takes the server's name for itself: nobody else gets there."""
        host = self.host.lower()
        return host in ("localhost", "::1") or host.startswith("127.")

    @property
    def shown(self) -> str:
        """The server and its port, as people read it."""
        return f"{self.host}:{self.port}"


def of_address(address: str, name: str = "") -> Connection:
    """The place that an address of a server names; `InvalidInput` if it names none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or _DEFAULT_PORT
    except ValueError as error:
        raise InvalidInput(not_an_address()) from error
    base = parts.path[1:]
    if not host or not base:
        raise InvalidInput(not_an_address())
    return Connection(host, port, base, name)


def write_connection(path: Path, connection: Connection) -> None:
    """Writes the file; one that is there is replaced. `FileProblem` if that is impossible."""
    value = {
        "kind": _KIND, "version": _VERSION, "server": connection.host, "port": connection.port,
        "base": connection.base, "name": connection.name,
    }  # fmt: skip
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        said = _("{file} cannot be written: {reason}")
        raise FileProblem(said.format(file=path.name, reason=disk_reason(error))) from error


def read_connection(path: Path) -> Connection:
    """What a file says; `FileProblem` for one that is none, is damaged or of a newer program."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        said = _("{file} cannot be read: {reason}")
        raise FileProblem(said.format(file=path.name, reason=disk_reason(error))) from error
    try:
        value = json.loads(raw.decode("utf-8-sig")) if len(raw) <= _MOST_BYTES else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or value.get("kind") != _KIND:
        said = _(
            "{file} is no connection file of this program. Ask the administrator for a new one."
        )
        raise FileProblem(said.format(file=path.name))
    if value.get("version") != _VERSION:
        said = _("{file} was written by a newer version of the program. Install the newer version.")
        raise FileProblem(said.format(file=path.name))
    return _connection(path, value)


def _connection(path: Path, value: dict[str, Any]) -> Connection:
    host, port, base = value.get("server"), value.get("port"), value.get("base")
    name = value.get("name", "")
    texts = [text for text in (host, base, name) if isinstance(text, str) and _is_plain(text)]
    if len(texts) != 3 or not host or not base or not _is_port(port) or _is_odd(*texts):
        said = _("{file} does not say where the base is. Ask the administrator for a new one.")
        raise FileProblem(said.format(file=path.name))
    return Connection(texts[0], int(str(port)), texts[1], texts[2])


def _is_plain(text: str) -> bool:
    return len(text) <= _LONGEST and (not text or text.isprintable())


def _is_odd(host: str, base: str, _name: str) -> bool:
    """Signs that would make another address of it."""
    return any(sign in host for sign in " /@?#\\") or any(sign in base for sign in "?#")


def _is_port(port: object) -> bool:
    return isinstance(port, int) and not isinstance(port, bool) and 0 < port < 65536


def refuse_as_base(address: str) -> None:
    """`InvalidInput` for a connection file where a base is to be named: it does not say who signs
    in; the sentence holds the address that does."""
    if not address.lower().endswith(SUFFIX):
        return
    place = read_connection(Path(address))
    said = _("{file} opens the window. A command is told who signs in, too: {address}")
    whole = place.address("LOGIN")
    raise InvalidInput(said.format(file=Path(address).name, address=whole))


def not_an_address() -> str:
    """The sentence for an address that names no base on a server."""
    return _("This is no address of a base. It looks like firebird+fdb://user@server:3050/name.")
