"""What goes out of the base or changes many records at once: asked before, noted afterwards.

In a local base all of this returns at once: nothing is asked and nothing is noted there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.ownership import is_shared
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.audit import service as audit
from crm_desktop.services.rights import words

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


COPIED_FREELY = 50
"""So many rows at once anybody copies who sees them; more are an export."""


def before_export(workspace: Workspace, query: Query) -> None:
    """`NotAllowed` unless every record of the query may go into a file."""
    _every(workspace, words.EXPORT, query)


def _every(workspace: Workspace, action: str, query: Query) -> None:
    """`NotAllowed` unless it is allowed on every record of the query."""
    rights = workspace.rights
    if rights is None:
        return
    entity = workspace.catalogue[query.entity]
    rights.require(action, entity)
    if words.EVERYBODY not in rights.reached(action, entity):
        rights.require_all(action, entity, workspace.lists.open(query).ids())


def tell(workspace: Workspace, told: Mapping[str, Collection[int]]) -> None:
    """Asks before a command tells more records than anybody copies freely, and notes it. `told`:
    their numbers by object."""
    count = sum(map(len, told.values()))
    if not workspace.login or count <= COPIED_FREELY:
        return
    queries = {
        key: of_records(workspace.catalogue[key], ids) for key, ids in told.items() if ids
    }  # fmt: skip
    for key, query in queries.items():
        few = len(told[key]) <= COPIED_FREELY
        if not (few and is_shared(workspace.catalogue, workspace.catalogue[key])):
            before_export(workspace, query)
    for key, query in queries.items():
        copied(workspace, query, len(told[key]))


def tell_titles(workspace: Workspace, title: str, count: int) -> None:
    """Notes that a command told so many lines that name records, such as what was done to them."""
    if workspace.login and count > COPIED_FREELY:
        audit.note(workspace, audit.COPIED, amount=count, detail=title)


def files_out(workspace: Workspace, entity: EntityDef, files: Mapping[int, str]) -> None:
    """Notes which files left the base: saved, copied, dragged or opened in another program. More
    than anybody copies freely are an export. `files`: their names by number."""
    if not workspace.login or not files:
        return
    query = of_records(entity, files)
    before_copy(workspace, query, len(files))
    _out(workspace, audit.EXPORTED, query, len(files), ", ".join(files.values()))


def exported(workspace: Workspace, query: Query, path: Path, count: int) -> None:
    """Notes how many records of which query went into which file."""
    _out(workspace, audit.EXPORTED, query, count, f"{path.name}: {_said(workspace, query)}")


def before_copy(workspace: Workspace, query: Query, count: int) -> None:
    """`NotAllowed` for whoever copies as many rows as only who may export them may."""
    if count > COPIED_FREELY:
        before_export(workspace, query)


def copied(workspace: Workspace, query: Query, count: int) -> None:
    """Notes how many rows of which query went to the clipboard."""
    _out(workspace, audit.COPIED, query, count, _said(workspace, query))


def copy(workspace: Workspace, query: Query, count: int) -> None:
    """Asks before so many rows are copied, and notes it."""
    if workspace.login:
        before_copy(workspace, query, count)
        copied(workspace, query, count)


def export_records(
    workspace: Workspace, entity: EntityDef, ids: Collection[int], path: Path
) -> None:  # fmt: skip
    """Asks before these records go into a file, and notes it."""
    if workspace.login and ids:
        query = of_records(entity, ids)
        before_export(workspace, query)
        exported(workspace, query, path, len(ids))
    elif workspace.rights is not None:
        workspace.rights.require(words.EXPORT, entity)


def print_records(
    workspace: Workspace, entity: EntityDef, ids: Collection[int], title: str
) -> None:  # fmt: skip
    """Asks before these records are printed, or saved to be printed, and notes it."""
    query = of_records(entity, ids)
    before_print(workspace, query)
    if ids:
        printed(workspace, query, title, len(ids))


def of_records(entity: EntityDef, ids: Iterable[int]) -> Query:
    """Just these records."""
    return Query(entity.key, where=Condition("id", "in", tuple(sorted(set(ids)))))


def _out(workspace: Workspace, what: str, query: Query, count: int | None, detail: str) -> None:
    if not workspace.login:
        return
    entity = workspace.catalogue[query.entity]
    entry = audit.note(workspace, what, amount=count, detail=detail, entity=entity.key)
    audit.compare(workspace, entry, entity, workspace.lists.open(query).ids())


def opened_figures(workspace: Workspace, title: str) -> None:
    """Notes which figures were looked at."""
    if workspace.login:
        audit.note(workspace, audit.FIGURES, detail=title)


def pictured(workspace: Workspace, title: str, path: Path) -> None:
    """Notes that a picture of figures went into a file."""
    if workspace.login:
        audit.note(workspace, audit.EXPORTED, detail=f"{path.name}: {title}")


def copied_figures(workspace: Workspace, title: str) -> None:
    """Notes that figures, or a picture of them, went to the clipboard."""
    if workspace.login:
        audit.note(workspace, audit.COPIED, detail=title)


def before_print(workspace: Workspace, query: Query) -> None:
    """`NotAllowed` unless every record of the query may be printed."""
    _every(workspace, words.PRINT, query)


def printed(workspace: Workspace, query: Query, title: str, count: int | None = None) -> None:
    """Notes what was printed, or saved to be printed."""
    _out(workspace, audit.PRINTED, query, count, title)


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
