"""Contents that nobody needs: found, reported, and removed only when a person says so."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.portraits import pictured, pictures_in_use
from crm_desktop.services.files.versions import digests_in_log
from crm_desktop.services.workspace import Workspace

JUST_NOW = timedelta(hours=1)
"""So young a content may belong to a file that somebody is just adding."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Unused:
    """Contents by number and size that no file has; `half`: parts that a crash left behind."""

    orphans: dict[int, int]
    """Not even the change log knows them."""
    former: dict[int, int]
    """Undo or an older version could need them."""
    half: tuple[int, ...]


@dataclass(frozen=True)
class CleanReport:
    """What a clean-up removed."""

    contents: int
    bytes: int


def digests_in_use(workspace: Workspace, files: Files) -> set[str]:
    """The digests of the files that are there."""
    entity = files.shape.entity
    column = workspace.tables.column(entity, entity.field(files.shape.trait.digest))
    with workspace.backend.read() as connection:
        found = connection.execute(sa.select(column).distinct()).scalars().all()
    return {digest for digest in found if digest} | pictures_in_use(workspace)


def unused(workspace: Workspace) -> Unused:
    """What could be removed; reads no content."""
    files = Files(workspace)
    used = digests_in_use(workspace, files)
    logged = digests_in_log(workspace, files.shape.entity, files.shape.trait.digest)
    for entity, trait in pictured(workspace.catalogue):
        logged |= digests_in_log(workspace, entity, trait.field)
    orphans, former = {}, {}
    for row in _contents(workspace):
        if row.digest in used:
            continue
        if row.digest in logged:
            former[row.id] = row.byte_size
        elif workspace.clock.now() - row.added_at > JUST_NOW:
            orphans[row.id] = row.byte_size
    return Unused(orphans, former, tuple(_half_written(workspace)))


def _contents(workspace: Workspace) -> list[Any]:
    table = workspace.tables.system("file_content")
    with workspace.backend.read() as connection:
        return list(connection.execute(sa.select(table).order_by(table.c.id)).all())


def _half_written(workspace: Workspace) -> list[int]:
    """Numbers of contents of which there are only parts; those being written now are newer."""
    parts, contents = workspace.tables.system("file_part"), workspace.tables.system("file_content")
    wanted = (
        sa.select(parts.c.content).distinct()
        .select_from(parts.outerjoin(contents, contents.c.id == parts.c.content))
        .where(contents.c.id.is_(None))
    )  # fmt: skip
    with workspace.backend.read() as connection:
        return [int(number) for number in connection.execute(wanted).scalars().all()]


def clean(workspace: Workspace, *, former: bool = False) -> CleanReport:
    """Removes contents without files. `former`: also those that undo or older versions would
    need; they cannot be brought back then. Nobody may be adding files meanwhile.
    """
    found = unused(workspace)
    gone = {**found.orphans, **(found.former if former else {})}
    Files(workspace).contents.drop([*gone, *found.half])
    return CleanReport(len(gone) + len(found.half), sum(gone.values()))


def problems(workspace: Workspace, *, deep: bool) -> list[str]:
    """What is wrong with the files of a base; `deep` reads every content."""
    files = Files(workspace)
    told = []
    there = {row.digest: row for row in _contents(workspace)}
    used = {d for d in digests_in_use(workspace, files) if _DIGEST.fullmatch(d)}
    for digest in sorted(used - there.keys()):
        told.append(_("The content of {name} is missing").format(name=_named(workspace, digest)))
    for digest in sorted(there) if deep else ():
        if not _is_sound(files, digest):
            name = _named(workspace, digest)
            told.append(_("The content of {name} is damaged").format(name=name))
    left = unused(workspace)
    count = len(left.orphans) + len(left.half)
    if count:
        told.append(ngettext(
            "{count} content belongs to no file; remove it with: crm-desktop file clean",
            "{count} contents belong to no file; remove them with: crm-desktop file clean", count,
        ).format(count=count))  # fmt: skip
    return told


def _is_sound(files: Files, digest: str) -> bool:
    check = hashlib.sha256()
    try:
        for part in files.contents.parts(digest):
            check.update(part)
    except UserError:
        return False
    return check.hexdigest() == digest


def _named(workspace: Workspace, digest: str) -> str:
    """A file that has the content; else the beginning of its digest."""
    files = Files(workspace)
    entity = files.shape.entity
    column = workspace.tables.column(entity, entity.field(files.shape.trait.digest))
    title = workspace.tables.column(entity, entity.title)
    wanted = sa.select(title, column.table.c.id).where(column == digest)
    with workspace.backend.read() as connection:
        row = connection.execute(workspace.backend.limit(wanted, 1)).first()
    return f"{row[0]} ({row[1]})" if row else digest[:12]
