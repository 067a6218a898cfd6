"""Addresses of directories: `ldaps://host/ou=people,dc=office??sub?(mail=*)` (RFC 4516)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

SCOPES = {"base": 0, "one": 1, "sub": 2}
PEOPLE = "(objectClass=person)"
"""Computers of Active Directory are people by this; who reads the file leaves them out."""
_PORTS = {"ldap": 389, "ldaps": 636}


@dataclass(frozen=True)
class DirectoryAddress:
    """Where people are asked for: below `base`, who suits `filter`."""

    host: str
    port: int
    is_secure: bool
    """Whether the line is TLS from its first byte; else the server is asked for TLS on it."""
    base: str
    scope: str = "sub"
    filter: str = PEOPLE


def is_directory(text: str) -> bool:
    """Whether this is meant as the address of a directory."""
    return text.lower().startswith(("ldap://", "ldaps://"))


def directory_address(text: str) -> DirectoryAddress:
    """Reads one; `InvalidInput` says how it is written."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise _wrong(text) from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname or parts.password:
        raise _wrong(text)
    _attributes, scope, wanted = (*(unquote(one) for one in parts.query.split("?")), "", "", "")[:3]
    base = unquote(parts.path.lstrip("/"))
    if not base or (scope or "sub") not in SCOPES:
        raise _wrong(text)
    return DirectoryAddress(
        parts.hostname, port or _PORTS[scheme], scheme == "ldaps", base, scope or "sub",
        wanted or PEOPLE,
    )  # fmt: skip


def _wrong(text: str) -> InvalidInput:
    said = _("“{address}” is no address of a directory; write for instance {example}")
    example = "ldaps://dc.office.example/ou=People,dc=office,dc=example??sub?(mail=*)"
    return InvalidInput(said.format(address=text, example=example))
