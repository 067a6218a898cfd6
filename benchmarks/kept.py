"""Bases that were moved to a server, kept as files: moving one again takes minutes, a copy seconds.

A kept file lies beside the local base that it was made of and carries the start of its number in
its name, so that a base made anew is moved anew. One of an older version of the program is brought
up to date as it is put to a server, and kept again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.bases import FOLDER_VARIABLE
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.maintenance.moving import move_base
from crm_desktop.services.workspace import open_base
from tests.firebird_server import FirebirdServer

_LETTERS = 8  # of the number of a base


def keeps_moved() -> bool:
    """Whether moved bases are kept unless somebody says otherwise: where a folder was chosen."""
    return bool(os.environ.get(FOLDER_VARIABLE))


def put_to_server(
    source: Path, server: FirebirdServer, name: str, *, keeping: bool, say: Callable[[str], None]
) -> None:
    """The base of the local file under `name` on the server: the kept copy, or moved there."""
    kept = kept_file(source)
    if keeping and kept.exists():
        say(f"putting {kept.name} to the server")
        _copy(kept, server.path(name))
        if not _brought_up_to_date(server.url(name)):
            return
    else:
        say(f"moving {source.name} to the server")
        move_base(source, server.url(name))
    if keeping:
        _copy(server.path(name), kept)


def kept_file(source: Path) -> Path:
    """Where the moved base of a local file is kept."""
    with closing(open_base(source)) as base:
        number = str(base.info("guid"))
    return source.with_name(f"{source.stem}-{number[:_LETTERS]}.fdb")


def _brought_up_to_date(address: str) -> bool:
    """Whether the base was of an older version."""
    with closing(open_backend(address)) as backend:
        is_old = backend.version < SCHEMA_VERSION
    if is_old:
        open_base(address).close()
    return is_old


def _copy(source: Path, target: Path) -> None:
    """Nobody may have the source open: the server writes to its file only while somebody has."""
    unready = target.with_suffix(".making")
    shutil.copyfile(source, unready)
    unready.replace(target)
