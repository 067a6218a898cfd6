"""Segments are made, and records put into them and taken out, each as one operation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Member
from crm_desktop.models.query import Query
from crm_desktop.services.bulk.service import BLOCK, BulkResult
from crm_desktop.services.reader import parts_of
from crm_desktop.services.selections.service import (
    Check,
    Progress,
    Selection,
    SelectionRows,
    nobody_looks,
    selectable,
)
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Delete, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


def save_selection(
    workspace: Workspace, name: str, query: Query, *, live: bool, note: str = ""
) -> Selection:
    """A new selection: of what the query finds whenever it is asked, or of what it finds now.

    `InvalidInput`: the name is taken, or the query cannot be kept.
    """
    entity = selectable(workspace.catalogue, query.entity)
    if live and query.text.strip():
        raise InvalidInput(_("A typed search cannot be kept as a condition: freeze the list"))
    workspace.lists.open(query.replace(columns=("id",)))
    ids = None if live else _found(workspace, query)
    return make_selection(
        workspace, name, entity, query=query if live else None, ids=ids or (), note=note
    )


def make_selection(
    workspace: Workspace, name: str, entity: EntityDef, *, query: Query | None = None,
    ids: Sequence[int] = (), note: str = "",
) -> Selection:  # fmt: skip
    """A new selection of the records found by `query`, or of `ids`."""
    rows = SelectionRows(workspace.reader, workspace.catalogue)
    shape, key = rows.shape, rows.entity.key
    clean = " ".join(name.split())
    if workspace.titles.find(key, clean, entity.key):
        raise InvalidInput(
            _("There is a segment “{name}” already: choose another name").format(name=clean)
        )
    _refuse_missing(workspace, entity.key, ids)
    plain = Query(entity.key, where=query.where) if query else None
    values: dict[str, Any] = {
        rows.entity.title_field: clean, shape.about: entity.key, shape.live: query is not None,
        shape.query: json.dumps(plain.to_json(), ensure_ascii=False) if plain else None,
    }  # fmt: skip
    values |= {"note": note} if note else {}
    id_ = workspace.records.create(key, values).ids[0]
    selection = rows.get(id_)
    if ids:
        add_members(workspace, selection, ids)
    return selection


def _found(workspace: Workspace, query: Query) -> list[int]:
    return list(workspace.lists.open(query.replace(columns=("id",))).ids())


def add_members(
    workspace: Workspace, selection: Selection, ids: Sequence[int],
    progress: Progress = nobody_looks, check: Check = nobody_looks,
) -> BulkResult:  # fmt: skip
    """Puts records into a frozen selection; those that stand there already stay once."""
    _refuse_live(selection)
    present = set(_member_ids(workspace, selection, ids))
    new = [id_ for id_ in dict.fromkeys(ids) if id_ not in present]
    entity, shape = workspace.catalogue.with_trait(Member)
    _refuse_missing(workspace, selection.about, new)
    writes: list[Write] = [
        Create(entity.key, {
            entity.title_field: selection.name, shape.selection: selection.id,
            shape.record: Ref(selection.about, id_),
        })
        for id_ in new
    ]  # fmt: skip
    title = Title(
        N_("{count} record put into “{name}”"), {"count": len(new), "name": selection.name},
        N_("{count} records put into “{name}”"),
    )  # fmt: skip
    return write_all(workspace, writes, title, progress, check)


def _refuse_missing(workspace: Workspace, about: str, ids: Sequence[int]) -> None:
    missing = set(ids) - workspace.reader.exists(about, ids)
    if missing:
        label = _(workspace.catalogue[about].label)
        raise NotFound(
            _("{object} {id} is not in the base (any more)").format(object=label, id=min(missing))
        )


def remove_members(
    workspace: Workspace, selection: Selection, ids: Sequence[int],
    progress: Progress = nobody_looks, check: Check = nobody_looks,
) -> BulkResult:  # fmt: skip
    """Takes records out of a frozen selection."""
    _refuse_live(selection)
    entity, _shape = workspace.catalogue.with_trait(Member)
    found = _member_ids(workspace, selection, ids)
    writes: list[Write] = [Delete(entity.key, id_) for id_ in found.values()]
    title = Title(
        N_("{count} record taken out of “{name}”"), {"count": len(writes), "name": selection.name},
        N_("{count} records taken out of “{name}”"),
    )  # fmt: skip
    return write_all(workspace, writes, title, progress, check)


def _refuse_live(selection: Selection) -> None:
    if selection.live:
        raise InvalidInput(
            _("“{name}” is found by its conditions: change those instead").format(
                name=selection.name
            )
        )


def _member_ids(workspace: Workspace, selection: Selection, ids: Sequence[int]) -> dict[int, int]:
    """Of these records, those in the selection, and the entries that put them there."""
    entity, shape = workspace.catalogue.with_trait(Member)
    found: dict[int, int] = {}
    for part in parts_of(ids):
        rows = workspace.reader.linked(entity.key, shape.record, part)
        for id_, row in rows.items():
            if row.values.get(shape.selection) == selection.id:
                found[row.values[shape.record].id] = id_
    return found


def write_all(
    workspace: Workspace, writes: Sequence[Write], title: Title, progress: Progress, check: Check
) -> BulkResult:
    """All the writes as one operation, in blocks."""
    records = workspace.records
    if not writes:
        return BulkResult(None, 0)
    if len(writes) <= BLOCK:
        return BulkResult(records.apply(writes, title).operation, len(writes))
    operation = records.operations.start(title, records.clock.now(), "bulk")
    done = 0
    try:
        for start in range(0, len(writes), BLOCK):
            check()
            part = writes[start : start + BLOCK]
            records.apply(part, operation=operation)
            done += len(part)
            progress(done, len(writes))
    finally:
        records.operations.end(operation, records.clock.now())
    return BulkResult(operation.id if done else None, done)
