"""Pictures that stand where the avatars of records are (trait `Pictured`): kept, read, taken away.

A picture comes here small and made by the program itself: what a person gives is decoded, cut and
written anew before (`ui/portraits`).
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.ownership import pictured
from crm_desktop.services.files.contents import Contents, digest_of
from crm_desktop.services.reader import parts_of
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Update

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST_BYTES = 200_000
_JPEG = b"\xff\xd8\xff"
__all__ = [
    "keep", "pictured", "pictures", "pictures_in_use", "pictures_of", "read", "read_many",
    "take_away",
]  # fmt: skip


def keep(workspace: Workspace, ref: Ref, picture: bytes) -> int | None:
    """Shows this picture (JPEG) from now on; the operation."""
    if not picture.startswith(_JPEG) or len(picture) > MOST_BYTES:
        raise InvalidInput(_("This picture cannot be kept. Choose another one."))
    content = BytesIO(picture)
    known = digest_of(content)
    _contents(workspace).store(content, known)
    title = Title(N_("Photo of {name}"), {"name": _name(workspace, ref)})
    write = Update(*ref, {_field(workspace, ref.entity): known[0]})
    return workspace.records.apply([write], title).operation


def take_away(workspace: Workspace, ref: Ref) -> int | None:
    """Shows initials again; the operation. The picture can be brought back by an undo."""
    title = Title(N_("Photo of {name} taken away"), {"name": _name(workspace, ref)})
    write = Update(*ref, {_field(workspace, ref.entity): None})
    return workspace.records.apply([write], title).operation


def pictures(workspace: Workspace, entity: str) -> dict[int, str]:
    """The digest of the picture of each record of an object that has one."""
    column = _column(workspace, entity)
    wanted = sa.select(column.table.c.id, column).where(column.is_not(None))
    with workspace.backend.read() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}


def pictures_of(workspace: Workspace, entity: str, ids: Iterable[int]) -> dict[int, str]:
    """The same of these records alone: one question for all that is in sight."""
    column, found = _column(workspace, entity), dict[int, str]()
    among = workspace.backend.among(column.table.c.id, alone=True)
    wanted = sa.select(column.table.c.id, column).where(among, column.is_not(None))
    with workspace.backend.read() as connection:
        for part in parts_of(ids):
            found.update((row[0], row[1]) for row in connection.execute(wanted, {"ids": part}))
    return found


def pictures_in_use(workspace: Workspace) -> set[str]:
    """The digests of all pictures."""
    return {
        digest
        for entity, _trait in pictured(workspace.catalogue)
        for digest in pictures(workspace, entity.key).values()
    }


def read(workspace: Workspace, digest: str) -> bytes:
    """A picture; `NotFound` if a clean-up has removed it."""
    return _contents(workspace).read(digest, MOST_BYTES)


def read_many(workspace: Workspace, digests: Iterable[str]) -> dict[str, bytes]:
    """Some pictures by one question, without those that are not there or not to be seen."""
    kept, found = _contents(workspace), dict[str, bytes]()
    whole, part = kept.table.c, kept.part_table.c
    wanted = (
        sa.select(whole.digest, part.body)
        .join_from(kept.table, kept.part_table, part.content == whole.id)
        .where(part.place == 0, whole.byte_size <= MOST_BYTES)
    )
    several = list(dict.fromkeys(digests))
    with workspace.backend.read() as connection:
        for start in range(0, len(several), IN_LIST):
            some = several[start : start + IN_LIST]
            rows = connection.execute(wanted.where(whole.digest.in_(some)))
            found.update((row[0], bytes(row[1])) for row in rows)
    return found


def _column(workspace: Workspace, entity: str) -> sa.Column[Any]:
    known = workspace.catalogue[entity]
    return workspace.tables.column(known, known.field(_field(workspace, entity)))


def _contents(workspace: Workspace) -> Contents:
    return Contents(workspace.backend, workspace.tables, workspace.clock)


def _field(workspace: Workspace, entity: str) -> str:
    found = [trait.field for one, trait in pictured(workspace.catalogue) if one.key == entity]
    if not found:
        label = _(workspace.catalogue[entity].plural)
        raise InvalidInput(_("“{object}” have no pictures").format(object=label))
    return found[0]


def _name(workspace: Workspace, ref: Ref) -> str:
    title = workspace.titles.of([ref]).get(ref)
    return title.text if title is not None else ""
