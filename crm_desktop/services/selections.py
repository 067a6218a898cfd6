"""Segments: named lists of records, kept one by one (frozen) or found by a query (live).

A live one is a query kept as JSON; nothing of it is stored but the query. Who belongs to a frozen
one is a record of its own, so that history, undo and merging know of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Member, Selecting, Selections
from crm_desktop.models.query import Condition, Query, both
from crm_desktop.services.bulk import BLOCK, BulkResult
from crm_desktop.services.changes import Title
from crm_desktop.services.reader import Reader, parts_of
from crm_desktop.services.staging import Create, Delete, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST_SHOWN = 200
Progress = Callable[[int, int], None]
Check = Callable[[], None]


@dataclass(frozen=True)
class Selection:
    """One selection: of which object, by which query if it is `live`."""

    id: int
    name: str
    about: str
    live: bool
    tone: str = "neutral"
    note: str = ""
    query: Query = field(default_factory=lambda: Query(""))


class SelectionRows:
    """Reads the selections of a base."""

    def __init__(self, reader: Reader, catalogue: Catalogue) -> None:
        self._reader = reader
        self.entity, self.shape = catalogue.with_trait(Selecting)

    def get(self, id_: int) -> Selection:
        """The selection of this number; `NotFound` if there is none."""
        found = self.many([id_])
        if not found:
            raise NotFound(_("There is no segment with the number {id}").format(id=id_))
        return found[0]

    def many(self, ids: Iterable[int]) -> list[Selection]:
        """Several selections in the order of their names; those that are gone are left out."""
        rows = self._reader.many(self.entity.key, ids)
        found = [self._selection(id_, values) for id_, values in rows.items()]
        return sorted(found, key=lambda s: s.name.casefold())

    def _selection(self, id_: int, values: dict[str, Any]) -> Selection:
        shape = self.shape
        about = str(values.get(shape.about) or "")
        return Selection(
            id_, str(values.get(self.entity.title_field) or ""), about,
            bool(values.get(shape.live)), str(values.get("tone") or "neutral"),
            str(values.get("note") or ""), _query(about, values.get(shape.query)),
        )  # fmt: skip


def _query(about: str, text: Any) -> Query:
    try:
        row = json.loads(text) if text else {"entity": about}
    except ValueError:
        raise InvalidInput(_("This is not the description of a list")) from None
    return Query.from_json(row)


def selections(workspace: Workspace, about: str | None = None) -> list[Selection]:
    """The selections of one object, or of all."""
    rows = SelectionRows(workspace.reader, workspace.catalogue)
    where = Condition(rows.shape.about, "eq", about) if about else None
    cursor = workspace.lists.open(Query(rows.entity.key, ("id",), where))
    return rows.many(list(cursor.ids()))


def selection_named(workspace: Workspace, name: str, about: str | None = None) -> Selection:
    """The selection of this name or number; `NotFound` names the known ones."""
    rows = SelectionRows(workspace.reader, workspace.catalogue)
    found = rows.many(workspace.titles.find(rows.entity.key, name, about))
    if not found and name.strip().isdigit():
        found = rows.many([int(name)])
    if len(found) == 1:
        return found[0]
    if found:
        objects = ", ".join(one.about for one in found)
        raise InvalidInput(
            _("There are several segments “{name}”: of {objects}. Name the object").format(
                name=name, objects=objects
            )
        )
    known = ", ".join(one.name for one in selections(workspace, about)[:MOST_SHOWN]) or "—"
    raise NotFound(
        _("There is no segment “{name}”. Known segments: {known}").format(name=name, known=known)
    )


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


def selectable(catalogue: Catalogue, key: str) -> EntityDef:
    """The object, if its records may stand in selections; `InvalidInput` else."""
    entity = catalogue[key]
    if entity.trait(Selections) is None:
        raise InvalidInput(
            _("{object}: these records stand in no segments").format(object=_(entity.plural))
        )
    return entity


def members(selection: Selection) -> Query:
    """The records of a selection as a list."""
    return Query(selection.about, where=Condition("id", "in_segment", (selection.id,)))


def _found(workspace: Workspace, query: Query) -> list[int]:
    return list(workspace.lists.open(query.replace(columns=("id",))).ids())


def _nothing(*_numbers: int) -> None:
    """Nobody looks."""


def add_members(
    workspace: Workspace, selection: Selection, ids: Sequence[int],
    progress: Progress = _nothing, check: Check = _nothing,
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
    progress: Progress = _nothing, check: Check = _nothing,
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


@dataclass(frozen=True)
class Membership:
    """In which selections a record stands."""

    selections: tuple[Selection, ...]


def membership(workspace: Workspace, ref: Ref, check: Check = _nothing) -> Membership:
    """The selections of a record: the frozen ones at once, one question for each live one."""
    found: list[Selection] = []
    entity, shape = workspace.catalogue.with_trait(Member)
    rows = workspace.reader.linked(entity.key, shape.record, [ref.id])
    frozen = {row.values[shape.selection] for row in rows.values()}
    for one in selections(workspace, ref.entity):
        check()
        if one.id in frozen or (one.live and _holds(workspace, one, ref.id)):
            found.append(one)
    return Membership(tuple(found))


def _holds(workspace: Workspace, selection: Selection, id_: int) -> bool:
    only = Condition("id", "eq", id_)
    query = Query(selection.about, ("id",), both(only, selection.query.where))
    try:
        return workspace.lists.count(query, 1) > 0
    except (InvalidInput, NotFound):  # a field of its conditions is gone: it finds nobody
        return False
