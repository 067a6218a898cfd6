"""What goes out of the base or changes many records at once: asked before, noted afterwards.

In a local base all of this returns at once: nothing is asked and nothing is noted there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services import audit
from crm_desktop.services.rights import words

if TYPE_CHECKING:
    from crm_desktop.models.query import Query
    from crm_desktop.services.workspace import Workspace


def before_export(workspace: Workspace, query: Query) -> None:
    """`NotAllowed` unless every record of the query may go into a file."""
    rights = workspace.rights
    if rights is None:
        return
    entity = workspace.catalogue[query.entity]
    rights.require(words.EXPORT, entity)
    if words.EVERYBODY not in rights.reached(words.EXPORT, entity):
        rights.require_all(words.EXPORT, entity, workspace.lists.open(query).ids())


def exported(workspace: Workspace, query: Query, path: Path, count: int) -> None:
    """Notes how many records of which query went into which file."""
    if workspace.login:
        audit.note(workspace, audit.EXPORTED, amount=count,
                   detail=f"{path.name}: {_said(workspace, query)}")  # fmt: skip


def before_print(workspace: Workspace, entity: EntityDef) -> None:
    """`NotAllowed` for whoever prints nothing of the object."""
    if workspace.rights is not None:
        workspace.rights.require(words.PRINT, entity)


def printed(workspace: Workspace, title: str, count: int | None = None) -> None:
    """Notes what was printed, or saved to be printed."""
    if workspace.login:
        audit.note(workspace, audit.PRINTED, amount=count, detail=title)


def many(workspace: Workspace, entity: EntityDef, count: int, what: str) -> None:
    """Notes that so many records were changed or deleted in one go; `what`: a few words."""
    if workspace.login:
        audit.note(workspace, audit.MANY, amount=count, detail=f"{_(entity.plural)}: {what}")


def _said(workspace: Workspace, query: Query) -> str:
    """The query as the base keeps queries, with the object's name before it."""
    plain = {
        key: value for key, value in query.to_json().items() if value and key in ("where", "text")
    }
    said = json.dumps(plain, ensure_ascii=False) if plain else _("without a filter")
    return f"{_(workspace.catalogue[query.entity].plural)}, {said}"
