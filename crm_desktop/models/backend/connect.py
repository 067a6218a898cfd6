"""Opening a base by its address. The only place that knows which back ends there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

if TYPE_CHECKING:
    from crm_desktop.models.backend.base import Backend

SUFFIX = ".crm"
"""How the name of a base file ends."""

_OTHER_SERVER = re.compile(r"(?!firebird[:+])[A-Za-z][A-Za-z0-9+.-]+://")


def is_server_address(address: str | Path) -> bool:
    """Whether the address names a base on a Firebird server and not a file."""
    return str(address).startswith(("firebird://", "firebird+"))


def with_code(address: str, code: str, join: str = "") -> str:
    """The address of a base on a server with a code of the second factor to be shown; `join`: the
    new secret that it is of, as hex."""
    from crm_desktop.models.backend.firebird_proof import with_code

    return with_code(address, code, join)


def refuse_other_servers(address: str | Path) -> None:
    """`InvalidInput` for the address of a server of another kind: it would be taken for a file."""
    if other := _OTHER_SERVER.match(str(address)):
        said = _(
            "A base lies in a file (office.crm) or on a Firebird server "
            "(firebird+fdb://user:password@server:3050/name-or-path). {kind} is neither."
        )
        raise InvalidInput(said.format(kind=other[0]))


def open_backend(
    address: str | Path,
    *,
    create: bool = False,
    resume: bool = False,
    newest: int | None = None,
    removable: bool | None = None,
) -> Backend:
    """Opens, or with `create` makes, the base at `address`; SQLAlchemy is loaded only now.

    A path names a file, `firebird+fdb://user:password@host:port//path/or/alias` a base on a
    server (one that is there but empty counts as new; with `resume` also one that a move has left
    half made, `age.HALF_MOVED`). `newest` is the highest version of the
    schema that the caller understands, `removable` overrides what we find out about the disk.
    Raises the subclass of BaseProblem that says why not; a base that is refused is not touched.
    """
    if is_server_address(address):
        from crm_desktop.models.backend.firebird import FirebirdBackend

        return FirebirdBackend(str(address), create=create, resume=resume, newest=newest)
    refuse_other_servers(address)
    from crm_desktop.models.backend.sqlite import SqliteBackend
    from crm_desktop.models.backend.sqlite_file import is_half_moved

    path = Path(address)
    anew = create and not (resume and is_half_moved(path))
    return SqliteBackend(path, create=anew, newest=newest, removable=removable)
