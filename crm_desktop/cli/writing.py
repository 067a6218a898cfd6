"""The commands that change records or the catalogue: add, set, delete, undo, object, field."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crm_desktop.cli.answer import Answer, refused
from crm_desktop.cli.values import parse_values
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.json_files import read_json
from crm_desktop.services.undo.service import Blocked, UndoBlocked
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.records import Outcome

LARGEST_JSON = 1_000_000


def add(workspace: Workspace, given: Namespace) -> Answer:
    """A new record."""
    entity = workspace.catalogue.find(given.object)
    outcome = workspace.records.create(entity.key, parse_values(workspace, entity, given.values))
    return _written(outcome, outcome.ids[0], entity.key)


def change(workspace: Workspace, given: Namespace) -> Answer:
    """New values of a record."""
    entity = workspace.catalogue.find(given.object)
    values = parse_values(workspace, entity, given.values)
    outcome = workspace.records.update(entity.key, given.id, values, given.version)
    return _written(outcome, given.id, entity.key)


def _written(outcome: Outcome, id_: int, key: str) -> Answer:
    version = outcome.versions.get(Ref(key, id_))
    value: dict[str, Any] = {"id": id_, "operation": outcome.operation, "version": version}
    if not outcome.changes.touched:
        return Answer({**value, "operation": None}, [_("Nothing to change")])
    return Answer(value, [_("Saved: {id}").format(id=id_)])


def delete(workspace: Workspace, given: Namespace) -> Answer:
    """The end of records and of what belongs to them."""
    entity = workspace.catalogue.find(given.object)
    outcome = workspace.records.delete(entity.key, given.id)
    gone = sum(map(len, outcome.changes.touched.values()))
    text = ngettext("{count} record changed or deleted", "{count} records changed or deleted", gone)
    how = _("Undo it with: crm-desktop undo {number}").format(number=outcome.operation)
    return Answer({"operation": outcome.operation, "records": gone}, [text.format(count=gone), how])


def undo(workspace: Workspace, given: Namespace) -> Answer:
    """Takes an operation back; refuses if something was changed since, unless told otherwise."""
    try:
        result = workspace.undo.undo(given.operation, skip_blocked=given.rest)
    except UndoBlocked as blocked:
        reason = f"{blocked.message}\n{_('Undo the rest with --rest')}"
        return refused(reason, blocked=_blocked(blocked.blocked))
    value = {
        "operation": result.operation,
        "restored": result.restored,
        "blocked": _blocked(result.blocked),
    }
    text = ngettext("{count} change taken back", "{count} changes taken back", result.restored)
    lines = [text.format(count=result.restored)]
    lines += [f"  {b.name}: {b.reason}" for b in result.blocked]
    return Answer(value, lines)


def _blocked(found: Sequence[Blocked]) -> list[dict[str, Any]]:
    return [
        {"object": b.entity, "id": b.id, "name": b.name, "field": b.field, "reason": b.reason}
        for b in found
    ]


def add_object(workspace: Workspace, given: Namespace) -> Answer:
    """A user-made object from its description."""
    made = workspace.constructor.add_object(read_json(Path(given.file), most=LARGEST_JSON))
    keys = [entity.key for entity in made]
    return Answer({"objects": keys}, [_("Added: {names}").format(names=", ".join(keys))])


def add_field(workspace: Workspace, given: Namespace) -> Answer:
    """A user-made field from its description."""
    entity = workspace.catalogue.find(given.object)
    workspace.constructor.add_field(entity, read_json(Path(given.file), most=LARGEST_JSON))
    added = workspace.catalogue[entity.key].fields[-1]
    return Answer({"field": added.key}, [_("Added: {names}").format(names=added.key)])
