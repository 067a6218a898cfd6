"""A selection that exists is changed: its name, its note, the conditions of a live one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.query import Condition, Group, Query, Where
from crm_desktop.services.child_paths import IN_SEGMENT
from crm_desktop.services.selections.service import Selection, SelectionRows
from crm_desktop.services.writing.records import Outcome

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_SEGMENT_OPS = (IN_SEGMENT, "not_" + IN_SEGMENT)


def change_selection(
    workspace: Workspace, selection: Selection, *,
    query: Query | None = None, name: str = "", note: str | None = None,
) -> Outcome:  # fmt: skip
    """Gives a selection other conditions, another name or note in one write that can be undone.

    What is not given stays. `InvalidInput`: conditions for a frozen one, a name that is taken, or
    selections that would name one another in a circle.
    """
    rows = SelectionRows(workspace.reader, workspace.catalogue)
    values: dict[str, Any] = {}
    if query is not None:
        values[rows.shape.query] = _kept_query(workspace, selection, query)
    clean = " ".join(name.split())
    if clean:
        _refuse_taken(workspace, rows, selection, clean)
        values[rows.entity.title_field] = clean
    if note is not None:
        values["note"] = note
    return workspace.records.update(rows.entity.key, selection.id, values)


def _kept_query(workspace: Workspace, selection: Selection, query: Query) -> str:
    if not selection.live:
        raise InvalidInput(
            _("“{name}” holds the records put into it: it has no conditions").format(
                name=selection.name
            )
        )
    if query.text.strip():
        raise InvalidInput(_("A typed search cannot be kept as a condition: clear it first"))
    plain = Query(selection.about, where=query.where)
    _refuse_circle(workspace, selection, query.where)
    workspace.lists.open(plain.replace(columns=("id",)))
    return json.dumps(plain.to_json(), ensure_ascii=False)


def _refuse_taken(
    workspace: Workspace, rows: SelectionRows, selection: Selection, name: str
) -> None:
    others = workspace.titles.find(rows.entity.key, name, selection.about)
    if set(others) - {selection.id}:
        raise InvalidInput(
            _("There is a segment “{name}” already: choose another name").format(name=name)
        )


def _refuse_circle(workspace: Workspace, selection: Selection, where: Where | None) -> None:
    rows = SelectionRows(workspace.reader, workspace.catalogue)
    seen: set[int] = set()
    waiting = _named(workspace, rows, where)
    while waiting:
        if selection.id in waiting:
            raise InvalidInput(
                _("“{name}” cannot be found by itself, nor by segments that name it").format(
                    name=selection.name
                )
            )
        new, waiting = waiting - seen, set()
        seen |= new
        for other in rows.many(new):
            waiting |= _named(workspace, rows, other.query.where)
        waiting -= seen


def _named(workspace: Workspace, rows: SelectionRows, where: Where | None) -> set[int]:
    """The selections that conditions name, by number or by name."""
    found: set[int] = set()
    for condition in _conditions(where):
        if condition.op not in _SEGMENT_OPS and not condition.path.endswith(IN_SEGMENT):
            continue
        value = condition.value
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, int):
                found.add(one)
            elif one is not None:
                found.update(workspace.titles.find(rows.entity.key, str(one)))
    return found


def _conditions(where: Any) -> Iterator[Condition]:
    if isinstance(where, Condition):
        yield where
        yield from _conditions(where.value)
    elif isinstance(where, Group):
        for item in where.items:
            yield from _conditions(item)
