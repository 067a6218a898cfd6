"""The versions of a file, read from the change log: former values of its digest."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.services.files.contents import Contents
from crm_desktop.services.files.rows import FileShape, FileVersion
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import CREATED, DELETED


def read_versions(
    workspace: Workspace, shape: FileShape, contents: Contents, id_: int
) -> list[FileVersion]:
    """The contents that a file has had, the newest first; each content once."""
    rows = workspace.tables.system("change_row")
    wanted = sa.select(rows).where(rows.c.rid == id_).order_by(rows.c.seq.desc())
    with workspace.backend.read() as connection:
        found = connection.execute(wanted).all()
    record = workspace.reader.get(shape.entity.key, id_)
    current = record.values[shape.trait.digest] if record else None
    names = _names(workspace, found)
    made: dict[str, Any] = {}
    for row in found:
        digest = _after(shape, row)
        if digest:
            made.setdefault(digest, row)
    sizes = contents.sizes(made)
    return [
        FileVersion(
            digest, sizes.get(digest, 0), row.made_at, names.get(row.author, ""),
            digest == current, digest in sizes,
        )
        for digest, row in made.items()
    ]  # fmt: skip


def _after(shape: FileShape, row: Any) -> str:
    """The digest that a change brought; '' if it brought none."""
    if row.kind == DELETED:
        return ""
    value = json.loads(row.overflow or row.delta).get(shape.trait.digest)
    return str((value if row.kind == CREATED else value and value[1]) or "")


def _names(workspace: Workspace, rows: Any) -> dict[int, str]:
    staff = workspace.catalogue.staff().key
    titles = workspace.titles.of(Ref(staff, row.author) for row in rows if row.author)
    return {ref.id: title.text for ref, title in titles.items()}


def digests_in_log(workspace: Workspace, entity: EntityDef, key: str) -> set[str]:
    """Every digest in a field of an object that the change log can bring back."""
    rows = workspace.tables.system("change_row")
    wanted = sa.select(rows.c.kind, rows.c.delta, rows.c.overflow).where(
        rows.c.ent == entity.number
    )
    found: set[str] = set()
    with workspace.backend.read() as connection:
        for row in connection.execute(wanted):
            value = json.loads(row.overflow or row.delta).get(key)
            found.update(v for v in (value if isinstance(value, list) else [value]) if v)
    return found
