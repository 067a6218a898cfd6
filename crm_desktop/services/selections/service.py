"""Segments: named lists of records, kept one by one (frozen) or found by a query (live).

A live one is a query kept as JSON; nothing of it is stored but the query. Who belongs to a frozen
one is a record of its own, so that history, undo and merging know of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import Member, Selecting, Selections
from crm_desktop.models.query import Condition, Query, both
from crm_desktop.services.reader import Reader

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


def nobody_looks(*_numbers: int) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Membership:
    """In which selections a record stands."""

    selections: tuple[Selection, ...]


def membership(workspace: Workspace, ref: Ref, check: Check = nobody_looks) -> Membership:
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
