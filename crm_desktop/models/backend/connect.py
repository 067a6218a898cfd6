"""Opening a base by its address. The only place that knows which back ends there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_desktop.models.backend.base import Backend

SUFFIX = ".crm"
"""How the name of a base file ends."""


def is_server_address(address: str | Path) -> bool:
    """Whether the address names a base on a Firebird server and not a file."""
    return str(address).startswith(("firebird://", "firebird+"))


def open_backend(
    address: str | Path,
    *,
    create: bool = False,
    newest: int | None = None,
    removable: bool | None = None,
) -> Backend:
    """Opens, or with `create` makes, the base at `address`; SQLAlchemy is loaded only now.

    A path names a file, `firebird+fdb://user:password@host:port//path/or/alias` a base on a
    server (one that is there but empty counts as new). `newest` is the highest version of the
    schema that the caller understands, `removable` overrides what we find out about the disk.
    Raises the subclass of BaseProblem that says why not; a base that is refused is not touched.
    """
    if is_server_address(address):
        from crm_desktop.models.backend.firebird import FirebirdBackend

        return FirebirdBackend(str(address), create=create, newest=newest)
    from crm_desktop.models.backend.sqlite import SqliteBackend

    return SqliteBackend(Path(address), create=create, newest=newest, removable=removable)
